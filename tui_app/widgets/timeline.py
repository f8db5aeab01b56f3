"""Time as a picture: a lane for each process, a block for each task, an axis in round steps."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.strip import Strip

from tui_app.language import N_, _
from tui_app.runs.lane_folding import LaneRow, fold
from tui_app.runs.lanes import ProcessRow, Span
from tui_app.runs.time_axis import tick_step, tick_text
from tui_app.runs.view import RunState, Snapshot
from tui_app.widgets.base.lane_blocks import (
    Window,
    block_pieces,
    blocks,
    earlier_failures,
    over,
)
from tui_app.widgets.base.line_widget import LineView, Piece
from tui_app.widgets.base.name_column import fitted_name
from tui_app.widgets.base.palette import muted_style, process_mark, process_style, theme_style

NAME_CELLS, LONGEST_NAME, LONGEST_THREAD, LONGEST_FOLDED = 7, 14, 17, 20
"""Cells of a lane's name: at least, and at most: of a process, of a thread in it, and of several
lanes that share a row."""

TICK_CELLS = 12
"""Cells between two ticks, at least."""

LIVE_SECONDS = 60.0
"""While a long run goes on, this much of its end is shown; afterwards, all of it."""

HINT = N_("Time will be drawn here: a row for each process.")

LEAST_SECONDS = 0.01
"""The shortest run that is drawn."""

MOST_ZOOM = 16
"""How often time can be halved."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What timelines below each other share, so that a moment has the same column in all.

    `end` is the last moment that is shown, in seconds of each run; `names` are cells of the names.
    """

    end: float
    names: int


def name_cells(lanes: Iterable[ProcessRow | LaneRow]) -> int:
    """Return how many cells the names of the lanes need."""
    cells = NAME_CELLS
    for lane in lanes:
        row = lane if isinstance(lane, LaneRow) else LaneRow((lane,))
        folded = len(row.lanes) > 1 or bool(row.lane.host)
        most = LONGEST_NAME if row.lane.kind is None else LONGEST_THREAD
        most = LONGEST_FOLDED if folded else most
        cells = max(cells, min(most, cell_len(row.name) + 2))
    return cells


def common_scale(snapshots: Sequence[Snapshot]) -> Scale:
    """Return the scale that shows all runs whole; it grows in steps while one goes on."""
    ends = [
        live_end(one.elapsed) if one.state is RunState.RUNNING else one.elapsed
        for one in snapshots
        if one.state is not RunState.IDLE
    ]
    names = max((name_cells(one.rows) for one in snapshots), default=NAME_CELLS)
    return Scale(max([LEAST_SECONDS, *ends]) if ends else live_end(0.0), names)


def live_end(now: float) -> float:
    """Return the right edge of a run that goes on; it grows in steps, so that blocks stand still.

    Args:
        now: seconds since the run began.
    """
    step = tick_step(now / 4)
    return max(1.0, math.ceil(now / step + 1e-9) * step)


def ticks(window: Window) -> list[tuple[int, str]]:
    """Return the cells of the axis that have a tick, each with its text."""
    per_cell = (window.end - window.start) / max(1, window.cells)
    step = tick_step(per_cell * TICK_CELLS)
    first = math.ceil(window.start / step - 1e-9)
    last = math.floor(window.end / step + 1e-9)
    marks = [(window.cell(n * step), tick_text(n * step, step)) for n in range(first, last + 1)]
    return [(cell, text) for cell, text in marks if cell >= 0 and cell + len(text) < window.cells]


class Timeline(LineView, can_focus=True):
    """The lanes of a run on one time axis. `+` and `-` zoom, arrows move, `0` shows it all.

    Args:
        axis: whether the axis is drawn below the lanes; of several timelines, only the last has it.
        hint: the English text while there is nothing to draw.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus,equals_sign", "zoom(1)", N_("Zoom in"), key_display="+"),
        Binding("minus", "zoom(-1)", N_("Zoom out"), key_display="-"),
        Binding("left", "pan(-1)", N_("Earlier"), show=False),
        Binding("right", "pan(1)", N_("Later"), show=False),
        Binding("0", "fit", N_("Whole run")),
    ]

    lane_rows = 1
    """Rows of a lane; of two or more, the last one is empty."""

    most_lanes: int | None = None
    """Rows that there are: of more lanes, some share a row. `None`: they scroll."""

    _snapshot = Snapshot()
    _lanes: Sequence[LaneRow] = ()
    _scale: Scale | None = None
    _names = NAME_CELLS
    _whole: float | None = None
    _zoom = 0
    _middle: float | None = None
    """The moment in the middle, in seconds; `None`: the end is shown."""

    def __init__(
        self,
        *,
        axis: bool = True,
        hint: str = HINT,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self._axis_rows, self._hint = int(axis), hint

    def show(
        self, snapshot: Snapshot, scale: Scale | None = None, whole: float | None = None
    ) -> None:
        """Show a run; a timeline on a given scale cannot be zoomed or moved.

        Args:
            snapshot: the run at the moment that is shown.
            scale: what it shares with others.
            whole: seconds of the whole run, if an earlier moment of it is shown. A mark stands
                there, and the axis stands still.
        """
        self._snapshot, self._scale, self._whole = snapshot, scale, whole
        most = len(snapshot.rows) if self.most_lanes is None else self.most_lanes
        self._lanes = fold(snapshot.rows, max(2, most))
        self._names = scale.names if scale else name_cells(self._lanes)
        self.virtual_size = Size(self.size.width, self.rows_for(len(self._lanes)))
        if self._whole is not None and self._zoom and self._cursor_cell is None:
            self._middle = snapshot.elapsed
        self.redraw()

    def rows_for(self, lanes: int) -> int:
        """Return how many rows that many lanes take, with the axis."""
        return lanes * self.lane_rows + self._axis_rows

    @property
    def window(self) -> Window:
        """The time that is shown now."""
        cells = max(1, self.scrollable_content_region.width - self._names - 1)
        if self._scale is not None:
            return Window(0.0, self._scale.end, cells)
        now = self._snapshot.elapsed if self._whole is None else self._whole
        state = self._snapshot.state
        running = state in (RunState.RUNNING, RunState.IDLE) and self._whole is None
        end = live_end(now) if running else max(now, LEAST_SECONDS)
        start = max(0.0, end - LIVE_SECONDS) if running and self._middle is None else 0.0
        length = (end - start) / 2**self._zoom
        middle = self._middle if self._middle is not None else end - length / 2
        left = min(max(0.0, middle - length / 2), max(0.0, end - length))
        return Window(left, left + length, cells)

    @property
    def _cursor_cell(self) -> int | None:
        """The cell of the moment that is shown; `None`: the present is, or it is out of sight."""
        window = self.window
        cell = min(window.cell(self._snapshot.elapsed), window.cells - 1)
        # What is out of sight on the right has a cell past the last one.
        seen = window.start <= self._snapshot.elapsed <= window.end
        return cell if self._whole is not None and seen else None

    def draw_line(self, y: int) -> Strip:
        """Return a row of a lane; the last line is the axis."""
        lanes = self._lanes
        index, row = divmod(y + self.scroll_offset.y, self.lane_rows)
        rows = self.rows_for(max(1, len(lanes)))
        if self._axis_rows and y == min(self.size.height, rows) - 1:
            return self.line([self._axis()])
        if not lanes and y == 0:
            hint = "" if self._snapshot.kind else _(self._hint)
            return self.line([(f" {hint}", muted_style(self.app))])
        if index >= len(lanes) or (self.lane_rows > 1 and row == self.lane_rows - 1):
            return self.line()
        lane = lanes[index]
        number = lane.lane.number
        colour = process_style(self.app, number)
        # Names and labels stand in the middle one of a lane's filled rows.
        labelled = row == max(0, self.lane_rows - 2) // 2
        name = f"{process_mark(number)}{fitted_name(lane.name, self._names - 1)}"
        head = name if labelled else " " * self._names
        return self.line([(head, colour), *self._blocks(lane.spans, colour, labelled=labelled)])

    def _axis(self) -> Piece:
        window = self.window
        text = [" "] * window.cells
        cursor = self._cursor_cell
        for cell, label in ticks(window):
            # The mark stands on a tick, or takes the place of a label that it would cut.
            if cursor is None or not cell < cursor <= cell + len(label):
                text[cell : cell + len(label) + 1] = f"╵{label}"
        if cursor is not None:
            text[cursor] = "▲"
        return " " * self._names + "".join(text), muted_style(self.app)

    def _blocks(self, spans: Sequence[Span], colour: Style, *, labelled: bool) -> list[Piece]:
        """Return a row of a lane's blocks; of several rows, one is labelled."""
        window, error = self.window, theme_style(self.app, "error")
        pieces: list[Piece] = []
        at = 0
        for block in blocks(spans, window, self._snapshot.elapsed):
            pieces.append((" " * (block.left - at), Style()))
            wrong = block.span.failed or block.span.deadlocked or block.span.blocks is not None
            style = error if wrong else colour
            pieces += block_pieces(block, style, labelled=labelled)
            at = block.right
        if words := earlier_failures(spans, window):
            pieces = over(pieces, [(words, error)])
            at = max(at, cell_len(words))
        cursor = self._cursor_cell
        if cursor is not None and at <= cursor:
            pieces.append((" " * (cursor - at) + "│", muted_style(self.app)))
        return pieces

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Refuse to zoom or move on a scale that others share."""
        return not (action in ("zoom", "pan", "fit") and self._scale is not None)

    def action_zoom(self, steps: int) -> None:
        """Show half as much time for each step, or twice as much."""
        middle = (self.window.start + self.window.end) / 2
        self._zoom = max(0, min(MOST_ZOOM, self._zoom + steps))
        self._middle = middle if self._zoom else None
        self.refresh()

    def action_pan(self, steps: int) -> None:
        """Move by a quarter of what is shown for each step."""
        window = self.window
        length = window.end - window.start
        self._middle = max(length / 2, (window.start + window.end) / 2 + steps * length / 4)
        self.refresh()

    def action_fit(self) -> None:
        """Show the whole run, and follow it again."""
        self._zoom, self._middle = 0, None
        self.refresh()
