"""How a source stores its pixels, which its output keeps where the pixels allow it.

Otherwise a scan in black and white, or a screenshot of a few colours, would come out many times
larger, and a picture that was stored without loss would lose some.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

from PIL import Image

from tui_app.images.codec.blocks import kept_position, webp
from tui_app.images.codec.formats import FORMATS
from tui_app.images.codec.modes import AS_STORED
from tui_app.images.errors import Note
from tui_app.images.recipe import Recipe
from tui_app.images.reduction import Size, fitted_size
from tui_app.language import _

# Pillow's names of the compressions of TIFF: those that hold any working mode, and those for one
# bit a pixel.
_ANY_MODE = ("tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits", "zstd", "lzma")
_ONE_BIT = ("group3", "group4", "tiff_ccitt")
_LOSSY = {"jpeg": ("L", "RGB"), "webp": ("RGB", "RGBA")}
_INSTEAD = "tiff_adobe_deflate"

MUCH_LARGER, MANY_BYTES = 2, 10_000
"""An output of so many times its source's bytes, and so many more, is told."""


@dataclass(frozen=True, slots=True)
class Stored:
    """How a source stores its pixels.

    Attributes:
        format: Pillow's format.
        mode: Pillow's mode of its pixels.
        compression: Compression of a TIFF, by Pillow's name.
        lossless: Whether a WebP is stored without loss.
    """

    format: str
    mode: str
    compression: str = ""
    lossless: bool = False


def read_stored(image: Image.Image, file: BinaryIO) -> Stored:
    """Return how an image is stored that is opened from a file and not yet loaded."""
    lossless = False
    if image.format == "WEBP":
        with kept_position(file), suppress(OSError):
            lossless = webp.is_lossless(file)
    compression = image.info.get("compression") if image.format == "TIFF" else ""
    compression = compression if isinstance(compression, str) else ""
    return Stored(image.format or "", image.mode, compression, lossless)


def is_untouched(recipe: Recipe, size: Size) -> bool:
    """Tell whether a recipe leaves the pixels of an image of that size as they are."""
    fits = recipe.fit is None or fitted_size(size, recipe.fit) == size
    return fits and not (recipe.blur or recipe.sharpen or recipe.grayscale)


def save_options(
    image: Image.Image, stored: Stored, written: str, recipe: Recipe, note: Note
) -> dict[str, Any]:
    """Return options for the encoder of a Pillow format: the output is stored as its source is.

    `note` is called with a sentence for each thing that cannot be kept.
    """
    options: dict[str, Any] = {}
    if recipe.quality is not None and FORMATS[written].lossy:
        options["quality"] = recipe.quality
    if image.mode == "P" and "transparency" in image.info:
        options["transparency"] = image.info["transparency"]
    if written != stored.format:
        return options
    if stored.mode in AS_STORED and image.mode not in AS_STORED and written != "GIF":
        note(
            _("its 1 bit a pixel became 8")
            if stored.mode == "1"
            else _("its palette of few colours became full colours")
        )
    if written == "WEBP" and stored.lossless:
        if recipe.format == "same":
            return {"lossless": True}
        note(_("it was stored without loss, and is not any more"))
    if written == "TIFF":
        compression = _tiff_compression(image.mode, stored.compression)
        if compression not in ("", stored.compression):
            note(
                _("its compression {one} became {other}").format(
                    one=stored.compression, other=compression
                )
            )
        if compression:
            options["compression"] = compression
        if recipe.quality is not None and compression == "jpeg":
            options["quality"] = recipe.quality
    return options


def _tiff_compression(mode: str, stored: str) -> str:
    """Return the compression for a TIFF of that mode, by Pillow's name; nothing for none."""
    if stored in _ANY_MODE or (mode == "1" and stored in _ONE_BIT):
        return stored
    if mode in _LOSSY.get(stored, ()):
        return stored
    return "" if stored in ("", "raw") else _INSTEAD


def growth(before: int, after: int) -> str:
    """Return a sentence where an output is much larger than its source; sizes in bytes."""
    if after < MUCH_LARGER * before or after - before < MANY_BYTES:
        return ""
    return _("{times} times as large as its source").format(times=f"{after / before:.1f}")
