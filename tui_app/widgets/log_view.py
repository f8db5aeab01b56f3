"""The log: plain lines in a list, drawn only where they are seen, so that 100,000 cost nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_app.language import N_, counted
from tui_app.runs.formatting import safe
from tui_app.runs.log import Level, Log, LogLine
from tui_app.widgets.base.line_widget import LineWidget
from tui_app.widgets.base.palette import muted_style, process_style, theme_style
from tui_app.widgets.base.strips import Piece, fitted, strip
from tui_app.widgets.textual_internals.scroll_size import show_rows

SHIFT = 16
"""Cells that one step to the left or right moves a long line."""

WIDEST = 4
"""Characters that one cell may hold, as letters with marks above."""


class LogView(LineWidget, ScrollView, can_focus=True):
    """The lines of a log. It follows the end until a line is chosen or scrolled to."""

    ALLOW_SELECT = False

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", N_("Line up"), show=False),
        Binding("down,j", "move(1)", N_("Line down"), show=False),
        Binding("pageup", "page(-1)", N_("Page up"), show=False),
        Binding("pagedown", "page(1)", N_("Page down"), show=False),
        Binding("home", "first", N_("First line"), show=False),
        Binding("end", "follow", N_("Last line, and follow"), show=False),
        Binding("left", "shift(-1)", N_("Left in long lines"), show=False),
        Binding("right", "shift(1)", N_("Right in long lines"), show=False),
        Binding("y", "copy_line", N_("Copy line"), show=False),
        Binding("Y", "copy_log", N_("Copy log"), show=False),
    ]

    DEFAULT_CSS = """
    LogView {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._source = Log()
        self._numbers: Mapping[str, int] = {}
        self._text = ""
        self._levels: frozenset[Level] = frozenset(Level)
        self._shown: list[int] = []
        self._seen = 0
        self._chosen: int | None = None
        self._following = True
        self._shift = 0
        self.follows = True
        """Whether another log's end is followed from the start."""

    def watch_log(self, log: Log) -> None:
        """Shows another log from now on."""
        self._source = log
        self._chosen, self._following, self._shift = None, self.follows, 0
        if not self.follows:
            self.scroll_home(animate=False, immediate=True, force=True)
        self._find_again()

    def update_lines(self, numbers: Mapping[str, int]) -> None:
        """Takes in what was added to the log; `numbers` gives each process name its colour."""
        self._numbers = numbers
        self._take_new()
        self.redraw()

    def filter(self, text: str, levels: frozenset[Level] = frozenset(Level)) -> None:
        """Shows only lines of these levels that have `text` in them, in whichever case."""
        self._text, self._levels = text.casefold(), levels
        self._chosen, self._following = None, self.follows
        self._find_again()

    @property
    def shown(self) -> int:
        """How many lines are shown."""
        return len(self._shown)

    def _matches(self, line: LogLine) -> bool:
        if line.level not in self._levels:
            return False
        return not self._text or self._text in f"{line.who} {safe(line.text)}".casefold()

    def _find_again(self) -> None:
        self._shown, self._seen = [], 0
        self._take_new()
        self.refresh()

    def _take_new(self) -> None:
        log = self._source
        start = max(self._seen, log.dropped)
        new = log.lines[start - log.dropped :]
        self._shown += [number for number, line in enumerate(new, start) if self._matches(line)]
        self._seen = log.dropped + len(log.lines)
        gone = next((i for i, n in enumerate(self._shown) if n >= log.dropped), len(self._shown))
        if gone:
            del self._shown[:gone]
            if self._chosen is not None:
                self._chosen = max(0, self._chosen - gone)
        self._resize()

    def _resize(self) -> None:
        show_rows(self, len(self._shown))
        if self._following:
            self.scroll_end(animate=False, immediate=True, force=True, x_axis=False)

    def on_resize(self, event: events.Resize) -> None:
        """Keeps the end in sight where it is followed."""
        self._resize()

    def draw_line(self, y: int) -> Strip:
        """Draws one line of what is seen."""
        index = y + self.scroll_offset.y
        ground = self.rich_style
        width = self.scrollable_content_region.width
        if index >= len(self._shown):
            return Strip.blank(width, ground)
        line = self._line(index)
        if index == self._chosen:
            ground += Style(reverse=True) if self.has_focus else Style(underline=True)
        return strip(self._pieces(line), width, ground, skip=self._shift)

    def _line(self, index: int) -> LogLine:
        return self._source.lines[self._shown[index] - self._source.dropped]

    def _pieces(self, line: LogLine) -> Sequence[Piece]:
        app = self.app
        number = self._numbers.get(line.who)
        who = process_style(app, number) if number is not None else Style()
        muted = muted_style(app)
        looks = {
            Level.PROCESS: muted,
            Level.SKIPPED: muted,
            Level.WAIT: muted,
            Level.FAILED: theme_style(app, "error") + Style(bold=True),
            Level.RETRIED: theme_style(app, "warning"),
            Level.STDERR: theme_style(app, "warning"),
        }
        return (
            (f"{line.t:7.2f} ", muted),
            (f"{fitted(line.who, 6)} ", who),
            (safe(line.text[: self._seen_of_a_line]), looks.get(line.level, Style())),
        )

    @property
    def _seen_of_a_line(self) -> int:
        """More characters than can be seen of a line; the rest, which may be long, is not read."""
        return WIDEST * (self._shift + self.size.width + 1)

    def action_move(self, lines: int) -> None:
        """Chooses the line above or below."""
        if not self._shown:
            return
        last = len(self._shown) - 1
        start = self._chosen if self._chosen is not None else last - (lines > 0)
        self._choose(start + lines)

    def action_page(self, pages: int) -> None:
        """Goes a page up or down."""
        self._choose((self._chosen_or_last()) + pages * max(1, self.size.height - 1))

    def action_first(self) -> None:
        """Goes to the first line."""
        self._choose(0)

    def action_follow(self) -> None:
        """Goes to the end and stays there."""
        self._chosen, self._following = None, True
        self._resize()
        self.refresh()

    def action_shift(self, steps: int) -> None:
        """Moves long lines to the left or right."""
        self._shift = max(0, self._shift + steps * SHIFT)
        self.refresh()

    def action_copy_line(self) -> None:
        """Copies the chosen line, or the last one."""
        if self._shown:
            self._copy([self._line(self._chosen_or_last())])

    def action_copy_log(self) -> None:
        """Copies all lines that are shown."""
        self._copy([self._line(index) for index in range(len(self._shown))])

    def _copy(self, lines: Sequence[LogLine]) -> None:
        text = "\n".join(f"{line.t:.2f} {line.who} {safe(line.text)}" for line in lines)
        self.app.copy_to_clipboard(text)
        self.notify(counted(len(lines), "{n} line copied", "{n} lines copied"), timeout=2)

    def _chosen_or_last(self) -> int:
        return self._chosen if self._chosen is not None else max(0, len(self._shown) - 1)

    def _choose(self, index: int) -> None:
        if not self._shown:
            return
        self._following = False
        self._chosen = min(max(0, index), len(self._shown) - 1)
        top, height = self.scroll_offset.y, self.size.height
        if self._chosen < top:
            self.scroll_to(y=self._chosen, animate=False, force=True)
        elif self._chosen >= top + height:
            self.scroll_to(y=self._chosen - height + 1, animate=False, force=True)
        self.refresh()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Looking back ends following."""
        self._following = False

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Coming back to the end follows it again."""
        self._following = self.scroll_offset.y + 3 >= self.max_scroll_y

    def on_focus(self) -> None:
        """The chosen line looks otherwise while the log has the focus."""
        self.refresh()

    def on_blur(self) -> None:
        """The chosen line looks otherwise while the log has the focus."""
        self.refresh()
