"""What becomes of each of Pillow's modes, before the work and before saving.

Filters refuse 1, P, 16-bit, I, F and LAB images, and treat hidden colours under transparency as
visible ones. So every image is first converted into one of the working modes: L, LA, RGB, RGBA,
CMYK. `_WORKING` has most modes. Besides, La and RGBa become LA and RGBA; I;16 in any byte order
becomes L or LA, its values scaled; I and F become L, by the smallest and largest value (`_greys`).
"""

import math
from array import array
from collections.abc import Callable

from PIL import Image, ImageFilter

from tui_app.images.codec.colour import to_srgb, without_profile
from tui_app.images.codec.formats import FORMATS
from tui_app.images.codec.opening import DAMAGED
from tui_app.images.errors import ImageError, Note
from tui_app.language import _

SIXTEEN_BITS = ("I;16", "I;16L", "I;16B", "I;16N")
_DEEP = (";16B", ";16L", ";16N")
_PREMULTIPLIED = {"RGBA": "RGBa", "LA": "La"}
_STRAIGHT = {"RGBa": "RGBA", "La": "LA"}

_NOT_RGB = ("YCbCr", "HSV", "LAB")

AS_STORED = ("1", "P")
"""Modes of fewer bits than any working mode. An image that is not worked on is saved in them."""

# For each mode: the working mode of an opaque image, and of one with transparency.
_WORKING = {
    "1": ("L", "LA"),
    "L": ("L", "LA"),
    "LA": ("LA", "LA"),
    "P": ("RGB", "RGBA"),
    "PA": ("RGBA", "RGBA"),
    "RGB": ("RGB", "RGBA"),
    "RGBX": ("RGB", "RGB"),
    "RGBA": ("RGBA", "RGBA"),
    "CMYK": ("CMYK", "CMYK"),
    "YCbCr": ("RGB", "RGB"),
    "HSV": ("RGB", "RGB"),
    "LAB": ("RGB", "RGB"),
}


def channel_bits(image: Image.Image) -> int:
    """Return the bits that a file has for each channel: 12, 16, or 8 for all that is less.

    Pillow makes 8 of the 16 bits of colours without a word. The image is not loaded yet: AVIF and
    HEIC count as 8 unless they are grey, because nothing is known of them then.
    """
    if image.mode in ("I", "F"):
        # A note tells what became of their values.
        return 8
    for tile in getattr(image, "tile", ()):
        raw = tile.args if isinstance(tile.args, tuple) else (tile.args,)
        if "I;12" in raw:
            return 12
        # Raw modes are the readers' names of pixel layouts; PPM names the largest value instead.
        if tile.codec_name == "SGI16" or any(str(part).endswith(_DEEP) for part in raw):
            return 16
        if tile.codec_name in ("ppm", "ppm_plain") and isinstance(raw[-1], int) and raw[-1] > 255:
            return 16
    return 16 if image.mode in SIXTEEN_BITS else 8


def seen_as(image: Image.Image) -> str:
    """Return the working mode of an image as it is stored."""
    if image.mode in SIXTEEN_BITS:
        return "LA" if image.has_transparency_data else "L"
    opaque, transparent = _WORKING.get(image.mode, (image.mode, image.mode))
    return transparent if image.has_transparency_data else opaque


def to_working(image: Image.Image, note: Note, bits: int = 16) -> Image.Image:
    """Return the image in a working mode; the image itself where it is in one.

    Args:
        image: A loaded image.
        note: Called with each sentence that a person should read about the conversion.
        bits: Its `channel_bits`, where its mode holds 16.

    Raises:
        ImageError: The mode has no decided behaviour.
    """
    if image.mode in _STRAIGHT:
        return image.convert(_STRAIGHT[image.mode])
    if image.mode in SIXTEEN_BITS:
        return _from_sixteen_bits(image, 4095 if bits == 12 else 65535)
    if image.mode in ("I", "F"):
        return _greys(image, note)
    if image.mode not in _WORKING:
        raise ImageError(_("images of Pillow's mode {mode} are not supported"), mode=image.mode)
    if image.mode in _NOT_RGB:
        note(_("its {mode} colours became RGB").format(mode=image.mode))
    wanted = seen_as(image)
    if image.mode == wanted:
        return image
    try:
        return image.convert(wanted)
    except DAMAGED:
        # A file may declare a colour transparent that it cannot have.
        if "transparency" not in image.info:
            raise
        note(_("its transparency is damaged and was left out"))
        del image.info["transparency"]
        return image.convert(_WORKING[image.mode][0])


