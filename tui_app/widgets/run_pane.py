"""A run on the screen: progress, processes, failures, summary, log, timeline, status."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import TabbedContent, TabPane

from tui_app.language import _, grouped
from tui_app.runs.formatting import safe
from tui_app.runs.log import Log
from tui_app.runs.phrases import status_sentence
from tui_app.runs.resources import Usage
from tui_app.runs.view import RunState, RunView, Snapshot
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.base.run_layout import RunNeeds, RunRows, run_rows
from tui_app.widgets.failures import Failures
from tui_app.widgets.log_pane import LogPane
from tui_app.widgets.process_rows import ProcessRows
from tui_app.widgets.progress_line import ProgressLine
from tui_app.widgets.summary_panel import SummaryPanel
from tui_app.widgets.timeline import Timeline

ALWAYS = 3
"""Rows of title, progress and status."""


class RunPane(Vertical, Localized):
    """Shows one run after another; everything stays readable after a run's end."""

    _state = RunState.IDLE
    _failed = -1
    """The failures that the tab's label counts; -1: it is to be set again."""

    _rows: RunRows | None = None

    _latest: tuple[Snapshot, Mapping[int, Usage]] = (Snapshot(), {})
    _whole: float | None = None
    _title: str | None = None

    def compose(self) -> ComposeResult:
        """Yield the progress, what happens in the middle, the time and the status below."""
        yield PlainText(id="run-title")
        yield ProgressLine()
        with Container(id="middle"):
            with TabbedContent(id="facts", initial="processes"):
                with TabPane(_("Processes"), id="processes"):
                    yield ProcessRows()
                with TabPane(_("Failed"), id="failed"):
                    yield Failures()
                with TabPane(_("Summary"), id="summary"):
                    yield SummaryPanel()
            yield LogPane(id="log")
        yield PlainText(id="time", classes="heading")
        yield Timeline(id="timeline")
        yield PlainText(id="status")

    def update_texts(self) -> None:
        """Name the parts, and show the run again."""
        tabs = self.query_one(TabbedContent)
        tabs.get_tab("processes").label = Content(_("Processes"))
        tabs.get_tab("summary").label = Content(_("Summary"))
        self.query_one("#time", PlainText).set_text(_("TIME"))
        self._failed = -1
        self.show(*self._latest, self._whole, self._title)

    def watch_log(self, log: Log) -> None:
        """Show another log from now on, such as that of another moment of the run."""
        self.query_one(LogPane).watch_log(log)

    def watch_run(self, view: RunView) -> None:
        """Show another run from now on."""
        self.watch_log(view.log)
        self.query_one(TabbedContent).active = "processes"
        self._state = RunState.IDLE
        self._failed = -1

    def show(
        self,
        snapshot: Snapshot,
        usage: Mapping[int, Usage],
        whole: float | None = None,
        title: str | None = None,
    ) -> None:
        """Show the run at one moment.

        Args:
            snapshot: the run then.
            usage: what its processes use, by pid.
            whole: seconds of the whole run, if an earlier moment of it is shown.
            title: is shown instead of the run's own.
        """
        self._latest, self._whole, self._title = (snapshot, usage), whole, title
        self.query_one("#run-title", PlainText).set_text(safe(title or snapshot.title))
        self.query_one(ProgressLine).show(snapshot)
        self.query_one(ProcessRows).show(snapshot, usage)
        self.query_one(Failures).show(snapshot)
        self.query_one(LogPane).update_lines({row.name: row.number for row in snapshot.rows})
        self.share_room()
        self.query_one(Timeline).show(snapshot, whole=whole)
        self.query_one("#status", PlainText).set_text(safe(status_sentence(snapshot)))
        tabs = self.query_one(TabbedContent)
        if snapshot.failed != self._failed:
            self._failed = snapshot.failed
            label = _("Failed {n}") if snapshot.failed else _("Failed")
            tabs.get_tab("failed").label = Content(label.format(n=grouped(snapshot.failed)))
        if snapshot.state is not self._state and whole is None:
            self._state = snapshot.state
            self.query_one(SummaryPanel).show(snapshot)
            if snapshot.summary is not None:
                tabs.active = "summary"

    def on_resize(self) -> None:
        """Share the new room."""
        self.share_room()

    @on(Failures.Resized)
    @on(TabbedContent.TabActivated)
    def make_room(self) -> None:
        """Give what was called to the front its room, as soon as its own lines are known."""
        self.call_after_refresh(self.share_room)

    def share_room(self) -> None:
        """Give table, log and lanes their rows."""
        heading = self.query_one("#time").styles.display != "none"
        height = self.size.height - ALWAYS - heading
        if height <= 0:
            return
        beside = self.screen.has_class("-wide")
        rows = run_rows(height, self._needs(), beside=beside)
        if rows != self._rows:
            self._rows = rows
            timeline = self.query_one(Timeline)
            timeline.lane_rows = rows.lane_rows
            timeline.most_lanes = None
            if any(row.host for row in self._latest[0].rows):
                # A cluster may have hundreds: those of a host share a row.
                timeline.most_lanes = (rows.lanes - 1) // rows.lane_rows
            self.query_one(TabbedContent).styles.height = rows.table
            self.query_one(LogPane).styles.height = rows.log
            timeline.styles.height = rows.lanes

    def _needs(self) -> RunNeeds:
        snapshot = self._latest[0]
        processes = max(1, len(snapshot.rows), snapshot.workers)
        table = {
            "processes": 1 + processes,
            "failed": self.query_one(Failures).needed,
            "summary": self.query_one(SummaryPanel).needed,
        }
        return RunNeeds(
            table=1 + table.get(self.query_one(TabbedContent).active, 0),
            processes=2 + processes,
            log=snapshot.tasks + 2 * processes,
            lanes=processes,
        )

    def show_tab(self, name: str) -> None:
        """Bring a tab to the front: `processes`, `failed` or `summary`."""
        self.query_one(TabbedContent).active = name
        if name == "failed":
            self.query_one(Failures).focus_table()
