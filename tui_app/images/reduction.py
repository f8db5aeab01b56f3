"""Which way an image is computed, and how much smaller than it is it may be decoded for that.

`exact` gives the pixels of Pillow's `open`, `filter`, `thumbnail`, `save`. Where no filter comes
before `thumbnail`, that is `thumbnail`'s own reduced decode, and there is nothing to gain.

`fast` takes a recipe that blurs and then shrinks. What a Gaussian of radius r leaves is so smooth
that every k-th pixel tells all of it while r/k is not below `SMOOTH`: so the image is decoded at
1/k (JPEG decodes at 1/2, 1/4 and 1/8 for little more than reading it; of other formats boxes of
k x k pixels are averaged), blurred there by r/k, and fitted from there. Sharpening would sharpen
the small errors of that too, so a recipe that sharpens is computed exactly.
"""

import math
from collections.abc import Callable
from enum import StrEnum

from tui_app.images.recipe import Recipe
from tui_app.language import N_, _

SMOOTH = 1.75
"""The least radius, in pixels of the reduced image, that it may still have to be blurred by.

Measured on photographs of 10 to 24 megapixels, against the exact way before encoding: PSNR of
49.7 dB and better at 1.875, and less below (`tests/benchmarks/peers.py`).
"""

REDUCTIONS = (8, 4, 2)
"""By what libjpeg decodes smaller (its `scale_denom`), the most first."""

SMALLEST = 16
"""Pixels that the shorter side must keep: below it, edges are much of the image."""

NARROWEST = 16
"""Radii of the blur that the shorter side must have: below it, all of the image is near an edge."""

FEWEST = 64
"""Pixels that the output's shorter side must have: below it, each counts for much."""

Size = tuple[int, int]
"""Width and height in pixels."""

Box = tuple[float, float, float, float]
"""A part of an image: left, upper, right and lower, in its pixels."""


class Way(StrEnum):
    """How an image is computed."""

    FAST = "fast"
    """Decoded and blurred at a reduced scale: on photographs at least 49.5 dB PSNR against `exact`.

    Not where the outermost row of pixels is another one than those within, as in a frame one pixel
    wide: a reduced image does not show it, and a blur takes it to go on outside.
    """
    EXACT = "exact"
    """The pixels of `open`, `filter`, `thumbnail` and `save`."""


WAYS_IN_WORDS = {Way.FAST: N_("fast"), Way.EXACT: N_("exact")}


def way_of(recipe: Recipe, exact: bool) -> Way:
    """Return the way that a recipe is computed, where `exact` was asked for or not."""
    gains = recipe.blur >= SMOOTH * REDUCTIONS[-1] and recipe.fit is not None
    return Way.FAST if gains and not recipe.sharpen and not exact else Way.EXACT


def describe_way(recipe: Recipe, exact: bool) -> str:
    """Return a recipe in one short line with the way that it is computed at its end."""
    return f"{recipe.describe()}, {_(WAYS_IN_WORDS[way_of(recipe, exact)])}"


def reduction(recipe: Recipe, exact: bool, size: Size) -> int:
    """Return by what an image of `size` is reduced before it is blurred: 1, 2, 4 or 8."""
    if way_of(recipe, exact) is Way.EXACT or recipe.fit is None:
        return 1
    output = fitted_size(size, recipe.fit)
    if output == size or min(output) < FEWEST or min(size) < NARROWEST * recipe.blur:
        return 1
    return next(
        (k for k in REDUCTIONS if recipe.blur >= SMOOTH * k and min(size) >= SMALLEST * k), 1
    )


def fitted_size(size: Size, box: Size) -> Size:
    """Return the size that `Image.thumbnail` gives an image of `size` that is to fit into `box`.

    The aspect is kept as nearly as whole pixels can; nothing is enlarged.
    """
    (width, height), (x, y) = size, box
    if x >= width and y >= height:
        return size
    aspect = width / height
    if x / y >= aspect:
        return _nearest(y * aspect, lambda n: abs(aspect - n / y)), y
    return x, _nearest(x / aspect, lambda n: abs(aspect - x / n) if n else 0.0)


def _nearest(number: float, error: Callable[[int], float]) -> int:
    return max(min(math.floor(number), math.ceil(number), key=error), 1)
