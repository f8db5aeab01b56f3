"""Fractal noise, always the same for the same seed: on every machine, in every process."""

import math
from array import array
from collections.abc import Callable
from random import Random

from PIL import Image

from tui_app.images.scenery.field import Field, Frame, Size

_MARGIN = 2  # knots kept around the picture, for the cubic interpolation to look at


def white(size: Size, seed: str) -> Field:
    """Independent values between -1 and 1."""
    data = Random(seed).randbytes(size[0] * size[1])
    return Field(Image.frombytes("L", size, data)).scaled(1 / 127.5, -1.0)


def fractal(
    frame: Frame,
    seed: str,
    cell: float | tuple[float, float],
    *,
    octaves: int = 12,
    gain: float = 0.5,
    shape: Callable[[Field], Field] | None = None,
) -> Field:
    """Fractal noise, about -1 to 1 with a mean of 0 (before `shape`).

    Args:
        frame: the picture.
        seed: another seed, another noise.
        cell: the size of the largest features, in picture heights: one number, or wide and high.
        octaves: how many times features half the size are added; it ends by itself at the pixel.
        gain: how strong each octave is beside the one before it: 0.4 is soft, 0.6 rough.
        shape: what is done to each octave before it is added, e.g. `abs` for billows.
    """
    cell_width, cell_height = cell if isinstance(cell, tuple) else (cell, cell)
    # A shaped octave needs pixels between its knots, or its folds would be lost.
    fine = 2 if shape else 1
    margin = _MARGIN * fine
    total = Field.filled(frame.size, 0.0)
    across = down = 1.0
    for octave in range(octaves):
        across = frame.aspect / cell_width * 2**octave
        down = 1 / cell_height * 2**octave
        wide, high = math.ceil(across) + 2 * _MARGIN, math.ceil(down) + 2 * _MARGIN
        layer = white((wide, high), f"{seed}/{octave}")
        if shape:
            layer = shape(layer.resized((wide * fine, high * fine)))
        if octave:
            # Doubling made the margin twice as wide: the outer half of it is left out.
            edge = margin / 2
            box = (edge, edge, edge + wide * fine / 2, edge + high * fine / 2)
            layer = total.resized(layer.size, box) + layer * gain**octave
        total = layer
        if max(across / frame.width, down / frame.height) * fine > 0.5:
            break
    box = (margin, margin, margin + across * fine, margin + down * fine)
    return total.resized(frame.size, box) * (2 * math.sqrt(1 - gain * gain))


def profile(
    frame: Frame, seed: str, cell: float, *, octaves: int = 9, gain: float = 0.5
) -> list[float]:
    """Fractal noise along a line: a value for each column, about -1 to 1; `cell` in heights."""
    strip = Frame(frame.width, 1)
    endless = 1e9
    image = fractal(strip, seed, (cell * frame.height, endless), octaves=octaves, gain=gain).image
    return list(array("f", image.tobytes()))
