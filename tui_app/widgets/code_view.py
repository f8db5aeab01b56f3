"""The code of a demo in colours, with the line that runs highlighted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from tui_app.runs.formatting import safe
from tui_app.widgets.base.line_widget import LineView, Piece
from tui_app.widgets.base.palette import highlight_style, muted_style, theme_style
from tui_app.widgets.python_code import Tokens, token_lines, token_style


class CodeView(LineView, can_focus=True):
    """Python source with line numbers; one line may be highlighted, and is kept in sight."""

    code = ""
    """The source that is shown."""

    highlighted: int | None = None
    """The number of the highlighted line, from 1."""

    _tokens: Sequence[Sequence[Tokens]] = ()

    def show(self, code: str) -> None:
        """Show a source, with no line highlighted."""
        self.highlighted = None
        if code != self.code:
            self.code = code
            lines = code.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
            self._tokens = token_lines(lines.removesuffix("\n"))
            self.virtual_size = Size(self.size.width, len(self._tokens))
            self.scroll_home(animate=False, force=True, immediate=True)
        self.refresh()

    def highlight(self, line: int | None) -> None:
        """Highlight a line (1, 2, …) and bring it into sight; `None` highlights none."""
        if line == self.highlighted:
            return
        self.highlighted = line
        if line is not None:
            top, height = self.scroll_offset.y, self.size.height
            if not top <= line - 1 < top + height:
                middle = max(0, line - 1 - height // 2)
                self.scroll_to(y=middle, animate=False, force=True, immediate=True)
        self.redraw()

    def draw_line(self, y: int) -> Strip:
        """Return a line of the source, after its number."""
        index = y + self.scroll_offset.y
        if index >= len(self._tokens):
            return self.line()
        ground, mark, style = self.rich_style, " ", muted_style(self.app)
        if index + 1 == self.highlighted:
            ground += highlight_style(self.app)
            mark, style = "▶", theme_style(self.app, "accent") + Style(bold=True)
        number = (f"{index + 1:>3}{mark} ", style)
        return self.line([number, *self._pieces(index)], ground=ground)

    def _pieces(self, index: int) -> Iterable[Piece]:
        for kind, text in self._tokens[index]:
            yield safe(text), token_style(self.app, kind)
