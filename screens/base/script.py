"""What the screens that play a script have in common: code, facts, time and the truth."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static, TabbedContent, TabPane
from tui_app.screens.base.run import RunScreen

from tui_app.engine.exit_status import shell_code
from tui_app.language import N_, _
from tui_app.runs.formatting import safe
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


def played_code(exit_code: int, script: int | None) -> int:
    """A screen's exit code after a script that ended with its own."""
    return shell_code(script) if exit_code == 1 and script else exit_code


class ScriptScreen(RunScreen):
    """A script's code with the line that runs, its log and processes, and its time.

    A subclass may put something beside the code (`compose_beside`), under it (`compose_below`),
    and before the other tabs (`compose_tabs`).
    """

    CSS_PATH: ClassVar[list[str | PurePath]] = [Path(__file__).with_name("script.tcss")]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "run", N_("Play")),
        Binding("c", "cancel", N_("Cancel")),
        Binding("g", "show_tab('log')", N_("Log"), show=False),
        Binding("w", "show_tab('processes')", N_("Processes"), show=False),
        Binding("s", "show_tab('summary')", N_("Summary"), show=False),
        Binding("slash", "search", N_("Search"), key_display="/", show=False),
        Binding("f", "failed_only", N_("Failed only"), show=False),
    ]

    def compose_body(self) -> ComposeResult:
        """Code and facts, time and the truth below."""
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
        """What stands beside the code."""
        yield from ()

    def compose_below(self) -> ComposeResult:
        """What stands under the code."""
        yield from ()

    def compose_tabs(self) -> ComposeResult:
        """Tabs that come before the log."""
        yield from ()

    @property
    def presenting(self) -> bool:
        """Whether it is turned towards a class."""
        return False

    @property
    def timeline_rows(self) -> int:
        """The most rows that lanes may take."""
        return MANY_LANES if self.has_class("-tall") else FEW_LANES

    def update_texts(self) -> None:
        """Says tabs and status in the present language."""
        super().update_texts()
        tabs = self.query_one(TabbedContent)
        for name, title in self.tab_titles.items():
            tabs.get_tab(name).label = Content(_(title))
        self._draw_now()

    @property
    def tab_titles(self) -> dict[str, str]:
        """The tabs, and what each is called."""
        return {"log": N_("Log"), "processes": N_("Processes"), "summary": N_("Summary")}

    told_to_stop = False
    """Whether what runs was cancelled, and has a moment to end by itself."""

    def action_cancel(self) -> None:
        """Tells the script to stop; a second time, it is killed."""
        super().action_cancel()
        self.told_to_stop = self.running

    def show_run(self, view: RunView) -> None:
        """Begins to show another run."""
        self.told_to_stop = False
        self.query_one(LogPane).watch_log(view.log)
        self.query_one(SummaryPanel).show(Snapshot())

    def show_moment(self, snapshot: Snapshot, usage: dict[int, Usage]) -> None:
        """Draws one moment of the run."""
        running = snapshot.state is RunState.RUNNING
        self.query_one(CodeView).highlight(snapshot.line if running else None)
        self.query_one(ProcessRows).show(snapshot, usage)
        self.query_one(LogPane).update_lines({row.name: row.number for row in snapshot.rows})
        timeline = self.query_one(Timeline)
        lanes, most = max(2, len(snapshot.rows)), self.timeline_rows
        timeline.lane_rows = 2 if self.presenting and 2 * lanes <= most else 1
        timeline.styles.height = min(1 + most, timeline.rows_for(lanes))
        timeline.show(snapshot)
        status = self.status(snapshot)
        if running and self.told_to_stop:
            status = _("■ it is told to stop, and has 2 seconds   c kills it now")
        self.query_one("#status", PlainText).set_text(safe(status))
        if snapshot.summary is not None and not self.query_one(SummaryPanel).shows(snapshot):
            self.query_one(SummaryPanel).show(snapshot)

    def status(self, snapshot: Snapshot) -> str:
        """The line at the bottom."""
        if snapshot.state is RunState.IDLE:
            return _("○ enter plays it")
        return status_sentence(snapshot)

    def action_run(self) -> None:
        """Plays the script."""
        raise NotImplementedError

    def action_show_tab(self, name: str) -> None:
        """Brings a tab to the front."""
        self.query_one(TabbedContent).active = name

    def action_search(self) -> None:
        """Searches the log."""
        self.action_show_tab("log")
        self.query_one(LogPane).search()

    def action_failed_only(self) -> None:
        """Cuts the log down to what failed, or shows it all again."""
        self.query_one(LogPane).toggle_failed_only()
