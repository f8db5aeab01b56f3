"""How a source stores its pixels, which its output keeps where the pixels allow it.

Otherwise a scan in black and white, or a screenshot of a few colours, would come out many times
larger, and a picture that was stored without loss would lose some.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

from PIL import Image, JpegImagePlugin

from tui_app.images.codec.blocks import kept_position, webp
from tui_app.images.codec.formats import FORMATS
from tui_app.images.codec.modes import AS_STORED
from tui_app.images.errors import Note
from tui_app.images.recipe import Recipe
from tui_app.images.reduction import Size, output_size
from tui_app.language import _

# Pillow's names of the compressions of TIFF: those that hold any working mode, and those for one
# bit a pixel.
_ANY_MODE = ("tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits", "zstd", "lzma")
_ONE_BIT = ("group3", "group4", "tiff_ccitt")
_LOSSY = {"jpeg": ("L", "RGB"), "webp": ("RGB", "RGBA")}
_INSTEAD = "tiff_adobe_deflate"

_NEARLY_ALL = 95
"""Quality of pixels that are encoded anew though nothing is done to them, where their file does not
tell its own."""

_FULL_COLOURS, _NARROW_COLOURS, _FEW_COLOURS = 0, 1, 2
"""Pillow's numbers of how a JPEG's colours are sampled: 4:4:4, 4:2:2 and 4:2:0."""

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
        tables: Quantisation tables of a JPEG, turned as its pixels will be.
        sampling: Pillow's number of how a JPEG's colours are sampled.
        progressive: Whether a JPEG is stored in steps of detail.
    """

    format: str
    mode: str
    compression: str = ""
    lossless: bool = False
    tables: tuple[tuple[int, ...], ...] = ()
    sampling: int = _FULL_COLOURS
    progressive: bool = False


def read_stored(image: Image.Image, file: BinaryIO, *, across: bool = False) -> Stored:
    """Return how an image is stored that is opened from a file and not yet loaded.

    `across` tells whether turning it upright exchanges its width and height.
    """
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        return _stored_jpeg(image, across=across)
    lossless = False
    if image.format == "WEBP":
        with kept_position(file), suppress(OSError):
            lossless = webp.is_lossless(file)
    compression = image.info.get("compression") if image.format == "TIFF" else ""
    compression = compression if isinstance(compression, str) else ""
    return Stored(image.format or "", image.mode, compression, lossless)


def _stored_jpeg(image: JpegImagePlugin.JpegImageFile, *, across: bool) -> Stored:
    tables = [tuple(table) for _, table in sorted(image.quantization.items())]
    if across:
        # Eight rows of eight: what was finer across is finer down now.
        tables = [tuple(table[n % 8 * 8 + n // 8] for n in range(64)) for table in tables]
    if image.mode == "CMYK":
        # Inks are alike: one table is for all of them.
        tables = tables[:1]
    sampling = JpegImagePlugin.get_sampling(image)
    # What the encoder cannot write is stored in full: nothing is lost by that.
    narrow = sampling == _NARROW_COLOURS and not across
    return Stored(
        image.format or "",
        image.mode,
        tables=tuple(tables),
        sampling=sampling if narrow or sampling == _FEW_COLOURS else _FULL_COLOURS,
        progressive=bool(image.info.get("progressive")),
    )


def is_untouched(recipe: Recipe, size: Size) -> bool:
    """Tell whether a recipe leaves the pixels of an image of that size as they are."""
    return output_size(recipe, size) == size and not (
        recipe.blur or recipe.sharpen or recipe.grayscale
    )


def save_options(
    image: Image.Image, stored: Stored, written: str, recipe: Recipe, note: Note
) -> dict[str, Any]:
    """Return options for the encoder of a Pillow format: the output is stored as its source is.

    `note` is called with a sentence for each thing that cannot be kept.
    """
    options: dict[str, Any] = {}
    quality = _NEARLY_ALL if recipe.copies or recipe.lossless else recipe.quality
    if recipe.copies and written == "JPEG" and stored.tables and image.mode == stored.mode:
        return {
            "qtables": [list(table) for table in stored.tables],
            "subsampling": stored.sampling,
            "progressive": stored.progressive,
        }
    if recipe.lossless and written == "WEBP":
        return {"lossless": True}
    if quality is not None and FORMATS[written].lossy:
        options["quality"] = quality
        if recipe.lossless:
            note(_("{written} cannot be stored without loss").format(written=written))
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
        if recipe.lossless and compression in _LOSSY:
            compression = _INSTEAD
        if compression not in ("", stored.compression):
            note(
                _("its compression {one} became {other}").format(
                    one=stored.compression, other=compression
                )
            )
        if compression:
            options["compression"] = compression
        if quality is not None and compression == "jpeg":
            options["quality"] = quality
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
