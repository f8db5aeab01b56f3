"""The vocabulary of a run: every event that an engine emits, and its JSON.

Whatever runs is a stream of these small frozen values. Screens, the headless printer, `--json`
and reports read that one stream; nothing else carries state from the engine to a reader.

- `RunStarted` is the first event and `RunFinished` the last; the rest comes in order of arrival.
- `t` is seconds since the run began, stamped where the thing happened (`time.monotonic()`).
- A task that was queued ends exactly once: finished, failed or skipped.
- A process is told by `pid`; where threads do the work, `thread` (1, 2, …) tells which.

One event is one line of JSON: `{"event": "task_finished", "t": 1.502, …}`. A reader ignores the
fields and the events that it does not know, so both may be added without a new `SCHEMA`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, ClassVar

SCHEMA = 1
"""Version of the vocabulary; it rises when the meaning of an existing field changes."""


class EventError(ValueError):
    """A JSON object that cannot be an event: what is missing, in one sentence."""


class Outcome(StrEnum):
    """How a run ended."""

    OK = "ok"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Stream(StrEnum):
    """Where a process wrote a line."""

    STDOUT = "stdout"
    STDERR = "stderr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened `t` seconds after the run began."""

    event: ClassVar[str]
    t: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted(Event):
    """What is about to run. `weight` and `tasks` are in all; `started_at` is ISO 8601.

    `notes` are sentences about what a person should know of it.
    """

    run: str
    kind: str
    title: str
    executor: str
    workers: int
    start_method: str
    cpus: int
    python: str
    host: str
    started_at: str
    tasks: int
    weight: float
    notes: Sequence[str] = field(default_factory=list)
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStarted(Event):
    """A process appeared, started by the process `parent`."""

    pid: int
    parent: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessExited(Event):
    """A process is gone; a negative `exitcode` is a signal, `None` could not be learnt.

    Of a worker also what it had cost by the end of its last task: `cpu` in seconds, `memory`, the
    most bytes that it had resident at once, and `gil`, whether its interpreter had a global lock.
    Null where it ended none, and in a played script.
    """

    pid: int
    exitcode: int | None
    cpu: float | None = None
    memory: int | None = None
    gil: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskQueued(Event):
    """Work is waiting for a process. `weight` is in the unit of the run (images: megapixels)."""

    task: int
    label: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStarted(Event):
    """A process took the task.

    That the main process of a played script is its one task shows only at its end: it is told
    there, with the `t` of its beginning.
    """

    task: int
    pid: int
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskProgress(Event):
    """The task has come to `step`; `fraction` (0 to 1) of it is done."""

    task: int
    pid: int
    step: str
    fraction: float
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFinished(Event):
    """The task ended well after `seconds` of work."""

    task: int
    pid: int
    seconds: float
    result: Mapping[str, Any] = field(default_factory=dict)
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFailed(Event):
    """The task failed in `step`; `error` is a class name or a signal. Null `pid`: it never ran."""

    task: int
    pid: int | None
    seconds: float
    error: str
    reason: str
    step: str = ""
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSkipped(Event):
    """The task was not done, and nobody failed: `reason` says why in one sentence.

    `before`: it was done by an earlier run. `stopped`: the end of this run overtook it; it is not
    done, as those are not that had not even been queued.
    """

    task: int
    reason: str
    pid: int | None = None
    thread: int | None = None
    before: bool = False
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRetried(Event):
    """An attempt came to nothing, and the task will be tried again: no end, there is one to come.

    `error`, `reason` and `step` as in `TaskFailed`. Null `pid`: no process had it in hand.
    """

    task: int
    pid: int | None
    seconds: float
    error: str
    reason: str
    step: str = ""
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Output(Event):
    """A process wrote `text`. `partial`: without a newline so far; what follows belongs to it.

    Of a played script it may be another program, which the process started and may not outlive.
    """

    pid: int
    stream: Stream
    text: str
    partial: bool = False
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Event):
    """The main process of a played script is on this line of it: sampled, and exact at a wait."""

    pid: int
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Event):
    """A process blocks; the first word of `on` is where, the rest, if there is one, for what.

    `sleep 1.5 s`, `join P-1`, `result do_something(2)`, `as_completed`, `wait`, `shutdown` (the
    end of a pool's `with`), `get map` and `next` (a `multiprocessing.Pool`'s results), and `exit`
    where a process has come to its end and waits there for what it started: `exit P-1`.
    """

    pid: int
    on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Event):
    """A process that was waiting goes on; `on` is what it was waiting on."""

    pid: int
    on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished(Event):
    """The end. `summary` is the timing summary of all events before, as plain data.

    `notes` are sentences about what a person should know of how it went.
    """

    outcome: Outcome
    reason: str = ""
    summary: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = field(default_factory=list)


TaskEnd = TaskFinished | TaskFailed | TaskSkipped

KINDS: tuple[type[Event], ...] = (
    RunStarted,
    ProcessStarted,
    ProcessExited,
    TaskQueued,
    TaskStarted,
    TaskProgress,
    TaskFinished,
    TaskFailed,
    TaskSkipped,
    TaskRetried,
    Output,
    Line,
    Waiting,
    Resumed,
    RunFinished,
)
"""Every kind of event there is."""

for _kind in KINDS:
    _kind.event = re.sub(r"(?<!^)(?=[A-Z])", "_", _kind.__name__).lower()

_KINDS = {kind.event: kind for kind in KINDS}

_FIELDS = {name: tuple(f.name for f in fields(kind)) for name, kind in _KINDS.items()}
_ENUMS: dict[str, type[StrEnum]] = {"stream": Stream, "outcome": Outcome}


def to_dict(event: Event) -> dict[str, Any]:
    """The event as plain data, ready for `json.dumps`."""
    return {"event": event.event, **{name: getattr(event, name) for name in _FIELDS[event.event]}}


def to_json(event: Event) -> str:
    """The event as one line of JSON, pure ASCII, without the newline."""
    return json.dumps(to_dict(event), separators=(", ", ": "))


def from_dict(data: Mapping[str, Any]) -> Event | None:
    """The event in `data`; `None` for an event of a kind that is not known here.

    Raises:
        EventError: `data` names no event, or lacks a field that its event needs.
    """
    name = data.get("event")
    if not isinstance(name, str):
        raise EventError("an event needs a field 'event' with its name")
    kind = _KINDS.get(name)
    if kind is None:
        return None
    known = {key: data[key] for key in _FIELDS[name] if key in data}
    try:
        for key, enum in _ENUMS.items():
            if key in known:
                known[key] = enum(known[key])
        return kind(**known)
    except (TypeError, ValueError) as error:
        raise EventError(f"not a {name}: {error}") from error


def from_json(line: str | bytes) -> Event | None:
    """The event in one line of JSON; `None` for a kind that is not known here.

    Raises:
        EventError: the line is no JSON object, or no event.
    """
    try:
        data = json.loads(line)
    except ValueError as error:
        raise EventError(f"not JSON: {error}") from error
    if not isinstance(data, dict):
        raise EventError("an event is a JSON object")
    return from_dict(data)
