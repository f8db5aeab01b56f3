"""A question that is asked before a demo is played, and that the events of the run answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tui_app.demos.expected_times import Machine
from tui_app.demos.lessons import LessonQuestion
from tui_app.demos.parameters import Value
from tui_app.events import Outcome
from tui_app.language import _, counted
from tui_app.script.facts import Facts

Answer = str | float
"""A choice's key, or a number in the question's unit."""

Values = Mapping[str, Value]
"""The values of the parameters, by name."""

SLACK_SHARE = 0.25
"""A guess is right within such a share of the larger of guess and measurement …"""

SLACK = 0.3
"""… or within so many seconds, or times: a few processes may take that to start."""

FEWEST_GUESSES, MOST_GUESSES = 3, 4
"""How many numbers a class may raise hands for."""


class Unit(StrEnum):
    """What a number counts."""

    SECONDS = "seconds"
    COUNT = "count"
    TIMES = "times"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about one demo. Its words are in the lesson (`Lesson.predict`).

    Attributes:
        measure: Reads the answer from a run's facts; None where they do not tell. A choice's answer
            is one of the keys of the lesson's `[predict.choices]`.
        unit: The unit of a number; None for a choice.
        ideas: Numbers that one may think of: the likely one first, then what people get wrong.
        asked: Whether it can be asked with such values: not where two answers would be right.
        of_computing: Whether the answer depends on how long computations took, and so on who else
            had the CPUs meanwhile.
    """

    measure: Callable[[Facts, Values], Answer | None]
    unit: Unit | None = None
    ideas: Callable[[Values, Machine], Sequence[float]] = lambda *_: ()
    asked: Callable[[Values, Machine], bool] = lambda *_: True
    of_computing: bool = False

    def answer(self, facts: Facts, values: Values) -> Answer | None:
        """Return a run's answer; None where it does not tell, or did not come to its end."""
        if facts.outcome in (None, Outcome.CANCELLED):
            return None
        return self.measure(facts, values)

    def guesses(self, values: Values, machine: Machine) -> tuple[float, ...]:
        """Return three or four numbers to choose from, rising, the likely one among them.

        No two of them can both be graded right. For a choice, return none.
        """
        ideas = self.ideas(values, machine) if self.unit is not None else ()
        chosen: list[float] = []
        for idea in ideas:
            if len(chosen) < MOST_GUESSES and self._stands_apart(idea, chosen):
                chosen.append(idea)
        fillers = (2 * idea for idea in (*ideas[:1], 0.5, 1.0, 2.0, 4.0))
        for filler in fillers if ideas else ():
            if len(chosen) < FEWEST_GUESSES and self._stands_apart(filler, chosen):
                chosen.append(filler)
        return tuple(sorted(chosen))

    def offered(
        self, words: LessonQuestion, values: Values, machine: Machine
    ) -> Sequence[tuple[Answer, str]]:
        """Return what there is to choose from: each answer with its words."""
        if self.unit is None:
            return words.choices
        return [(guess, self.words(guess)) for guess in self.guesses(values, machine)]

    def _stands_apart(self, number: float, others: Sequence[float]) -> bool:
        return not any(self.grade(number, other) for other in others)

    def grade(self, said: Answer, answer: Answer) -> bool:
        """Tell whether what was said is right.

        Choices and counts must be the same. Seconds and times may differ: see `SLACK`.
        """
        if self.unit in (None, Unit.COUNT) or isinstance(said, str) or isinstance(answer, str):
            return said == answer
        return abs(said - answer) <= max(SLACK, SLACK_SHARE * max(said, answer))

    @property
    def unit_word(self) -> str | None:
        """The word after a number that somebody types, empty for a count; None for a choice."""
        words = {None: None, Unit.SECONDS: _("s"), Unit.COUNT: "", Unit.TIMES: _("times")}
        return words[self.unit]

    def words(self, number: float, *, measured: bool = False) -> str:
        """Return a number with its unit: `2 s`, measured `2.01 s`; `8`; `1.9 times`."""
        match self.unit:
            case Unit.SECONDS:
                return _("{n} s").format(n=f"{number:.2f}" if measured else f"{number:g}")
            case Unit.TIMES if number != int(number):
                return _("{n} times").format(n=f"{number:.1f}" if measured else f"{number:g}")
            case Unit.TIMES:
                return counted(int(number), "{n} time", "{n} times")
        return f"{number:g}"
