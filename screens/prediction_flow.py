"""Predict first: what is asked of the demo that is shown, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping

from textual.screen import Screen
from tui_app.screens.dialogs.prediction import PredictionDialog

from tui_app.demos.catalogue import Demo, Machine
from tui_app.demos.lessons import LessonQuestion
from tui_app.demos.parameters import Value, parameters
from tui_app.demos.quiz.predictions import Prediction, load_results, save_results
from tui_app.demos.quiz.question import Answer, Question
from tui_app.demos.quiz.questions import find_question
from tui_app.script.facts import Facts
from tui_app.settings import Settings
from tui_app.widgets.answer_panel import AnswerPanel, PredictionVerdict


class PredictionFlow:
    """Asks once for each demo that is shown, and again where its code has changed since.

    Args:
        screen: where the demo is shown; it has an `AnswerPanel`.
    """

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self._demo: Demo | None = None
        self._code: str | None = None
        self._values: Mapping[str, Value] = {}
        self._machine = Machine(1)
        self._prediction: Prediction | None = None
        self._answer: Answer | None = None
        self._measured = self._fresh = self._revealed = False
        self._wanted = True

    def begin(self, demo: Demo) -> None:
        """Another demo is shown, or the same anew."""
        self._demo, self._code, self._prediction = demo, None, None
        self._measured = self._fresh = self._revealed = False
        self._wanted = Settings.load().ask_before_demos
        self._screen.query_one(AnswerPanel).show(self._measured_verdict)

    async def ask(self, code: str, values: Mapping[str, Value], machine: Machine) -> bool:
        """Asks, unless this code's question was asked; waits, so it is for a worker.

        Returns:
            Whether it shall be played: not where the question was left with escape.
        """
        self._values = dict(values) | _written(self._demo, code)
        self._machine, self._measured = machine, False
        if code == self._code:
            return True
        self._code, self._prediction = None, Prediction()
        self._wanted = Settings.load().ask_before_demos
        asked = self._asked(self._values, machine)
        if asked is not None and self._wanted:
            self._prediction = await self._screen.app.push_screen_wait(self._predict(*asked))
            if self._prediction is None:
                return False
        self._code, self._fresh, self._revealed = code, True, True
        return True

    def tell(self, facts: Facts) -> bool:
        """Fills the panel from the run that has ended.

        Returns:
            Whether somebody predicted it and waits for the answer.
        """
        asked = self._asked(self._values, self._machine)
        if asked is None or self._demo is None:
            return False
        self._answer, self._measured = asked[0].answer(facts, self._values), True
        self._screen.query_one(AnswerPanel).show(self._measured_verdict)
        verdict = self._verdict()
        if not self._fresh or verdict is None or verdict.mark is None:
            return False
        self._fresh = False
        save_results(load_results() | {self._demo.name: verdict.mark})
        return True

    def sentence(self) -> str:
        """What was said, and what was measured, in short; empty where nothing was said."""
        verdict = self._verdict()
        return verdict.sentence() if verdict is not None else ""

    # What would give the answer away

    def withholds(self, values: Mapping[str, Value], machine: Machine) -> bool:
        """Whether the lesson and the expected time would answer what is yet to be asked."""
        waits = self._wanted and self._code is None and not self._revealed
        return waits and self._asked(values, machine) is not None

    def reveal(self) -> None:
        """Somebody wants to read the lesson first."""
        self._revealed = True

    def _asked(
        self, values: Mapping[str, Value], machine: Machine
    ) -> tuple[Question, LessonQuestion] | None:
        """The question and its words with these values; `None`: nothing can be asked."""
        if self._demo is None:
            return None
        question = find_question(self._demo.name)
        words = self._demo.lesson(machine, values).predict
        if question is None or words is None or not question.asked(values, machine):
            return None
        return question, words

    def _predict(self, question: Question, words: LessonQuestion) -> PredictionDialog:
        assert self._demo is not None
        choices = question.offered(words, self._values, self._machine)
        title = f"{self._demo.number}  {self._demo.name}"
        return PredictionDialog(title, words.question, choices, question.unit_word)

    def _verdict(self) -> PredictionVerdict | None:
        if self._prediction is None:
            return None
        asked = self._asked(self._values, self._machine)
        if asked is None:
            return None
        return PredictionVerdict(*asked, self._prediction, self._answer if self._measured else None)

    def _measured_verdict(self) -> PredictionVerdict | None:
        return self._verdict() if self._measured else None


def _written(demo: Demo | None, code: str) -> dict[str, Value]:
    """The values that an edited text has in the demo's own parameters."""
    kinds = {parameter.name: parameter.kind for parameter in demo.parameters} if demo else {}
    return {one.name: one.value for one in parameters(code) if kinds.get(one.name) is one.kind}
