"""A search over all demos: by title, name, what the lesson says, and the script.

Every language of the lessons is searched. Accents and capitals make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from tui_app.demos.catalogue import Demo, demos
from tui_app.demos.lessons import Lesson, load_lesson
from tui_app.language import LANGUAGES

_PLACEHOLDER = re.compile(r"\{\w*(?::([^{}]*))?\}")


class FoundIn(IntEnum):
    """Where words were found, the best place first."""

    TITLE = 0
    NAME = 1
    LESSON = 2
    CODE = 3


@dataclass(frozen=True, slots=True)
class SearchedDemo:
    """What is searched of one demo.

    Attributes:
        demo: The demo.
        texts: Its folded texts, one for each `FoundIn`.
    """

    demo: Demo
    texts: tuple[str, ...]

    def place(self, words: Sequence[str]) -> FoundIn | None:
        """Return where folded words are; None unless each of them is somewhere.

        Of several words, the one in the worst place decides.
        """
        found = [next((p for p in FoundIn if word in self.texts[p]), None) for word in words]
        known = [place for place in found if place is not None]
        return max(known) if known and len(known) == len(words) else None


@dataclass(frozen=True, slots=True)
class DemoHit:
    """A demo that was found, and where the words are."""

    demo: Demo
    place: FoundIn


def fold(text: str) -> str:
    """Return a text without capitals and accents: `Coadă` is `coada`.

    As Unicode's compatibility caseless matching, and without the marks:
    https://www.unicode.org/versions/latest/core-spec/chapter-3/#G53253
    """
    for _round in range(2):
        text = unicodedata.normalize("NFKD", text).casefold()
        text = "".join(one for one in text if not unicodedata.combining(one))
    return unicodedata.normalize("NFKD", text)


def find_demos(query: str, among: Iterable[SearchedDemo] | None = None) -> list[DemoHit]:
    """Return the demos in which each word of the query is: titles first, then as in the course.

    Args:
        query: Words; where there are none, nothing is found.
        among: What is searched; all demos where it is not said.
    """
    words = fold(query).split()
    found = []
    for searched in everything() if among is None else among:
        place = searched.place(words)
        if place is not None:
            found.append(DemoHit(searched.demo, place))
    return sorted(found, key=lambda hit: hit.place)


@cache
def everything() -> tuple[SearchedDemo, ...]:
    """Return what is searched of all demos, in the order of the course."""
    return tuple(map(_searched, demos()))


def _searched(demo: Demo) -> SearchedDemo:
    lessons = [load_lesson(demo.name, language) for language in LANGUAGES]
    texts = {
        FoundIn.TITLE: [lesson.title for lesson in lessons],
        FoundIn.NAME: [str(demo.number), demo.name],
        FoundIn.LESSON: [text for lesson in lessons for text in _told(lesson)],
        FoundIn.CODE: [demo.source, demo.mended or ""],
    }
    return SearchedDemo(demo, tuple(fold(_without_places("\n".join(texts[p]), p)) for p in FoundIn))


def _told(lesson: Lesson) -> list[str]:
    """Return all that a lesson says besides its title."""
    told = [lesson.text, *lesson.look, lesson.expected, lesson.question, lesson.answer, lesson.mend]
    if lesson.predict is not None:
        choices = (text for _key, text in lesson.predict.choices)
        told += [lesson.predict.question, lesson.predict.reason, *choices]
    return told


def _without_places(text: str, place: FoundIn) -> str:
    """Return a lesson's text with the nouns of its numbers, and without the values' names."""
    if place is FoundIn.CODE:
        return text
    return _PLACEHOLDER.sub(lambda found: (found[1] or "") if "|" in found[0] else "", text)
