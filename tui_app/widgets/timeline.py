"""Time as a picture: a row for each process, a block for each task, an axis in round steps."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_app.language import N_, _
from tui_app.runs.formatting import clock, safe, shorten
from tui_app.runs.lanes import Lane, Span, SpanKind
from tui_app.runs.view import RunState, Snapshot
from tui_app.runs.wait_words import wait_label
from tui_app.widgets.base.line_widget import LineWidget
from tui_app.widgets.base.palette import muted_style, process_style, theme_style
from tui_app.widgets.base.strips import Piece, fitted, strip

NAMES, LONGEST_NAMES = 7, 14
"""Cells of a lane's name: at least, and at most."""

STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200)
"""What may lie between two ticks, in seconds."""

TICK_CELLS = 12
"""At least so many cells lie between two ticks."""

LIVE_SECONDS = 60.0
"""Of a long run under way, the latest so many are shown; when it has ended, all of it."""

HINT = N_("Time will be drawn here: a row for each process.")

LABEL_CELLS = 14
"""A block has its task's name in it from so many cells on, or where all of the name fits."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time, in seconds, over a number of cells."""

    start: float
    end: float
    cells: int

    def cell(self, t: float) -> int:
        """The cell of a moment; outside the window it is below 0 or past the last one."""
        return math.floor((t - self.start) / (self.end - self.start) * self.cells + 1e-9)

    def moment(self, cell: int) -> float:
        """Where a cell begins."""
        return self.start + (self.end - self.start) * cell / self.cells


@dataclass(frozen=True, slots=True)
class Scale:
    """What several timelines under each other share, so that a moment is one column in all.

    Attributes:
        start: of the time that is shown, in seconds of each run.
        end: of the same.
        names: cells of the lanes' names.
    """

    start: float
    end: float
    names: int


def name_cells(lanes: Iterable[Lane]) -> int:
    """The cells that the names of these lanes need."""
    longest = max((cell_len(lane.name) for lane in lanes), default=0)
    return min(LONGEST_NAMES, max(NAMES, longest + 2))


def common_scale(snapshots: Sequence[Snapshot]) -> Scale:
    """The scale on which all of these runs can be seen whole; it grows in steps while one runs."""
    ends = [
        live_end(one.elapsed) if one.state is RunState.RUNNING else one.elapsed
        for one in snapshots
        if one.state is not RunState.IDLE
    ]
    names = max((name_cells(one.lanes) for one in snapshots), default=NAMES)
    return Scale(0.0, max([0.01, *ends]) if ends else live_end(0.0), names)


def live_end(now: float) -> float:
    """The right edge while a run goes on: it grows in steps, so that blocks do not crawl."""
    step = next((step for step in STEPS if step >= now / 4), STEPS[-1])
    return max(1.0, math.ceil(now / step + 1e-9) * step)


def ticks(window: Window) -> list[tuple[int, str]]:
    """The cells of the axis that have a tick, with what is written there."""
    per_cell = (window.end - window.start) / max(1, window.cells)
    step = next((step for step in STEPS if step >= per_cell * TICK_CELLS), STEPS[-1])
    first = math.ceil(window.start / step - 1e-9)
    last = math.floor(window.end / step + 1e-9)
    marks = [(window.cell(n * step), _moment(n * step, step)) for n in range(first, last + 1)]
    return [(cell, text) for cell, text in marks if cell >= 0 and cell + len(text) < window.cells]


def _moment(t: float, step: float) -> str:
    if step >= 60 or t >= 600:
        return clock(t)
    digits = 0 if step >= 1 else 1 if step >= 0.1 else 2
    return f"{t:.{digits}f} s"


