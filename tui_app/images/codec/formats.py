"""The formats that outputs are written in: what each holds, and what its names end in.

Formats are Pillow's names. A source in a format that is not in the table (PSD, MPO, HEIC, ICO, …)
becomes a JPEG where it is opaque and not too long for one, else a PNG.
"""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OutputFormat:
    """What one output format can hold.

    Attributes:
        suffixes: Endings of names that hold this format; the first is the one to append.
        modes: Pillow modes that it stores as they are.
        side: The most pixels that a side may have.
        exif: Whether it carries EXIF.
        icc: Whether it carries a colour profile.
        lossy: Whether `quality` means something to it.
        low: Bytes a pixel of the smallest output there is, a picture of one colour (measured).
        likely: Bytes a pixel of a photograph at Pillow's own quality (measured).
    """

    suffixes: tuple[str, ...]
    modes: tuple[str, ...]
    side: int
    exif: bool
    icc: bool
    lossy: bool
    low: float
    likely: float

    @property
    def alpha(self) -> bool:
        """Whether it stores transparency."""
        return "RGBA" in self.modes


_PLAIN = ("L", "RGB")
_ALPHA = ("L", "LA", "RGB", "RGBA")

# Sides: JPEG by libjpeg (JPEG_MAX_DIMENSION), WebP by its 14 bits, GIF, TGA by their 16;
# the others' own limits lie beyond what Pillow opens (twice MAX_IMAGE_PIXELS).
FORMATS: dict[str, OutputFormat] = {
    "JPEG": OutputFormat(
        (".jpg", ".jpeg", ".jpe", ".jfif"), (*_PLAIN, "CMYK"), 65500, True, True, True, 0.01, 0.2
    ),
    "PNG": OutputFormat((".png", ".apng"), _ALPHA, 2**31 - 1, True, True, False, 0.0009, 1.8),
    "WEBP": OutputFormat((".webp",), ("RGB", "RGBA"), 16383, True, True, True, 0.001, 0.16),
    "TIFF": OutputFormat(
        (".tif", ".tiff"), (*_ALPHA, "CMYK"), 2**31 - 1, True, True, False, 1.0, 3.0
    ),
    "AVIF": OutputFormat((".avif",), ("RGB", "RGBA"), 65536, True, True, True, 0.00005, 0.18),
    # No alpha: of a soft edge a GIF keeps nothing.
    "GIF": OutputFormat((".gif",), _PLAIN, 65535, False, False, False, 0.0008, 0.7),
    "BMP": OutputFormat((".bmp",), _PLAIN, 2**31 - 1, False, False, False, 1.0, 3.0),
    "PPM": OutputFormat((".ppm", ".pgm", ".pnm"), _PLAIN, 2**31 - 1, False, False, False, 1.0, 3.0),
    "TGA": OutputFormat((".tga",), _ALPHA, 65535, False, False, False, 1.0, 3.0),
    "JPEG2000": OutputFormat((".jp2",), _ALPHA, 2**31 - 1, False, False, False, 0.00002, 1.5),
}

RECIPE_FORMATS = ("same", "jpeg", "png", "webp", "tiff", "avif")
"""What a recipe may ask for."""


def output_format(asked: str, own: str | None, opaque: bool, side: int = 0) -> str:
    """Return the Pillow format that an image is written in.

    Args:
        asked: The recipe's `format`, one of `RECIPE_FORMATS`.
        own: The Pillow format of the source's content; None where it could not be read.
        opaque: Whether the source has no transparency.
        side: Of the output, the longer one, in pixels; 0 where it is not known.
    """
    if asked != "same":
        return asked.upper()
    if own == "MPO":
        return "JPEG"
    if own in FORMATS and (opaque or FORMATS[own].alpha):
        return own
    return "JPEG" if opaque and side <= FORMATS["JPEG"].side else "PNG"


def format_of_name(name: str) -> str | None:
    """Return the output format that a name's ending says, or None."""
    # No `Path`: it would keep each of 100,000 names in the interpreter's own table.
    stem, dot, ending = os.path.basename(name).rpartition(".")  # noqa: PTH119
    suffix = dot + ending.lower() if stem else ""
    return next((key for key, value in FORMATS.items() if suffix in value.suffixes), None)


def suffix_for(name: str, written: str) -> str:
    """Return what is appended to a source's name for an output in format `written`.

    Nothing where the name already says so: `a.jpeg` as JPEG is `a.jpeg`, `hopper.psd` as PNG is
    `hopper.psd.png`.
    """
    return "" if format_of_name(name) == written else FORMATS[written].suffixes[0]
