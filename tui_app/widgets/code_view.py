"""The code of a demo, coloured, with the line that runs lit."""

from __future__ import annotations

from collections.abc import Iterable

from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_app.runs.formatting import safe
from tui_app.widgets.base.palette import lit_style, muted_style, theme_style
from tui_app.widgets.base.strips import Piece, strip
from tui_app.widgets.python_code import Tokens, look_of, token_lines


class CodeView(ScrollView, can_focus=True):
    """Python source with line numbers; one line may be lit, and is kept in sight."""

    DEFAULT_CSS = """
    CodeView {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._code = ""
        self._tokens: list[list[Tokens]] = []
        self._lit: int | None = None

    @property
    def code(self) -> str:
        """The source that is shown."""
        return self._code

    @property
    def lit(self) -> int | None:
        """The line that is lit."""
        return self._lit

    def show(self, code: str) -> None:
        """Shows this source, with no line lit."""
        self._lit = None
        if code != self._code:
            self._code = code
            lines = code.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
            self._tokens = token_lines(lines.removesuffix("\n"))
            self.virtual_size = Size(self.size.width, len(self._tokens))
            self.scroll_home(animate=False, force=True, immediate=True)
        self.refresh()

    def light(self, line: int | None) -> None:
        """Lights a line (1, 2, …) and brings it into sight; `None` lights none."""
        if line == self._lit:
            return
        self._lit = line
        if line is not None:
            top, height = self.scroll_offset.y, self.size.height
            if not top <= line - 1 < top + height:
                middle = max(0, line - 1 - height // 2)
                self.scroll_to(y=middle, animate=False, force=True, immediate=True)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draws one line of what is seen."""
        index = y + self.scroll_offset.y
        ground, width = self.rich_style, self.scrollable_content_region.width
        if index >= len(self._tokens):
            return Strip.blank(width, ground)
        lit = index + 1 == self._lit
        if lit:
            ground += lit_style(self.app)
        mark = theme_style(self.app, "accent") + Style(bold=True) if lit else muted_style(self.app)
        gutter = (f"{index + 1:>3}{'▶' if lit else ' '} ", mark)
        return strip([gutter, *self._pieces(index)], width, ground)

    def _pieces(self, index: int) -> Iterable[Piece]:
        for kind, text in self._tokens[index]:
            yield safe(text), look_of(self.app, kind)
