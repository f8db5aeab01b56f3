"""What must hold of every stream of events, whatever ran."""

import json
from collections.abc import Sequence

import pytest

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
    from_json,
    to_json,
)
from tui_app.summary import summarise

TYPES: dict[str, dict[str, tuple[type, ...]]] = {
    "run_started": {
        "run": (str,),
        "schema": (int,),
        "kind": (str,),
        "title": (str,),
        "executor": (str,),
        "workers": (int,),
        "start_method": (str,),
        "cpus": (int,),
        "python": (str,),
        "host": (str,),
        "started_at": (str,),
        "tasks": (int,),
        "weight": (int, float),
    },
    "process_started": {"pid": (int,), "parent": (int,), "name": (str,)},
    "process_exited": {
        "pid": (int,),
        "exitcode": (int, type(None)),
        "cpu": (float, int, type(None)),
        "memory": (int, type(None)),
    },
    "task_queued": {"task": (int,), "label": (str,), "weight": (int, float)},
    "task_started": {"task": (int,), "pid": (int,)},
    "task_progress": {"task": (int,), "pid": (int,), "step": (str,), "fraction": (int, float)},
    "task_finished": {"task": (int,), "pid": (int,), "seconds": (int, float), "result": (dict,)},
    "task_failed": {
        "task": (int,),
        "pid": (int, type(None)),
        "seconds": (int, float),
        "error": (str,),
        "reason": (str,),
        "step": (str,),
    },
    "task_skipped": {"task": (int,), "reason": (str,)},
    "task_retried": {
        "task": (int,),
        "pid": (int, type(None)),
        "seconds": (int, float),
        "error": (str,),
        "reason": (str,),
        "step": (str,),
    },
    "output": {"pid": (int,), "stream": (str,), "text": (str,), "partial": (bool,)},
    "line": {"pid": (int,), "line": (int,)},
    "waiting": {"pid": (int,), "kind": (str,), "object": (str, type(None))},
    "resumed": {"pid": (int,)},
    "run_finished": {"outcome": (str,), "reason": (str,), "summary": (dict,)},
}
"""The fields of each event on the wire, and their types, written down apart from the product."""


def check_json(line: str) -> Event:
    """Checks one line of `--json` against the schema; returns its event."""
    data = json.loads(line)
    fields = TYPES[data["event"]]
    assert isinstance(data["t"], float | int)
    assert data["t"] >= 0
    for name, types in fields.items():
        assert isinstance(data[name], types), (name, data)
    if "fraction" in fields:
        assert 0 <= data["fraction"] <= 1
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
    latest: dict[int, float] = {}
    open_tasks: dict[int, int] = {}
    for event in events:
        pid = getattr(event, "pid", None)
        if isinstance(event, ProcessStarted):
            assert event.pid not in alive
            alive.add(event.pid)
        elif isinstance(event, Output):
            assert pid in latest, "what a process started may write where it did when it is gone"
        elif pid is not None:
            assert pid in alive, f"{event} of a process that had not started, or is gone"
        # That a script's main process was its one task shows, and is told, only at its end.
        late = isinstance(event, TaskStarted) and first.kind in ("demo", "watch")
        if pid is not None and not late:
            assert event.t >= latest.get(pid, 0.0), f"time ran backwards in {pid}: {event}"
            latest[pid] = event.t
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
