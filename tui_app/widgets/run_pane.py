"""A run on the screen: progress, rows, failures, summary, log, timeline, one line of truth."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import TabbedContent, TabPane

from tui_app.language import _, grouped
from tui_app.runs.formatting import safe
from tui_app.runs.phrases import status_sentence
from tui_app.runs.resources import Usage
from tui_app.runs.view import RunState, RunView, Snapshot
from tui_app.widgets.base.line_widget import Said
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.failures import Failures
from tui_app.widgets.log_pane import LogPane
from tui_app.widgets.process_rows import ProcessRows
from tui_app.widgets.progress_line import ProgressLine
from tui_app.widgets.summary_panel import SummaryPanel
from tui_app.widgets.timeline import Timeline

MOST_LANES = 8
"""Lanes of the timeline that are seen at once; the others are scrolled to."""


class RunPane(Vertical, Localized):
    """Shows snapshots of one run after another; everything stays to be read after the end."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._state = RunState.IDLE
        self._failed = 0
        self._shown: tuple[Snapshot, Mapping[int, Usage]] = (Snapshot(), {})

    def compose(self) -> ComposeResult:
        """Progress on top, what happens in the middle, time and the truth below."""
        yield Said(id="run-title")
        yield ProgressLine(id="progress")
        with Container(id="middle"):
            with TabbedContent(id="facts", initial="processes"):
                with TabPane(_("Processes"), id="processes"):
                    yield ProcessRows()
                with TabPane(_("Failed"), id="failed"):
                    yield Failures()
                with TabPane(_("Summary"), id="summary"):
                    yield SummaryPanel()
            yield LogPane(id="log")
        yield Said(id="time", classes="heading")
        yield Timeline(id="timeline")
        yield Said(id="status")

    def speak(self) -> None:
        """Names the parts, and says again how the run stands."""
        tabs = self.query_one(TabbedContent)
        tabs.get_tab("processes").label = Content(_("Processes"))
        tabs.get_tab("summary").label = Content(_("Summary"))
        self.query_one("#time", Said).say(_("TIME"))
        self._failed = -1
        self.show(*self._shown)

    def watch_run(self, view: RunView) -> None:
        """Shows another run from now on."""
        self.query_one(LogPane).watch_log(view.log)
        self.query_one(TabbedContent).active = "processes"
        self._state = RunState.IDLE
        self._failed = -1

    def show(self, snapshot: Snapshot, usage: Mapping[int, Usage]) -> None:
        """Draws one moment of the run; `usage` is by pid."""
        self._shown = snapshot, usage
        self.query_one("#run-title", Said).say(safe(snapshot.title))
        self.query_one(ProgressLine).show(snapshot)
        self.query_one(ProcessRows).show(snapshot, usage)
        self.query_one(Failures).show(snapshot)
        self.query_one(LogPane).update_lines({row.name: row.number for row in snapshot.rows})
        timeline = self.query_one(Timeline)
        timeline.styles.height = 1 + min(MOST_LANES, max(1, len(snapshot.lanes), snapshot.workers))
        timeline.show(snapshot)
        self.query_one("#status", Said).say(safe(status_sentence(snapshot)))
        if snapshot.failed != self._failed:
            self._failed = snapshot.failed
            label = _("Failed {n}") if snapshot.failed else _("Failed")
            label = label.format(n=grouped(snapshot.failed))
            self.query_one(TabbedContent).get_tab("failed").label = Content(label)
        if snapshot.state is not self._state:
            self._state = snapshot.state
            self.query_one(SummaryPanel).show(snapshot)
            if snapshot.summary is not None:
                self.query_one(TabbedContent).active = "summary"

    def show_tab(self, name: str) -> None:
        """Brings a tab to the front: `processes`, `failed` or `summary`."""
        self.query_one(TabbedContent).active = name
