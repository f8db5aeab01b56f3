"""The events of a run, and their JSON.

A run is a stream of these small frozen values. Screens, the printer without a screen, `--json` and
reports read that one stream. Nothing else carries state from the engine to a reader.

- `RunStarted` is the first event and `RunFinished` the last; the others come in order of arrival.
- `t` is in seconds since the run began (`time.monotonic()`), stamped where the thing happened.
- A task that was queued ends exactly once: finished, failed or skipped.
- `pid` tells which process it was. Where threads do the work, `thread` (1, 2, …) tells which one.
  In a played script, it is the number of a thread other than the main one, or of an asyncio task,
  which `ThreadStarted` has told.

One event is one line of JSON: `{"event": "task_finished", "t": 1.502, …}`. What others may rely on
is in `assets/schema/events.schema.json`: every field with its meaning and its unit. A test holds
both files together. A reader ignores fields and events that it does not know, so both may be added
without a new `SCHEMA`. A new field has a default, because older streams lack it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from json.encoder import encode_basestring_ascii
from math import isfinite
from operator import attrgetter
from typing import Any, ClassVar

SCHEMA = 2
"""The version of the events; it rises when the meaning of a field changes, or when one goes."""


MOST_PIDS = 2**22
"""Pids are smaller, on Linux and macOS
(https://man7.org/linux/man-pages/man5/proc_sys_kernel.5.html)."""


class EventError(ValueError):
    """A JSON object that cannot be an event; the text is one sentence."""


class Outcome(StrEnum):
    """How a run ended."""

    OK = "ok"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Stream(StrEnum):
    """Where a process wrote a line."""

    STDOUT = "stdout"
    STDERR = "stderr"


class WaitKind(StrEnum):
    """The call in which a process waits. The schema says what its `object` is."""

    SLEEP = "sleep"
    JOIN = "join"
    RESULT = "result"
    EXCEPTION = "exception"
    AS_COMPLETED = "as_completed"
    WAIT = "wait"
    SHUTDOWN = "shutdown"
    GET = "get"
    NEXT = "next"
    EXIT = "exit"
    START = "start"
    LOCK = "lock"
    SEMAPHORE = "semaphore"
    EVENT = "event"
    CONDITION = "condition"
    BARRIER = "barrier"
    QUEUE_GET = "queue_get"
    QUEUE_PUT = "queue_put"
    QUEUE_JOIN = "queue_join"
    RECEIVE = "receive"
    POLL = "poll"
    SEND = "send"
    THREAD = "thread"
    FEEDER = "feeder"
    MANAGER = "manager"
    PROGRAM = "program"
    LOOP = "loop"
    CHILD = "child"
    READ = "read"
    WRITE = "write"
    SOCKET = "socket"
    SELECT = "select"
    SIGNAL = "signal"
    FILE_LOCK = "file_lock"
    OTHER_THREAD = "other_thread"
    OTHER_PROCESS = "other_process"
    STOPPED = "stopped"
    CALL = "call"
    IDLE = "idle"
    GIL = "gil"
    TURN = "turn"
    TASK = "task"
    GATHER = "gather"
    EXECUTOR = "executor"
    STREAM = "stream"
    FUTURE = "future"


class ThreadKind(StrEnum):
    """What goes on beside others in a process: a thread, or a task of an asyncio event loop."""

    THREAD = "thread"
    ASYNCIO = "asyncio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened `t` seconds after the run began."""

    event: ClassVar[str]
    t: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted(Event):
    """What is about to run. `notes` are sentences that a person should know.

    `code` is the text of a played script; empty where nothing is played, or the text is not known.
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
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStarted(Event):
    """A process that appeared; the process `parent` started it.

    In a played script, `start_method` is how `multiprocessing` started it, and `command` what it
    runs, if it runs another program than the script. Each is empty where it does not apply.

    `host` is where a worker of a cluster runs; `None`: on this machine. Such a worker takes part
    from then on, and may have run for long; where workers of two hosts have the same pid, one of
    them has 4,194,304 more here.
    """

    pid: int
    parent: int
    name: str
    start_method: str = ""
    command: str = ""
    host: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessExited(Event):
    """A process that is gone. A negative `exitcode` is a signal; `None` could not be learnt.

    `ended_by` is how a played script ended it on purpose: `terminate`, `kill`, `interrupt`, or
    `daemon` at its parent's end; empty: it did not. A worker of a cluster that the run is done with
    has 0, and goes on.

    A worker also has what it had cost by the end of its last task: `cpu` in seconds, `memory`, the
    most bytes that it had resident at once, and `gil`, whether its interpreter had a global lock.
    They are `None` for a worker that ended no task, and in a played script.
    """

    pid: int
    exitcode: int | None
    cpu: float | None = None
    memory: int | None = None
    gil: bool | None = None
    ended_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskQueued(Event):
    """Work that waits for a process. `weight` is in the run's unit (images: megapixels)."""

    task: int
    label: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStarted(Event):
    """A task that a process took.

    Whether a script's main process is its one task shows only at the end: this event comes then,
    with the `t` of the beginning.
    """

    task: int
    pid: int
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskProgress(Event):
    """A task that has come to `step`; `fraction` (0 to 1) of it is done."""

    task: int
    pid: int
    step: str
    fraction: float
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFinished(Event):
    """A task that ended well after `seconds` of work."""

    task: int
    pid: int
    seconds: float
    result: Mapping[str, Any] = field(default_factory=dict)
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFailed(Event):
    """A task that failed in `step`. `error` is a class or a signal; no `pid`: it never ran."""

    task: int
    pid: int | None
    seconds: float
    error: str
    reason: str
    step: str = ""
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSkipped(Event):
    """A task that was not done and did not fail; `reason` is one sentence.

    `before`: an earlier run did it. `stopped`: the run, or the script, ended it before its end.
    """

    task: int
    reason: str
    pid: int | None = None
    thread: int | None = None
    before: bool = False
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRetried(Event):
    """An attempt that failed, of a task that will be tried again; its end is yet to come."""

    task: int
    pid: int | None
    seconds: float
    error: str
    reason: str
    step: str = ""
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Output(Event):
    """A line that a process wrote. `partial`: it had no newline yet; what follows belongs to it.

    In a played script, another program may have written it, which the process started.
    """

    pid: int
    stream: Stream
    text: str
    partial: bool = False
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Event):
    """The line that a script's main process is on: sampled, and exact where it waits."""

    pid: int
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Event):
    """A process, or a thread of it, that blocks until its next `Resumed`, or its end.

    `kind` is a `WaitKind`, or the word of a later version. `object` names what is waited for, such
    as `P-1`, and `holder` who has it; `holder_ended`: whoever has it has ended. `file` and `line`
    are where the call stands in the script. After `timeout` seconds the wait ends by itself.
    `count` is how many items a queue has, how many wait at a barrier, or how many more a semaphore
    lets in; `bound` is how many there may be of them. Each is `None` where it is not known.
    """

    pid: int
    kind: WaitKind | str
    object: str | None = None
    holder: str | None = None
    file: str | None = None
    line: int | None = None
    timeout: float | None = None
    thread: int | None = None
    count: int | None = None
    bound: int | None = None
    holder_ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderChanged(Event):
    """Another one has what a process, or a thread of it, waits for since its latest `Waiting`.

    The fields are as there.
    """

    pid: int
    holder: str | None = None
    holder_ended: bool = False
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Event):
    """The end of the latest `Waiting` of this process and thread."""

    pid: int
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortWaits(Event):
    """The waits of a process that were too short to be told one by one, since it started.

    It slept `count` times, for `seconds` in all.
    """

    pid: int
    count: int
    seconds: float
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadStarted(Event):
    """A thread of a played script, not the main one, or an asyncio task, when it was first seen.

    `thread` is its number in its process, which no other one gets. `name` is what the script calls
    it: `Thread-1`, or the coroutine with the number or the name of its task, `fetch(3)`. It works
    while it does not wait, until its `ThreadEnded`, or its process's end. Those that are gone
    before they are seen are in `UnseenThreads`.
    """

    pid: int
    thread: int
    name: str
    kind: ThreadKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadEnded(Event):
    """The end of a thread, or of an asyncio task.

    `cpu` is how many seconds a thread ran on a CPU, when it was last seen; `None` for a task.
    """

    pid: int
    thread: int
    cpu: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnseenThreads(Event):
    """How many threads, or asyncio tasks, of a process were gone before they were seen, so far."""

    pid: int
    kind: ThreadKind
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopBlocked(Event):
    """An asyncio task that keeps its event loop from all others, for a tenth of a second so far.

    From `t` on, until its next `Waiting` or its end. `file` and `line` are where it stood.
    """

    pid: int
    thread: int
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlock(Event):
    """A script of which somebody can never go on: all that could end a wait wait themselves.

    `waits` has a mapping for each process or thread of it, with `pid`, the name of the `thread`
    where it is not the main one, and `kind`, `object`, `holder`, `holder_ended`, `file` and `line`
    as in `Waiting`. Where they wait for each other in a circle, those come first, in its order. It
    is over when one of them resumes, or ends.
    """

    waits: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHeld(Event):
    """The work is held: no task is handed out until the next `RunReleased`, or the run's end.

    Workers go on with the `tasks` that they have in hand.
    """

    tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReleased(Event):
    """The work goes on after `RunHeld`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished(Event):
    """The end of a run. `summary` is the timing summary of all events before, as plain data.

    `notes` are sentences that a person should know.
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
    HolderChanged,
    Resumed,
    ShortWaits,
    ThreadStarted,
    ThreadEnded,
    UnseenThreads,
    LoopBlocked,
    Deadlock,
    RunHeld,
    RunReleased,
    RunFinished,
)
"""Every kind of event."""

