"""An editor of Python source: the colours of the code view, and a mark where Python stops."""

from __future__ import annotations

from typing import Any

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import TextArea

from tui_app.script.syntax_check import SyntaxProblem
from tui_app.widgets.base.palette import theme_style
from tui_app.widgets.python_code import Tokens, token_lines, token_style

INDENT = " " * 4
GROUNDS = frozenset({"text-area--cursor-line", "text-area--selection"})


class CodeArea(TextArea):
    """Python, four spaces an indent; enter keeps the indent, and deepens it after a colon."""

    # The vertical scrollbar is always there. With one that comes and goes, Textual 8.2 raises in
    # the middle of an undo: it looks for the cursor where the text no longer is.
    DEFAULT_CSS = """
    CodeArea, CodeArea:focus { border: none; padding: 0; background: $background; }
    CodeArea .text-area--gutter { color: $foreground 58%; }
    CodeArea .text-area--cursor-gutter { color: $foreground; background: $boost; }
    CodeArea { overflow-y: scroll; scrollbar-background: $background; }
    CodeArea { scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1; }
    """

    problem: reactive[SyntaxProblem | None] = reactive(None)
    """What keeps Python from reading the source; its line is marked."""

    def __init__(self, text: str, *, id: str | None = None) -> None:  # noqa: A002 - likewise
        super().__init__(
            text,
            soft_wrap=False,
            tab_behavior="indent",
            show_line_numbers=True,
            id=id,
        )
        self.indent_width = len(INDENT)
        # Blinking would send bytes over a slow link all the time.
        self.cursor_blink = False
        self._lexed = ""
        self._tokens: list[list[Tokens]] = [[]]

    def go_to(self, problem: SyntaxProblem) -> None:
        """Move the cursor to where Python stopped, if that is known."""
        if problem.line is not None:
            self.go_to_line(problem.line, problem.column)

    def go_to_line(self, line: int, column: int = 1) -> None:
        """Move the cursor to a line and column, both from 1, or as near as there is text."""
        row = min(line, self.document.line_count) - 1
        column = min(column - 1, len(self.document.get_line(row)))
        self.move_cursor((row, column), center=True)

    def change_to(self, text: str) -> None:
        """Replace the whole text by one edit, which can be undone."""
        self.history.checkpoint()
        self.replace(text, (0, 0), self.document.end, maintain_selection_offset=False)
        self.move_cursor((0, 0))

    def on_key(self, event: events.Key) -> None:
        """Handle enter before Textual does, which would begin each line at its very start."""
        if event.key != "enter" or self.read_only:
            return
        event.stop()
        event.prevent_default()
        start, end = sorted(self.selection)
        before = self.document.get_line(start[0])[: start[1]]
        indent = before[: len(before) - len(before.lstrip())]
        if before.rstrip().endswith(":"):
            indent += INDENT
        self.replace(f"\n{indent}", start, end, maintain_selection_offset=False)

    def get_component_rich_style(self, *names: str, **options: Any) -> Style:
        """Return the style of a part; the ground under text leaves the text's colours alone."""
        style = super().get_component_rich_style(*names, **options)
        return style.background_style if GROUNDS.issuperset(names) else style

    def get_line(self, line_index: int) -> Text:
        """Return a line in its colours."""
        line = super().get_line(line_index)
        code = "\n".join(self.document.lines)
        if code != self._lexed:
            self._lexed, self._tokens = code, token_lines(code)
        start = 0
        for kind, text in self._tokens[line_index]:
            end = start + len(text)
            line.stylize(token_style(self.app, kind), start, end)
            start = end
        return line

    def render_line(self, y: int) -> Strip:
        """Draw a line; where Python stopped, with a mark after its number, and underlined."""
        line = super().render_line(y)
        if self.problem is None or self.problem.line != y + self.scroll_offset.y + 1:
            return line
        error = theme_style(self.app, "error") + Style(bold=True)
        number, code = line.divide([self.gutter_width, line.cell_length])
        segments = [Segment(text, (style or Style()) + error) for text, style, _ in number]
        marked = Strip(segments, number.cell_length).crop(0, self.gutter_width - 2)
        ground = segments[-1].style if segments else error
        return Strip.join([marked, Strip([Segment("✗ ", ground)], 2), _underlined(code)])


def _underlined(line: Strip) -> Strip:
    """Return a line with its text underlined, and not the room around it."""
    length = len(line.text.rstrip())
    begin = length - len(line.text.strip())
    before, text, rest = line.divide([begin, length, line.cell_length])
    return Strip.join([before, text.apply_style(Style(underline=True)), rest])
