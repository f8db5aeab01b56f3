"""How far a run is: a bar and words in one line."""

from __future__ import annotations

from textual.strip import Strip

from tui_app.runs.phrases import failed_words, progress_sentence
from tui_app.runs.view import Snapshot
from tui_app.widgets.base.line_widget import LineWidget, bar
from tui_app.widgets.base.palette import muted_style, theme_style


class ProgressLine(LineWidget):
    """A bar as long as the words leave room for."""

    DEFAULT_CSS = "ProgressLine { height: 1; }"

    _snapshot = Snapshot()

    def show(self, snapshot: Snapshot) -> None:
        """Show the run at this moment."""
        self._snapshot = snapshot
        self.redraw()

    def draw_line(self, y: int) -> Strip:
        """Return the line."""
        words = f"  {progress_sentence(self._snapshot)} "
        failed = f"  {failed_words(self._snapshot)} " if self._snapshot.failed else ""
        room = max(0, self.size.width - len(words + failed) - 1)
        done, rest = bar(self._snapshot.fraction, room)
        style = theme_style(self.app, "primary")
        pieces = [(" ", style), (done, style), (rest, muted_style(self.app)), (words, style)]
        return self.line([*pieces, (failed, theme_style(self.app, "error"))])
