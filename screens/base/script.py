"""What the screens that play a script have in common: code, facts, time and the status line."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static, TabbedContent, TabPane
from tui_app.screens.base.run import RunScreen

from tui_app.language import N_, _
from tui_app.runs.phrases import status_sentence
from tui_app.runs.resources import Usage
from tui_app.runs.view import RunState, RunView, Snapshot
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.code_view import CodeView
from tui_app.widgets.log_pane import LogPane
from tui_app.widgets.process_rows import ProcessRows
from tui_app.widgets.summary_panel import SummaryPanel
from tui_app.widgets.timeline import Timeline

FEW_LANES, MANY_LANES = 5, 12
"""Lanes of the timeline that are seen at once on a short and on a tall screen."""


class ScriptScreen(RunScreen):
    """A script's code with the line that runs, its log and processes, and its time.

    A subclass may put something beside the code (`compose_beside`), under it (`compose_below`),
    and before the other tabs (`compose_tabs`). With the class `-presenting` it is for a class: the
    timeline is larger.
    """

    CSS_PATH: ClassVar[list[str | PurePath]] = [Path(__file__).with_name("script.tcss")]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+r", "run", N_("Play")),
        Binding("c", "cancel", N_("Cancel")),
        Binding("g", "show_tab('log')", N_("Log"), show=False),
        Binding("w", "show_tab('processes')", N_("Processes"), show=False),
        Binding("s", "show_tab('summary')", N_("Summary"), show=False),
        Binding("slash", "search", N_("Search"), key_display="/", show=False),
        Binding("f", "failed_only", N_("Failed only"), show=False),
    ]

    TABS: ClassVar[dict[str, str]] = {
        "log": N_("Log"),
        "processes": N_("Processes"),
        "summary": N_("Summary"),
    }
    """The tabs, each with its title in English."""

    told_to_stop = False
    """Whether what runs was cancelled, and has a moment to end by itself."""

    def compose_body(self) -> ComposeResult:
        """Compose code and facts, and below them time and status."""
        with Horizontal(id="play-body"):
            yield from self.compose_beside()
            with Vertical(id="play-code"):
                yield Static(id="play-title", markup=False)
                yield CodeView(id="code")
                yield from self.compose_below()
            with TabbedContent(id="play-facts"):
                yield from self.compose_tabs()
                with TabPane(_("Log"), id="log"):
                    yield LogPane()
                with TabPane(_("Processes"), id="processes"):
                    yield ProcessRows()
                with TabPane(_("Summary"), id="summary"):
                    yield SummaryPanel()
        yield Timeline(id="timeline")
        yield PlainText(id="status")

    def compose_beside(self) -> ComposeResult:
        """Compose what stands beside the code."""
        yield from ()

    def compose_below(self) -> ComposeResult:
        """Compose what stands under the code."""
        yield from ()

    def compose_tabs(self) -> ComposeResult:
        """Compose the tabs that come before the log."""
        yield from ()

    def update_texts(self) -> None:
        """Say tabs and status in the present language."""
        super().update_texts()
        tabs = self.query_one(TabbedContent)
        for name, title in self.TABS.items():
            tabs.get_tab(name).label = Content(_(title))
        self.draw()

    @property
    def presenting(self) -> bool:
        """Whether it is turned towards a class."""
        return self.has_class("-presenting")

    def show_run(self, view: RunView) -> None:
        """Begin to show another run."""
        self.told_to_stop = False
        self.query_one(LogPane).watch_log(view.log)
        self.query_one(SummaryPanel).show(Snapshot())

    def show_moment(self, snapshot: Snapshot, usage: dict[int, Usage]) -> None:
        """Draw one moment of the run."""
        running = snapshot.state is RunState.RUNNING
        self.query_one(CodeView).highlight(snapshot.line if running else None)
        self.query_one(ProcessRows).show(snapshot, usage)
        self.query_one(LogPane).update_lines({row.name: row.number for row in snapshot.rows})
        self._show_time(snapshot)
        status = self.status(snapshot)
        if running and self.told_to_stop:
            status = _("■ it is told to stop, and has 2 seconds   c kills it now")
        self.show_status(status)
        if snapshot.summary is not None and not self.query_one(SummaryPanel).shows(snapshot):
            self.query_one(SummaryPanel).show(snapshot)

    def _show_time(self, snapshot: Snapshot) -> None:
        timeline = self.query_one(Timeline)
        lanes = max(2, len(snapshot.rows))
        if self.presenting:
            most = 2 * self.size.height // 5
            timeline.lane_rows = 2 if 2 * lanes <= most else 1
        else:
            most = MANY_LANES if self.has_class("-tall") else FEW_LANES
            timeline.lane_rows = 1
        timeline.styles.height = min(1 + most, timeline.rows_for(lanes))
        timeline.show(snapshot)

    def status(self, snapshot: Snapshot) -> str:
        """Return the line at the bottom."""
        if snapshot.state is RunState.IDLE:
            return _("○ enter plays it")
        return status_sentence(snapshot)

    # Keys

    def action_run(self) -> None:
        """Play the script."""
        raise NotImplementedError

    def action_cancel(self) -> None:
        """Tell the script to stop; a second time, kill it."""
        super().action_cancel()
        self.told_to_stop = self.running

    def action_show_tab(self, name: str) -> None:
        """Bring a tab to the front."""
        self.query_one(TabbedContent).active = name

    def action_search(self) -> None:
        """Search the log."""
        self.action_show_tab("log")
        self.query_one(LogPane).search()

    def action_failed_only(self) -> None:
        """Cut the log down to what failed, or show it all again."""
        self.query_one(LogPane).toggle_failed_only()
