"""The plot of a sweep on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from textual.reactive import reactive
from textual.strip import Strip

from tui_app import language
from tui_app.engine.spec import ExecutorKind
from tui_app.runs.plot import AXIS, PlotText
from tui_app.runs.sweep.plot import AMDAHL, IDEAL, sweep_plot
from tui_app.runs.sweep.result import Sweep
from tui_app.widgets.base.line_widget import LineWidget
from tui_app.widgets.base.palette import muted_style, process_style

COLOURS = {
    str(ExecutorKind.PROCESSES): 0,
    str(ExecutorKind.THREADS): 1,
    str(ExecutorKind.SEQUENTIAL): 2,
    AMDAHL: 3,
}
"""The number of the process colour of each role; the axes and the ideal line are muted."""


class PlotView(LineWidget):
    """Speed-up against workers, as large as the widget."""

    sweep: reactive[Sweep | None] = reactive(None)
    """What is shown."""

    _drawn: tuple[object, Sequence[Sequence[PlotText]]] = (None, ())
    """The plot, and what it was drawn for."""

    def draw_line(self, y: int) -> Strip:
        """Return a row of the plot."""
        rows = self._rows()
        return self.line(
            (text, self._style(role)) for text, role in (rows[y] if y < len(rows) else ())
        )

    def _rows(self) -> Sequence[Sequence[PlotText]]:
        """Return the plot, drawn once for each sweep, size and language."""
        if self.sweep is None:
            return ()
        drawn_for = (self.sweep, self.size, language.present())
        if self._drawn[0] != drawn_for:
            self._drawn = drawn_for, sweep_plot(self.sweep, self.size.width, self.size.height)
        return self._drawn[1]

    def _style(self, role: str) -> Style:
        if role in (AXIS, IDEAL):
            return muted_style(self.app)
        return process_style(self.app, COLOURS[role]) if role in COLOURS else Style()
