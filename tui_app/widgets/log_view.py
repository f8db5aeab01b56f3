"""The lines of a log, drawn only where they are seen: 100,000 lines cost no more than 20."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.style import Style
from textual import events, on
from textual.binding import Binding, BindingType
from textual.strip import Strip

from tui_app.language import N_, counted
from tui_app.runs.formatting import safe
from tui_app.runs.log import Level, Log, LogLine
from tui_app.widgets.base.line_widget import LineView, Piece
from tui_app.widgets.base.name_column import fitted_name, longest_name, name_cells
from tui_app.widgets.base.palette import muted_style, process_style, theme_style
from tui_app.widgets.textual_internals.scroll_size import show_rows

SHIFT = 16
"""Cells that one step to the left or right moves a long line."""

PRINTED = frozenset({Level.STDOUT, Level.STDERR})
"""What was printed, and is not ours."""

ALL_LEVELS = frozenset(Level)

PRINTED_MARK = "▏"
"""What stands before it."""

WIDEST = 4
"""Characters that one cell may hold, such as a letter with marks above."""


class LogView(LineView, can_focus=True):
    """The lines of a log. It follows the end until a line is chosen or scrolled to."""

    ALLOW_SELECT = False

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", N_("Line up"), show=False),
        Binding("down,j", "move(1)", N_("Line down"), show=False),
        Binding("pageup", "page(-1)", N_("Page up"), show=False),
        Binding("pagedown", "page(1)", N_("Page down"), show=False),
        Binding("home", "choose(0)", N_("First line"), show=False),
        Binding("end", "follow", N_("Last line, and follow"), show=False),
        Binding("left", "shift(-1)", N_("Left in long lines"), show=False),
        Binding("right", "shift(1)", N_("Right in long lines"), show=False),
        Binding("y", "copy_line", N_("Copy line"), show=False),
        Binding("Y", "copy_log", N_("Copy log"), show=False),
    ]

    follows = True
    """Whether the end of another log is followed from the start."""

    _numbers: Mapping[str, int] | None = None
    _longest_name = 0
    _text = ""
    _levels = ALL_LEVELS
    _chosen: int | None = None
    _following = True
    _shift = 0

    def __init__(self) -> None:
        super().__init__()
        self._log = Log()
        self._shown: list[int] = []
        """The numbers of the lines that are shown; lines that are dropped have numbers, too."""
        self._seen = 0
        """How many lines of the log were looked at."""

    def watch_log(self, log: Log) -> None:
        """Show another log from now on."""
        self._log = log
        self._chosen, self._following, self._shift = None, self.follows, 0
        if not self.follows:
            self.scroll_home(animate=False, immediate=True, force=True)
        self._find_again()

    def update_lines(self, numbers: Mapping[str, int]) -> None:
        """Show what was added to the log; `numbers` gives each process name its colour."""
        self._numbers = numbers
        self._longest_name = longest_name(numbers)
        self._take_new()
        self.redraw()

    def filter(self, text: str, levels: frozenset[Level] = ALL_LEVELS) -> None:
        """Show only lines of these levels that contain `text`; case does not matter."""
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
        log = self._log
        start, end = max(self._seen, log.dropped), log.dropped + len(log.lines)
        if self._text or self._levels != ALL_LEVELS:
            start = max(start, log.searched_from)
            new = log.lines[start - log.dropped :]
            self._shown += [number for number, line in enumerate(new, start) if self._matches(line)]
        else:
            self._shown += range(start, end)
        self._seen = end
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
        """Keep the end in sight where it is followed."""
        self._resize()

    def draw_line(self, y: int) -> Strip:
        """Return a line of the log."""
        index = y + self.scroll_offset.y
        if index >= len(self._shown):
            return self.line()
        ground = self.rich_style
        if index == self._chosen:
            ground += Style(reverse=True) if self.has_focus else Style(underline=True)
        return self.line(self._pieces(self._line(index)), ground=ground, skip=self._shift)

    @property
    def told_task(self) -> int | None:
        """The task of the chosen line, or of the nearest above it that tells of one."""
        before = range(self._chosen_or_last(), -1, -1) if self._shown else ()
        tasks = (self._line(index).task for index in before)
        return next((task for task in tasks if task is not None), None)

    def _line(self, index: int) -> LogLine:
        return self._log.lines[self._shown[index] - self._log.dropped]

    def _pieces(self, line: LogLine) -> Sequence[Piece]:
        muted = muted_style(self.app)
        number = (self._numbers or {}).get(line.who)
        who = process_style(self.app, number) if number is not None else Style()
        # No more than can be seen: the rest of a line may be long.
        most = WIDEST * (self._shift + self.size.width + 1)
        return (
            (f"{line.t:7.2f} ", muted),
            (fitted_name(line.who, name_cells(self._longest_name, self.size.width)), who),
            (PRINTED_MARK if line.level in PRINTED else " ", who),
            (safe(line.text[:most]), self._style(line.level)),
        )

    def _style(self, level: Level) -> Style:
        match level:
            case Level.FAILED | Level.DEADLOCK:
                return theme_style(self.app, "error") + Style(bold=True)
            case Level.RETRIED | Level.STDERR | Level.BLOCKED:
                return theme_style(self.app, "warning")
            case Level.PROCESS | Level.SKIPPED | Level.WAIT:
                return muted_style(self.app)
        return Style()

    def action_move(self, lines: int) -> None:
        """Choose the line above or below."""
        last = len(self._shown) - 1
        start = self._chosen if self._chosen is not None else last - (lines > 0)
        self.action_choose(start + lines)

    def action_page(self, pages: int) -> None:
        """Go a page up or down."""
        self.action_choose(self._chosen_or_last() + pages * max(1, self.size.height - 1))

    def action_choose(self, index: int) -> None:
        """Choose a line by its place, and bring it into sight."""
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

    def action_follow(self) -> None:
        """Go to the end and stay there."""
        self._chosen, self._following = None, True
        self._resize()
        self.refresh()

    def action_shift(self, steps: int) -> None:
        """Move long lines to the left or right."""
        self._shift = max(0, self._shift + steps * SHIFT)
        self.refresh()

    def action_copy_line(self) -> None:
        """Copy the chosen line, or the last one."""
        if self._shown:
            self._copy([self._line(self._chosen_or_last())])

    def action_copy_log(self) -> None:
        """Copy all lines that are shown."""
        self._copy([self._line(index) for index in range(len(self._shown))])

    def _copy(self, lines: Sequence[LogLine]) -> None:
        text = "\n".join(f"{line.t:.2f} {line.who} {safe(line.text)}" for line in lines)
        self.app.copy_to_clipboard(text)
        self.notify(counted(len(lines), "{n} line copied", "{n} lines copied"), timeout=2)

    def _chosen_or_last(self) -> int:
        return self._chosen if self._chosen is not None else max(0, len(self._shown) - 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Stop following: somebody looks back."""
        self._following = False

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Follow again where the end is reached."""
        self._following = self.scroll_offset.y + 3 >= self.max_scroll_y

    @on(events.Focus)
    @on(events.Blur)
    def draw_choice(self) -> None:
        """Draw the chosen line again: it looks different with the focus."""
        self.refresh()
