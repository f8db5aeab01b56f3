"""Demos: the tutorial's steps, played for real beside their code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static, TabbedContent, TabPane
from tui_app.screens.base.mode import MIDDLE
from tui_app.screens.base.presenting import FIRST_FOR_CLASS, PresentingScreen
from tui_app.screens.base.run import RUN_GROUP
from tui_app.screens.base.script import ScriptScreen, played_code
from tui_app.screens.dialogs.choice import Answer, ChoiceDialog
from tui_app.screens.dialogs.save_script import SaveScriptDialog
from tui_app.screens.dialogs.score import ScoreDialog
from tui_app.screens.editor import EditorScreen
from tui_app.screens.prediction_flow import PredictionFlow

from tui_app.demos.catalogue import Demo, Machine, demos, find_demo
from tui_app.demos.copies import Copies
from tui_app.demos.demo_run import DemoRun
from tui_app.demos.lessons import Lesson
from tui_app.demos.measurements import Meter, measures
from tui_app.demos.parameters import ParameterError, Value, other_values, parameters, with_values
from tui_app.demos.play_times import keep_play_time, load_play_times
from tui_app.demos.quiz.questions import find_question
from tui_app.engine.machine import usable_cpus
from tui_app.language import N_, _
from tui_app.runs.collected_run import CollectedRun
from tui_app.runs.formatting import duration
from tui_app.runs.phrases import STATE_MARKS
from tui_app.runs.resources import Usage
from tui_app.runs.view import RunState, RunView, Snapshot
from tui_app.script.syntax_check import flaw
from tui_app.widgets.answer_panel import AnswerPanel
from tui_app.widgets.code_view import CodeView
from tui_app.widgets.demo_list import DemoList, demo_title
from tui_app.widgets.difference_view import DifferenceView
from tui_app.widgets.lesson_view import LessonView, lesson_text
from tui_app.widgets.measurements_panel import MeasurementsPanel
from tui_app.widgets.parameter_fields import ParameterFields
from tui_app.widgets.question_board import QuestionBoard


class DemosScreen(PresentingScreen):
    """A list of demos; the chosen one's code and lesson; its run."""

    MODE = "demos"
    CSS_PATH: ClassVar[list[str | PurePath]] = [*ScriptScreen.CSS_PATH, "demos.tcss"]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "step(1)", N_("Step"), key_display="n p"),
        Binding("p", "step(-1)", N_("Previous"), show=False),
        Binding("l", "choose", N_("List")),
        Binding("e", "edit", N_("Edit")),
        Binding("m", "mend", N_("Mend")),
        Binding("m", "break_again", N_("Break again")),
        Binding("o", "reset", N_("Reset")),
        Binding("x", "side_by_side", N_("Compare")),
        Binding("t", "lesson", N_("Lesson"), show=False),
        Binding("a", "show_tab('answer')", N_("Answer"), show=False),
        Binding("i", "show_tab('difference')", N_("Difference"), show=False),
        Binding("z", "show_tab('measured')", N_("Measured"), show=False),
        Binding("k", "score", N_("Score"), show=False),
        Binding("ctrl+s", "save", N_("Save as"), show=False),
        Binding("escape", "close_list", N_("Close the list"), show=False),
        Binding("escape", "end_presenting", N_("End presenting"), show=False),
    ]

    def __init__(self, demo: Demo | None = None) -> None:
        super().__init__()
        self._by_name = demo is not None
        self._exitcode: int | None = None
        self.demo = demo or demos()[0]
        """The demo that is shown."""
        self.copies = Copies()
        """The texts that are played."""
        self._values: dict[str, Value] | None = self.demo.values
        self._times = load_play_times()
        self._asking = PredictionFlow(self)
        self._meter = Meter(self.demo.name)

    @property
    def text(self) -> str:
        """The text that is played, the demo's own or a changed copy; the fields show part of it."""
        return self.copies.text(self.demo)

    @property
    def exit_code(self) -> int:
        """The latest script's, where a demo was asked for by name; else a class looks around."""
        return played_code(super().exit_code, self._exitcode) if self._by_name else 0

    def compose_body(self) -> ComposeResult:
        """The question for a class, above what every played script has."""
        yield QuestionBoard()
        yield from super().compose_body()

    def compose_beside(self) -> ComposeResult:
        """The list."""
        yield DemoList(
            self.copies.is_changed, lambda demo: demo.name in self.picked, id="demo-list"
        )

    def compose_below(self) -> ComposeResult:
        """The fields of the parameters."""
        yield ParameterFields(id="fields")

    def compose_tabs(self) -> ComposeResult:
        """The lesson, what became of the prediction, and what is not the demo's own text."""
        with TabPane(_("Lesson"), id="lesson"), VerticalScroll():
            yield LessonView(id="lesson-text")
        with TabPane(_("Answer"), id="answer"), VerticalScroll():
            yield AnswerPanel()
        with TabPane(_("Measured"), id="measured"), VerticalScroll():
            yield MeasurementsPanel()
        with TabPane(_("Difference"), id="difference"), VerticalScroll():
            yield Static(id="mend-text", markup=False)
            yield DifferenceView()

    def on_mount(self) -> None:
        """Shows the first demo."""
        # On a narrow screen the list is away, and a list that was never drawn cannot be moved in.
        self.query_one("#demo-list" if self.size.width >= MIDDLE else "#code").focus()
        self.query_one(DemoList).show(self._times)
        self.call_next(self.show_demo, self.demo)

    def on_screen_resume(self) -> None:
        """Looks around: a comparison may have played demos meanwhile."""
        if (times := load_play_times()) != self._times:
            self._times = times
            self.query_one(DemoList).show(self._times)

    def update_texts(self) -> None:
        """Says title and lesson in the present language."""
        super().update_texts()
        self._follow_text()

    @property
    def tab_titles(self) -> dict[str, str]:
        """The tabs, and what each is called."""
        more = {"lesson": N_("Lesson"), "answer": N_("Answer"), "measured": N_("Measured")}
        return super().tab_titles | more | {"difference": N_("Difference")}

    # Choosing

    async def show_demo(self, demo: Demo) -> None:
        """Shows a demo: its code, its lesson, nothing run yet."""
        self.demo = demo
        self.query_one(DemoList).choose(demo.name)
        self.view = RunView()
        self._asking.begin(demo)
        self._meter = Meter(demo.name)
        tabs = self.query_one(TabbedContent)
        (tabs.show_tab if measures(demo.name) else tabs.hide_tab)("measured")
        await self._show_text()
        self.show_run(self.view)
        self.action_show_tab(FIRST_FOR_CLASS if self.presenting else "lesson")
        self.show_moment(self.view.snapshot(), {})
        self.refresh_bindings()

    async def _show_text(self) -> None:
        """Shows the text as it is now, and its parameters in the fields."""
        await self.query_one(ParameterFields).show(self.demo, text=self.text)
        self._follow_text()

    def _follow_text(self) -> None:
        """Shows all but the fields as the text is now."""
        self.copies.save()
        demo, text, own = self.demo, self.text, self.copies.own(self.demo)
        changed = other_values(own, text)
        own_values = {parameter.name: parameter.value for parameter in parameters(own)}
        self._values = None if changed is None else demo.values | own_values | changed
        self.query_one(CodeView).show(text)
        self.query_one("#play-title", Static).update(demo_title(demo, self.copies))
        self.query_one(DifferenceView).show(demo.source, text)
        self.marks_changed(demo)
        self._tell_lesson()
        self.refresh_bindings()

    def marks_changed(self, demo: Demo) -> None:
        """Shows whether a demo is changed, or picked for the lesson."""
        self.query_one(DemoList).show_marks(demo)

    @property
    def _known(self) -> Mapping[str, Value]:
        """The values that are played, as far as anybody knows: of an edited text, the demo's."""
        return self._values or self.demo.values

    @property
    def _machine(self) -> Machine:
        return Machine(usable_cpus(), self._times.get("images-sequential"))

    def _tell_lesson(self) -> None:
        lesson = self.demo.lesson(self._machine, self._known)
        self._tell_board_and_mend(lesson)
        if lesson.predict and self._asking.withholds(self._known, self._machine):
            self.query_one(LessonView).show_question(lesson.predict.question)
        else:
            ended = self.view.snapshot().state not in (RunState.IDLE, RunState.RUNNING)
            self.query_one(LessonView).show(lesson, ended=ended)

    def _tell_board_and_mend(self, lesson: Lesson) -> None:
        self.query_one(QuestionBoard).ask(
            f"{self.demo.number}  {lesson.title}", *self._asked(lesson)
        )
        mend = self.query_one("#mend-text", Static)
        mend.update(Content.assemble(lesson_text(lesson.mend), "\n"))
        mend.display = bool(lesson.mend)

    def _asked(self, lesson: Lesson) -> tuple[str, list[str]]:
        """The question before the run and what there is to choose; else the one for the class."""
        asked, question = lesson.predict, find_question(self.demo.name)
        if asked is None or question is None:
            return lesson.question, []
        offered = question.offered(asked, self._known, self._machine)
        return asked.question, [text for _answer, text in offered]

    @on(OptionList.OptionHighlighted, "#demo-list")
    async def choose_demo(self, event: OptionList.OptionHighlighted) -> None:
        """Shows the demo that the cursor is on, unless one is being played."""
        name = event.option_id
        if event.option_index != event.option_list.highlighted:
            return  # the cursor has moved on
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
        """Writes what the fields have into the text, and shows it."""
        if not self.busy:
            self._take_fields()

    def _take_fields(self) -> bool:
        """Whether the fields could be written into the text; where not, it is said."""
        fields = self.query_one(ParameterFields)
        if fields.demo is not self.demo:
            return True
        try:
            changed = fields.changed_values
        except ParameterError as error:
            self.say(f"✗ {error}")
            return False
        if changed:
            self.copies.keep(self.demo, with_values(self.text, changed))
            fields.follow(self.text)
            self._follow_text()
        self.say(self.status(self.view.snapshot()))
        return True

    def source(self) -> str | None:
        """The text to be played; `None`, and said so, where a field is wrong or Python stops."""
        if not self._take_fields():
            return None
        found = flaw(self.text)
        if found is None:
            return self.text
        self.say(_("✗ {flaw}; e opens the editor there").format(flaw=found.sentence))
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
            if not await self._asking.ask(code, self._known, self._machine):
                return
            self._tell_lesson()
            self.query_one(CodeView).show(code)
            self.action_show_tab("log")
            if self.demo.of_photographs and not await self.draw_samples():
                return
            self._meter = Meter(self.demo.name)
            method = self.query_one(ParameterFields).start_method
            demo_run = DemoRun(self.demo, code, start_method=method)
            run = CollectedRun(demo_run)
            await self.try_run(run, self._meter)
            self._exitcode = demo_run.exitcode
            self._keep_time(code)
            self._tell_lesson()
            if self._asking.tell(run.facts) and not self.presenting:
                self.action_show_tab("answer")
            self._draw_now()
        finally:
            self.busy = False
            self.refresh_bindings()

    def _keep_time(self, code: str) -> None:
        snapshot = self.view.snapshot()
        if snapshot.state is RunState.OK and code == self.demo.source and snapshot.summary:
            self._times = keep_play_time(self.demo.name, snapshot.summary.wall)
            self.query_one(DemoList).show(self._times)

    def show_moment(self, snapshot: Snapshot, usage: dict[int, Usage]) -> None:
        """Draws one moment of the run, and what was measured so far."""
        super().show_moment(snapshot, usage)
        self.query_one(MeasurementsPanel).show(self._meter.measured())

    def status(self, snapshot: Snapshot) -> str:
        """The line at the bottom: with what is expected."""
        if self._asking.withholds(self._known, self._machine) or self._values is None:
            # First everyone shall think; and of an edited text nobody knows.
            return super().status(snapshot)
        said = self._asking.sentence()
        if said and snapshot.summary is not None and not snapshot.reason:
            mark = _(STATE_MARKS[snapshot.state])
            return f"{mark}  {duration(snapshot.elapsed)}   {said}"
        mended = self.copies.is_mended(self.demo)
        expected = self.demo.expected_seconds(self._machine, self._values, mended=mended)
        hope = (
            _("expected about {time}").format(time=duration(expected))
            if expected is not None
            else ""
        )
        return f"{super().status(snapshot)}   {said or hope}"

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each key is there when it means something."""
        match action:
            case "step" | "edit" | "save" | "side_by_side":
                return not self.busy
            case "choose":
                return not (self.busy or self.presenting)
            case "reset":
                return not self.busy and self.copies.is_changed(self.demo)
            case "mend" | "break_again":
                mended = self.copies.is_mended(self.demo)
                can = self.demo.mended is not None and not self.busy
                return can and mended is (action == "break_again")
            case "close_list":
                return self.has_class("-choosing")
            case "show_tab" if parameters == ("measured",):
                return measures(self.demo.name)
        return super().check_action(action, parameters)

    async def action_step(self, steps: int) -> None:
        """Goes to the next or the previous demo."""
        every = demos()
        index = [demo.name for demo in every].index(self.demo.name) + steps
        if 0 <= index < len(every):
            await self.show_demo(every[index])

    @work
    async def action_edit(self) -> None:
        """Opens the editor on the text; what is typed there is what is played here."""
        self._take_fields()
        run = await self.app.push_screen_wait(EditorScreen(self.demo, self.copies))
        await self._show_text()
        if run:
            self.action_run()

    @work
    async def action_reset(self) -> None:
        """Takes the demo's own text again; asks, where more than values would be lost."""
        if self._values is None:
            answers = (Answer("reset", N_("Reset"), "r"), Answer("keep", N_("Keep"), "k"))
            if await self.app.push_screen_wait(ChoiceDialog(_reset_question, answers)) != "reset":
                return
        self.copies.reset(self.demo)
        await self.show_demo(self.demo)

    def action_save(self) -> None:
        """Saves the text as a script of one's own."""
        if self._take_fields():
            self.app.push_screen(SaveScriptDialog(self.demo, self.text))

    async def action_mend(self) -> None:
        """Shows the mended text, and what is different in it."""
        await self._swap()

    async def action_break_again(self) -> None:
        """Shows the text again that goes wrong."""
        await self._swap()

    async def _swap(self) -> None:
        self.copies.swap(self.demo)
        await self._show_text()
        self.action_show_tab("difference")

    def commands(self) -> Iterable[SystemCommand]:
        """What the command palette has here."""
        if self.busy:
            return
        yield SystemCommand(_("Edit"), _("Edit a copy of the demo's text"), self.action_edit)
        yield SystemCommand(_("Save as"), _("Save the text as a script"), self.action_save)
        yield SystemCommand(
            _("Difference"),
            _("What is not the demo's own"),
            lambda: self.action_show_tab("difference"),
        )
        yield SystemCommand(_("Reset"), _("Take the demo's own text again"), self.action_reset)

    async def stop(self) -> None:
        """Cancels what runs; remembers what was changed."""
        self.copies.save()
        await super().stop()

    def action_choose(self) -> None:
        """Goes to the list; on a narrow screen it comes up for that."""
        if not (self.has_class("-middle") or self.has_class("-wide")):
            self.toggle_class("-choosing")
            self.refresh_bindings()
        self.query_one(DemoList).focus()

    async def action_side_by_side(self) -> None:
        """Goes to where demos are compared; what is shown here is offered there."""
        await self.app.open_comparison(self.demo)

    def action_close_list(self) -> None:
        """Puts the list away."""
        self.remove_class("-choosing")
        self.refresh_bindings()

    def action_lesson(self) -> None:
        """Brings the lesson to the front; who asks for it gets it before the question."""
        self._asking.reveal()
        self._tell_lesson()
        self.action_show_tab("lesson")

    @on(TabbedContent.TabActivated, "#play-facts")
    def make_room(self, event: TabbedContent.TabActivated) -> None:
        """The answer needs room on a small screen, and the code has been seen by then."""
        self.set_class(event.pane.id == "answer", "-answer")

    def action_score(self) -> None:
        """Shows how many predictions were right."""
        self.app.push_screen(ScoreDialog())


def _reset_question() -> str:
    return _("Take the demo's own text again? Your changes to it are lost.")
