"""Demos: the tutorial's steps, played for real beside their code."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static, TabbedContent, TabPane
from textual.widgets.option_list import Option
from tui_app.screens.asking import Asking
from tui_app.screens.playing import PlayScreen
from tui_app.screens.running import RUN_GROUP
from tui_app.screens.score import ScoreScreen

from tui_app.demos.catalogue import Demo, Group, Machine, demos, find_demo
from tui_app.demos.demo_run import DemoRun
from tui_app.demos.measurements import Meter, measures
from tui_app.demos.script import ParameterError, Value, with_values
from tui_app.engine.machine import usable_cpus
from tui_app.engine.spec import Pool
from tui_app.events import Event
from tui_app.images.samples import missing_samples, samples_folder
from tui_app.language import N_, _
from tui_app.runs.batch import SamplesRun
from tui_app.runs.kept import KeptRun
from tui_app.runs.resources import Usage
from tui_app.runs.text import safe, seconds
from tui_app.runs.view import RunState, RunView, Snapshot
from tui_app.runs.wording import STATE_MARKS
from tui_app.settings import load_done, save_done
from tui_app.widgets.answer_panel import AnswerPanel
from tui_app.widgets.code_view import CodeView
from tui_app.widgets.measurements_panel import MeasurementsPanel
from tui_app.widgets.palette import MUTED
from tui_app.widgets.parameter_fields import ParameterFields
from tui_app.widgets.prose import prose

HEADINGS = {Group.TUTORIAL: N_("THE TUTORIAL"), Group.PITFALL: N_("PITFALLS")}
"""What stands in the list above each group."""


class DemosScreen(PlayScreen):
    """A list of demos; the chosen one's code and lesson; its run."""

    MODE = "demos"
    CSS_PATH = ["playing.tcss", "demos.tcss"]  # noqa: RUF012 - as Textual declares it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "step(1)", "Next"),
        Binding("p", "step(-1)", "Previous"),
        Binding("l", "choose", "List"),
        Binding("o", "reset", "Reset"),
        Binding("t", "show_tab('lesson')", "Lesson", show=False),
        Binding("a", "show_tab('answer')", N_("Answer"), show=False),
        Binding("z", "show_tab('measured')", N_("Measured"), show=False),
        Binding("k", "score", N_("Score"), show=False),
        Binding("escape", "close_list", "Close the list", show=False),
    ]

    def __init__(self, demo: Demo | None = None) -> None:
        super().__init__()
        self.demo = demo or demos()[0]
        """The demo that is shown."""
        self._times = load_done()
        self._asking = Asking(self)
        self._meter = Meter(self.demo.name)

    def compose_beside(self) -> ComposeResult:
        """The list."""
        yield OptionList(id="demo-list", compact=True, markup=False)

    def compose_below(self) -> ComposeResult:
        """The fields of the parameters."""
        yield ParameterFields(id="fields")

    def compose_tabs(self) -> ComposeResult:
        """The lesson, and what became of the prediction."""
        with TabPane("Lesson", id="lesson"), VerticalScroll():
            yield Static(id="lesson-text", markup=False)
        with TabPane(_("Answer"), id="answer"), VerticalScroll():
            yield AnswerPanel()
        with TabPane(_("Measured"), id="measured"), VerticalScroll():
            yield MeasurementsPanel()

    def on_mount(self) -> None:
        """Shows the first demo."""
        self.query_one("#demo-list", OptionList).focus()
        self._list_again()
        self.call_next(self.show_demo, self.demo)

    # Choosing

    async def show_demo(self, demo: Demo) -> None:
        """Shows a demo: its code, its lesson, nothing run yet."""
        self.demo = demo
        self.view = RunView()
        self._meter = Meter(demo.name)
        await self.query_one(ParameterFields).show(demo)
        self.query_one(CodeView).show(demo.source)
        self.query_one("#play-title", Static).update(
            Content.assemble((f"{demo.number}  {demo.name}  ", "bold $primary"), demo.title())
        )
        self._asking.begin(demo)
        self._tell_lesson()
        tabs = self.query_one(TabbedContent)
        (tabs.show_tab if measures(demo.name) else tabs.hide_tab)("measured")
        self.show_run(self.view)
        self.query_one(TabbedContent).active = "lesson"
        self.show_moment(self.view.snapshot(), {})
        options = self.query_one("#demo-list", OptionList)
        options.highlighted = options.get_option_index(demo.name)
        self.refresh_bindings()

    def _list_again(self) -> None:
        options = self.query_one("#demo-list", OptionList)
        chosen = options.highlighted
        options.clear_options()
        for group, every in groupby(demos(), key=lambda demo: demo.group):
            options.add_option(Option(Content.styled(_(HEADINGS[group]), MUTED), disabled=True))
            options.add_options(Option(self._entry(demo), id=demo.name) for demo in every)
        options.highlighted = chosen

    def _entry(self, demo: Demo) -> Content:
        took = self._times.get(demo.name)
        mark, time = ("✓", f"{took:6.2f}") if took is not None else (" ", "")
        name = f"{demo.number:>2} {demo.name:<23}"
        return Content.assemble((f"{mark} ", "$success"), name, (time, MUTED))

    @property
    def _values(self) -> Mapping[str, Value]:
        """The fields' values; the demo's own where one is wrong."""
        try:
            return self.query_one(ParameterFields).values
        except ParameterError:
            return self.demo.values

    @property
    def _machine(self) -> Machine:
        return Machine(usable_cpus(), self._times.get("images-sequential"))

    def _tell_lesson(self) -> None:
        if self._asking.withholds(self._values, self._machine):
            self.query_one("#lesson-text", Static).update(
                self._asking.teaser(self._values, self._machine)
            )
            return
        lesson = self.demo.lesson(self._machine, self._values)
        parts: list[Content | tuple[str, str]] = [prose(lesson.text), Content("\n\n")]
        parts.append(("Look at\n", "bold $accent"))
        for line in lesson.look:
            parts += [Content("· "), prose(line), Content("\n")]
        parts += [("\nExpected  ", "bold $accent"), prose(lesson.expected), Content("\n")]
        parts += [("\nAsk the class  ", "bold $accent"), prose(lesson.question)]
        self.query_one("#lesson-text", Static).update(Content.assemble(*parts))

    @on(OptionList.OptionHighlighted, "#demo-list")
    async def choose_demo(self, event: OptionList.OptionHighlighted) -> None:
        """Shows the demo that the cursor is on, unless one is being played."""
        name = event.option_id
        if name is not None and name != self.demo.name and not self.busy:
            await self.show_demo(find_demo(name))

    @on(OptionList.OptionSelected, "#demo-list")
    def take_demo(self) -> None:
        """Plays the demo; on a narrow screen the list only gives way to it."""
        if self.has_class("-choosing"):
            self.action_close_list()
        else:
            self.action_run()

    @on(ParameterFields.RunWanted)
    def play(self) -> None:
        """Plays the demo."""
        self.action_run()

    @on(ParameterFields.Changed)
    def follow_fields(self) -> None:
        """Shows the code as it will be played, and what the lesson says of it."""
        if self.busy:
            return
        code = self.source()
        if code is not None:
            self.query_one(CodeView).show(code)
            self._tell_lesson()

    def source(self) -> str | None:
        """The script with the fields' values; `None`, and said so, where one is wrong."""
        try:
            return with_values(self.demo.source, self.query_one(ParameterFields).values)
        except ParameterError as error:
            self.query_one("#status", Static).update(safe(f"✗ {error}"))
            return None

    # Playing

    def action_run(self) -> None:
        """Plays the demo as it stands in the code pane."""
        code = self.source()
        if not self.busy and code is not None:
            self.busy = True
            self.play_demo(code)

    @work(exclusive=True, group=RUN_GROUP)
    async def play_demo(self, code: str) -> None:
        """Plays it; where it needs photographs that are not there, draws them first."""
        try:
            if not await self._asking.ask(code, self._values, self._machine):
                return
            self._tell_lesson()
            self.query_one(CodeView).show(code)
            self.query_one(TabbedContent).active = "log"
            missing = missing_samples(samples_folder()) if self.demo.of_photographs else ()
            if missing and not await self.watch_run(SamplesRun(missing, samples_folder(), Pool())):
                return
            self._meter = Meter(self.demo.name)
            method = self.query_one(ParameterFields).start_method
            run = KeptRun(DemoRun(self.demo, code, start_method=method))
            await self.watch_run(run)
            self._keep_time(code)
            if self._asking.tell(run.facts):
                self.query_one(TabbedContent).active = "answer"
            self._draw_now()
        finally:
            self.busy = False
            self.refresh_bindings()

    def _keep_time(self, code: str) -> None:
        snapshot = self.view.snapshot()
        if snapshot.state is RunState.OK and code == self.demo.source and snapshot.summary:
            self._times[self.demo.name] = snapshot.summary.wall
            save_done(self._times)
            self._list_again()

    def take_event(self, event: Event) -> None:
        """Reads what the demo measures."""
        self._meter.add(event)

    def show_moment(self, snapshot: Snapshot, usage: dict[int, Usage]) -> None:
        """Draws one moment of the run, and what was measured so far."""
        super().show_moment(snapshot, usage)
        self.query_one(MeasurementsPanel).show(self._meter.measured())

    def status(self, snapshot: Snapshot) -> str:
        """The line at the bottom: with what is expected."""
        try:
            values = self.query_one(ParameterFields).values
        except ParameterError as error:
            return f"✗ {error}"
        if self._asking.withholds(values, self._machine):
            return super().status(snapshot)
        said = self._asking.sentence()
        if said and snapshot.summary is not None and not snapshot.reason:
            return f"{STATE_MARKS[snapshot.state]}  {seconds(snapshot.elapsed)}   {said}"
        expected = self.demo.expected_seconds(self._machine, values)
        hope = f"expected about {seconds(expected)}" if expected is not None else ""
        return f"{super().status(snapshot)}   {said or hope}"

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each key is there when it means something."""
        match action:
            case "step" | "reset" | "choose":
                return not self.busy
            case "close_list":
                return self.has_class("-choosing")
            case "show_tab" if parameters == ("measured",):
                return measures(self.demo.name)
        return super().check_action(action, parameters)

    async def action_step(self, steps: int) -> None:
        """Goes to the next or the previous demo."""
        every = demos()
        index = every.index(self.demo) + steps
        if 0 <= index < len(every):
            await self.show_demo(every[index])

    async def action_reset(self) -> None:
        """Puts every field back."""
        await self.show_demo(self.demo)

    def action_choose(self) -> None:
        """Goes to the list; on a narrow screen it comes up for that."""
        if not (self.has_class("-middle") or self.has_class("-wide")):
            self.toggle_class("-choosing")
            self.refresh_bindings()
        self.query_one("#demo-list", OptionList).focus()

    def action_close_list(self) -> None:
        """Puts the list away."""
        self.remove_class("-choosing")
        self.refresh_bindings()

    def action_show_tab(self, name: str) -> None:
        """Brings a tab to the front; who asks for the lesson gets it before the question."""
        if name == "lesson":
            self._asking.reveal()
            self._tell_lesson()
        super().action_show_tab(name)

    @on(TabbedContent.TabActivated, "#play-facts")
    def make_room(self, event: TabbedContent.TabActivated) -> None:
        """The answer needs room on a small screen, and the code has been seen by then."""
        self.set_class(event.pane.id == "answer", "-answer")

    def action_score(self) -> None:
        """Shows how many predictions were right."""
        self.app.push_screen(ScoreScreen())
