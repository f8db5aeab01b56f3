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
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.log_view import PRINTED, LogView

FAILED_ONLY = frozenset({Level.FAILED})


class LogPane(Vertical, Localized):
    """A log that can be searched, and reduced to what failed."""

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

    _failed_only = _printed_only = False

    def compose(self) -> ComposeResult:
        """Yield the heading, the lines, and a search field that is hidden at first."""
        yield PlainText(classes="heading")
        yield LogView()
        yield Input(compact=True, select_on_focus=False)

    def update_texts(self) -> None:
        """Set the heading, and the search field's hint."""
        self.query_one(Input).placeholder = _("search the log; escape ends")
        self._update_heading()

    def watch_log(self, log: Log) -> None:
        """Show another log from now on."""
        self.query_one(LogView).watch_log(log)
        self._update_heading()

    def update_lines(self, numbers: Mapping[str, int]) -> None:
        """Show what was added to the log; `numbers` gives each process name its colour."""
        self.query_one(LogView).update_lines(numbers)
        self._update_heading()

    def show_end(self) -> None:
        """Go to the last line."""
        self.query_one(LogView).action_follow()

    def search(self) -> None:
        """Open the search."""
        self.add_class("-searching")
        self.query_one(Input).focus()

    def toggle_failed_only(self) -> None:
        """Show only what failed, or everything again."""
        self._failed_only, self._printed_only = not self._failed_only, False
        self._filter()

    def toggle_printed_only(self) -> None:
        """Show only what was printed, or everything again."""
        self._printed_only, self._failed_only = not self._printed_only, False
        self._filter()

    @on(Input.Changed)
    def search_as_typed(self, event: Input.Changed) -> None:
        """Show the lines that contain the text."""
        event.stop()
        self._filter()

    @on(Input.Submitted)
    def focus_lines(self, event: Input.Submitted) -> None:
        """Leave the search open and go to the lines."""
        event.stop()
        self.query_one(LogView).focus()

    def action_end_search(self) -> None:
        """Close the search and show every line again."""
        self.remove_class("-searching")
        self.query_one(Input).value = ""
        self._failed_only = self._printed_only = False
        self._filter()
        self.query_one(LogView).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave escape to the screen while all lines are shown."""
        cut = self.has_class("-searching") or self._failed_only or self._printed_only
        return cut if action == "end_search" else True

    def _filter(self) -> None:
        levels = frozenset(Level)
        if self._failed_only or self._printed_only:
            levels = FAILED_ONLY if self._failed_only else PRINTED
        self.query_one(LogView).filter(self.query_one(Input).value, levels)
        self._update_heading()

    def _update_heading(self) -> None:
        shown = self.query_one(LogView).shown
        text = _("LOG")
        if self._failed_only:
            text = counted(
                shown,
                "LOG  failed only, {n} line, escape shows all",
                "LOG  failed only, {n} lines, escape shows all",
            )
        elif self._printed_only:
            text = counted(
                shown,
                "LOG  prints only, {n} line, escape shows all",
                "LOG  prints only, {n} lines, escape shows all",
            )
        elif self.query_one(Input).value:
            text = counted(
                shown, "LOG  {n} line, escape shows all", "LOG  {n} lines, escape shows all"
            )
        self.query_one(PlainText).set_text(text)