for _kind in KINDS:
    _kind.event = re.sub(r"(?<!^)(?=[A-Z])", "_", _kind.__name__).lower()

_KINDS = {kind.event: kind for kind in KINDS}

_FIELDS = {name: tuple(f.name for f in fields(kind)) for name, kind in _KINDS.items()}
_ENUMS = {enum.__name__: enum for enum in (Stream, Outcome, ThreadKind)}
ENUM_FIELDS: dict[str, dict[str, type[StrEnum]]] = {
    name: {f.name: _ENUMS[str(f.type)] for f in fields(kind) if str(f.type) in _ENUMS}
    for name, kind in _KINDS.items()
}
"""Of each event the fields that are enumerations, each with its class."""


def to_dict(event: Event) -> dict[str, Any]:
    """Return the event as plain data, ready for `json.dumps`."""
    return {"event": event.event, **{name: getattr(event, name) for name in _FIELDS[event.event]}}


def to_json(event: Event) -> str:
    """Return the event as one line of JSON: pure ASCII, without the newline."""
    # What `json.dumps(to_dict(event))` returns, in a third of its time: a run has very many.
    name = event.event
    return _LINES[name] % tuple(
        [_WRITERS.get(type(value), _ENCODE)(value) for value in _VALUES[name](event)]
    )


