"""What is done with each of Pillow's modes, before working and before saving.

Filters refuse 1, P, 16-bit, I, F and LAB images, and treat hidden colours under transparency as
visible ones; so every image is first brought into one of the working modes: L, LA, RGB, RGBA, CMYK.

| mode | becomes |
|---|---|
| 1, L | L; LA where a grey is declared transparent |
| P, PA, RGB, RGBX | RGB; RGBA where there is transparency |
| La, RGBa | LA, RGBA |
| CMYK | CMYK |
| YCbCr, HSV, LAB | RGB |
| I;16, I;16L, I;16B, I;16N | L, 0 to 65535 scaled to 0 to 255 |
| I, F | L, by the smallest and largest value (see `_greys`), with a note |
"""

import math
from collections.abc import Callable

from PIL import Image, ImageFilter

from tui_app.images.colour import to_srgb
from tui_app.images.formats import FORMATS
from tui_app.images.opening import ImageError
from tui_app.language import _

Note = Callable[[str], None]

_SIXTEEN_BITS = ("I;16", "I;16L", "I;16B", "I;16N")
_PREMULTIPLIED = {"RGBA": "RGBa", "LA": "La"}
_STRAIGHT = {"RGBa": "RGBA", "La": "LA"}

# Mode: the working mode where the image is opaque, and where it is not.
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


def to_working(image: Image.Image, note: Note) -> Image.Image:
    """Return the image in a working mode; the image itself where it is in one.

    Args:
        image: A loaded image.
        note: Is told what a person should know about the conversion.

    Raises:
        ImageError: The mode is one that has no decided behaviour, or values are not numbers.
    """
    if image.mode in _STRAIGHT:
        return image.convert(_STRAIGHT[image.mode])
    if image.mode in _SIXTEEN_BITS:
        return _scaled(image.convert("I"), 0, 65535)
    if image.mode in ("I", "F"):
        return _greys(image, note)
    if image.mode not in _WORKING:
        raise ImageError(
            _("images of Pillow's mode {mode} are not supported").format(mode=image.mode)
        )
    opaque, transparent = _WORKING[image.mode]
    wanted = transparent if image.has_transparency_data else opaque
    return image if image.mode == wanted else image.convert(wanted)


def _greys(image: Image.Image, note: Note) -> Image.Image:
    """Map 32-bit values to greys: 0-255 as they are, 0-65535 and F's 0-1 scaled, else stretched."""
    low, high = (float(value) for value in image.getextrema())  # type: ignore[arg-type]
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ImageError(_("its pixels hold values that are not finite numbers"))
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


def _scaled(image: Image.Image, bottom: float, top: float) -> Image.Image:
    scale = 255 / (top - bottom) if top > bottom else 0.0
    # `L` cuts the fraction off: adding a half rounds.
    return image.point(lambda value: value * scale + (0.5 - bottom * scale)).convert("L")


def filtered(image: Image.Image, kernel: ImageFilter.Filter) -> Image.Image:
    """Return an image in a working mode, filtered.

    Colours are weighted by their alpha meanwhile, so that those under transparency do not bleed.
    """
    weighted = _PREMULTIPLIED.get(image.mode)
    if weighted is None:
        return image.filter(kernel)
    return image.convert(weighted).filter(kernel).convert(image.mode)


def to_grayscale(image: Image.Image) -> Image.Image:
    """Return an image in a working mode as L or LA."""
    return image.convert("LA" if image.mode in _PREMULTIPLIED else "L")


def to_format(image: Image.Image, written: str, note: Note) -> Image.Image:
    """Return an image in a working mode as one that the output format holds.

    Transparency that the format cannot hold is laid on white; CMYK becomes sRGB, through its
    profile where it has one.

    Raises:
        ImageError: The image is larger than the format can hold.
    """
    target = FORMATS[written]
    if max(image.size) > target.side:
        raise ImageError(
            _("{format} holds at most {side} pixels a side, and this is {width}x{height}").format(
                format=written, side=target.side, width=image.width, height=image.height
            )
        )
    if image.mode in _PREMULTIPLIED and not target.alpha:
        note(_("{format} has no transparency: it was laid on white").format(format=written))
        image = _on_white(image)
    if image.mode == "CMYK" and "CMYK" not in target.modes:
        image = to_srgb(image) or image.convert("RGB")
    if image.mode not in target.modes:
        image = image.convert("RGBA" if image.mode == "LA" else "RGB")
    return image


def _on_white(image: Image.Image) -> Image.Image:
    mode = "L" if image.mode == "LA" else "RGB"
    white = Image.new(mode, image.size, "white")
    white.paste(image.convert(mode), mask=image.getchannel("A"))
    white.info = image.info
    return white
