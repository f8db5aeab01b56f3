"""What people said before a run, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_app.demos.quiz.question import Answer, Question


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was said: by one person, or by a class that raised hands; by nobody if skipped.

    Attributes:
        said: one person's answer.
        hands: of a class, each answer and how many raised a hand for it.
    """

    said: Answer | None = None
    hands: tuple[tuple[Answer, int], ...] = ()

    @property
    def raised(self) -> int:
        """All hands."""
        return sum(count for _, count in self.hands)

    @property
    def skipped(self) -> bool:
        """Whether nobody said anything."""
        return self.said is None and not self.raised


@dataclass(frozen=True, slots=True)
class PredictionResult:
    """How a demo's latest prediction turned out.

    Attributes:
        prediction: what was said.
        right: whether it was right; of a class, whether more than half of the hands were.
        right_hands: how many hands were.
    """

    prediction: Prediction
    right: bool
    right_hands: int = 0


def mark(
    question: Question, prediction: Prediction, answer: Answer | None
) -> PredictionResult | None:
    """How the prediction turned out; `None` where nobody predicted, or the run does not tell."""
    if answer is None or prediction.skipped:
        return None
    if prediction.said is not None:
        return PredictionResult(prediction, question.grade(prediction.said, answer))
    right = sum(count for said, count in prediction.hands if question.grade(said, answer))
    return PredictionResult(prediction, 2 * right > prediction.raised, right)


@dataclass(frozen=True, slots=True)
class Score:
    """How many predictions were right, of how many; and how many hands."""

    right: int
    predicted: int
    right_hands: int
    hands: int


def score(marks: Iterable[PredictionResult]) -> Score:
    """All marks in one."""
    every = list(marks)
    return Score(
        sum(one.right for one in every),
        len(every),
        sum(one.right_hands for one in every),
        sum(one.prediction.raised for one in every),
    )
