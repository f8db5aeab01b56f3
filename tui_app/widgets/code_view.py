"""The code of a demo, coloured, with the line that runs lit."""

from __future__ import annotations

from collections.abc import Iterable

from pygments.lexers.python import PythonLexer
from pygments.token import Token, _TokenType
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_app.runs.text import safe
from tui_app.widgets.lines import Piece, strip
from tui_app.widgets.palette import lit_style, muted_style, theme_style

Tokens = tuple[_TokenType, str]

LOOKS: tuple[tuple[_TokenType, str, Style], ...] = (
    (Token.Comment, "", Style(italic=True)),
    (Token.Literal.String, "success", Style()),
    (Token.Literal.Number, "warning", Style()),
    (Token.Keyword, "accent", Style(bold=True)),
    (Token.Operator.Word, "accent", Style(bold=True)),
    (Token.Name.Builtin, "primary", Style()),
    (Token.Name.Function, "primary", Style(bold=True)),
    (Token.Name.Class, "primary", Style(bold=True)),
)
"""How a kind of token looks: a colour of the theme (or muted), and what is added to it."""


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
            # Left to itself the lexer drops blank lines at the start: each line keeps its number.
            self._tokens = list(_lines(PythonLexer(stripnl=False).get_tokens(code)))
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
            yield safe(text), self._look(kind)

    def _look(self, kind: _TokenType) -> Style:
        for parent, colour, more in LOOKS:
            if kind[: len(parent)] == parent:
                base = theme_style(self.app, colour) if colour else muted_style(self.app)
                return base + more
        return Style()


def _lines(tokens: Iterable[Tokens]) -> Iterable[list[Tokens]]:
    """The tokens line by line; one that spans lines is cut at their ends."""
    line: list[Tokens] = []
    for kind, text in tokens:
        first, *rest = text.split("\n")
        line.append((kind, first))
        for part in rest:
            yield line
            line = [(kind, part)]
    if any(text for _, text in line):
        yield line
