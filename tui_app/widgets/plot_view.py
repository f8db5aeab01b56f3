"""The plot of a sweep on the screen."""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui_app import language
from tui_app.engine.executors import ExecutorKind
from tui_app.runs.plot import AXIS, Piece
from tui_app.runs.sweep.plot import AMDAHL, IDEAL, drawn_plot
from tui_app.runs.sweep.result import Sweep
from tui_app.widgets.base.palette import muted_style, process_style
from tui_app.widgets.base.strips import strip

COLOURS = {
    str(ExecutorKind.PROCESSES): 0,
    str(ExecutorKind.THREADS): 1,
    str(ExecutorKind.SEQUENTIAL): 2,
    AMDAHL: 3,
}
"""Roles, and the number of the colour of each; the axes and the ideal line are muted."""


class PlotView(Widget):
    """Speed-up against workers; it takes all the room that it is given."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._sweep: Sweep | None = None
        self._drawn: tuple[object, list[list[Piece]]] = (None, [])

    def show(self, sweep: Sweep) -> None:
        """Draws this sweep from now on."""
        if sweep != self._sweep:
            self._sweep = sweep
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draws a row."""
        rows = self._rows()
        pieces = rows[y] if y < len(rows) else []
        styles = self._styles()
        return strip(
            [(text, styles.get(role, Style())) for text, role in pieces],
            self.size.width,
            self.rich_style,
        )

    def _rows(self) -> list[list[Piece]]:
        """The whole plot, drawn once for each size, language and state of the sweep."""
        if self._sweep is None:
            return []
        of = (self._sweep, self.size, language.present())
        if self._drawn[0] != of:
            self._drawn = (of, drawn_plot(self._sweep, self.size.width, self.size.height))
        return self._drawn[1]

    def _styles(self) -> Mapping[str, Style]:
        muted = muted_style(self.app)
        colours = {role: process_style(self.app, number) for role, number in COLOURS.items()}
        return {AXIS: muted, IDEAL: muted, **colours}
