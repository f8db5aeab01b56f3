"""Whatever is in the files of one's own settings, there is an answer, and it comes at once."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui_app.demos.quiz.predictions import Prediction, PredictionResult, score
from tui_app.settings import (
    LastBatch,
    keep_time,
    load_asking,
    load_copies,
    load_done,
    load_language,
    load_last_batch,
    load_marks,
    load_picked,
    load_theme,
    save_copy,
    save_last_batch,
    save_marks,
    save_theme,
    troubles,
)
from tui_app.system.user_folders import config_folder, state_folder

LOADS: tuple[Callable[[], Any], ...] = (
    load_theme,
    load_language,
    load_picked,
    load_last_batch,
    load_done,
    load_copies,
    load_marks,
)
FILES = ("last-batch.json", "demos.json", "copies.json", "predictions.json")

BATCH = LastBatch("out", 3, 1, 1, 1, 2.5, "2026-08-09T10:11:12+02:00")

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text()
    | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def place(name: str, contents: bytes) -> Path:
    folder = config_folder() if name == "settings.json" else state_folder()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(contents)
    return folder / name


def test_what_is_remembered_is_there() -> None:
    save_last_batch(BATCH)
    save_theme("nord")
    save_copy("one-call", "print()\n")
    save_marks({"one-call": PredictionResult(Prediction(None, (("a", 2), (1.5, 3))), True, 3)})
    assert keep_time("one-call", 1.5) == {"one-call": 1.5}
    assert load_last_batch() == BATCH
    assert (load_theme(), load_asking(), load_picked()) == ("nord", True, [])
    assert load_copies() == {"one-call": "print()\n"}
    assert score(load_marks().values()).hands == 5
    assert list(troubles()) == []


ODD = {
    "empty": b"",
    "cut off": b"{",
    "a list": b"[]",
    "a text": b'"text"',
    "Latin-1": b"\xe9",
    "nested": b"[" * 100_000,
    "nested objects": b'{"a":' * 100_000,
    "huge": b"{" + b" " * 9_000_000 + b"}",
}


@pytest.mark.parametrize("contents", ODD.values(), ids=ODD)
@pytest.mark.parametrize("name", ["settings.json", *FILES])
def test_a_file_that_is_none_of_ours_counts_as_not_there_and_is_told_of(
    name: str, contents: bytes
) -> None:
    file = place(name, contents)
    assert [load() or None for load in LOADS] == [None] * len(LOADS)
    assert load_asking()
    (sentence,) = troubles()
    assert sentence.startswith(f"{file} counts as not there: ")


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
@pytest.mark.parametrize("name", ["settings.json", *FILES])
def test_a_fifo_or_a_folder_in_its_place_is_not_waited_for(
    name: str, make: Callable[[Path], None]
) -> None:
    file = place(name, b"{}")
    file.unlink()
    make(file)
    assert [load() or None for load in LOADS] == [None] * len(LOADS)
    assert len(list(troubles())) == 1
    save_theme("nord")
    save_last_batch(BATCH)
    save_copy("one-call", "print()\n")
    keep_time("one-call", 1.5)
    save_marks({})
    assert list(troubles()) == []
    assert (load_theme(), load_last_batch()) == ("nord", BATCH)


def test_what_could_not_be_read_is_kept_under_another_name() -> None:
    file = place("copies.json", b'{"one-call": "my work"')
    save_copy("two-calls", "print()\n")
    assert load_copies() == {"two-calls": "print()\n"}
    assert file.with_name("copies.json.unread").read_bytes() == b'{"one-call": "my work"'


def test_a_home_that_cannot_be_written_costs_the_memory_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    for kind in ("CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / "file"))
    save_theme("nord")
    save_last_batch(BATCH)
    assert (load_theme(), load_last_batch()) == (None, None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.sampled_from(["one-call", "x"]), ANYTHING))
def test_odd_values_are_left_out(data: dict[str, Any]) -> None:
    for name in FILES[1:]:
        place(name, json.dumps(data).encode())
    for took in load_done().values():
        assert 0 <= took <= 1e15
    for text in load_copies().values():
        text.encode()
    load_marks()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from([*LastBatch.__slots__]), ANYTHING)
def test_a_last_batch_with_an_odd_value_is_none(field: str, value: Any) -> None:
    about = {name: getattr(BATCH, name) for name in LastBatch.__slots__}
    place("last-batch.json", json.dumps({**about, field: value}).encode())
    batch = load_last_batch()
    if batch is not None:
        batch.output.encode()
        assert all(0 <= number <= 1e15 for number in (batch.tasks, batch.ok, batch.wall))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ANYTHING, ANYTHING, ANYTHING)
def test_marks_with_odd_values_can_be_counted(said: Any, hands: Any, right_hands: Any) -> None:
    mark = {"said": said, "hands": hands, "right": 1, "right_hands": right_hands}
    place("predictions.json", json.dumps({"one-call": mark}).encode())
    score(load_marks().values())
