"""Recorded runs, opened: a played script beside its code, any other run as a batch is shown."""

from __future__ import annotations

from pathlib import PurePath
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import TabbedContent
from tui_app.screens.base.recorded import OpenedRun, RecordedRunScreen
from tui_app.screens.base.run_pane import RUN_PANE_CSS, RUN_PANE_KEYS, RunPaneScreen
from tui_app.screens.base.script import ScriptScreen
from tui_app.screens.base.time_cursor import TIME_KEYS

from tui_app.language import N_
from tui_app.runs.resources import Usage
from tui_app.runs.view import RunView, Snapshot
from tui_app.widgets.base.palette import MUTED
from tui_app.widgets.code_view import CodeView
from tui_app.widgets.log_view import LogView
from tui_app.widgets.run_pane import RunPane
from tui_app.widgets.title_row import TitleRow
from tui_app.widgets.top_bar import TopBar


class RecordedScriptScreen(ScriptScreen, RecordedRunScreen):
    """A recorded script or demo, beside its code."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "replay(True)", N_("Play from here"), show=False),
        Binding("escape", "put_away", N_("Back to the prints"), show=False),
        Binding("escape", "back", N_("Runs")),
    ]

    def show_code(self, code: str) -> None:
        """Show the code and the title."""
        self.query_one(CodeView).show(code)
        self.query_one(TitleRow).name_it(Content.styled(self.run_title(), "bold $primary"))

    def status(self, snapshot: Snapshot) -> str:
        """Return the line at the bottom of the run as it ended."""
        return self.end_status(snapshot)

    def title_end(self) -> Content:
        """Return how the script started processes, and which Python played it."""
        started = self._opened.run.started
        return Content.styled(f"{started.start_method}, Python {started.python}", MUTED)

    def show_moment(self, snapshot: Snapshot, usage: dict[int, Usage]) -> None:
        """Draw one moment of the run."""
        super().show_moment(snapshot, usage)
        self.query_one(TopBar).tell(snapshot.python, snapshot.start_method)


class RecordedTasksScreen(RunPaneScreen, RecordedRunScreen):
    """A recorded batch, or another run of tasks, with a time cursor."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [RUN_PANE_CSS]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "failed_only", N_("Failed only")),
        *RUN_PANE_KEYS,
        *TIME_KEYS,
    ]

    _put_away = False
    """Whether the summary was put away when another moment was shown."""

    def compose_body(self) -> ComposeResult:
        """Compose what shows the run."""
        yield RunPane(id="running")

    def on_mount(self) -> None:
        """Let the arrows move in the log."""
        self.query_one(LogView).focus()

    def update_texts(self) -> None:
        """Say the status in the present language."""
        super().update_texts()
        self.call_after_refresh(self.draw)

    def show_opened(self) -> None:
        """Show the run that is opened as it ended, its summary in front."""
        self.query_one(RunPane).watch_run(self._opened.view)
        super().show_opened()

    def watch_view(self, view: RunView) -> None:
        """Show the log of this view from now on."""
        pane = self.query_one(RunPane)
        pane.watch_log(view.log)
        # The summary is that of the end, and says nothing of a moment before.
        tabs = pane.query_one(TabbedContent)
        before, after = ("summary", "processes") if self.in_past else ("processes", "summary")
        if tabs.active == before and self.in_past is not self._put_away:
            self._put_away = self.in_past
            tabs.active = after

    def show_moment(self, snapshot: Snapshot, usage: dict[int, Usage]) -> None:
        """Draw one moment of the run."""
        self._shown = snapshot
        pane = self.query_one(RunPane)
        title = self.run_title()
        if self.in_past:
            title = f"{self.past_title()}   {title}"
        pane.show(snapshot, usage, self.cursor.end if self.in_past else None, title)
        self.show_status(self.past_status() if self.in_past else self.end_status(snapshot))


def screen_of(opened: OpenedRun) -> RecordedRunScreen:
    """Return the screen that shows a recorded run."""
    return RecordedScriptScreen(opened) if opened.played else RecordedTasksScreen(opened)
