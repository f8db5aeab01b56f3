import json
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app import events
from tui_app.events import (
    Event,
    EventError,
    Output,
    Stream,
    TaskFinished,
    Waiting,
    from_json,
    to_dict,
    to_json,
)

TEXT = st.text(max_size=40) | st.just("a[red]b\x1b]0;x\x07\udcff\n")
NUMBER = st.integers(0, 2**31)
SECONDS = st.floats(0, 1e6)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "str": TEXT,
    "int": NUMBER,
    "float": SECONDS,
    "bool": st.booleans(),
    "bool | None": st.booleans() | st.none(),
    "int | None": NUMBER | st.none(),
    "float | None": st.none() | st.floats(0, 1e6),
    "Sequence[str]": st.lists(TEXT, max_size=3),
    "Mapping[str, Any]": st.dictionaries(TEXT, NUMBER | TEXT | st.none(), max_size=3),
    "Sequence[Mapping[str, Any]]": st.lists(st.dictionaries(TEXT, NUMBER | TEXT), max_size=3),
    "Stream": st.sampled_from(Stream),
    "Outcome": st.sampled_from(events.Outcome),
    "str | None": TEXT | st.none(),
    "ThreadKind": st.sampled_from(events.ThreadKind),
    "WaitKind | str": st.sampled_from(events.WaitKind) | TEXT,
}


ANY_EVENT: st.SearchStrategy[Event] = st.sampled_from(events.KINDS).flatmap(
    lambda kind: st.builds(kind, **{f.name: VALUES[str(f.type)] for f in fields(kind)})
)


@given(ANY_EVENT)
def test_an_event_survives_json(event: Event) -> None:
    line = to_json(event)
    assert "\n" not in line
    assert line.isascii()
    assert json.loads(line)["event"] == event.event
    assert from_json(line) == event


@given(ANY_EVENT)
def test_a_line_is_what_json_writes(event: Event) -> None:
    assert to_json(event) == json.dumps(to_dict(event))


def test_names_are_those_of_the_design() -> None:
    assert sorted(kind.event for kind in events.KINDS) == [
        "deadlock",
        "holder_changed",
        "line",
        "loop_blocked",
        "output",
        "process_exited",
        "process_started",
        "resumed",
        "run_finished",
        "run_held",
        "run_released",
        "run_started",
        "short_waits",
        "task_failed",
        "task_finished",
        "task_progress",
        "task_queued",
        "task_retried",
        "task_skipped",
        "task_started",
        "thread_ended",
        "thread_started",
        "unseen_threads",
        "waiting",
    ]


@given(ANY_EVENT, st.dictionaries(st.text(min_size=1).map("x-{}".format), NUMBER))
def test_unknown_fields_are_ignored(event: Event, more: dict[str, int]) -> None:
    data = json.loads(to_json(event)) | more
    assert from_json(json.dumps(data)) == event


def test_unknown_events_are_ignored() -> None:
    assert from_json('{"event": "coffee_break", "t": 1}') is None


def test_a_wait_of_a_kind_that_is_not_known_is_a_wait() -> None:
    line = '{"event": "waiting", "t": 1, "pid": 2, "kind": "lock", "object": "a", "holder": "P-1"}'
    assert from_json(line) == Waiting(t=1, pid=2, kind="lock", object="a", holder="P-1")


def test_fields_with_a_default_may_be_missing() -> None:
    event = from_json('{"event": "task_finished", "t": 1, "task": 2, "pid": 3, "seconds": 0.5}')
    assert event == TaskFinished(t=1, task=2, pid=3, seconds=0.5)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("nonsense", "not JSON"),
        ("[1]", "a JSON object"),
        ("{}", "'event'"),
        ('{"event": "task_started", "t": 1}', "task_started"),
        ('{"event": "output", "t": 1, "pid": 1, "stream": "fax", "text": ""}', "fax"),
    ],
)
def test_what_is_no_event_is_said(line: str, says: str) -> None:
    with pytest.raises(EventError, match=says):
        from_json(line)


def test_events_are_values() -> None:
    event = Output(t=1.0, pid=1, stream=Stream.STDERR, text="x")
    with pytest.raises(AttributeError):
        event.text = "y"  # type: ignore[misc]
