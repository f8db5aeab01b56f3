"""Planes of numbers, one a pixel: what every drawing is calculated with."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from PIL import Image, ImageMath

Size = tuple[int, int]

_TOP = 65535
_SEGMENTS = 771  # of a tabulated curve: a divisor of 65,535


class Field:
    """A plane of 32-bit floats with arithmetic, pixel by pixel; its operations give new fields."""

    __slots__ = ("image",)

    def __init__(self, image: Image.Image) -> None:
        self.image = image if image.mode == "F" else image.convert("F")

    @classmethod
    def filled(cls, size: Size, value: float) -> Field:
        """A field that is `value` everywhere."""
        return cls(Image.new("F", size, value))

    @classmethod
    def of_rows(cls, width: int, values: Iterable[float]) -> Field:
        """A field `width` pixels wide whose rows are `values`, from the top."""
        return cls._line(values).transposed().stretched(width=width)

    @classmethod
    def of_columns(cls, height: int, values: Iterable[float]) -> Field:
        """A field `height` pixels high whose columns are `values`, from the left."""
        return cls._line(values).stretched(height=height)

    @classmethod
    def _line(cls, values: Iterable[float]) -> Field:
        line = list(values)
        image = Image.new("F", (len(line), 1))
        image.putdata(line)
        return cls(image)

    def transposed(self) -> Field:
        """This field with rows and columns exchanged."""
        return Field(self.image.transpose(Image.Transpose.TRANSPOSE))

    def stretched(self, width: int | None = None, height: int | None = None) -> Field:
        """This field repeated to a width or a height, in pixels."""
        size = (width or self.size[0], height or self.size[1])
        return Field(self.image.resize(size, Image.Resampling.NEAREST))

    @property
    def size(self) -> Size:
        """Width and height, in pixels."""
        return self.image.size

    def _with(self, operation: Callable[[Any, Any], Any], other: Field) -> Field:
        return Field(
            ImageMath.lambda_eval(
                lambda planes: operation(planes["a"], planes["b"]), a=self.image, b=other.image
            )
        )

    def scaled(self, factor: float, offset: float = 0.0) -> Field:
        """`self * factor + offset`, in one pass."""
        return Field(self.image.point(lambda value: value * factor + offset))

    def __add__(self, other: Field | float) -> Field:
        if isinstance(other, Field):
            return self._with(operator.add, other)
        return self.scaled(1.0, other)

    def __sub__(self, other: Field | float) -> Field:
        if isinstance(other, Field):
            return self._with(operator.sub, other)
        return self.scaled(1.0, -other)

    def __mul__(self, other: Field | float) -> Field:
        if isinstance(other, Field):
            return self._with(operator.mul, other)
        return self.scaled(other)

    def __truediv__(self, other: Field | float) -> Field:
        """The quotient; 0 where the divisor is 0."""
        if isinstance(other, Field):
            return self._with(operator.truediv, other)
        return self.scaled(1.0 / other)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: float) -> Field:
        return self.scaled(-1.0, other)

    def __rtruediv__(self, other: float) -> Field:
        return Field.filled(self.size, other) / self

    def __neg__(self) -> Field:
        return self.scaled(-1.0)

    def __abs__(self) -> Field:
        return Field(ImageMath.lambda_eval(lambda planes: abs(planes["a"]), a=self.image))

    def __pow__(self, exponent: int) -> Field:
        """A positive whole power, by squaring."""
        if exponent == 1:
            return self
        half = self ** (exponent // 2)
        return half * half * self if exponent % 2 else half * half

    def most(self, other: Field | float) -> Field:
        """The larger of the two, pixel by pixel."""
        return self._chosen("max", other)

    def least(self, other: Field | float) -> Field:
        """The smaller of the two, pixel by pixel."""
        return self._chosen("min", other)

    def _chosen(self, which: str, other: Field | float) -> Field:
        value = other.image if isinstance(other, Field) else other
        return Field(
            ImageMath.lambda_eval(
                lambda planes: planes[which](planes["a"], planes["b"]), a=self.image, b=value
            )
        )

    def clamped(self, low: float = 0.0, high: float = 1.0) -> Field:
        """This field kept within `low` and `high`."""
        return self.most(low).least(high)

    def smooth(self, low: float, high: float) -> Field:
        """0 up to `low`, 1 from `high` on, and an S between the two (`low` may be the larger)."""
        t = self.scaled(1.0 / (high - low), -low / (high - low)).clamped()
        return t * t * t.scaled(-2.0, 3.0)

    def bell(self, width: float) -> Field:
        """1 where this field is 0, a half at `width`, and a long soft tail: `1 / (1 + v²)`."""
        t = self.scaled(1.0 / width)
        return 1.0 / (t * t).scaled(1.0, 1.0)

    def fading(self) -> Field:
        """`exp(-v)` for `v >= 0`, near enough; 1 below 0."""
        return self.scaled(-1 / 16, 1.0).clamped() ** 16

    def curve(self, function: Callable[[float], float], low: float, high: float) -> Field:
        """`function` of each value between `low` and `high`, from a table with 16 bits."""
        table = _tabulated(function, low, high)
        to_index = _TOP / (high - low)
        index = self.scaled(to_index, 0.5 - low * to_index).image.convert("I")
        coarse = Field(index.point(table.coarse, "L")) * (256.0 * table.unit)
        return coarse + Field(index.point(table.fine, "L")).scaled(table.unit, table.bottom)

    def root(self) -> Field:
        """The square root, of values between 0 and 16."""
        guess = self.curve(math.sqrt, 0.0, 16.0).most(0.03)
        for _ in range(2):
            guess = (guess + self / guess) * 0.5
        return guess

    def resized(self, size: Size, box: tuple[float, float, float, float] | None = None) -> Field:
        """This field, or the `box` of it, at another size."""
        return Field(self.image.resize(size, Image.Resampling.BICUBIC, box=box))

    def blurred(self, radius: float) -> Field:
        """A wide soft blur of about `radius` pixels, by way of a smaller size."""
        width, height = (max(1, math.ceil(side / max(1.0, radius))) for side in self.size)
        small = self.image.resize((width, height), Image.Resampling.HAMMING)
        return Field(small.resize(self.size, Image.Resampling.BICUBIC))

    def smeared(self, pixels: int) -> Field:
        """Blurred downwards and upwards only, by about so many pixels."""
        width, height = self.size
        small = self.image.resize((width, max(1, height // max(1, pixels))), Image.Resampling.BOX)
        return Field(small.resize(self.size, Image.Resampling.BICUBIC))

    def shifted(self, right: int, down: int = 0) -> Field:
        """This field moved by whole pixels; where nothing moves in, it stays as it is."""
        moved = self.image.copy()
        moved.paste(self.image, (right, down))
        return Field(moved)

    def __mod__(self, divisor: float) -> Field:
        """What is left after dividing, from 0 up to `divisor`, for any sign."""
        rest = Field(ImageMath.lambda_eval(lambda v: v["a"] % divisor + divisor, a=self.image))
        return Field(ImageMath.lambda_eval(lambda v: v["a"] % divisor, a=rest.image))

    def sheared(self, lean: float, row: int) -> Field:
        """This field leaning: moved right by `lean` pixels for each row above `row`."""
        matrix = (1.0, lean, -lean * row, 0.0, 1.0, 0.0)
        affine, bilinear = Image.Transform.AFFINE, Image.Resampling.BILINEAR
        return Field(self.image.transform(self.size, affine, matrix, bilinear))

    def rows(self, first: int, last: int) -> Field:
        """The rows from `first` up to `last`, without it."""
        return Field(self.image.crop((0, first, self.size[0], last)))

    def over(self, lower: Field) -> Field:
        """This field with another one of the same width under it."""
        joined = Image.new("F", (self.size[0], self.size[1] + lower.size[1]))
        joined.paste(self.image, (0, 0))
        joined.paste(lower.image, (0, self.size[1]))
        return Field(joined)

    def pasted(self, part: Field, mask: Field, left: int, top: int) -> Field:
        """This field with a smaller one over it where the mask is 1, its corner at a pixel."""
        box = (left, top, left + part.size[0], top + part.size[1])
        under = Field(self.image.crop(box))
        result = self.image.copy()
        result.paste((under + (part - under) * mask).image, box)
        return Field(result)

    def flipped(self) -> Field:
        """This field upside down."""
        return Field(self.image.transpose(Image.Transpose.FLIP_TOP_BOTTOM))


@dataclass(frozen=True, slots=True)
class _Table:
    """A function in 65,536 steps: `bottom + unit * (256 * coarse + fine)`, for 8-bit look-up."""

    coarse: list[int]
    fine: list[int]
    unit: float
    bottom: float


@lru_cache(maxsize=4)
def _tabulated(function: Callable[[float], float], low: float, high: float) -> _Table:
    """The table of a function, on straight lines between `_SEGMENTS + 1` of its values."""
    step = (high - low) / _SEGMENTS
    values = [function(low + step * index) for index in range(_SEGMENTS + 1)]
    bottom = min(values)
    unit = (max(values) - bottom) / _TOP or 1.0
    share = _TOP // _SEGMENTS
    levels = [
        round((start + (end - start) * at / share - bottom) / unit)
        for start, end in pairwise(values)
        for at in range(share)
    ]
    levels.append(round((values[-1] - bottom) / unit))
    return _Table([level >> 8 for level in levels], [level & 255 for level in levels], unit, bottom)


@dataclass(frozen=True, slots=True)
class Frame:
    """The rectangle of a picture; scenes measure in picture heights, so any size looks alike."""

    width: int
    height: int

    @property
    def size(self) -> Size:
        """Width and height, in pixels."""
        return (self.width, self.height)

    @property
    def aspect(self) -> float:
        """Width, in picture heights."""
        return self.width / self.height

    def column_positions(self) -> list[float]:
        """The x of each column, from 0 at the left to `aspect`."""
        return [(column + 0.5) / self.height for column in range(self.width)]

    def row_positions(self) -> list[float]:
        """The y of each row, from 0 at the top to 1."""
        return [(row + 0.5) / self.height for row in range(self.height)]

    def x(self) -> Field:
        """Distance from the left edge, in picture heights."""
        return Field.of_columns(self.height, self.column_positions())

    def y(self) -> Field:
        """Distance from the top edge, in picture heights."""
        return Field.of_rows(self.width, self.row_positions())

    def distance(self, x: float, y: float, flatten: float = 1.0) -> Field:
        """Distance from a point, in picture heights; `flatten` > 1 makes rings wide and low."""
        columns = Field.of_columns(self.height, [(at - x) ** 2 for at in self.column_positions()])
        rows = [((at - y) * flatten) ** 2 for at in self.row_positions()]
        squared = columns + Field.of_rows(self.width, rows)
        return squared.root()

    def above(self, line: Sequence[float]) -> Field:
        """How far each pixel lies below a line of y's, one a column; negative above it."""
        return self.y() - Field.of_columns(self.height, line)

    def mask(self, depth: Field) -> Field:
        """1 where `depth` (in picture heights) is positive, with a soft edge of a pixel."""
        return depth.scaled(self.height, 0.5).clamped()