def _from_sixteen_bits(image: Image.Image, top: int) -> Image.Image:
    values = image.convert("I")
    greys = _scaled(values, 0, top)
    hidden = image.info.get("transparency")
    if isinstance(hidden, int) and 0 <= hidden < 65536:
        seen = bytearray(b"\xff" * 65536)
        seen[hidden] = 0
        greys.putalpha(values.point(seen, "L"))
    return greys


def _greys(image: Image.Image, note: Note) -> Image.Image:
    """Map 32-bit values to greys: 0-255 as they are, 0-65535 and F's 0-1 scaled, else stretched."""
    if image.mode == "F":
        image = _finite(image, note)
    low, high = (float(value) for value in image.getextrema())  # type: ignore[arg-type]
    if low < 0 or high > 65535:
        bottom, top = low, high
    elif image.mode == "F" and high <= 1:
        bottom, top = 0.0, 1.0
    else:
        bottom, top = 0.0, 255.0 if high <= 255 else 65535.0
    note(
        _("its values from {bottom} to {top} became the greys 0 to 255").format(
            bottom=f"{bottom:g}", top=f"{top:g}"
        )
    )
    return _scaled(image, bottom, top)


def _finite(image: Image.Image, note: Note) -> Image.Image:
    """Give the lowest value to pixels without a finite one: nothing is known there."""
    # `getextrema` would leave some of them out.
    values = array("f", image.tobytes())
    # A sum is finite unless a part is not, or it overflows: most images need no second look.
    if math.isfinite(sum(values)):
        return image
    finite = [value for value in values if math.isfinite(value)]
    if len(finite) == len(values):
        return image
    note(_("its values that are no finite numbers became the lowest one"))
    lowest = min(finite, default=0.0)
    filled = array("f", (value if math.isfinite(value) else lowest for value in values))
    return Image.frombytes("F", image.size, filled.tobytes())


def _scaled(image: Image.Image, bottom: float, top: float) -> Image.Image:
    scale = 255 / (top - bottom) if top > bottom else 0.0
    # The conversion to L cuts the fraction off, so adding a half rounds.
    return image.point(lambda value: value * scale + (0.5 - bottom * scale)).convert("L")


def filtered(image: Image.Image, kernel: ImageFilter.Filter) -> Image.Image:
    """Return an image in a working mode, filtered; see `weighted`."""
    return weighted(image, lambda one: one.filter(kernel))


def weighted(image: Image.Image, work: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """Return an image in a working mode, after some work on it.

    Colours are weighted by their alpha meanwhile, so that colours under transparency do not bleed.
    """
    mode = _PREMULTIPLIED.get(image.mode)
    return work(image) if mode is None else work(image.convert(mode)).convert(image.mode)


def to_grayscale(image: Image.Image) -> Image.Image:
    """Return an image in a working mode as L or LA, with the greys of its colours in sRGB."""
    if image.mode in ("L", "LA"):
        return image
    image = to_srgb(image) or image
    return without_profile(image.convert("LA" if image.mode in _PREMULTIPLIED else "L"))


def saved_mode(image: Image.Image, written: str) -> str:
    """Return the mode in which `to_format` gives an image."""
    target, mode = FORMATS[written], image.mode
    if mode in AS_STORED:
        return mode
    if mode in _PREMULTIPLIED and not target.alpha:
        mode = "L" if mode == "LA" else "RGB"
    if mode == "CMYK" and "CMYK" not in target.modes:
        mode = "RGB"
    if mode in target.modes:
        return mode
    return "RGBA" if mode == "LA" else "RGB"


def to_format(image: Image.Image, written: str, note: Note) -> Image.Image:
    """Return an image in a working mode as one that the output format holds.

    Transparency that the format cannot hold is laid on white. CMYK becomes sRGB, through its
    profile where it has one.

    Raises:
        ImageError: The image is larger than the format can hold.
    """
    target = FORMATS[written]
    if image.mode in AS_STORED:
        return image
    if max(image.size) > target.side:
        raise ImageError(
            _("{format} holds at most {side} pixels a side, and this is {width}x{height}"),
            format=written,
            side=target.side,
            width=image.width,
            height=image.height,
        )
    mode = saved_mode(image, written)
    if image.mode in _PREMULTIPLIED and not target.alpha:
        note(_("{format} has no transparency: it was laid on white").format(format=written))
        image = _on_white(image)
    if image.mode == "CMYK" != mode:
        note(_("{written} has no CMYK: colours were converted to sRGB").format(written=written))
        image = to_srgb(image) or image.convert("RGB")
    return image if image.mode == mode else image.convert(mode)


def _on_white(image: Image.Image) -> Image.Image:
    mode = "L" if image.mode == "LA" else "RGB"
    white = Image.new(mode, image.size, "white")
    white.paste(image.convert(mode), mask=image.getchannel("A"))
    white.info = image.info
    return white
