"""A plot in characters: marks with their spread, and lines in braille, on two axes.

Knows nothing of what is plotted. Whoever shows it gives each piece its colour, by its role; each
role has a look of its own as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui_app.runs.sweep.scaling import Spread

AXIS = "axis"
"""The role of the axes and what is written beside them."""

Piece = tuple[str, str]
"""A text, and its role; the empty role is that of the air between."""

_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The dots of a braille character, by column and row."""
_BRAILLE = 0x2800

_STEPS = (1, 2, 5)
_LABEL_ROWS, _LABEL_CELLS = 3, 4
"""How far labels of an axis are apart, at least."""


@dataclass(frozen=True, slots=True)
class PlotLine:
    """A function that is drawn from 1 to the right edge; `gap` leaves every nth dot out."""

    role: str
    of: Callable[[float], float]
    dotted: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """Measured points, each drawn as `mark` at its median, with a bar from least to most.

    `shift` moves them by so many cells to the side, so that series do not hide each other.
    """

    role: str
    mark: str
    points: Sequence[tuple[int, Spread]]
    shift: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot's size in cells with its axes, and how far both reach: x from 1, y from 0."""

    width: int
    height: int
    x_most: int
    y_most: float

    @property
    def _left(self) -> int:
        """Cells of the labels beside the y axis, and the axis."""
        return len(_figure(self.y_most, self.y_step)) + 2

    @property
    def columns(self) -> int:
        """Cells between the axis and the right edge."""
        return self.width - self._left

    @property
    def rows(self) -> int:
        """Cells above the x axis."""
        return self.height - 2

    def column(self, x: float) -> float:
        """Where `x` is, in cells from the axis; marks at both ends have room beside them."""
        span = max(1, self.x_most - 1)
        return 2 + (x - 1) / span * (self.columns - 5)

    def row(self, y: float) -> float:
        """Where `y` is, in cells from the top edge."""
        return (1 - y / self.y_most) * self.rows

    @property
    def y_step(self) -> float:
        """From one label of the y axis to the next."""
        least = self.y_most * _LABEL_ROWS / max(1, self.rows)
        power = 10.0 ** math.floor(math.log10(least))
        return next((n * power for n in _STEPS if n * power >= least * 0.999), 10 * power)


def plot(frame: Frame, lines: Sequence[PlotLine], marks: Sequence[Marks]) -> list[list[Piece]]:
    """The rows of the plot, top to bottom, each of `frame.width` cells; none where it is too small.

    Args:
        frame: size and reach.
        lines: drawn first; of two in one cell the later one's role counts.
        marks: drawn over them.
    """
    if frame.columns < 8 or frame.rows < 2:
        return []
    canvas: list[list[Piece]] = [[(" ", "")] * frame.columns for _ in range(frame.rows)]
    for line in lines:
        _draw(canvas, frame, line)
    for series in marks:
        _mark(canvas, frame, series)
    labels = _y_labels(frame)
    rows = []
    for number, cells in enumerate(canvas):
        label = labels.get(number, "")
        tick = "┤" if label else "│"
        left = f"{label:>{frame._left - 1}}{tick}"
        rows.append([(left, AXIS), *_joined(cells)])
    return [*rows, *_x_axis(frame)]


def _draw(canvas: list[list[Piece]], frame: Frame, line: PlotLine) -> None:
    """A line, as dots of a finer grid: two to a cell's width, four to its height."""
    first, last = round(frame.column(1) * 2), round(frame.column(frame.x_most) * 2)
    before: int | None = None
    for fine_x in range(first, last + 1):
        x = 1 + (fine_x - first) / max(1, last - first) * (frame.x_most - 1)
        fine_y = round(frame.row(line.of(x)) * 4)
        if line.dotted and (fine_x - first) % 4:
            continue
        # A steep stretch is filled, so that the line has no holes.
        reach = fine_y if before is None or line.dotted else before
        for y in range(min(fine_y, reach + 1), max(fine_y, reach - 1) + 1):
            if 0 <= y < frame.rows * 4:
                _dot(canvas, fine_x, y, line.role)
        before = fine_y


def _dot(canvas: list[list[Piece]], fine_x: int, fine_y: int, role: str) -> None:
    column, row = fine_x // 2, fine_y // 4
    if column >= len(canvas[row]):
        return
    there = ord(canvas[row][column][0])
    # What is no braille, air or a mark, gives way.
    bits = there - _BRAILLE if _BRAILLE <= there < _BRAILLE + 256 else 0
    canvas[row][column] = (chr(_BRAILLE + (bits | _DOTS[fine_x % 2][fine_y % 4])), role)


def _mark(canvas: list[list[Piece]], frame: Frame, series: Marks) -> None:
    """Marks, and bars in dots: a bar that is shorter than a cell hides behind its mark."""

    def fine(y: float) -> int:
        return min(frame.rows * 4 - 1, max(0, math.floor(frame.row(y) * 4)))

    for x, spread in series.points:
        column = min(frame.columns - 1, max(0, int(frame.column(x)) + series.shift))
        for fine_y in range(fine(spread.most), fine(spread.least) + 1):
            _dot(canvas, 2 * column, fine_y, series.role)
        canvas[fine(spread.median) // 4][column] = (series.mark, series.role)


def _joined(cells: Sequence[Piece]) -> list[Piece]:
    """The same cells in fewer pieces: neighbours of one role are one."""
    pieces: list[Piece] = []
    for text, role in cells:
        if pieces and pieces[-1][1] == role:
            pieces[-1] = (pieces[-1][0] + text, role)
        else:
            pieces.append((text, role))
    return pieces


def _y_labels(frame: Frame) -> dict[int, str]:
    """The labels beside the y axis, by row."""
    labels = {}
    for number in range(1, int(frame.y_most / frame.y_step + 1e-9) + 1):
        y = number * frame.y_step
        row = math.floor(frame.row(y))
        if 0 <= row < frame.rows:
            labels[row] = _figure(y, frame.y_step)
    return labels


def _x_axis(frame: Frame) -> list[list[Piece]]:
    rule = ["─"] * frame.columns
    text = [" "] * frame.columns
    free = 0
    # The last one is always named.
    end = int(frame.column(frame.x_most))
    for x in range(1, frame.x_most + 1):
        column = int(frame.column(x))
        label = str(x)
        last = x == frame.x_most
        if column < free or (not last and column + _LABEL_CELLS > end):
            continue
        rule[column] = "┴"
        text[column : column + len(label)] = label
        free = column + _LABEL_CELLS
    zero = f"{_figure(0.0, frame.y_step):>{frame._left - 1}}┼"
    return [
        [(zero + "".join(rule), AXIS)],
        [(" " * frame._left + "".join(text)[: frame.columns], AXIS)],
    ]


def _figure(value: float, step: float) -> str:
    return f"{value:.1f}" if step < 1 else f"{value:.0f}"
