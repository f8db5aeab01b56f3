"""What holds of the lessons' files, whatever language they are written in."""

import re
import string
import tomllib
import unicodedata
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.demos.test_catalogue import VALUES
from tui_app.demos.catalogue import Demo, demos, find_demo
from tui_app.demos.expected_times import Machine
from tui_app.demos.lessons import load_lesson
from tui_app.language import LANGUAGES, use

LESSONS = Path(str(resources.files("tui_app.assets") / "lessons"))
TRANSLATED = sorted(set(LANGUAGES) - {"en"})
NAMES = [demo.name for demo in demos()]

every_lesson = pytest.mark.parametrize("name", NAMES)
every_translation = pytest.mark.parametrize("language", TRANSLATED)


def texts(language: str, name: str) -> dict[str, str]:
    """Every text of a lesson's file by its place in it, such as `look.0`."""
    return dict(_texts(tomllib.loads((LESSONS / language / f"{name}.toml").read_text("utf-8"))))


def _texts(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield place, value
        case list():
            for number, one in enumerate(value):
                yield from _texts(one, f"{place}.{number}".lstrip("."))
        case dict():
            for key, one in value.items():
                yield from _texts(one, f"{place}.{key}".lstrip("."))


def specs(text: str) -> Iterator[tuple[str, str]]:
    """The placeholders of a text, each with its format or the forms of its noun."""
    for _, name, spec, _ in string.Formatter().parse(text):
        if name is not None:
            yield name, spec or ""


def placeholders(text: str) -> set[tuple[str, str]]:
    """The same without the forms, which each language has for itself."""
    return {(name, "" if "|" in spec else spec) for name, spec in specs(text)}


def code(text: str) -> list[str]:
    return text.split("`")[1::2]


def test_each_language_has_its_folder_and_each_demo_its_lesson() -> None:
    assert {folder.name for folder in LESSONS.iterdir() if folder.is_dir()} == set(LANGUAGES)
    for language in LANGUAGES:
        files = sorted(file.name for file in (LESSONS / language).iterdir())
        assert files == sorted(f"{name}.toml" for name in NAMES)


@every_lesson
@pytest.mark.parametrize("language", LANGUAGES)
def test_code_stands_between_backticks_and_titles_are_plain(language: str, name: str) -> None:
    lesson = texts(language, name)
    assert "`" not in lesson["title"]
    for text in lesson.values():
        assert text.count("`") % 2 == 0, text
        assert all(piece and piece == piece.strip() for piece in code(text)), text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("demo", demos(), ids=lambda demo: demo.name)
def test_a_title_fits_beside_its_demos_name(demo: Demo, language: str) -> None:
    # The line above the code has 49 columns on a screen of 120.
    use(language)
    assert len(f"{demo.number}  {demo.name}  {demo.title()}") <= 49


@every_lesson
@every_translation
def test_a_translation_says_the_same(language: str, name: str) -> None:
    english, other = texts("en", name), texts(language, name)
    assert other.keys() == english.keys()
    for place, text in english.items():
        assert placeholders(other[place]) == placeholders(text), place
        assert other[place] != text, f"{place} is not translated"
    in_english, in_other = "\n".join(english.values()), "\n".join(other.values())
    assert set(code(in_other)) == set(code(in_english))
    decimals = re.compile(r"\d+\.\d+")
    assert set(decimals.findall(in_other)) == set(decimals.findall(in_english))


@every_lesson
def test_romanian_has_its_own_letters_and_quotation_marks(name: str) -> None:
    prose = "\n".join("".join(text.split("`")[::2]) for text in texts("ro", name).values())
    assert unicodedata.is_normalized("NFC", prose)
    letters = {letter for letter in prose if not letter.isascii()}
    # U+0219 and U+021B, s and t with a comma below: those with a cedilla are Turkish.
    assert letters <= set("ăâîșțĂÂÎȘȚ„”")
    assert {"ă", "ș"} <= letters
    assert '"' not in prose
    # Inside a word the sound is written â, except after a prefix, as in `neîncheiat`.
    assert not re.search(r"\w(?<!re)(?<!ne)î\w", prose)


FORMS = {"en": 2, "ro": 3}
"""The forms of a noun in each language."""


@every_lesson
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_noun_has_all_its_forms(language: str, name: str) -> None:
    for text in texts(language, name).values():
        for _name, spec in specs(text):
            forms = spec.split("|")
            if len(forms) > 1:
                assert len(forms) == FORMS[language], text
                assert all(forms), text
                assert language != "ro" or forms[2] == f"de {forms[1]}", text


@pytest.mark.parametrize(
    ("language", "calls", "question"),
    [
        ("en", 1, "A loop makes 1 call, and each"),
        ("en", 2, "A loop makes 2 calls, and each"),
        ("ro", 1, "O buclă face 1 apel, iar fiecare"),
        ("ro", 2, "O buclă face 2 apeluri, iar fiecare"),
        ("ro", 20, "O buclă face 20 de apeluri, iar fiecare"),
        ("ro", 101, "O buclă face 101 apeluri, iar fiecare"),
        ("ro", 2000, "O buclă face 2\N{NARROW NO-BREAK SPACE}000 de apeluri, iar fiecare"),
    ],
)
def test_a_number_has_the_form_of_its_noun(language: str, calls: int, question: str) -> None:
    use(language)
    asked = find_demo("two-calls").lesson(Machine(2), {"CALLS": calls}).predict
    assert asked is not None
    assert asked.question.startswith(question)
    assert f"{calls} x 1 s" in asked.reason


@every_lesson
def test_no_romanian_number_stands_before_its_noun(name: str) -> None:
    """It could be 1, 2 or 20, and a noun beside it has one form; with its forms, it has all."""
    for text in texts("ro", name).values():
        assert not re.search(r"\{[^}|]+\} (?!s\b|x\b|MB\b)\w", text), text


@given(st.data())
def test_a_lesson_can_be_filled_whatever_the_values(data: st.DataObject) -> None:
    demo = data.draw(st.sampled_from(demos()))
    language = data.draw(st.sampled_from(sorted(LANGUAGES)))
    values = {one.name: data.draw(VALUES[one.kind]) for one in demo.parameters}
    machine = Machine(data.draw(st.integers(1, 256)), data.draw(st.none() | st.floats(0, 999)))
    use(language)
    lesson = demo.lesson(machine, values)
    filled = [lesson.title, lesson.text, *lesson.look]
    filled += [lesson.expected, lesson.question, lesson.answer]
    assert all(filled)
    assert not re.search(r"[{}]", "\n".join(filled))
    if "{SECONDS}" in load_lesson(demo.name, language).expected:
        assert f"{values['SECONDS']} s" in lesson.expected