def _number(value: float) -> str:
    return repr(value) if isfinite(value) else _ENCODE(value)


_ENCODE = json.JSONEncoder().encode

_WRITERS: dict[type, Callable[[Any], str]] = {
    int: int.__repr__,
    float: _number,
    str: encode_basestring_ascii,
    bool: {True: "true", False: "false"}.__getitem__,
    type(None): {None: "null"}.__getitem__,
}
"""How a value of exactly this type is written; any other one by `_ENCODE`."""

_LINES = {
    name: ", ".join([f'{{"event": "{name}"', *(f'"{one}": %s' for one in names)]) + "}"
    for name, names in _FIELDS.items()
}
"""The line of each event, with a place for each value."""


def _values_of(names: tuple[str, ...]) -> Callable[[Event], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    (name,) = names  # of one name, `attrgetter` returns no tuple
    return lambda event: (getattr(event, name),)


_VALUES = {name: _values_of(names) for name, names in _FIELDS.items()}


def from_dict(data: Mapping[str, Any]) -> Event | None:
    """Return the event in `data`; `None` for an event that is not known here.

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
        for key, enum in ENUM_FIELDS[name].items():
            if key in known:
                known[key] = enum(known[key])
        return kind(**known)
    except (TypeError, ValueError) as error:
        raise EventError(f"not a {name}: {error}") from error


def from_json(line: str | bytes) -> Event | None:
    """Return the event in one line of JSON; `None` for one that is not known here.

    Raises:
        EventError: the line is not a JSON object, or not an event.
    """
    try:
        data = json.loads(line)
    except ValueError as error:
        raise EventError(f"not JSON: {error}") from error
    if not isinstance(data, dict):
        raise EventError("an event is a JSON object")
    return from_dict(data)
