"""What stands on the ground: ridges and trees, as lines of y's or as masks."""

import math
from collections.abc import Iterator, Sequence
from random import Random

from tui_app.images.scenery.field import Field, Frame
from tui_app.images.scenery.light import Colour, Light, between
from tui_app.images.scenery.noise import fractal, profile
from tui_app.images.scenery.sketch import Sketch


def ridge(
    frame: Frame,
    seed: str,
    base: float | Sequence[float],
    relief: float,
    cell: float,
    gain: float = 0.5,
) -> list[float]:
    """A skyline: a y for each column.

    Args:
        frame: the picture.
        seed: another seed, another skyline.
        base: what it goes up and down around: a y, or one for each column.
        relief: how far, in picture heights.
        cell: the width of its largest peaks, in picture heights.
        gain: 0.4 makes soft hills, 0.6 jagged rocks.
    """
    bases = [base] * frame.width if isinstance(base, float) else base
    rises = profile(frame, seed, cell, gain=gain)
    return [y - relief * rise for y, rise in zip(bases, rises, strict=True)]


def conifers(
    frame: Frame, seed: str, line: list[float], height: float, spacing: float
) -> list[float]:
    """A skyline with a forest of firs on it.

    Args:
        frame: the picture.
        seed: another seed, another forest.
        line: the ground, a y for each column.
        height: of the tallest trees, in picture heights.
        spacing: between two trees, in picture heights.
    """
    random = Random(seed)
    result = list(line)
    x = 0.0
    while x < frame.aspect:
        tall = height * random.uniform(0.35, 1.0)
        half = tall * random.uniform(0.16, 0.24)
        middle = min(frame.width - 1, int(x * frame.height))
        foot = line[middle] + 0.1 * height
        tiers = random.uniform(9, 14)
        first = max(0, int((x - half) * frame.height))
        last = min(frame.width - 1, int((x + half) * frame.height) + 1)
        for column in range(first, last + 1):
            aside = abs((column + 0.5) / frame.height - x) / half
            # A fir widens in tiers, so its outline steps down like stairs with drooping edges.
            step = (aside * tiers) % 1.0
            reach = 1.0 - aside**0.85 + (0.5 - step) * 0.9 / tiers
            result[column] = min(result[column], foot - tall * max(0.0, reach))
        x += spacing * random.uniform(0.3, 1.7)
    return result


def trunks(frame: Frame, seed: str, count: int, width: float, foot: float) -> Field:
    """Bare trunks, each a little crooked, from the top of the picture down to the y `foot`."""
    random = Random(seed)
    sketch = Sketch(frame)
    for _ in range(count):
        x = random.uniform(-0.02, frame.aspect + 0.02)
        half = width * random.uniform(0.3, 0.6)
        lean, bow = random.uniform(-0.05, 0.05), random.uniform(-0.03, 0.03)
        bottom = foot + random.uniform(-0.02, 0.03)
        crook = random.uniform(0, math.tau)
        left, right = [], []
        for step in range(41):
            up = step / 40
            y = bottom * (1 - up)
            sway = width * 0.06 * math.sin(crook + 7 * up)
            middle = x + lean * up + bow * up * (1 - up) * 4 + sway
            reach = half * (1.0 - 0.35 * up + 0.5 * (1 - up) ** 14)
            left.append((middle - reach, y))
            right.append((middle + reach, y))
        sketch.shape([*left, *reversed(right)])
    return sketch.field()


def firs(frame: Frame, seed: str, line: list[float], height: float, spacing: float) -> Field:
    """Firs near enough for their branches to be seen, on a ground line; as a mask."""
    random = Random(seed)
    sketch = Sketch(frame)
    x = random.uniform(0.0, spacing)
    while x < frame.aspect:
        foot = line[min(frame.width - 1, int(x * frame.height))] + 0.02 * height
        tall = height * random.uniform(0.35, 1.0)
        for limb in _fir(random, tall):
            sketch.shape((x + aside, foot - up) for aside, up in limb)
        x += spacing * random.uniform(0.3, 1.7)
    return sketch.field()


def _fir(random: Random, tall: float) -> Iterator[list[tuple[float, float]]]:
    """The trunk and the drooping branches of a fir, as outlines; (aside, up) from its foot."""
    stem = 0.016 * tall
    yield [(-stem, 0.0), (0.0, tall), (stem, 0.0)]
    girth = tall * random.uniform(0.15, 0.21)
    up = 0.06
    while up < 0.99:
        reach = girth * (1.0 - up) ** 0.85 + 0.006 * tall
        for side in (-1.0, 1.0):
            length = reach * random.uniform(0.55, 1.1)
            droop = length * random.uniform(0.15, 0.5)
            base, thick = up * tall, length * 0.16 + 0.008 * tall
            tip = (side * length, base - droop)
            knee = (side * length * 0.55, base - droop * 0.35 - thick * random.uniform(0.7, 1.6))
            yield [(0.0, base + thick), tip, knee, (0.0, base - thick)]
        up += random.uniform(0.012, 0.026)


def rock(frame: Frame, seed: str, cell: float, dark: Colour, bright: Colour) -> Light:
    """Rough rock that has light on the upper left of each edge; `cell` is a boulder's size."""
    form = fractal(frame, seed, (cell, cell * 0.7), gain=0.62)
    step = max(1, frame.height // 300)
    edges = form.shifted(-step, -step) - form
    return between((edges * 1.1 + form * 0.12).smooth(-0.5, 1.3), dark, bright)
