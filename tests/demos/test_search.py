"""What a search over the demos finds, in which order, and that it finds all."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_app import language
from tui_app.demos.catalogue import Demo, demos
from tui_app.demos.lessons import load_lesson
from tui_app.demos.search import FoundIn, everything, find_demos, fold
from tui_app.language import LANGUAGES

TEXTS = [text for searched in everything() for text in searched.texts]
WORDS = sorted({word for text in TEXTS for word in text.split()})

some_words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)
some_demo = st.sampled_from(demos())
quick = settings(deadline=None)


def found(query: str) -> list[str]:
    return [hit.demo.name for hit in find_demos(query)]


@quick
@given(some_words | st.text(max_size=20).map(str.split))
def test_each_demo_that_has_all_words_is_found_and_no_other(words: list[str]) -> None:
    query = " ".join(words)
    folded = fold(query).split()
    has = {
        searched.demo.name
        for searched in everything()
        if folded and all(any(word in text for text in searched.texts) for word in folded)
    }
    assert set(found(query)) == has
    assert len(found(query)) == len(has)


@quick
@given(some_words)
def test_titles_come_first_then_names_lessons_and_code_each_in_the_order_of_the_course(
    words: list[str],
) -> None:
    hits = find_demos(" ".join(words))
    course = [demo.name for demo in demos()]
    order = [(hit.place, course.index(hit.demo.name)) for hit in hits]
    assert order == sorted(order)


@quick
@given(some_demo, st.sampled_from([*LANGUAGES]), st.data())
def test_a_part_of_the_title_in_any_language_finds_it_in_the_title(
    demo: Demo, name: str, data: st.DataObject
) -> None:
    title = load_lesson(demo.name, name).title
    start = data.draw(st.integers(0, len(title) - 1))
    query = title[start : data.draw(st.integers(start + 1, len(title)))]
    hits = {hit.demo.name: hit.place for hit in find_demos(query)}
    if query.strip():
        assert hits[demo.name] is FoundIn.TITLE
    else:
        assert hits == {}


@quick
@given(some_words)
def test_capitals_accents_and_spaces_make_no_difference(words: list[str]) -> None:
    query = " ".join(words)
    plain = found(query)
    assert found(query.upper()) == plain
    assert found(unicodedata.normalize("NFD", query)) == plain
    assert found(f"  {query}\t") == plain


@quick
@given(some_words, st.characters(exclude_categories=("Cs", "Zs", "Zl", "Zp", "Cc")))
def test_more_letters_find_nothing_more(words: list[str], letter: str) -> None:
    query = " ".join(words)
    assert set(found(query + letter)) <= set(found(query))


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("query", "name", "place"),
    [
        ("in ordinea trimiterii", "pool-map-order", FoundIn.TITLE),
        ("ORDER of submission", "pool-map-order", FoundIn.TITLE),
        ("map order", "pool-map-order", FoundIn.NAME),
        ("threads", "threads-or-processes", FoundIn.NAME),
        ("15", "pool-map-order", FoundIn.NAME),
        ("queue", "too-small-tasks", FoundIn.LESSON),
        ("coadă", "too-small-tasks", FoundIn.LESSON),
        ("AS_COMPLETED", "pool-as-completed", FoundIn.CODE),
        ("ThreadPoolExecutor", "threads-or-processes", FoundIn.CODE),
    ],
)
@pytest.mark.parametrize("spoken", LANGUAGES)
def test_demos_and_pitfalls_are_found_by_what_they_are_about(
    query: str, name: str, place: FoundIn, spoken: str
) -> None:
    language.use(spoken)
    hits = {hit.demo.name: hit.place for hit in find_demos(query)}
    assert hits[name] <= place


def test_a_value_s_name_in_a_lesson_is_not_what_the_lesson_says() -> None:
    lessons = [searched.texts[FoundIn.LESSON] for searched in everything()]
    assert not [text for text in lessons if re.search(r"[{}]|cpu_words|\bexpected:g", text)]
    assert "calls" in lessons[1], "the nouns of its numbers are"


@pytest.mark.parametrize("query", ["", "  \n", "xyzzy", "one xyzzy"])
def test_where_nothing_is_asked_or_there_nothing_is_found(query: str) -> None:
    assert find_demos(query) == []
