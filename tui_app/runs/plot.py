"""A plot in characters: marks with their spread, and lines in braille, on two axes.

It knows nothing of what is plotted. Whoever shows it gives each text its colour by its role. The
roles differ without colour, too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from tui_app.runs.sweep.scaling import Spread

AXIS = "axis"
"""The role of the axes and their labels."""

PlotText = tuple[str, str]
"""A text and its role; the empty role is that of empty cells."""

_Canvas = list[list[PlotText]]
"""The cells between the axes, by row and column."""

_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The dots of a braille character, by column and row, as bits of its number."""

_BRAILLE = 0x2800
"""The braille character without dots: https://www.unicode.org/charts/PDF/U2800.pdf"""

_STEPS = (1, 2, 5)

_LABEL_ROWS, _LABEL_CELLS = 3, 4
"""The least distances of labels on the y axis and on the x axis."""


@dataclass(frozen=True, slots=True)
class PlotLine:
    """A function that is drawn from 1 to the right edge; if `dotted`, with every fourth dot."""

    role: str
    function: Callable[[float], float]
    dotted: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """Measured points: a `mark` at the median of each, and a bar from its least to its most.

    `shift` moves them to the side by so many cells, so that series do not hide each other.
    """

    role: str
    mark: str
    points: Sequence[tuple[int, Spread]]
    shift: int = 0


@dataclass(frozen=True, slots=True)
class PlotArea:
    """The plot's size in cells with its axes, and how far these reach: x from 1, y from 0."""

    width: int
    height: int
    x_most: int
    y_most: float

    @property
    def margin(self) -> int:
        """Cells of the y axis and its labels."""
        return len(self.label(self.y_most)) + 2

    @property
    def columns(self) -> int:
        """Cells between the y axis and the right edge."""
        return self.width - self.margin

    @property
    def rows(self) -> int:
        """Cells above the x axis."""
        return self.height - 2

    def column(self, x: float) -> float:
        """Return where `x` is, in cells from the y axis; marks at both ends have room."""
        span = max(1, self.x_most - 1)
        return 2 + (x - 1) / span * (self.columns - 5)

    @property
    def y_step(self) -> float:
        """The distance of two labels of the y axis: the least round one with room for them.

        It is no more than what is drawn, so that there is a label besides 0.
        """
        least = self.y_most * _LABEL_ROWS / max(1, self.rows)
        power = 10.0 ** math.floor(math.log10(least))
        steps = [n * power for n in (*_STEPS, *(10 * n for n in _STEPS))]
        step = next(step for step in steps if step >= least * 0.999)
        if step > self.y_most:
            power = 10.0 ** math.floor(math.log10(self.y_most))
            step = max(n * power for n in _STEPS if n * power <= self.y_most * 1.001)
        return step

    @property
    def label_rows(self) -> int:
        """Rows from label to label: a whole number, so that each stands on its value."""
        return max(1, int((self.rows + 0.5) * self.y_step / self.y_most + 1e-9))

    def row(self, y: float) -> float:
        """Return where `y` is, in cells from the top edge.

        0 is in the middle of the x axis, and each label's value in the middle of its row.
        """
        return self.rows + 0.5 - y / self.y_step * self.label_rows

    def label(self, y: float) -> str:
        """Return a label of the y axis."""
        return f"{y:.{max(0, -math.floor(math.log10(self.y_step) + 1e-9))}f}"


def plot(
    frame: PlotArea, lines: Sequence[PlotLine], marks: Sequence[Marks]
) -> list[list[PlotText]]:
    """Return the rows of a plot, each of `frame.width` cells; none where it is too small.

    Args:
        frame: its size and reach.
        lines: drawn first; of two in one cell, the later one decides the role.
        marks: drawn over them.
    """
    if frame.columns < 8 or frame.rows < 2:
        return []
    rule, numbers = _x_axis(frame)
    # A mark near 0 stands on the x axis.
    canvas: _Canvas = [*([(" ", "")] * frame.columns for _ in range(frame.rows)), rule]
    for line in lines:
        _draw_line(canvas, frame, line)
    for series in marks:
        _draw_marks(canvas, frame, series)
    labels = _y_labels(frame)
    rows = []
    for number, cells in enumerate(canvas):
        label = labels.get(number, "")
        sign = "┼" if number == frame.rows else "┤" if label else "│"
        rows.append(_joined([(f"{label:>{frame.margin - 1}}{sign}", AXIS), *cells]))
    return [*rows, _joined([(" " * frame.margin, AXIS), *numbers])]


