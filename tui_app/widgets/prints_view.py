"""What a script prints: the last lines while it runs; after it, those that count."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len
from textual.strip import Strip

from tui_app.language import counted
from tui_app.runs.log import Log
from tui_app.widgets.base.line_widget import fitted
from tui_app.widgets.base.palette import muted_style
from tui_app.widgets.base.quoting import quoted
from tui_app.widgets.log_view import PRINTED, LogView

AIR = 2
"""Cells between a line and the words for those that are left out behind it, at least."""


class PrintsView(LogView):
    """The printed lines of a log.

    After the run, lines are quoted if not all fit: the first, the last, and those that are asked
    about. Whoever moves in them sees them all.
    """

    DEFAULT_CSS = "PrintsView { scrollbar-size-vertical: 0; }"

    ended = False
    """Whether the run has ended, so that lines are quoted."""

    _asked: Callable[[Sequence[str]], Sequence[int]] | None = None

    def __init__(self) -> None:
        super().__init__()
        self._levels = PRINTED
        self._kept: tuple[tuple[int, int], list[int]] = (0, 0), []

    def watch_prints(
        self, log: Log, asked: Callable[[Sequence[str]], Sequence[int]] | None
    ) -> None:
        """Show another log from now on; `asked` returns which lines count, from 0."""
        self._asked, self.ended, self._kept = asked, False, ((0, 0), [])
        self.watch_log(log)

    @property
    def needed(self) -> int:
        """Rows that the first line, the last one and those that count take."""
        return len({0, self.shown - 1, *self._wanted()}) if self.shown else 0

    def _wanted(self) -> Sequence[int]:
        if self._asked is None:
            return ()
        return self._asked([self._line(index).text for index in range(self.shown)])

    def _quoted(self) -> list[int]:
        state = self.shown, self.size.height
        if self._kept[0] != state:
            self._kept = state, quoted(self.shown, self._wanted(), self.size.height)
        return self._kept[1]

    def draw_line(self, y: int) -> Strip:
        """Return a printed line; at its end, how many are left out behind it."""
        if not self.ended or not self._following:
            return super().draw_line(y)
        rows = self._quoted()
        if y >= len(rows):
            return self.line()
        pieces = list(self._pieces(self._line(rows[y])))
        left_out = rows[y + 1] - rows[y] - 1 if y + 1 < len(rows) else 0
        if left_out:
            words = counted(left_out, "… {n} more", "… {n} more")
            room = self.scrollable_content_region.width - cell_len(words) - AIR
            used = sum(cell_len(text) for text, _style in pieces)
            if used > room:
                text, style = pieces[-1]
                pieces[-1] = fitted(text, max(0, cell_len(text) - used + room)), style
            pieces.append((f"{'':{max(0, room - used) + AIR}}{words}", muted_style(self.app)))
        return self.line(pieces)
