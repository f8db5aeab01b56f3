"""Predict first: what is asked of the demo that is shown, and what its lesson may tell by then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static
from tui_app.screens.dialogs.prediction import PredictionDialog

from tui_app.demos.catalogue import Demo
from tui_app.demos.expected_times import Machine
from tui_app.demos.lessons import Lesson, LessonQuestion
from tui_app.demos.parameters import Value, parameters
from tui_app.demos.quiz.predictions import Prediction, load_results, save_results
from tui_app.demos.quiz.question import Answer, Question
from tui_app.demos.quiz.questions import find_question
from tui_app.language import _
from tui_app.runs.disturbance import Disturbance
from tui_app.script.facts import Facts
from tui_app.settings import Settings
from tui_app.widgets.answer_panel import AnswerPanel, PredictionVerdict
from tui_app.widgets.answer_rows import headline, reason_rows
from tui_app.widgets.lesson_view import LessonView, lesson_text
from tui_app.widgets.question_board import QuestionBoard

LATE_SECONDS, LATE_TIMES = 1.0, 1.25
"""A run of sleeps that was disturbed is late after so many seconds, and so many times what it
should take."""


class PredictionFlow:
    """The question of the demo that is shown: asked once, and again if its code has changed.

    Args:
        screen: has an `AnswerPanel`, a `LessonView`, a `QuestionBoard`, and `#mend-text`.
        demo: what it shows at first.
    """

    def __init__(self, screen: Screen[None], demo: Demo) -> None:
        self._screen, self._demo = screen, demo
        self._code: str | None = None
        self._values: Mapping[str, Value] = {}
        self._machine = Machine(1)
        self._prediction: Prediction | None = None
        self._answer: Answer | None = None
        self._disturbance: Disturbance | None = None
        self._measured = self._fresh = self._revealed = self._wanted = False

    def begin(self, demo: Demo) -> None:
        """Begin with another demo, or with the same again."""
        self._demo, self._code, self._prediction = demo, None, None
        self._measured = self._fresh = self._revealed = False
        self._wanted = Settings.load().ask_before_demos
        self._screen.query_one(AnswerPanel).show(self._measured_verdict)

    async def ask(self, code: str, values: Mapping[str, Value], machine: Machine) -> bool:
        """Ask, unless this code's question was asked; waits, so it is for a worker.

        Returns:
            Whether the demo shall be played: not if the question was left with escape.
        """
        self._values = dict(values) | self._written(code)
        self._machine, self._measured = machine, False
        if code == self._code:
            return True
        self._code, self._prediction = None, Prediction()
        self._wanted = Settings.load().ask_before_demos
        asked = self._asked(self._values, machine)
        if asked is not None and self._wanted:
            self._prediction = await self._screen.app.push_screen_wait(self._dialog(*asked))
            if self._prediction is None:
                return False
        self._code, self._fresh, self._revealed = code, True, True
        return True

    def tell(self, facts: Facts, disturbance: Disturbance | None = None) -> bool:
        """Fill the panel from the run that has ended.

        Args:
            facts: what happened in the run.
            disturbance: what disturbed it. If that may have changed the answer, it is not graded,
                and the same prediction waits for the next run.

        Returns:
            Whether somebody predicted it and waits for the answer.
        """
        asked = self._asked(self._values, self._machine)
        if asked is None:
            return False
        self._answer, self._measured = asked[0].answer(facts, self._values), True
        spoilt = disturbance is not None and (asked[0].of_computing or self._is_late(facts))
        self._disturbance = disturbance if spoilt else None
        self._screen.query_one(AnswerPanel).show(self._measured_verdict)
        verdict = self._verdict()
        if self._fresh and self._disturbance and verdict and not verdict.prediction.skipped:
            return True
        if not self._fresh or verdict is None or verdict.mark is None:
            return False
        self._fresh = False
        save_results(load_results() | {self._demo.name: verdict.mark})
        return True

    def _is_late(self, facts: Facts) -> bool:
        """Return whether a run took so much longer than expected that its answer may be another."""
        expected = self._demo.expected_seconds(self._machine, self._values)
        if expected is None or facts.wall is None:
            return False
        return facts.wall > LATE_SECONDS + LATE_TIMES * expected

    def headline(self) -> Content:
        """Return what was said and what was measured, in short; empty if there is neither."""
        verdict = self._verdict()
        if verdict is None:
            return Content("")
        found = verdict.mark
        style = "" if found is None else "bold $success" if found.right else "bold $warning"
        return Content.styled(headline(verdict), style)

    def warning(self) -> str:
        """Return that the run was disturbed, where nobody predicted it; else the title tells it."""
        verdict = self._verdict()
        said = verdict.sentence() if verdict is not None else ""
        if not said and self._measured and self._disturbance is not None:
            return _("machine busy: times not sure, enter plays it again")
        return ""

    def reason_rows(self, width: int, most: int) -> Sequence[Content]:
        """Return the answer's text and its reason, in at most so many rows; none before a run."""
        verdict = self._measured_verdict()
        return () if verdict is None else reason_rows(verdict, width, most)

    # The lesson, without what would give the answer away

    def show_lesson(self, values: Mapping[str, Value], machine: Machine, *, ended: bool) -> None:
        """Show the demo's lesson, or its question as long as the lesson would answer it.

        Args:
            values: those that are played.
            machine: where they are played.
            ended: whether a run of the demo has ended, so that what was expected may be told.
        """
        lesson = self._demo.lesson(machine, values)
        board = self._screen.query_one(QuestionBoard)
        asked, choices = self._for_class(lesson, values, machine)
        known = find_question(self._demo.name)
        board.ask(asked, choices, typed=bool(choices and known and known.unit_word is not None))
        mend = self._screen.query_one("#mend-text", Static)
        mend.update(Content.assemble(lesson_text(lesson.mend), "\n"))
        mend.display = bool(lesson.mend)
        view = self._screen.query_one(LessonView)
        if lesson.predict and self.withholds(values, machine):
            view.show_question(lesson.predict.question)
        else:
            view.show(lesson, ended=ended)

    def _for_class(
        self, lesson: Lesson, values: Mapping[str, Value], machine: Machine
    ) -> tuple[str, list[str]]:
        """Return the question before the run with its choices; without one, that for a class."""
        asked, question = lesson.predict, find_question(self._demo.name)
        if asked is None or question is None:
            return lesson.question, []
        offered = question.offered(asked, values, machine)
        return asked.question, [text for _answer, text in offered]

    def withholds(self, values: Mapping[str, Value], machine: Machine) -> bool:
        """Return whether lesson and expected time would answer what is yet to be asked."""
        waits = self._wanted and self._code is None and not self._revealed
        return waits and self._asked(values, machine) is not None

    def reveal(self) -> None:
        """Let the lesson be read before the question."""
        self._revealed = True

    def _asked(
        self, values: Mapping[str, Value], machine: Machine
    ) -> tuple[Question, LessonQuestion] | None:
        """Return the question and its words with these values; `None`: nothing can be asked."""
        question = find_question(self._demo.name)
        words = self._demo.lesson(machine, values).predict
        if question is None or words is None or not question.asked(values, machine):
            return None
        return question, words

    def _dialog(self, question: Question, words: LessonQuestion) -> PredictionDialog:
        choices = question.offered(words, self._values, self._machine)
        return PredictionDialog(words.question, choices, question.unit_word)

    def _verdict(self) -> PredictionVerdict | None:
        if self._prediction is None:
            return None
        asked = self._asked(self._values, self._machine)
        if asked is None:
            return None
        if not self._measured:
            return PredictionVerdict(*asked, self._prediction, None)
        return PredictionVerdict(*asked, self._prediction, self._answer, self._disturbance)

    def _measured_verdict(self) -> PredictionVerdict | None:
        return self._verdict() if self._measured else None

    def _written(self, code: str) -> dict[str, Value]:
        """Return the values that an edited text has in the demo's own parameters."""
        kinds = {parameter.name: parameter.kind for parameter in self._demo.parameters}
        return {one.name: one.value for one in parameters(code) if kinds.get(one.name) is one.kind}
