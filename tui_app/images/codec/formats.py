"""The formats of outputs, by Pillow's names: what each holds, and the endings of its names.

A source in a format that is not in the table (PSD, MPO, HEIC, ICO, …) becomes a JPEG where it is
opaque and not too long for one, else a PNG.
"""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OutputFormat:
    """What one output format can hold.

    Attributes:
        suffixes: Endings of names; the first is the one to append.
        modes: Pillow modes that it stores as they are.
        side: Most pixels that a side may have.
        icc: Whether it carries a colour profile.
        lossy: Whether `quality` means something to it.
        low: Measured bytes a pixel of the smallest output, a picture of one colour.
        likely: Measured bytes a pixel of a photograph at Pillow's default quality.
    """

    suffixes: tuple[str, ...]
    modes: tuple[str, ...]
    side: int
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

# Sides: libjpeg limits JPEG (JPEG_MAX_DIMENSION), 14 bits WebP, 16 bits GIF and TGA. The limits of
# the others are beyond what Pillow opens (twice MAX_IMAGE_PIXELS).
FORMATS: dict[str, OutputFormat] = {
    "JPEG": OutputFormat(
        (".jpg", ".jpeg", ".jpe", ".jfif"), (*_PLAIN, "CMYK"), 65500, True, True, 0.01, 0.2
    ),
    "PNG": OutputFormat((".png", ".apng"), _ALPHA, 2**31 - 1, True, False, 0.0009, 1.8),
    "WEBP": OutputFormat((".webp",), ("RGB", "RGBA"), 16383, True, True, 0.001, 0.16),
    "TIFF": OutputFormat((".tif", ".tiff"), (*_ALPHA, "CMYK"), 2**31 - 1, True, False, 1.0, 3.0),
    "AVIF": OutputFormat((".avif",), ("RGB", "RGBA"), 65536, True, True, 0.00005, 0.18),
    # No alpha: of a soft edge a GIF keeps nothing.
    "GIF": OutputFormat((".gif",), _PLAIN, 65535, False, False, 0.0008, 0.7),
    "BMP": OutputFormat((".bmp",), _PLAIN, 2**31 - 1, False, False, 1.0, 3.0),
    "PPM": OutputFormat((".ppm", ".pgm", ".pnm"), _PLAIN, 2**31 - 1, False, False, 1.0, 3.0),
    "TGA": OutputFormat((".tga",), _ALPHA, 65535, False, False, 1.0, 3.0),
    "JPEG2000": OutputFormat((".jp2",), _ALPHA, 2**31 - 1, False, False, 0.00002, 1.5),
}

RECIPE_FORMATS = ("same", "jpeg", "png", "webp", "tiff", "avif")
"""Values of a recipe's `format`."""

ANIMATED = ("GIF", "PNG", "WEBP")
"""Formats of outputs that hold animations."""

FRAMES_READ = (*ANIMATED, "AVIF")
"""Formats of sources whose pictures are frames, and not pages."""

_MOST_ABOUT, _MOST_CODED = 64 * 2**20, 16
"""Bytes that a file has at most for all that is not pixels, and for each pixel: no encoder makes as
much of a picture."""


def most_coded(pixels: int) -> int:
    """Return how many bytes of a file of so many pixels are read where they are to be copied."""
    return _MOST_ABOUT + _MOST_CODED * pixels


LOSSLESS_WEBP = 1.0
"""Measured bytes a pixel of a photograph in a WebP that is stored without loss."""


def likely_bytes(written: str, *, lossless: bool) -> float:
    """Return the bytes that a pixel of a photograph probably takes in a format."""
    return LOSSLESS_WEBP if lossless and written == "WEBP" else FORMATS[written].likely


def output_format(asked: str, own: str | None, opaque: bool, side: int = 0) -> str:
    """Return the Pillow format that an image is written in.

    Args:
        asked: The recipe's `format`, one of `RECIPE_FORMATS`.
        own: The Pillow format of the source's content; None where it could not be read.
        opaque: Whether the source has no transparency.
        side: Longer side of the output in pixels; 0 where it is not known.
    """
    if asked != "same":
        return asked.upper()
    if own == "MPO":
        return "JPEG"
    if own in FORMATS and (opaque or FORMATS[own].alpha):
        return own
    return "JPEG" if opaque and side <= FORMATS["JPEG"].side else "PNG"


def format_of_name(name: str) -> str | None:
    """Return the output format of a name's ending, or None."""
    # A `Path` would keep each of 100,000 names in the interpreter's own table.
    stem, dot, ending = os.path.basename(name).rpartition(".")  # noqa: PTH119
    suffix = dot + ending.lower() if stem else ""
    return next((key for key, value in FORMATS.items() if suffix in value.suffixes), None)


def suffix_for(name: str, written: str) -> str:
    """Return what is appended to a source's name for an output in format `written`.

    It is nothing where the ending says so already: `a.jpeg` as JPEG is `a.jpeg`, `hopper.psd` as
    PNG is `hopper.psd.png`.
    """
    return "" if format_of_name(name) == written else FORMATS[written].suffixes[0]
