"""What is promised has a test: the list is `claims.toml`."""

import ast
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

TESTS = Path(__file__).parent
CLAIMS = tomllib.loads((TESTS / "claims.toml").read_text("utf-8"))
PROMISING = re.compile(
    r"\b(never|always|nothing|nobody|exactly|kept|keeps|untouched|whole|as python would)\b", re.I
)
END = re.compile(r"[.;|:](?=\s)")
NO_PROMISES = {
    "On macOS nothing was run:",
    "32-bit whole or real numbers |",
    "the median of a run's whole time, workers' coming and going with it;",
    "it never began",
}
"""What has such a word and promises nothing."""


def in_one_line(text: str) -> str:
    """Its words, with one space between them."""
    return " ".join(text.replace("`python my_script.py` would", "as python would").split())


README = in_one_line((TESTS.parent / "README.md").read_text("utf-8"))


def texts() -> list[str]:
    """What the app says, in English."""
    catalogue = TESTS.parent / "assets/locale/ro/LC_MESSAGES/procession.po"
    with catalogue.open("rb") as file:
        messages = [message.id for message in read_po(file)]
    return [text for found in messages for text in ([found] if isinstance(found, str) else found)]


def functions(file: Path) -> set[str]:
    """The tests in a file."""
    return {
        node.name
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


@pytest.mark.parametrize("claim", CLAIMS["readme"])
def test_the_readme_says_so(claim: str) -> None:
    assert README.count(in_one_line(claim)) == 1


@pytest.mark.parametrize("claim", CLAIMS["app"])
def test_the_app_says_so(claim: str) -> None:
    assert any(claim in text for text in texts())


@pytest.mark.parametrize(
    "named", sorted({t for part in CLAIMS.values() for c in part.values() for t in c})
)
def test_the_test_is_there(named: str) -> None:
    file, __, function = named.partition("::")
    assert function in functions(TESTS / file)


def test_every_promise_of_the_readme_is_in_the_list() -> None:
    places = [README.index(claim) for claim in map(in_one_line, CLAIMS["readme"])]
    spans = [(at, at + len(in_one_line(c))) for at, c in zip(places, CLAIMS["readme"], strict=True)]
    ends = [0, *(found.end() for found in END.finditer(README)), len(README)]
    missing = []
    for start, end in pairwise(ends):
        sentence = README[start:end].strip()
        listed = any(first < end and start < last for first, last in spans)
        if PROMISING.search(sentence) and not listed and sentence not in NO_PROMISES:
            missing.append(sentence)
    assert missing == []


def test_every_yes_in_the_table_of_other_tools_is_in_the_list() -> None:
    __, __, below = (
        (TESTS.parent / "README.md").read_text("utf-8").partition("### Beside other tools")
    )
    table, __, __ = below.partition("\n#")
    rows = re.findall(r"^(\| [^|]+ \|) yes", table, re.M)
    assert len(rows) > 15
    assert [row for row in rows if row not in CLAIMS["readme"]] == []


def test_every_promise_of_the_app_is_in_the_list() -> None:
    promising = re.compile(r"\b(never|untouched|kept|left alone)\b")
    missing = {text for text in texts() if promising.search(text)} - NO_PROMISES
    assert {text for text in missing if not any(claim in text for claim in CLAIMS["app"])} == set()
