"""What the screens that play a script have in common: code, facts, time and the status line.

How they share the screen is decided in one place, `widgets/base/stage_layout.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import TabbedContent, TabPane
from tui_app.screens.base.run import LOG_KEYS
from tui_app.screens.base.time_cursor import TIME_KEYS, TimeCursorScreen

from tui_app.demos.points import MOST_LINES, Point
from tui_app.language import N_, _
from tui_app.runs.phrases import status_sentence
from tui_app.runs.resources import Usage
from tui_app.runs.view import RunState, RunView, Snapshot
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.stage_layout import Moment, Needs, Rows, code_width, stage_rows
from tui_app.widgets.code_view import CodeView
from tui_app.widgets.log_pane import LogPane
from tui_app.widgets.log_view import LogView
from tui_app.widgets.prints_view import PrintsView
from tui_app.widgets.process_rows import ProcessRows
from tui_app.widgets.summary_panel import SummaryPanel
from tui_app.widgets.textual_internals.keys_line import KeysLine
from tui_app.widgets.timeline import Timeline
from tui_app.widgets.title_row import TitleRow
from tui_app.widgets.top_bar import TopBar
from tui_app.widgets.wait_graph_view import WaitGraphView

PRINTS = "prints"
"""The tab that belongs to every moment; others are called to the front."""


class ScriptScreen(TimeCursorScreen):
    """A script's code with the line that runs, what it prints, its log and processes, and its time.

    The moment of the run decides what has how many rows. A subclass may put something above the
    code (`compose_above`) and below the lanes (`compose_below`), add tabs (`compose_tabs`), and say
    what it needs (`needs`). With the class `-presenting` it is for a class.
    """

    CSS_PATH: ClassVar[list[str | PurePath]] = [Path(__file__).with_name("script.tcss")]

    AUTO_FOCUS = "#code"  # not the first field, for a moment: a key would be typed into it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+r", "run", N_("Play")),
        Binding("c", "cancel", N_("Cancel")),
        Binding("g", "show_tab('log')", N_("Log"), show=False),
        Binding("r", "printed_only", N_("Prints only"), show=False),
        Binding("w", "show_tab('processes')", N_("Processes"), show=False),
        Binding("s", "show_tab('summary')", N_("Summary"), show=False),
        Binding("W", "show_tab('waits')", N_("Who waits for whom"), key_display="W", show=False),
        Binding("slash", "search", N_("Search"), key_display="/", show=False),
        Binding("f", "failed_only", N_("Failed only"), show=False),
        Binding("escape", "put_away", N_("Back to the prints"), show=False),
        *LOG_KEYS,
        *TIME_KEYS,
    ]

    TABS: ClassVar[dict[str, str]] = {
        PRINTS: N_("Prints"),
        "log": N_("Log"),
        "processes": N_("Processes"),
        "summary": N_("Summary"),
        "waits": N_("Waits"),
    }
    """The tabs, each with its title in English."""

    told_to_stop = False
    """Whether what runs was cancelled, and has a moment to end by itself."""

    _rows: Rows | None = None

    def compose_body(self) -> ComposeResult:
        """Compose title, code and facts, and below them time and status."""
        yield TitleRow(id="play-title")
        yield PlainText(id="reason")
        yield from self.compose_above()
        with Vertical(id="play-body"):
            yield CodeView(id="code")
            with TabbedContent(id="play-facts"):
                with TabPane(_("Prints"), id=PRINTS):
                    yield PrintsView()
                with TabPane(_("Log"), id="log"):
                    yield LogPane()
                with TabPane(_("Processes"), id="processes"):
                    yield ProcessRows()
                with TabPane(_("Summary"), id="summary"):
                    yield SummaryPanel()
                with TabPane(_("Waits"), id="waits"):
                    yield WaitGraphView()
                yield from self.compose_tabs()
        yield Timeline(id="timeline")
        yield from self.compose_below()
        yield PlainText(id="status")

    def compose_above(self) -> ComposeResult:
        """Compose what stands above the code."""
        yield from ()

    def compose_below(self) -> ComposeResult:
        """Compose what stands below the lanes."""
        yield from ()

    def compose_tabs(self) -> ComposeResult:
        """Compose the tabs that come after the summary."""
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

    # What is shown

    @property
    def point(self) -> Point | None:
        """Where to look in what is played; `None`: nobody has said."""
        return None

    @property
    def moment(self) -> Moment:
        """Where the script is."""
        if self.running or self._shown.state is RunState.RUNNING:
            return Moment.DURING
        return Moment.BEFORE if self._shown.state is RunState.IDLE else Moment.AFTER

    def show_run(self, view: RunView) -> None:
        """Begin to show another run."""
        self.told_to_stop = False
        super().show_run(view)

    def watch_view(self, view: RunView) -> None:
        """Show prints and log of this view from now on."""
        point = self.point
        self.query_one(PrintsView).watch_prints(view.log, point.asked if point else None)
        self.query_one(LogPane).watch_log(view.log)
        self.query_one(SummaryPanel).show(Snapshot())

    def show_moment(self, snapshot: Snapshot, usage: dict[int, Usage]) -> None:
        """Draw one moment of the run."""
        before, self._shown = self.moment, snapshot
        numbers = {row.name: row.number for row in snapshot.rows}
        prints, log = self.query_one(PrintsView), self.query_one(LogPane)
        prints.ended = self.moment is Moment.AFTER
        prints.update_lines(numbers)
        log.update_lines(numbers)
        if prints.ended and before is Moment.DURING:
            log.show_end()
        self.query_one(ProcessRows).show(snapshot, usage)
        self.query_one(WaitGraphView).show(snapshot)
        self.share_room()
        whole = max(snapshot.elapsed, self.cursor.end) if self.in_past else None
        self.query_one(Timeline).show(snapshot, whole=whole)
        self.tell_status()
        if snapshot.summary is not None and not self.query_one(SummaryPanel).shows(snapshot):
            self.query_one(SummaryPanel).show(snapshot)

    def tell_status(self) -> None:
        """Say in the line at the bottom what is to be said of the moment that is shown."""
        status = self.past_status() if self.in_past else self.status(self._shown)
        if self.running and self.told_to_stop:
            status = _("■ it is told to stop, and has 2 seconds   c kills it now")
        self.show_status(status)

    def status(self, snapshot: Snapshot) -> str:
        """Return the line at the bottom of the present."""
        if snapshot.state is RunState.IDLE:
            return _("○ enter plays it")
        return status_sentence(snapshot)

    # Who has how many rows

    def decisive_lines(self) -> Sequence[int]:
        """Return the numbers of the lines that carry the point, the most decisive first.

        Where nobody has said which they are, those on which main stood longest.
        """
        code, point = self.query_one(CodeView).code, self.point
        if point is not None and (found := point.decisive(code)):
            return found
        times = self._shown.times
        longest = sorted(times, key=lambda line: times[line].seconds, reverse=True)
        return longest[:MOST_LINES]

    def answer_rows(self, most: int) -> Sequence[Content]:
        """Return the answer after the title, in at most so many rows."""
        return ()

    def needs(self) -> Needs:
        """Return how many rows each part would like to have."""
        code, prints = self.query_one(CodeView), self.query_one(PrintsView)
        width = code_width(self.size.width)
        lines = [line for line in self.decisive_lines() if line <= code.lines]
        return Needs(
            reason=len(self.answer_rows(2)) if self.moment is Moment.AFTER else 0,
            code=code.heights(lines, width),
            prints=prints.needed,
            printed=prints.shown,
            lanes=len(self._shown.rows),
            called=self.query_one(TabbedContent).active != PRINTS,
            presenting=self.presenting,
        )

    def share_room(self) -> None:
        """Give each part its rows in this moment."""
        if not self.size:
            return
        end = Content(self.past_title()) if self.in_past else self.title_end()
        self.query_one(TitleRow).end_with(end)
        moment = self.moment
        rows = stage_rows(moment, self.size.width, self.size.height, self.needs())
        timeline, code = self.query_one(Timeline), self.query_one(CodeView)
        timeline.lane_rows = rows.lane_rows
        timeline.most_lanes = max(2, (rows.lanes - 1) // rows.lane_rows)
        if moment is Moment.AFTER:
            answer = Content("\n").join(self.answer_rows(max(1, rows.reason)))
            self.query_one("#reason", PlainText).set_text(answer)
        if rows != self._rows:
            self._rows = rows
            self.give_rows(rows)
        lines = tuple(self.decisive_lines())
        if moment is Moment.BEFORE and self.point is not None:
            lines = (*lines, *self.point.body(code.code))
        code.show_times({} if moment is Moment.BEFORE else self._shown.times)
        code.quote(lines, lit_first=moment is Moment.DURING)
        code.highlight(None if moment is Moment.BEFORE else self._shown.line)

    def give_rows(self, rows: Rows) -> None:
        """Set the heights."""
        # Not on the screen: all that it holds would get its styles anew.
        self.query_one("#play-body").set_class(rows.beside, "-beside")
        show_rows(self.query_one(TopBar), rows.bar)
        show_rows(self.query_one(KeysLine), rows.keys)
        show_rows(self.query_one("#reason"), rows.reason)
        show_rows(self.query_one(CodeView), rows.code)
        show_rows(self.query_one(TabbedContent), rows.facts)
        show_rows(self.query_one(Timeline), rows.lanes)

    def on_resize(self) -> None:
        """Share the new room."""
        self.share_room()

    @on(TabbedContent.TabActivated, "#play-facts")
    def make_room(self) -> None:
        """Give what was called to the front its room."""
        self.share_room()

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell whether a key means something now."""
        if action == "put_away":
            return self.query_one(TabbedContent).active != PRINTS
        return super().check_action(action, parameters)

    @property
    def seen_log(self) -> LogView | None:
        """The prints or the log, whichever is at the front."""
        match self.query_one(TabbedContent).active:
            case "prints":
                return self.query_one(PrintsView)
            case "log":
                return self.query_one(LogPane).query_one(LogView)
        return None

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
        self.refresh_bindings()

    def action_put_away(self) -> None:
        """Bring the prints to the front again."""
        self.action_show_tab(PRINTS)

    def action_search(self) -> None:
        """Search the log."""
        self.action_show_tab("log")
        self.query_one(LogPane).search()

    def action_failed_only(self) -> None:
        """Cut the log down to what failed, or show it all again."""
        self.query_one(LogPane).toggle_failed_only()

    def action_printed_only(self) -> None:
        """Cut the log down to what the script printed, or show it all again."""
        self.action_show_tab("log")
        self.query_one(LogPane).toggle_printed_only()


def show_rows(widget: Widget, rows: int) -> None:
    """Show a widget in so many rows; 0: do not show it."""
    widget.display = rows > 0
    if rows:
        widget.styles.height = rows
