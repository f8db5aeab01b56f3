"""Demos: the tutorial's steps, played for real beside their code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import PurePath
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static, TabbedContent, TabPane
from tui_app.screens.base.script import PRINTS, ScriptScreen, show_rows
from tui_app.screens.demo_changes import DemoTextScreen
from tui_app.screens.demo_choice import DemoChoice
from tui_app.screens.demo_text import DemoText
from tui_app.screens.dialogs.score import ScoreDialog
from tui_app.screens.prediction_flow import PredictionFlow
from tui_app.screens.presentation import Presentation

from tui_app.demos.catalogue import Demo, demos
from tui_app.demos.demo_run import DemoRun
from tui_app.demos.expected_times import Machine
from tui_app.demos.measurements import Meter, measures
from tui_app.demos.play_times import keep_play_time, load_play_times
from tui_app.demos.points import POINTS, Point
from tui_app.engine.machine import usable_cpus
from tui_app.language import N_, _
from tui_app.runs.disturbance import OWN_RUN, Disturbance, DisturbanceReader
from tui_app.runs.facts_reader import FactsReader
from tui_app.runs.formatting import duration
from tui_app.runs.phrases import state_sentence
from tui_app.runs.resources import Usage
from tui_app.runs.runnable import played_code
from tui_app.runs.samples import SamplesFirst
from tui_app.runs.view import RunState, RunView, Snapshot
from tui_app.system import guest
from tui_app.widgets.answer_panel import AnswerPanel
from tui_app.widgets.base.palette import MUTED
from tui_app.widgets.base.stage_layout import Moment, Needs, Rows
from tui_app.widgets.code_view import CodeView
from tui_app.widgets.demo_chooser import DemoChooser
from tui_app.widgets.demo_list import DemoList, listed_demo
from tui_app.widgets.difference_view import DifferenceView
from tui_app.widgets.lesson_view import LessonView
from tui_app.widgets.measurements_panel import MeasurementsPanel
from tui_app.widgets.parameter_fields import ParameterFields
from tui_app.widgets.question_board import QuestionBoard

LEAVING = ("n", "p", "l", "e", "x")
"""Keys that leave a demo or its text, and wait until it was played."""

NOT_FOR_GUESTS = ("edit", "save", "note")
"""What somebody may not do who may play demos, and nothing else: no text, and no file."""


class DemosScreen(DemoTextScreen):
    """A list of demos, the code and lesson of the chosen one, and its run.

    Args:
        demo: the one that was asked for by name, if any.
    """

    MODE = "demos"
    CSS_PATH: ClassVar[list[str | PurePath]] = [*ScriptScreen.CSS_PATH, "demos.tcss"]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "present", N_("Present"), show=False),
        Binding("pagedown", "turn(1)", N_("Next of the lesson"), show=False, priority=True),
        Binding("pageup", "turn(-1)", N_("Previous of the lesson"), show=False, priority=True),
        Binding("N", "note", N_("Note"), key_display="N", show=False),
        Binding("n", "step(1)", N_("Next")),
        Binding("p", "step(-1)", N_("Previous"), show=False),
        Binding("l", "choose", N_("List")),
        Binding("e", "edit", N_("Edit")),
        Binding("m", "swap(True)", N_("Repair")),
        Binding("m", "swap(False)", N_("Break again")),
        Binding("o", "reset", N_("Reset")),
        Binding("x", "side_by_side", N_("Compare")),
        Binding("t", "lesson", N_("Lesson"), show=False),
        Binding("a", "show_tab('answer')", N_("Answer"), show=False),
        Binding("i", "show_tab('difference')", N_("Changes"), show=False),
        Binding("z", "show_tab('measured')", N_("Results"), show=False),
        Binding("K", "score", N_("Score"), key_display="K", show=False),
        Binding("ctrl+s", "save", N_("Save as"), show=False),
        Binding("escape", "close_list", N_("Close the list"), show=False),
        Binding("escape", "put_away", N_("Back to the prints"), show=False),
        Binding("escape", "end_presenting", N_("End presenting"), show=False),
    ]

    TABS: ClassVar[dict[str, str]] = {
        **ScriptScreen.TABS,
        "lesson": N_("Lesson"),
        "answer": N_("Answer"),
        "measured": N_("Results"),
        "difference": N_("Changes"),
    }

    def __init__(self, demo: Demo | None = None) -> None:
        super().__init__()
        self._by_name = demo is not None
        self._exitcode: int | None = None
        self._presentation = Presentation(self)
        self.choice = DemoChoice(self, self._presentation)
        """The list, and what is planned and noted in it."""
        first = next(iter([*self._presentation.plan.demos, *demos()]))
        self.shown = DemoText(self, demo or first, self.choice.notes.is_noted)
        self._prediction = PredictionFlow(self, self.demo)
        self._times = load_play_times()
        self._meter = Meter(self.demo.name)
        self._cpus = DisturbanceReader()

    @property
    def exit_code(self) -> int:
        """The latest script's, if a demo was asked for by name; else 0: a class looks around."""
        return played_code(super().exit_code, self._exitcode) if self._by_name else 0

    def compose_above(self) -> ComposeResult:
        """Compose the fields of the parameters, and the list."""
        yield ParameterFields(id="fields")
        demo_list = DemoList(
            self.shown.copies.is_changed,
            self.choice.notes.is_noted,
            lambda: self._presentation.plan,
            id="demo-list",
        )
        yield DemoChooser(demo_list)

    def compose_below(self) -> ComposeResult:
        """Compose the question."""
        yield QuestionBoard()

    def compose_tabs(self) -> ComposeResult:
        """Compose the lesson, the answer, what was measured, and the difference."""
        with TabPane(_("Lesson"), id="lesson"), VerticalScroll():
            yield LessonView(id="lesson-text")
        with TabPane(_("Answer"), id="answer"), VerticalScroll():
            yield AnswerPanel()
        with TabPane(_("Results"), id="measured"), VerticalScroll():
            yield MeasurementsPanel()
        with TabPane(_("Changes"), id="difference"), VerticalScroll():
            yield Static(id="mend-text", markup=False)
            yield DifferenceView()

    def on_mount(self) -> None:
        """Show the demo that was asked for, or the list."""
        self.query_one(DemoList).show(self._times)
        self._open_list(not self._by_name)
        self.call_next(self.show_demo, self.demo)

    def on_screen_resume(self) -> None:
        """Look whether a comparison has played demos meanwhile."""
        if (times := load_play_times()) != self._times:
            self._times = times
            self.query_one(DemoList).show(self._times)

    def update_texts(self) -> None:
        """Say title and lesson in the present language."""
        super().update_texts()
        self.shown.follow()
        self.show_changes()

    # Choosing and changing

    async def show_demo(self, demo: Demo) -> None:
        """Show a demo: its code and its lesson, nothing run yet."""
        self.shown.take(demo)
        self._presentation.follow(demo)
        self.query_one(DemoList).choose(demo.name)
        self.view = RunView()
        self._prediction.begin(demo)
        self._meter, self._cpus = Meter(demo.name), DisturbanceReader()
        tabs = self.query_one(TabbedContent)
        (tabs.show_tab if measures(demo.name) else tabs.hide_tab)("measured")
        await self.show_text()
        self.show_run(self.view)
        self.action_show_tab(PRINTS)
        self.show_moment(self.view.snapshot(), {})
        self.refresh_bindings()

    def show_changes(self) -> None:
        """Show what depends on the text: the demo's marks in the list, its lesson, the keys."""
        self.query_one(DemoList).show_marks(self.demo)
        if self.shown.copies.is_changed(self.demo):
            self.query_one(TabbedContent).show_tab("difference")
        elif self.query_one(TabbedContent).active != "difference":
            self.query_one(TabbedContent).hide_tab("difference")
        self._show_lesson()
        self.refresh_bindings()

    def action_show_tab(self, name: str) -> None:
        """Bring a tab to the front, also one that has nothing to tell."""
        self.query_one(TabbedContent).show_tab(name)
        super().action_show_tab(name)

    def _show_lesson(self) -> None:
        ended = self.view.snapshot().state not in (RunState.IDLE, RunState.RUNNING)
        self._prediction.show_lesson(self.shown.known_values, self._machine, ended=ended)

    @property
    def _machine(self) -> Machine:
        return Machine(usable_cpus(), self._times.get("images-sequential"))

    @on(OptionList.OptionHighlighted, "#demo-list")
    async def choose_demo(self, event: OptionList.OptionHighlighted) -> None:
        """Show the demo that the cursor is on, unless one is being played."""
        if event.option is not event.option_list.highlighted_option:
            return  # the cursor has moved on
        self.tell_status()
        demo = listed_demo(event.option)
        if demo.name != self.demo.name and not self.busy and not self.choice.searching:
            await self.show_demo(demo)

    @on(OptionList.OptionSelected, "#demo-list")
    async def take_demo(self, event: OptionList.OptionSelected) -> None:
        """Show the demo that was chosen, and put the list away."""
        demo = listed_demo(event.option)
        if demo.name != self.demo.name and not self.busy:
            await self.show_demo(demo)
        self.action_close_list()

    @on(DemoChooser.Searched)
    def tell_search(self) -> None:
        """Say what the search has found; with its end, the demo that is shown is chosen again."""
        if not self.choice.searching:
            self.query_one(DemoList).choose(self.demo.name)
        self.tell_status()
        self.refresh_bindings()

    async def open_demo(self, demo: Demo) -> None:
        """Show a demo that was found elsewhere, unless one is being played: that is said."""
        if self.busy:
            self._tell_busy()
        else:
            await self.show_demo(demo)
            self._open_list(False)

    def _tell_busy(self) -> None:
        self.notify(_("A demo is being played: c cancels it."), markup=False)

    # Playing

    @on(ParameterFields.RunWanted)
    def action_run(self) -> None:
        """Play the demo as it stands in the code pane."""
        code = self.source()
        if not self.busy and code is not None:
            self.begin(partial(self.play_demo, code))

    async def play_demo(self, code: str) -> None:
        """Ask what is expected of the demo, play it, and tell what became of it."""
        if not await self._prediction.ask(code, self.shown.known_values, self._machine):
            return
        self._show_lesson()
        self.query_one(CodeView).show(code)
        self.action_show_tab(PRINTS)
        self._meter, reader, self._cpus = Meter(self.demo.name), FactsReader(), DisturbanceReader()
        method = self.query_one(ParameterFields).start_method
        demo_run = DemoRun(self.demo, code, start_method=method)
        run = SamplesFirst(demo_run, needed=self.demo.of_photographs)
        await self.try_run(run, self._meter, reader, self._cpus)
        if not run.drawn:
            return
        self._exitcode = demo_run.exitcode
        self._keep_time(code)
        self._show_lesson()
        self._prediction.tell(reader.facts, self._disturbance)
        self.draw()

    @property
    def _disturbance(self) -> Disturbance | None:
        return OWN_RUN if self.beside else self._cpus.disturbance

    def _keep_time(self, code: str) -> None:
        snapshot = self.view.snapshot()
        if snapshot.state is RunState.OK and code == self.demo.source and snapshot.summary:
            self._times = keep_play_time(self.demo.name, snapshot.summary.wall)
            self.query_one(DemoList).show(self._times)

    # Who has how many rows

    @property
    def point(self) -> Point | None:
        """Where to look in the demo."""
        return POINTS.get(self.demo.name)

    def answer_rows(self, most: int) -> Sequence[Content]:
        """Return the run's answer and its reason."""
        return self._prediction.reason_rows(self.size.width - 2, most)

    def needs(self) -> Needs:
        """Return how many rows each part would like to have."""
        question = self.query_one(QuestionBoard).rows(self.size.width)
        # In front of a class the dialog that asks has a row more than the board and the status.
        question += self.presenting and question > 0
        return replace(super().needs(), question=question, fields=int(not self.presenting))

    def title_end(self) -> Content:
        """Return the demo's place in the lesson; from the run on, what was said and measured.

        While somebody chooses: what the lesson has.
        """
        if self.choosing:
            return Content.styled(self.choice.summary(self._machine, self._times), MUTED)
        if self.moment is Moment.BEFORE:
            return Content.styled(self._presentation.place(self.demo), MUTED)
        return self._prediction.headline()

    def give_rows(self, rows: Rows) -> None:
        """Set the heights; while somebody chooses, all between title and status is the list."""
        if self.choosing:
            rows = Rows(bar=1, keys=rows.keys)
        super().give_rows(rows)
        show_rows(self.query_one("#fields"), rows.fields)
        show_rows(self.query_one(QuestionBoard), rows.question)

    def show_moment(self, snapshot: Snapshot, usage: dict[int, Usage]) -> None:
        """Draw one moment of the run, and what was measured so far."""
        super().show_moment(snapshot, usage)
        disturbed = self._disturbance if snapshot.summary is not None else None
        caution = disturbed.unsure() if disturbed is not None else ""
        self.query_one(MeasurementsPanel).show(self._meter.measured(), caution)

    def status(self, snapshot: Snapshot) -> str:
        """Return the line at the bottom, with what is expected."""
        if self.choosing and not self.busy:
            return self.choice.status()
        values = self.shown.values
        if values is None or self._prediction.withholds(values, self._machine):
            # Of an edited text nobody knows; and before the question everyone shall think.
            return super().status(snapshot)
        warning = self._prediction.warning()
        if warning and snapshot.summary is not None and not snapshot.reason:
            return f"{state_sentence(snapshot)}   {warning}"
        mended = self.shown.copies.is_mended(self.demo)
        expected = self.demo.expected_seconds(self._machine, values, mended=mended)
        hope = (
            _("expected run time: {time}").format(time=duration(expected))
            if expected is not None
            else ""
        )
        return f"{super().status(snapshot)}   {hope}"

    # Keys

    def on_key(self, event: events.Key) -> None:
        """Say why a key does nothing that would leave the demo that is played."""
        if self.busy and event.key in LEAVING and not isinstance(self.focused, Input):
            event.stop()
            self._tell_busy()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell whether a key means something now."""
        copies = self.shown.copies
        if action in NOT_FOR_GUESTS and guest.only_demos():
            return False
        match action:
            case "step" | "edit" | "save" | "side_by_side":
                return not self.busy
            case "choose":
                return not (self.busy or self.presenting)
            case "turn":
                return self.presenting
            case "pick":
                return self.choice.listed is not None and not (self.busy or self.presenting)
            case "reorder":
                return self.choice.can_move and not (self.busy or self.presenting)
            case "end_presenting":
                return self.presenting
            case "reset":
                return not self.busy and copies.is_changed(self.demo)
            case "swap":
                can = self.demo.mended is not None and not self.busy
                return can and copies.is_mended(self.demo) is not parameters[0]
            case "close_list":
                return self.choosing and not self.busy
            case "show_tab" if parameters == ("measured",):
                return measures(self.demo.name)
        return super().check_action(action, parameters)

    async def action_step(self, steps: int) -> None:
        """Go to the next or the previous demo of the lesson; without one, of all."""
        demo = self._presentation.neighbour(self.demo, steps)
        if demo is not None:
            await self.show_demo(demo)
        elif not self.choosing:
            last = _("○ this is the last demo of the lesson")
            self.show_status(last if steps > 0 else _("○ this is the first demo of the lesson"))

    async def stop(self) -> None:
        """Cancel what runs, and remember what was changed."""
        self.shown.copies.save()
        self.choice.save()
        await super().stop()

    @property
    def choosing(self) -> bool:
        """Whether the list is there, and nothing else."""
        return self.choice.choosing

    def action_choose(self) -> None:
        """Bring the list up."""
        self._open_list(True)

    def _open_list(self, opened: bool) -> None:
        self.set_class(opened, "-choosing")
        self.choice.chooser.end_search()
        self._rows = None
        self.go_to_present()
        self.share_room()
        self.tell_status()
        self.query_one("#demo-list" if opened else "#code").focus()
        self.refresh_bindings()

    async def action_side_by_side(self) -> None:
        """Go to where demos are compared; the settings of this one are offered there."""
        await self.app.open_comparison(self.demo)

    def action_close_list(self) -> None:
        """Put the list away."""
        self._open_list(False)

    def action_lesson(self) -> None:
        """Bring the lesson to the front, before the question too."""
        self._prediction.reveal()
        self._show_lesson()
        self.action_show_tab("lesson")

    def action_score(self) -> None:
        """Show how many predictions were right."""
        self.app.push_screen(ScoreDialog())

    # In front of a class

    def action_present(self) -> None:
        """Turn the screen towards a class, or back."""
        self._presentation.turn()
        self.choice.chooser.end_search()
        self._rows = None
        self.draw()
        self.refresh_bindings()

    def action_end_presenting(self) -> None:
        """Turn the screen back."""
        self.action_present()

    async def action_turn(self, steps: int) -> None:
        """Go to the next or the previous demo of the lesson, as a presenter's clicker asks."""
        if self.busy:
            self._tell_busy()
        else:
            await self.action_step(steps)

    # The lesson and its notes

    def action_search(self) -> None:
        """Search the demos while the list is there; else the log."""
        if self.choosing:
            self.choice.chooser.search()
        else:
            super().action_search()

    def action_pick(self) -> None:
        """Take the demo under the cursor into the lesson, or out of it."""
        self.choice.pick()

    def action_reorder(self, steps: int) -> None:
        """Move the demo under the cursor in the lesson."""
        self.choice.move(steps)

    @work
    async def action_note(self) -> None:
        """Show what is written down about the demo, to be changed there."""
        await self.choice.write_note(self.demo)
        self.shown.name_it()
