"""How far a run is, as a bar and in words, in one line."""

from __future__ import annotations

from textual.strip import Strip

from tui_app.runs.phrases import failed_words, progress_sentence
from tui_app.runs.view import Snapshot
from tui_app.widgets.base.line_widget import LineWidget
from tui_app.widgets.base.palette import muted_style, theme_style
from tui_app.widgets.base.strips import bar, strip


class ProgressLine(LineWidget):
    """A bar that takes what the words leave."""

    DEFAULT_CSS = "ProgressLine { height: 1; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._snapshot = Snapshot()

    def show(self, snapshot: Snapshot) -> None:
        """Draws this moment."""
        self._snapshot = snapshot
        self.redraw()

    def draw_line(self, y: int) -> Strip:
        """Draws the line."""
        width = self.size.width
        words = f"  {progress_sentence(self._snapshot)} "
        failed = f"  {failed_words(self._snapshot)} " if self._snapshot.failed else ""
        done, rest = bar(self._snapshot.fraction, max(0, width - len(words + failed) - 1))
        look = theme_style(self.app, "primary")
        pieces = [(" ", look), (done, look), (rest, muted_style(self.app)), (words, look)]
        return strip([*pieces, (failed, theme_style(self.app, "error"))], width, self.rich_style)