class Timeline(LineWidget, ScrollView, can_focus=True):
    """The lanes of a run on one time axis. `+` and `-` zoom, arrows move, `0` shows it all.

    Args:
        axis: whether the axis is drawn below the lanes; of several only the last needs it.
        hint: what is said while there is nothing to draw.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus,equals_sign", "zoom(1)", N_("Zoom in"), key_display="+"),
        Binding("minus", "zoom(-1)", N_("Zoom out"), key_display="-"),
        Binding("left", "pan(-1)", N_("Earlier"), show=False),
        Binding("right", "pan(1)", N_("Later"), show=False),
        Binding("0", "fit", N_("Whole run")),
    ]

    DEFAULT_CSS = """
    Timeline {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    """

    def __init__(
        self,
        *,
        axis: bool = True,
        hint: str = HINT,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self._snapshot = Snapshot()
        self._scale: Scale | None = None
        self._axis_rows = int(axis)
        self._hint = hint
        self._names = NAMES
        self.lane_rows = 1
        """Rows that a lane takes, the last of two or more being air."""
        self._zoom = 0
        self._middle: float | None = None

    def show(self, snapshot: Snapshot, scale: Scale | None = None) -> None:
        """Draws this run from now on; on a scale given from outside, it is not zoomed or moved."""
        self._snapshot, self._scale = snapshot, scale
        self._names = scale.names if scale else name_cells(snapshot.lanes)
        self.virtual_size = Size(self.size.width, self.rows_for(len(snapshot.lanes)))
        self.redraw()

    def rows_for(self, lanes: int) -> int:
        """The rows that so many lanes take, with the axis."""
        return lanes * self.lane_rows + self._axis_rows

    @property
    def window(self) -> Window:
        """What is shown now."""
        cells = max(1, self.scrollable_content_region.width - self._names - 1)
        if self._scale is not None:
            return Window(self._scale.start, self._scale.end, cells)
        now = self._snapshot.elapsed
        running = self._snapshot.state in (RunState.RUNNING, RunState.IDLE)
        end = live_end(now) if running else max(now, 0.01)
        start = max(0.0, end - LIVE_SECONDS) if running and self._middle is None else 0.0
        length = (end - start) / 2**self._zoom
        middle = self._middle if self._middle is not None else end - length / 2
        left = min(max(0.0, middle - length / 2), max(0.0, end - length))
        return Window(left, left + length, cells)

    def draw_line(self, y: int) -> Strip:
        """Draws a lane; the last line is the axis."""
        ground = self.rich_style
        width = self.scrollable_content_region.width
        lanes = self._snapshot.lanes
        index, row = divmod(y + self.scroll_offset.y, self.lane_rows)
        rows = self.rows_for(max(1, len(lanes)))
        if self._axis_rows and y == min(self.size.height, rows) - 1:
            return strip(self._axis(), width, ground)
        if not lanes and y == 0:
            text = "" if self._snapshot.kind else _(self._hint)
            return strip([(f" {text}", muted_style(self.app))], width, ground)
        if index >= len(lanes) or (self.lane_rows > 1 and row == self.lane_rows - 1):
            return Strip.blank(width, ground)
        lane = lanes[index]
        name = (
            f" {fitted(safe(lane.name), self._names - 1)}",
            process_style(self.app, lane.number),
        )
        return strip([name, *self._blocks(lane)], width, ground)

    def _axis(self) -> list[Piece]:
        window = self.window
        text = [" "] * window.cells
        for cell, label in ticks(window):
            text[cell : cell + len(label) + 1] = f"╵{label}"
        return [(" " * self._names + "".join(text), muted_style(self.app))]

    def _blocks(self, lane: Lane) -> list[Piece]:
        window, colour = self.window, process_style(self.app, lane.number)
        failed = theme_style(self.app, "error")
        pieces: list[Piece] = []
        # Of many short ones in a cell one or two are seen, and any that failed.
        at, too_early = 0, window.start
        first = bisect_left(lane.spans, window.start, key=lambda span: span.end or math.inf)
        for span in lane.spans[first:]:
            if span.start >= window.end:
                break
            end = span.end if span.end is not None else self._snapshot.elapsed
            if end <= too_early and not span.failed:
                continue
            left = max(at, window.cell(span.start))
            right = min(window.cells, max(left + 1, window.cell(end)))
            if left >= right:
                continue
            pieces.append((" " * (left - at), Style()))
            pieces += _block(span, right - left, failed if span.failed else colour)
            at, too_early = right, window.moment(right - 1)
        return pieces

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A scale that others share stays as it is."""
        return not (action in ("zoom", "pan", "fit") and self._scale is not None)

    def action_zoom(self, steps: int) -> None:
        """Shows half, or twice, as much time."""
        middle = (self.window.start + self.window.end) / 2
        self._zoom = max(0, min(16, self._zoom + steps))
        self._middle = middle if self._zoom else None
        self.refresh()

    def action_pan(self, steps: int) -> None:
        """Moves by a quarter of what is shown."""
        window = self.window
        length = window.end - window.start
        self._middle = max(length / 2, (window.start + window.end) / 2 + steps * length / 4)
        self.refresh()

    def action_fit(self) -> None:
        """Shows the whole run, and follows it again."""
        self._zoom, self._middle = 0, None
        self.refresh()


_STILL = {SpanKind.SLEEP: "▒", SpanKind.WAIT: "┄"}


def _middle(fill: str, words: str, cells: int) -> str:
    """The words in the middle of a filled block; the block alone where they do not fit."""
    if cells < cell_len(words) + 4:
        return fill * cells
    before = (cells - cell_len(words) - 2) // 2
    return f"{fill * before} {words} {fill * (cells - before - cell_len(words) - 2)}"


def _block(span: Span, cells: int, style: Style) -> Sequence[Piece]:
    """A span's block: work is solid, sleep is hatched, waiting is dotted and says on whom."""
    if span.wait is not None:
        return [(_middle(_STILL[span.kind], safe(wait_label(span.wait)), cells), style)]
    fill = "▚" if span.failed else "█"
    if cells == 1:
        return [("✗" if span.failed else fill, style)]
    name = safe(span.label)
    # Half a cell of air before each task tells it from the one before.
    if not name or cells < min(LABEL_CELLS, cell_len(name) + 4):
        return [("✗" if span.failed else "▐", style), (fill * (cells - 1), style)]
    label = f" {shorten(name, cells - 4)} "
    before = max(0, cells - 1 - cell_len(label)) // 2
    after = max(0, cells - 1 - cell_len(label) - before)
    return [
        ("✗" if span.failed else "▐", style),
        (fill * before, style),
        (label, style + Style(reverse=True)),
        (fill * after, style),
    ]
