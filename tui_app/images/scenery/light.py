"""Pictures as linear light, so that lamps add up and mist covers as they do outdoors."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image

from tui_app.images.scenery.field import Field, Frame

Colour = str
"""A colour as it shall look, `#rrggbb`."""

Triple = tuple[float, float, float]

_TOP = 65535
_RANGE = 4.0  # the brightest light that is told from white
_SHOULDER = 0.6  # brighter light than this is compressed towards white, as film does


@cache
def linear(colour: Colour) -> Triple:
    """Red, green and blue light of a colour, each 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return (_decoded(red), _decoded(green), _decoded(blue))


def _decoded(level: float) -> float:
    return level / 12.92 if level <= 0.04045 else float(((level + 0.055) / 1.055) ** 2.4)


def _encoded(light: float) -> float:
    return light * 12.92 if light <= 0.0031308 else float(1.055 * light ** (1 / 2.4) - 0.055)


@dataclass(frozen=True, slots=True)
class Light:
    """Red, green and blue light at each pixel; 1 is white, and more is allowed."""

    red: Field
    green: Field
    blue: Field

    @classmethod
    def of_picture(cls, picture: Image.Image) -> Light:
        """The light of an 8-bit RGB picture."""
        table = [round(_TOP * _decoded(level / 255)) for level in range(256)]
        return cls(*(Field(band.point(table, "I")) / _TOP for band in picture.split()))

    @property
    def planes(self) -> tuple[Field, Field, Field]:
        """The three fields."""
        return (self.red, self.green, self.blue)

    def each(self, change: Callable[[Field], Field]) -> Light:
        """The same change to the three planes."""
        return Light(*(change(plane) for plane in self.planes))

    def __add__(self, other: Light) -> Light:
        return Light(*(a + b for a, b in zip(self.planes, other.planes, strict=True)))

    def __mul__(self, factor: Field | float) -> Light:
        return self.each(lambda plane: plane * factor)

    def covered(self, by: Light | Colour, mask: Field) -> Light:
        """This light behind another that is opaque where `mask` is 1."""
        if isinstance(by, Light):
            pairs = zip(self.planes, by.planes, strict=True)
            return Light(*(plane + (over - plane) * mask for plane, over in pairs))
        open_part = 1.0 - mask
        return Light(
            *(
                plane * open_part + mask * level
                for plane, level in zip(self.planes, linear(by), strict=True)
            )
        )

    def lit(self, colour: Colour, amount: Field) -> Light:
        """This light and a lamp's of that colour."""
        pairs = zip(self.planes, linear(colour), strict=True)
        return Light(*(plane + amount * level for plane, level in pairs))

    def bloomed(self, threshold: float, amount: float, radius: float) -> Light:
        """A glow around what is brighter than `threshold`; `radius` in pixels."""
        return self.each(
            lambda plane: plane + (plane - threshold).most(0.0).blurred(radius) * amount
        )

    def pasted(self, part: Light, mask: Field, left: int, top: int) -> Light:
        """This light with a smaller one before it, its corner at a pixel."""
        pairs = zip(self.planes, part.planes, strict=True)
        return Light(*(plane.pasted(piece, mask, left, top) for plane, piece in pairs))

    def rows(self, first: int, last: int) -> Light:
        """The rows from `first` up to `last`, without it."""
        return self.each(lambda plane: plane.rows(first, last))

    def over(self, lower: Light) -> Light:
        """This light with another one of the same width under it."""
        pairs = zip(self.planes, lower.planes, strict=True)
        return Light(*(upper.over(under) for upper, under in pairs))

    def developed(self) -> Image.Image:
        """The picture as 8-bit sRGB; what is too bright rolls off towards white."""
        table = _development()
        bands = [
            plane.scaled(_TOP / _RANGE, 0.5).image.convert("I").point(table, "L")
            for plane in self.planes
        ]
        return Image.merge("RGB", bands)


@cache
def _development() -> list[int]:
    def level(light: float) -> int:
        if light > _SHOULDER:
            room = 1.0 - _SHOULDER
            light = 1.0 - room * math.exp((_SHOULDER - light) / room)
        return round(255 * _encoded(light))

    return [level(index / _TOP * _RANGE) for index in range(_TOP + 1)]


def between(share: Field, first: Colour, second: Colour) -> Light:
    """One colour where `share` is 0, another where it is 1."""
    pairs = zip(linear(first), linear(second), strict=True)
    return Light(*(share.scaled(end - start, start) for start, end in pairs))


def gradient(frame: Frame, stops: Sequence[tuple[float, Colour]]) -> Light:
    """Colours from top to bottom; `stops` are (y, colour) with y rising from 0 to 1."""
    places = [place for place, _ in stops]
    rows = frame.row_positions()
    planes = []
    for band in range(3):
        levels = [_encoded(linear(colour)[band]) for _, colour in stops]
        lights = [_decoded(min(max(_spline(places, levels, y), 0.0), 1.0)) for y in rows]
        planes.append(Field.of_rows(frame.width, lights))
    return Light(*planes)


def _spline(places: Sequence[float], levels: Sequence[float], at: float) -> float:
    """A smooth curve through levels at places; as seen, for light itself would darken late."""
    if at <= places[0]:
        return levels[0]
    if at >= places[-1]:
        return levels[-1]
    after = bisect(places, at)
    before, last = after - 1, len(places) - 1

    def slope(index: int) -> float:
        left, right = max(index - 1, 0), min(index + 1, last)
        return (levels[right] - levels[left]) / (places[right] - places[left])

    width = places[after] - places[before]
    t = (at - places[before]) / width
    rise = levels[after] - levels[before]
    start, end = slope(before) * width, slope(after) * width
    return levels[before] + t * (
        start + t * (3 * rise - 2 * start - end + t * (start + end - 2 * rise))
    )