def _draw_line(canvas: _Canvas, frame: PlotArea, line: PlotLine) -> None:
    """Draw a line as dots of a finer grid: two in a cell's width, four in its height."""
    first, last = round(frame.column(1) * 2), round(frame.column(frame.x_most) * 2)
    before: int | None = None
    for fine_x in range(first, last + 1):
        if line.dotted and (fine_x - first) % 4:
            continue
        x = 1 + (fine_x - first) / max(1, last - first) * (frame.x_most - 1)
        fine_y = round(frame.row(line.function(x)) * 4)
        # A steep stretch is filled, so that the line has no holes.
        reach = fine_y if before is None or line.dotted else before
        for y in range(min(fine_y, reach + 1), max(fine_y, reach - 1) + 1):
            if 0 <= y < frame.rows * 4:
                _draw_dot(canvas, fine_x, y, line.role)
        before = fine_y


def _draw_dot(canvas: _Canvas, fine_x: int, fine_y: int, role: str) -> None:
    column, row = fine_x // 2, fine_y // 4
    if column >= len(canvas[row]):
        return
    present = ord(canvas[row][column][0])
    # A dot is added to the braille in its cell, and replaces anything else.
    bits = present - _BRAILLE if _BRAILLE <= present < _BRAILLE + 256 else 0
    canvas[row][column] = (chr(_BRAILLE + (bits | _DOTS[fine_x % 2][fine_y % 4])), role)


def _draw_marks(canvas: _Canvas, frame: PlotArea, series: Marks) -> None:
    """Draw marks, and bars in dots; a bar that is shorter than a cell is behind its mark."""

    def fine(y: float, rows: int) -> int:
        return min(rows * 4 - 1, max(0, math.floor(frame.row(y) * 4)))

    for x, spread in series.points:
        column = min(frame.columns - 1, max(0, int(frame.column(x)) + series.shift))
        for fine_y in range(fine(spread.most, frame.rows), fine(spread.least, frame.rows) + 1):
            _draw_dot(canvas, 2 * column, fine_y, series.role)
        canvas[fine(spread.median, len(canvas)) // 4][column] = (series.mark, series.role)


def _joined(cells: Sequence[PlotText]) -> list[PlotText]:
    """Return the same cells with neighbours of one role in one text."""
    groups = groupby(cells, key=lambda cell: cell[1])
    return [("".join(text for text, _role in group), role) for role, group in groups]


def _y_labels(frame: PlotArea) -> dict[int, str]:
    """Return the labels of the y axis, by row."""
    rows = range(frame.rows, -1, -frame.label_rows)
    return {row: frame.label(number * frame.y_step) for number, row in enumerate(rows)}


def _x_axis(frame: PlotArea) -> tuple[list[PlotText], list[PlotText]]:
    """Return the cells of the rule, and those of the numbers below it."""
    rule, text = ["─"] * frame.columns, [" "] * frame.columns
    free = 0
    # The last number always has its label.
    end = int(frame.column(frame.x_most))
    for x in range(1, frame.x_most + 1):
        column = int(frame.column(x))
        if column < free or (x < frame.x_most and column + _LABEL_CELLS > end):
            continue
        rule[column] = "┴"
        text[column : column + len(str(x))] = str(x)
        free = column + _LABEL_CELLS
    return [(cell, AXIS) for cell in rule], [(cell, AXIS) for cell in text[: frame.columns]]
