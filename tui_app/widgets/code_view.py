"""The code of a demo in colours, with the line that runs highlighted, and how long each took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.strip import Strip

from tui_app.runs.formatting import safe
from tui_app.runs.line_time_words import said_of, stood_words
from tui_app.runs.line_times import LineTime
from tui_app.widgets.base.line_widget import LineView, Piece
from tui_app.widgets.base.palette import highlight_style, muted_style, theme_style
from tui_app.widgets.base.quoting import chosen_lines, wrapped
from tui_app.widgets.python_code import Tokens, token_lines, token_style

NUMBER_CELLS, TIME_CELLS = 5, 8
"""Cells of a line's number with its mark, and of the time that main stood on it.

Before a run, too: then no line of code moves when it starts."""

GUTTER_CELLS = NUMBER_CELLS + TIME_CELLS

SCROLLING = ("up", "down", "pageup", "pagedown", "home", "end")
"""Keys that scroll."""


class CodeView(LineView, can_focus=True):
    """Python source with line numbers. Lines are wrapped, never cut.

    One line may be highlighted, and is kept in sight. If the text does not fit, the lines that
    count may be quoted (`quote`); the gaps show in the numbers. Whoever scrolls sees the whole
    text, until other lines are quoted.
    """

    code = ""
    """The source that is shown."""

    highlighted: int | None = None
    """The number of the highlighted line, from 1."""

    _tokens: Sequence[Sequence[Tokens]] = ()
    _wanted: Sequence[int] = ()
    _lit_first = _whole = False
    _times: Mapping[int, LineTime] = MappingProxyType({})
    _arranged_for: object = None

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._rows: list[tuple[int, Sequence[Piece]]] = []
        """The rows that are drawn: the line's number, 0 in its further rows, and its text."""

    def show(self, code: str) -> None:
        """Show a source, with no line highlighted and no times."""
        self.highlighted, self._times = None, {}
        if code != self.code:
            self.code = code
            lines = code.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
            self._tokens = token_lines(lines.removesuffix("\n"))
            self.scroll_home(animate=False, force=True, immediate=True)
        self._arranged_for = None
        self._arrange()
        self.refresh()

    def quote(self, lines: Sequence[int], *, lit_first: bool = False) -> None:
        """Show these lines, the most important first, if not all of the text fits; none: scroll.

        Args:
            lines: their numbers.
            lit_first: whether the highlighted line and its neighbours are more important.
        """
        if (lines, lit_first) != (self._wanted, self._lit_first):
            self._wanted, self._lit_first, self._whole = lines, lit_first, False
            self._rearrange()

    def show_times(self, times: Mapping[int, LineTime]) -> None:
        """Show how long the processes stood on each line."""
        if times != self._times:
            self._times = times
            self.redraw()

    @property
    def lines(self) -> int:
        """How many lines the text has."""
        return len(self._tokens)

    def heights(self, lines: Sequence[int], width: int) -> list[int]:
        """Return how many rows each line takes in a view of so many columns."""
        room = max(1, width - GUTTER_CELLS - 1)
        return [len(wrapped(self._pieces(line - 1), room)) for line in lines]

    def highlight(self, line: int | None) -> None:
        """Highlight a line (1, 2, …) and bring it into sight; `None` highlights none."""
        if line == self.highlighted:
            return
        self.highlighted = line
        self._arrange()
        if line is not None:
            self._show_line(line)
        self.redraw()

    def _show_line(self, line: int) -> None:
        rows = [row for row, (number, _text) in enumerate(self._rows) if number == line]
        top, height = self.scroll_offset.y, self.size.height
        if rows and not top <= rows[0] < top + height:
            middle = max(0, rows[0] - height // 2)
            self.scroll_to(y=middle, animate=False, force=True, immediate=True)

    def _rearrange(self) -> None:
        self._arrange()
        self.redraw()

    def on_key(self, event: events.Key) -> None:
        """Show the whole text to whoever scrolls."""
        if event.key in SCROLLING:
            self._show_whole()

    def on_mouse_scroll_down(self) -> None:
        """Likewise."""
        self._show_whole()

    def on_mouse_scroll_up(self) -> None:
        """Likewise."""
        self._show_whole()

    def _show_whole(self) -> None:
        if self._wanted and not self._whole:
            first = self.shown_lines[0] if self.shown_lines else 1
            self._whole = True
            self._rearrange()
            row = next((row for row, (n, _text) in enumerate(self._rows) if n == first), 0)
            self.scroll_to(y=row, animate=False, force=True, immediate=True)

    def on_resize(self, _event: events.Resize) -> None:
        """Wrap and choose the lines anew."""
        self._arrange()

    @property
    def shown_lines(self) -> list[int]:
        """The numbers of the lines that are quoted, or may be scrolled to."""
        return [number for number, _text in self._rows if number]

    def _arrange(self) -> None:
        """Wrap the lines, and choose those that are shown."""
        width, height = self.scrollable_content_region.width, self.size.height
        wanted: Sequence[int] = () if self._whole else self._wanted
        lit = self.highlighted
        if wanted and lit is not None and self._lit_first:
            near = (lit, lit - 1, lit + 1)
            wanted = (*near, *(line for line in wanted if line not in near))
        elif wanted and lit is not None and lit not in wanted:
            wanted = (*wanted, lit)
        state = (width, height, wanted, self.app.theme)
        if state == self._arranged_for or not width:
            return
        self._arranged_for = state
        room = max(1, width - GUTTER_CELLS)
        lines = [wrapped(self._pieces(index), room) for index in range(len(self._tokens))]
        numbers: Sequence[int] = range(1, len(lines) + 1)
        if wanted:
            empty = {number for number in numbers if not self._text(number).strip()}
            numbers = chosen_lines([len(rows) for rows in lines], wanted, height, empty)
        self._rows = [
            (number if part == 0 else 0, row)
            for number in numbers
            for part, row in enumerate(lines[number - 1])
        ]
        self.virtual_size = Size(width, len(self._rows))

    def draw_line(self, y: int) -> Strip:
        """Return a row of the source: in its first row a line has its number and its time."""
        self._arrange()
        index = y + self.scroll_offset.y
        if index >= len(self._rows):
            return self.line()
        number, pieces = self._rows[index]
        first = next(row[0] for row in reversed(self._rows[: index + 1]) if row[0])
        ground = self.rich_style
        if first == self.highlighted:
            ground += highlight_style(self.app)
        # In the last row of a wrapped line there is the most room.
        is_last = index + 1 == len(self._rows) or bool(self._rows[index + 1][0])
        words = self._words(first, pieces) if is_last else ()
        return self.line([*self._gutter(number), *pieces, *words], ground=ground)

    def _gutter(self, number: int) -> Sequence[Piece]:
        muted = muted_style(self.app)
        if not number:
            return [(" " * GUTTER_CELLS, muted)]
        time = self._times.get(number, LineTime())
        mark, style = " ", muted
        if number == self.highlighted:
            mark, style = "▶", theme_style(self.app, "accent") + Style(bold=True)
        elif time.waits:
            mark = "┄"
        return [(f"{number:>3}{mark} ", style), (f"{stood_words(time):>{TIME_CELLS - 1}} ", muted)]

    def _words(self, number: int, pieces: Sequence[Piece]) -> Sequence[Piece]:
        """Return what else is known of a line's time, if there is room for it."""
        time = self._times.get(number)
        words = "" if time is None else said_of(time)
        used = GUTTER_CELLS + sum(cell_len(text) for text, _style in pieces)
        air = self.scrollable_content_region.width - used - cell_len(words)
        return [(f"{' ' * air}{words}", muted_style(self.app))] if words and air >= 2 else []

    def _text(self, number: int) -> str:
        return "".join(text for _kind, text in self._tokens[number - 1])

    def _pieces(self, index: int) -> list[Piece]:
        return [(safe(text), token_style(self.app, kind)) for kind, text in self._tokens[index]]
