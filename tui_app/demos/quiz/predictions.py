"""What people said before a run, and how it turned out, kept in `predictions.json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from tui_app.files.json_file import JsonFile, is_count
from tui_app.system.user_folders import state_folder

if TYPE_CHECKING:
    from tui_app.demos.quiz.question import Answer, Question

FILE = JsonFile(state_folder, "predictions.json")


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was said: by one person, or by a class that raised hands; by nobody if skipped.

    Attributes:
        said: One person's answer.
        hands: A class's answers, each with how many raised a hand for it.
    """

    said: Answer | None = None
    hands: tuple[tuple[Answer, int], ...] = ()

    @property
    def raised(self) -> int:
        """How many hands were raised."""
        return sum(count for _, count in self.hands)

    @property
    def skipped(self) -> bool:
        """Whether nobody said anything."""
        return self.said is None and not self.raised


@dataclass(frozen=True, slots=True)
class PredictionResult:
    """How a demo's latest prediction turned out.

    Attributes:
        prediction: What was said.
        right: Whether it was right; for a class, whether more than half of the hands were.
        right_hands: How many hands were right.
    """

    prediction: Prediction
    right: bool
    right_hands: int = 0


def mark(
    question: Question, prediction: Prediction, answer: Answer | None
) -> PredictionResult | None:
    """Return how a prediction turned out; None where nobody said anything, or no answer came."""
    if answer is None or prediction.skipped:
        return None
    if prediction.said is not None:
        return PredictionResult(prediction, question.grade(prediction.said, answer))
    right = sum(count for said, count in prediction.hands if question.grade(said, answer))
    return PredictionResult(prediction, 2 * right > prediction.raised, right)


@dataclass(frozen=True, slots=True)
class Score:
    """How many predictions were right, of how many; and the same for hands."""

    right: int
    predicted: int
    right_hands: int
    hands: int


def score(results: Iterable[PredictionResult]) -> Score:
    """Add all results up."""
    every = list(results)
    return Score(
        sum(one.right for one in every),
        len(every),
        sum(one.right_hands for one in every),
        sum(one.prediction.raised for one in every),
    )


def load_results() -> dict[str, PredictionResult]:
    """Return how the latest prediction of each demo turned out, by the demo's name."""
    results: dict[str, PredictionResult] = {}
    for name, data in FILE.load().items():
        with suppress(TypeError, ValueError, KeyError):
            hands = tuple((said, count) for said, count in data["hands"])
            prediction = Prediction(data["said"], hands)
            result = PredictionResult(prediction, bool(data["right"]), data["right_hands"])
            if all(map(is_count, (result.right_hands, *(count for _said, count in hands)))):
                results[name] = result
    return results


def save_results(results: Mapping[str, PredictionResult]) -> None:
    """Keep how predictions turned out; an empty mapping forgets all that were kept."""
    data: dict[str, dict[str, object]] = {}
    for name, result in results.items():
        marks = {"right": result.right, "right_hands": result.right_hands}
        data[name] = {**asdict(result.prediction), **marks}
    FILE.save(data)
