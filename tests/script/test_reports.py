"""Greetings and reports, and what is none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.script.reports import read_hello, read_report

HELLO = {
    "how": "python",
    "pid": 5,
    "parent": 4,
    "t": 1.5,
    "encoding": "utf-8",
    "pipes": "",
    "bell": "",
}


def test_a_greeting_is_read() -> None:
    assert read_hello(json.dumps(HELLO).encode()) == HELLO


@pytest.mark.parametrize(
    "change",
    [{"pid": [1]}, {"pid": -1}, {"t": 10**400}, {"how": None}, {"pipes": 3}, {"encoding": {}}],
)
def test_what_is_no_greeting_is_none(change: dict[str, object]) -> None:
    assert read_hello(json.dumps(HELLO | change).encode()) is None


@given(st.binary(max_size=200))
def test_garbage_is_neither_greeting_nor_report(garbage: bytes) -> None:
    assert read_hello(garbage) is None
    assert read_report(garbage) is None


@pytest.mark.parametrize("text", [b"[" * 50_000, b"9" * 10_000, b"null", b'"x"', b"\xff\xfe", b""])
def test_hostile_json_is_neither_greeting_nor_report(text: bytes) -> None:
    assert read_hello(text) is None
    assert read_report(text) is None
