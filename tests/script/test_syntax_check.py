import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.demos.factories import texts
from tui_app.demos.catalogue import find_demo
from tui_app.demos.parameters import other_values, parameters, with_values
from tui_app.script.syntax_check import flaw

SEVEN = find_demo("loop-joined")


@given(st.text(max_size=60) | texts)
def test_any_text_can_be_asked_about(text: str) -> None:
    found = flaw(text)
    if found is not None:
        assert found.sentence
        assert "\n" not in found.sentence
        assert found.line is None or 1 <= found.line <= text.count("\n") + 1
    for parameter in parameters(text):
        again = with_values(text, {parameter.name: parameter.value})
        assert {p.name: p.value for p in parameters(again)} == {
            p.name: p.value for p in parameters(text)
        }


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("x = 1\nfor y in [1]\n    pass\n", 2, "SyntaxError: "),
        ("if 1:\nprint()\n", 2, "IndentationError: "),
        ("def f():\n    pass\nreturn 1\n", 3, "SyntaxError: "),
        ("x = 1\nprint('\ud800')\n", 2, "UTF-8"),
        ("x = '\0'\n", None, "null bytes"),
        ("-" * 100_000 + "1\n", None, "nested too deeply"),
        ("# coding: nonsense\n", None, "unknown encoding"),
        ("# coding: ascii\nx = 'ț'\n", None, "ascii"),
    ],
)
def test_a_flaw_is_told_with_its_line(text: str, line: int | None, message: str) -> None:
    found = flaw(text)
    assert found is not None
    assert message in found.message
    assert found.line == line


def test_nothing_is_executed_and_nothing_is_warned_of(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    mark = tmp_path / "executed"
    before = set(sys.modules)
    assert flaw(f"import this\nopen({str(mark)!r}, 'w')\nx = '\\d' is 1\n") is None
    assert parameters("X = '\\d'\n")
    assert not mark.exists()
    assert set(sys.modules) - before == set()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["one-call", "loop-joined", "pool-map-order", "images-pool"])
def test_every_demo_has_no_flaw(name: str) -> None:
    assert flaw(find_demo(name).source) is None


def test_values_are_told_from_other_changes() -> None:
    changed = with_values(SEVEN.source, {"CALLS": 3})
    assert other_values(SEVEN.source, SEVEN.source) == {}
    assert other_values(SEVEN.source, changed) == {"CALLS": 3}
    for text in (
        changed.replace("p.join()", "pass"),
        SEVEN.source.replace("CALLS = 10", "CALLS = 'x'"),
        SEVEN.source.replace("CALLS = 10", "CALLS = 1e999"),
        SEVEN.source.replace("CALLS = 10", "CALLS = 0"),
        "def (:",
        "",
    ):
        assert other_values(SEVEN.source, text) is None


def test_two_values_in_one_line_are_both_written() -> None:
    source = "A = 1; B = 2\n"
    assert with_values(source, {"A": 1000, "B": 3}) == "A = 1000; B = 3\n"
    assert with_values("\x0c\nA = 1\n", {"A": 2}) == "\x0c\nA = 2\n"
    (later,) = parameters("A = 1\nA = 2\n")
    assert (later.value, later.line) == (2, 2)
