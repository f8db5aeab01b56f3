"""The lessons: the text beside a demo, from `assets/lessons/LANGUAGE/NAME.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

LANGUAGE = "en"
"""Every lesson is there in this one."""


@dataclass(frozen=True, slots=True)
class LessonQuestion:
    """The words of what is asked before a demo is played; see `question.Question`.

    Attributes:
        question: the question.
        reason: why it comes as it does; shown beside the measurement.
        choices: key and text of each choice, in the order in which they are shown; none where a
            number is asked for.
    """

    question: str
    reason: str
    choices: tuple[tuple[str, str], ...] = ()

    def filled(self, words: Mapping[str, object]) -> LessonQuestion:
        """With its `{NAME}`s replaced."""
        return LessonQuestion(
            self.question.format_map(words),
            self.reason.format_map(words),
            tuple((key, text.format_map(words)) for key, text in self.choices),
        )


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a teacher says about a demo, in paragraphs of plain text with `code` in backticks.

    Attributes:
        title: a few words.
        text: what happens, and why.
        look: what to look at while it runs.
        expected: how long it takes, and the reason.
        question: one to ask the class.
        answer: for whoever asked.
        mend: of a script that goes wrong, what its mended text does otherwise; else empty.
        predict: what is asked before it is played; `None` where nothing is.
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
        """The lesson with its `{NAME}`s replaced: by parameters' values, and by the machine's."""
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
def load_lesson(name: str, language: str = LANGUAGE) -> Lesson:
    """The lesson of the demo of that name; in English what is not there in that language."""
    data = _read(name, LANGUAGE) | _read(name, language)
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
