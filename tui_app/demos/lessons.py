"""The lessons: the texts beside the demos, from `assets/lessons/LANGUAGE/NAME.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from tui_app.language import ENGLISH, form_of, grouped


class _Counted(int):
    """A number that a lesson may write with its noun: `{CALLS:call|calls}` is `10 calls`.

    The forms are those of the lesson's language; see `language.form_of`.
    """

    def __format__(self, spec: str) -> str:
        if "|" not in spec:
            return super().__format__(spec)
        return f"{grouped(self)} {form_of(self, spec.split('|'))}"


@dataclass(frozen=True, slots=True)
class LessonQuestion:
    """The words of what is asked before a demo is played; see `quiz.question.Question`.

    Attributes:
        question: The question.
        reason: Why the answer is as it is; it is shown beside the measurement.
        choices: Key and text of each choice, in the order in which they are shown; none where a
            number is asked for.
    """

    question: str
    reason: str
    choices: tuple[tuple[str, str], ...] = ()

    def filled(self, words: Mapping[str, object]) -> LessonQuestion:
        """Return it with its `{NAME}`s replaced."""
        return LessonQuestion(
            self.question.format_map(words),
            self.reason.format_map(words),
            tuple((key, text.format_map(words)) for key, text in self.choices),
        )


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a teacher says about a demo, in paragraphs of plain text with `code` in backticks.

    Attributes:
        title: A few words.
        text: What happens, and why.
        look: What to look at while it runs.
        expected: How long it takes, and why.
        question: A question for the class.
        answer: The answer to it.
        mend: What a pitfall's mended script does otherwise; empty where there is none.
        predict: What is asked before it is played; None where nothing is.
    """

    title: str
    text: str
    look: tuple[str, ...]
    expected: str
    question: str
    answer: str
    mend: str = ""
    predict: LessonQuestion | None = None

    def filled(self, words: Mapping[str, object]) -> Lesson:
        """Return the lesson with its `{NAME}`s replaced by values of parameters and a machine."""
        words = {
            name: _Counted(word) if isinstance(word, int) else word for name, word in words.items()
        }
        return Lesson(
            self.title.format_map(words),
            self.text.format_map(words),
            tuple(line.format_map(words) for line in self.look),
            self.expected.format_map(words),
            self.question.format_map(words),
            self.answer.format_map(words),
            self.mend.format_map(words),
            self.predict and self.predict.filled(words),
        )


@cache
def load_lesson(name: str, language: str = ENGLISH) -> Lesson:
    """Return the lesson of a demo; what that language does not have is in English."""
    data = _read(name, ENGLISH) | _read(name, language)
    return Lesson(
        title=data["title"],
        text=data["text"].strip(),
        look=tuple(data["look"]),
        expected=data["expected"],
        question=data["question"],
        answer=data["answer"],
        mend=data.get("mend", "").strip(),
        predict=_predict(data["predict"]) if "predict" in data else None,
    )


def _read(name: str, language: str) -> dict[str, Any]:
    file = resources.files("tui_app.assets") / "lessons" / language / f"{name}.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


def _predict(data: Mapping[str, Any]) -> LessonQuestion:
    return LessonQuestion(data["question"], data["reason"], tuple(data.get("choices", {}).items()))
