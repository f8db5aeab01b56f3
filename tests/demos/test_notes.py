"""The notes of a teacher: kept, never half, and never at the cost of what else is in the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.odd_json import ODD_CONTENTS, ODD_VALUES
from tui_app.demos.catalogue import demos, find_demo
from tui_app.demos.notes import FILE, Notes

ONE, TWO = find_demo("one-call"), find_demo("two-calls")
WORDS = "[b]Ask[/b] Ana ☕\n\nthen play it"


def test_a_note_is_there_at_the_next_start_and_gone_when_it_is_emptied() -> None:
    notes = Notes()
    assert not notes.is_noted(ONE)
    notes.keep(ONE, WORDS)
    notes.save()
    again = Notes()
    assert again.text(ONE) == WORDS
    assert again.is_noted(ONE)
    assert not again.is_noted(TWO)
    again.keep(ONE, " \n")
    assert not again.is_noted(ONE)
    again.save()
    assert FILE.load() == {}


def test_another_app_s_notes_and_what_is_not_understood_stay() -> None:
    FILE.save({"of-a-later-version": "text", "odd": 5, "two-calls": ["no text"]})
    here, there = Notes(), Notes()
    here.keep(ONE, "here")
    there.keep(TWO, "there")
    here.save()
    there.save()
    assert FILE.load() == {
        "of-a-later-version": "text",
        "odd": 5,
        "one-call": "here",
        "two-calls": "there",
    }


def test_without_a_change_nothing_is_written() -> None:
    notes = Notes()
    notes.keep(ONE, "")
    notes.save()
    assert not FILE.path.exists()


def test_where_it_cannot_be_written_it_is_said_and_can_be_saved_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(file))
    notes = Notes()
    notes.keep(ONE, WORDS)
    with pytest.raises(OSError, match="ile"):
        notes.save()
    assert notes.text(ONE) == WORDS
    file.unlink()
    notes.save()
    assert Notes().text(ONE) == WORDS


@pytest.mark.parametrize("content", ODD_CONTENTS.values(), ids=ODD_CONTENTS)
def test_what_is_in_its_place_is_kept_beside_it(content: bytes) -> None:
    FILE.path.parent.mkdir(parents=True)
    FILE.path.write_bytes(content)
    notes = Notes()
    notes.keep(ONE, WORDS)
    notes.save()
    assert Notes().text(ONE) == WORDS
    assert FILE.path.with_name("notes.json.unread").read_bytes() == content


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.sampled_from([demo.name for demo in demos()]), ODD_VALUES))
def test_odd_values_are_left_out(data: dict[str, object]) -> None:
    FILE.path.parent.mkdir(parents=True, exist_ok=True)
    FILE.path.write_text(json.dumps(data))
    notes = Notes()
    for demo in demos():
        assert notes.text(demo).encode() is not None
    notes.keep(ONE, WORDS)
    notes.save()
    others = {name: value for name, value in FILE.load().items() if name != "one-call"}
    assert json.dumps(others) == json.dumps({n: v for n, v in data.items() if n != "one-call"})
