"""The log with its heading and its search."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from tui_app.language import N_, _, counted
from tui_app.runs.log import Level, Log
from tui_app.widgets.base.line_widget import Said
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.log_view import LogView

FAILED_ONLY = frozenset({Level.FAILED})


class LogPane(Vertical, Localized):
    """A log that can be searched, and cut down to what failed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "end_search", N_("End search")),
    ]

    DEFAULT_CSS = """
    LogPane {
        .heading { height: 1; color: $text-muted; text-style: bold; padding: 0 1; }
        LogView { height: 1fr; }
        Input { display: none; }
        &.-searching Input { display: block; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._failed_only = False

    def compose(self) -> ComposeResult:
        """Heading, lines, and a search line that is hidden at first."""
        yield Said(classes="heading")
        yield LogView(id="lines")
        yield Input(compact=True, select_on_focus=False)

    def speak(self) -> None:
        """Says the heading, and what to type."""
        self.query_one(Input).placeholder = _("search the log; escape ends")
        self._head()

    def watch_log(self, log: Log) -> None:
        """Shows another log from now on."""
        self.query_one(LogView).watch_log(log)
        self._head()

    def update_lines(self, numbers: Mapping[str, int]) -> None:
        """Takes in what was added to the log; `numbers` gives each process name its colour."""
        self.query_one(LogView).update_lines(numbers)
        self._head()

    def search(self) -> None:
        """Opens the search."""
        self.add_class("-searching")
        self.query_one(Input).focus()

    def toggle_failed_only(self) -> None:
        """Shows only what failed, or everything again."""
        self._failed_only = not self._failed_only
        self._filter()

    @on(Input.Changed)
    def search_as_typed(self, event: Input.Changed) -> None:
        """Shows the lines that have this text."""
        event.stop()
        self._filter()

    @on(Input.Submitted)
    def look_at_found(self, event: Input.Submitted) -> None:
        """Leaves the search open and goes to the lines."""
        event.stop()
        self.query_one(LogView).focus()

    def action_end_search(self) -> None:
        """Closes the search and shows every line again."""
        self.remove_class("-searching")
        self.query_one(Input).value = ""
        self._failed_only = False
        self._filter()
        self.query_one(LogView).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape is the screen's own while nothing is searched for."""
        searching = self.has_class("-searching") or self._failed_only
        return searching if action == "end_search" else True

    def _filter(self) -> None:
        levels = FAILED_ONLY if self._failed_only else frozenset(Level)
        self.query_one(LogView).filter(self.query_one(Input).value, levels)
        self._head()

    def _head(self) -> None:
        shown = self.query_one(LogView).shown
        text = _("LOG")
        if self._failed_only:
            text = counted(
                shown,
                "LOG  failed only, {n} line, escape shows all",
                "LOG  failed only, {n} lines, escape shows all",
            )
        elif self.query_one(Input).value:
            text = counted(
                shown, "LOG  {n} line, escape shows all", "LOG  {n} lines, escape shows all"
            )
        self.query_one(Said).say(text)
