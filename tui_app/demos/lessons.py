"""The lessons: the text beside a demo, from `assets/lessons/LANGUAGE/NAME.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

LANGUAGE = "en"


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
    """

    title: str
    text: str
    look: tuple[str, ...]
    expected: str
    question: str
    answer: str
    mend: str = ""

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
        )


def load_lesson(name: str, language: str = LANGUAGE) -> Lesson:
    """The lesson of the demo of that name; in English where it is not there in that language."""
    lessons = resources.files("tui_app.assets") / "lessons"
    file = lessons / language / f"{name}.toml"
    if not file.is_file():
        file = lessons / LANGUAGE / f"{name}.toml"
    data = tomllib.loads(file.read_text("utf-8"))
    return Lesson(
        title=data["title"],
        text=data["text"].strip(),
        look=tuple(data["look"]),
        expected=data["expected"],
        question=data["question"],
        answer=data["answer"],
        mend=data.get("mend", ""),
    )
