"""The difference of two texts: removed and added lines with their numbers and marks."""

from __future__ import annotations

from rich.cells import chop_cells
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from tui_app.demos.difference import DifferenceLine, LineChange, difference
from tui_app.language import _
from tui_app.runs.formatting import safe
from tui_app.widgets.base.palette import muted_style, theme_style
from tui_app.widgets.base.strips import strip

TAB = 4

COLOURS = {LineChange.ADDED: "success", LineChange.REMOVED: "error"}
"""Of the theme; the marks say the same without colour."""


class DifferenceView(Widget):
    """As high as it needs to be: long lines go on below; put it into something that scrolls."""

    DEFAULT_CSS = "DifferenceView { height: auto; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._rows: tuple[DifferenceLine, ...] = ()
        self._lines: list[tuple[DifferenceLine, str, bool]] = []
        self._wrapped_for = -1

    @property
    def rows(self) -> tuple[DifferenceLine, ...]:
        """What is shown: none where there is no difference."""
        return self._rows

    def show(self, old: str, new: str) -> None:
        """Shows what is different in the new text."""
        self._rows = difference(old, new)
        self._wrapped_for = -1
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The rows of text at that width."""
        return max(1, len(self._wrapped(width)))

    def render_line(self, y: int) -> Strip:
        """Draws one line."""
        width, ground = self.size.width, self.rich_style
        if not self._rows:
            text = _("No difference: this is the demo's own text.") if y == 0 else ""
            return strip([(f" {text}", muted_style(self.app))], width, ground)
        lines = self._wrapped(width)
        if y >= len(lines):
            return Strip.blank(width, ground)
        row, text, is_first = lines[y]
        mark, digits = str(row.kind), self._digits
        old, new = row.old or "", row.new or ""
        gutter = f" {old:>{digits}} {new:>{digits}} {mark} " if is_first else " " * self._gutter
        look = muted_style(self.app) if row.kind is LineChange.GAP else Style()
        if row.kind in COLOURS:
            look = theme_style(self.app, COLOURS[row.kind])
            return strip([(gutter, look + Style(bold=True)), (text, look)], width, ground)
        return strip([(gutter, muted_style(self.app)), (text, look)], width, ground)

    @property
    def _digits(self) -> int:
        return len(str(max(number or 0 for row in self._rows for number in (row.old, row.new))))

    @property
    def _gutter(self) -> int:
        return 2 * self._digits + 5

    def _wrapped(self, width: int) -> list[tuple[DifferenceLine, str, bool]]:
        """Each line on the screen: its row, its part of the text, whether it is the first part."""
        if width != self._wrapped_for and self._rows:
            self._wrapped_for = width
            room = max(1, width - self._gutter)
            self._lines = [
                (row, part, index == 0)
                for row in self._rows
                for index, part in enumerate(chop_cells(_shown(row), room) or [""])
            ]
        return self._lines if self._rows else []


def _shown(row: DifferenceLine) -> str:
    text = safe(row.text.removesuffix("\n").expandtabs(TAB))
    if row.kind in COLOURS and not row.text.endswith("\n"):
        return "  ".join([text, _("(no line end)")])
    return text
