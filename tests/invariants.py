"""What must hold of every stream of events, whatever ran."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tui_app.events import (
    SCHEMA,
    Event,
    Output,
    ProcessExited,
    ProcessStarted,
    RunFinished,
    RunStarted,
    TaskFailed,
    TaskFinished,
    TaskQueued,
    TaskSkipped,
    TaskStarted,
    ThreadStarted,
    from_json,
    to_json,
)
from tui_app.summary import summarise

SCHEMAS = Path(__file__).parent.parent / "assets" / "schema"
EVENTS_SCHEMA: dict[str, Any] = json.loads((SCHEMAS / "events.schema.json").read_text("utf-8"))
ANY_LINE = Draft202012Validator(EVENTS_SCHEMA)


def check_json(line: str) -> Event:
    """Checks one line of `--json` against the schema; returns its event.

    The schema allows for events and fields to come; here there are those of today, and no others.
    """
    data = json.loads(line)
    ANY_LINE.validate(data)
    assert list(data) == list(EVENTS_SCHEMA["$defs"][data["event"]]["properties"])
    event = from_json(line)
    assert event is not None
    assert json.loads(to_json(event)) == data
    return event


def check_stream(events: Sequence[Event], *, all_tasks: bool = True) -> None:
    """Checks the rules of a whole run: its frame, ends, processes, times, and its summary."""
    first, last = events[0], events[-1]
    assert isinstance(first, RunStarted)
    assert first.schema == SCHEMA
    assert isinstance(last, RunFinished)
    assert not any(isinstance(event, RunStarted | RunFinished) for event in events[1:-1])

    queued = [event.task for event in events if isinstance(event, TaskQueued)]
    ends = [e.task for e in events if isinstance(e, TaskFinished | TaskFailed | TaskSkipped)]
    assert sorted(queued) == sorted(ends), "every queued task ends, and ends once"
    assert len(set(ends)) == len(ends)
    if all_tasks:
        assert len(ends) == first.tasks

    alive: set[int] = set()
    latest: dict[tuple[int, int | None], float] = {}
    threads: set[tuple[int, int]] = set()
    open_tasks: dict[int, int] = {}
    for event in events:
        pid = getattr(event, "pid", None)
        if isinstance(event, ProcessStarted):
            assert event.pid not in alive
            alive.add(event.pid)
        elif isinstance(event, Output):
            assert any(pid == one for one, _ in latest), (
                "what a process started may write where it did when it is gone"
            )
        elif pid is not None:
            assert pid in alive, f"{event} of a process that had not started, or is gone"
        # That a script's main process was its one task shows, and is told, only at its end.
        played = first.kind in ("demo", "watch")
        late = isinstance(event, TaskStarted) and played
        if pid is not None and not late:
            who = (pid, getattr(event, "thread", None))
            assert event.t >= latest.get(who, 0.0), f"time ran backwards in {who}: {event}"
            latest[who] = event.t
            if isinstance(event, ThreadStarted):
                assert who not in threads, f"{event} of a number that another one has"
                threads.add((pid, event.thread))
            elif played and who[1] is not None:
                assert who in threads, f"{event} of a thread that had not started"
        if isinstance(event, ProcessExited):
            alive.discard(event.pid)
        elif isinstance(event, TaskStarted):
            assert event.task in queued
            open_tasks[event.task] = event.pid
        elif isinstance(event, TaskFinished):
            assert open_tasks.pop(event.task) == event.pid
    assert not alive, "every process is gone at the end"

    assert last.summary == summarise(events).to_dict()
    assert last.summary["wall"] == pytest.approx(last.t)
