"""The difference of two texts: the lines that were removed and added, with numbers and marks."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import chop_cells
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from tui_app.demos.difference import DifferenceLine, LineChange, difference
from tui_app.language import _
from tui_app.runs.formatting import safe
from tui_app.widgets.base.line_widget import LineWidget
from tui_app.widgets.base.palette import muted_style, theme_style

TAB_SIZE = 4

MARGIN_CELLS = 5
"""Cells of the margin beside its two numbers: the mark, and air around all three."""

COLOURS = {LineChange.ADDED: "success", LineChange.REMOVED: "error"}
"""Colours of the theme; the marks say the same without colour."""


class DifferenceView(LineWidget):
    """A difference with long lines wrapped; put it into something that scrolls."""

    DEFAULT_CSS = "DifferenceView { height: auto; }"

    rows: Sequence[DifferenceLine] = ()
    """The lines that are shown; none where there is no difference."""

    _lines: Sequence[tuple[DifferenceLine, str, bool]] = ()
    _wrapped_for = -1
    """The width in cells that `_lines` are wrapped for."""

    def show(self, old: str, new: str) -> None:
        """Show what differs in the new text."""
        self.rows = difference(old, new)
        self._wrapped_for = -1
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines there are at that width."""
        return max(1, len(self._wrapped(width)))

    def draw_line(self, y: int) -> Strip:
        """Return a line: its numbers and its mark, and its text or a further part of it."""
        lines, muted = self._wrapped(self.size.width), muted_style(self.app)
        if not self.rows and y == 0:
            sentence = _("No difference: this is the demo's own text.")
            return self.line([(f" {sentence}", muted)])
        if y >= len(lines):
            return self.line()
        row, text, is_first = lines[y]
        digits = self._digits
        margin = f" {row.old or '':>{digits}} {row.new or '':>{digits}} {row.kind} "
        margin = margin if is_first else " " * len(margin)
        if row.kind in COLOURS:
            style = theme_style(self.app, COLOURS[row.kind])
            return self.line([(margin, style + Style(bold=True)), (text, style)])
        return self.line(
            [(margin, muted), (text, muted if row.kind is LineChange.GAP else Style())]
        )

    @property
    def _digits(self) -> int:
        return len(str(max(number or 0 for row in self.rows for number in (row.old, row.new))))

    def _wrapped(self, width: int) -> Sequence[tuple[DifferenceLine, str, bool]]:
        """Return each line: its row, its part of the text, whether it is the first part."""
        if not self.rows:
            return ()
        if width != self._wrapped_for:
            self._wrapped_for = width
            room = max(1, width - 2 * self._digits - MARGIN_CELLS)
            self._lines = [
                (row, part, index == 0)
                for row in self.rows
                for index, part in enumerate(chop_cells(_text(row), room) or [""])
            ]
        return self._lines


def _text(row: DifferenceLine) -> str:
    text = safe(row.text.removesuffix("\n").expandtabs(TAB_SIZE))
    if row.kind in COLOURS and not row.text.endswith("\n"):
        return "  ".join([text, _("(no line end)")])
    return text
