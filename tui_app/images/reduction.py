"""Which way an image is computed, and how much it may be reduced for that.

The exact way gives the pixels of Pillow's `open`, `filter`, `thumbnail`, `save`. Without a filter
before `thumbnail`, `thumbnail` itself decodes a reduced image, and nothing can be gained.

The fast way is for recipes that blur and then shrink. A Gaussian of radius r leaves so little
detail that every k-th pixel tells all of it while r/k is at least `SMOOTH`. So the image is reduced
to 1/k, blurred by r/k, and fitted from there. libjpeg decodes JPEGs at 1/2, 1/4 and 1/8 for little
more than the reading; in other formats boxes of k x k pixels are averaged. Sharpening would sharpen
the small errors of this, so a recipe that sharpens is computed exactly.
"""

import math
from collections.abc import Callable
from enum import StrEnum

from tui_app.images.recipe import Recipe
from tui_app.language import N_, _

SMOOTH = 1.75
"""Smallest radius, in pixels of the reduced image, that the blur may have there.

Measured on photographs of 10 to 24 megapixels against the exact way, before encoding: PSNR of
49.7 dB and more at 1.875, and less below (`tests/benchmarks/peers.py`).
"""

REDUCTIONS = (8, 4, 2)
"""Downscale factors that libjpeg supports (`scale_denom`), the largest first."""

SMALLEST = 16
"""Pixels that the shorter side must keep: edges are much of a smaller image."""

NARROWEST = 16
"""Radii of the blur that the shorter side must have: all of a narrower image is near an edge."""

FEWEST = 64
"""Pixels that the output's shorter side must have: in a smaller output each counts for much."""

Size = tuple[int, int]
"""Width and height in pixels."""

Box = tuple[float, float, float, float]
"""Part of an image: left, upper, right and lower, in its pixels."""


class Way(StrEnum):
    """How an image is computed."""

    FAST = "fast"
    """Decoded and blurred at a reduced scale: on photographs at least 49.5 dB PSNR against `exact`.

    The outermost row of pixels must be like those within. A frame one pixel wide does not show in a
    reduced image, but the exact blur spreads it.
    """
    EXACT = "exact"
    """The pixels of `open`, `filter`, `thumbnail` and `save`."""


WAYS_IN_WORDS = {Way.FAST: N_("fast"), Way.EXACT: N_("exact")}


def way_of(recipe: Recipe) -> Way:
    """Return the way that a recipe is computed."""
    gains = recipe.blur >= SMOOTH * REDUCTIONS[-1] and recipe.fit is not None
    return Way.FAST if gains and not recipe.sharpen and not recipe.exact else Way.EXACT


def describe_way(recipe: Recipe) -> str:
    """Return a recipe in one short line, with its way at the end."""
    return f"{recipe.describe()}, {_(WAYS_IN_WORDS[way_of(recipe)])}"


def reduction(recipe: Recipe, size: Size) -> int:
    """Return the factor by which an image of `size` is reduced before its blur: 1, 2, 4 or 8."""
    if way_of(recipe) is Way.EXACT or recipe.fit is None:
        return 1
    if recipe.crop:
        size = cropped_size(size, recipe.crop)
    output = fitted_size(size, recipe.fit)
    if output == size or min(output) < FEWEST or min(size) < NARROWEST * recipe.blur:
        return 1
    return next(
        (k for k in REDUCTIONS if recipe.blur >= SMOOTH * k and min(size) >= SMALLEST * k), 1
    )


def fitted_size(size: Size, box: Size) -> Size:
    """Return the size that `Image.thumbnail` gives an image of `size` to fit into `box`.

    The aspect ratio is kept as nearly as whole pixels can; nothing is enlarged.
    """
    (width, height), (x, y) = size, box
    if x >= width and y >= height:
        return size
    aspect = width / height
    if x / y >= aspect:
        return _nearest(y * aspect, lambda n: abs(aspect - n / y)), y
    return x, _nearest(x / aspect, lambda n: abs(aspect - x / n) if n else 0.0)


def cropped_size(size: Size, ratio: str) -> Size:
    """Return the largest size of a ratio, such as `3:2`, in an image of `size`.

    Its ratio is right within a pixel.
    """
    (width, height), (across, down) = size, map(float, ratio.split(":"))
    if width * down > height * across:
        return max(1, round(height * across / down)), height
    return width, max(1, round(width * down / across))


def output_size(recipe: Recipe, size: Size) -> Size:
    """Return the size that a recipe gives the output of an upright image of `size`."""
    if recipe.crop:
        size = cropped_size(size, recipe.crop)
    return fitted_size(size, recipe.fit) if recipe.fit else size


def _nearest(number: float, error: Callable[[int], float]) -> int:
    return max(min(math.floor(number), math.ceil(number), key=error), 1)
