"""What a process answers when it is asked what its threads wait for.

A script may write to the same connections, so each part of an answer may be anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tui_app.script.process_names import thread_name

LARGEST = 1e9
"""Seconds that are believed."""

MOST_PARTS = 500
"""Parts of an answer that are read."""


@dataclass(frozen=True, slots=True)
class CallPlace:
    """An expression in a file of the script: first and last line and column."""

    file: str
    line: int
    end: int
    column: int
    last: int


@dataclass(frozen=True, slots=True)
class ThreadStanding:
    """Where a thread stands, and on which object.

    Attributes:
        tid: its number in the system.
        name: what `threading` calls it.
        daemon: whether the process's end does not wait for it.
        helper: whether a library has it for itself.
        file, line: where it is in the script's main file.
        place: the call in the script's own code, in any file.
        frames: the library's functions that the call led to, as `module:function`, the first one
            first.
        type: the class of the object that it waits for, a class of the library.
        key: what tells the object apart in its process; empty: there is none.
        object: what the script calls it; empty: it has no name.
        called: the name that the object has itself, such as a thread's.
        made: the line on which it was made; 0: not known.
        count, bound: how full it is.
        takes: whether it is a lock that the thread is about to take.
        holders: the threads of the process that hold it.
        holds: keys of the locks in whose `with` blocks the thread is.
        joined: the thread of its process whose end it waits for; 0: none.
        timeout: seconds that it sleeps, where it sleeps by `time.sleep`.
    """

    tid: int
    name: str = ""
    daemon: bool = False
    helper: bool = False
    file: str | None = None
    line: int | None = None
    place: CallPlace | None = None
    frames: tuple[str, ...] = ()
    type: str = ""
    key: str = ""
    object: str = ""
    called: str = ""
    made: int = 0
    count: int | None = None
    bound: int | None = None
    takes: bool = False
    holders: tuple[int, ...] = ()
    holds: tuple[str, ...] = ()
    joined: int = 0
    timeout: float | None = None

    @property
    def is_shared(self) -> bool:
        """Whether it waits for a semaphore of `multiprocessing`, which other processes may have."""
        return self.key.startswith("s")


@dataclass(frozen=True, slots=True)
class KnownObject:
    """An object that a process shares with others, as that process knows it.

    Attributes:
        key: what tells it apart in its process.
        name: what the script calls it there; empty: it has no name.
        type: its class.
        held: how often the process has it.
        made: whether the process made it.
        line: the line on which it was made; 0: not known.
    """

    key: str
    name: str
    type: str
    held: int
    made: bool
    line: int


@dataclass(frozen=True, slots=True)
class ProcessAnswer:
    """What a process answered at second `t` of the monotonic clock.

    `own` are our threads, and `started` is how many the script has started so far.
    """

    t: float
    own: tuple[int, ...]
    threads: Mapping[int, ThreadStanding]
    objects: Sequence[KnownObject]
    started: int = 0


@dataclass(frozen=True, slots=True)
class TaskStanding:
    """What an asyncio task does.

    Attributes:
        n: its number among the tasks of its process that were seen.
        name: the coroutine with the task's number or name; empty: it was told before.
        done: whether it has ended; nothing else is told then.
        waits: whether it awaits something.
        ready: whether it could go on, and waits for its turn; `holder` has the loop, if anybody
            keeps it.
        blocks: whether it keeps the loop from the others.
        file, line: where it is in the script's main file.
        calls: asyncio's functions that the script awaits, as `module:function`.
        type, object: the class of asyncio's object, and what the script calls it.
        task: the task that it awaits.
        gathers: whether it awaits several at once.
        executor: whether another thread or process does what it awaits.
        since, until: when this began, and when a sleep is to end, by the clock of its loop.
    """

    n: int
    name: str
    done: bool
    waits: bool
    ready: bool
    holder: str
    blocks: bool
    file: str | None
    line: int | None
    calls: tuple[str, ...]
    type: str
    object: str
    task: str
    gathers: bool
    executor: bool
    timeout: float | None
    since: float | None
    until: float | None
    count: int | None
    bound: int | None


def read_tasks(data: Mapping[str, Any]) -> list[TaskStanding]:
    """Return what a report tells of tasks; parts of it that tell of none are left out."""
    return [
        TaskStanding(
            n=_number(one, "n") or 0,
            name=_text(one, "name"),
            done=one.get("done") is True,
            waits=one.get("kind") == "await",
            ready=one.get("kind") == "turn",
            holder=_text(one, "holder"),
            blocks=one.get("blocks") is True,
            file=_text(one, "file") or None,
            line=_number(one, "line") or None,
            calls=tuple(call for call in _list(one, "calls") if isinstance(call, str)),
            type=_text(one, "type"),
            object=_text(one, "object"),
            task=_text(one, "task"),
            gathers=one.get("gathers") is True,
            executor=one.get("executor") is True,
            timeout=_seconds(one, "timeout"),
            since=_seconds(one, "since"),
            until=_seconds(one, "until"),
            count=_number(one, "count"),
            bound=_number(one, "bound"),
        )
        for one in _dicts(data["tasks"])
    ]


def read_answer(data: Mapping[str, Any]) -> ProcessAnswer:
    """Return the answer in a report; parts of it that are none are left out."""
    threads = {one.tid: one for one in map(_standing, _dicts(data["threads"]))}
    objects = [
        KnownObject(
            key=_text(one, "key"),
            name=_text(one, "name"),
            type=_text(one, "type"),
            held=_number(one, "held") or 0,
            made=one.get("made") is True,
            line=_number(one, "line") or 0,
        )
        for one in _dicts(data["objects"])
    ]
    own = tuple(one for one in _list(data, "own") if type(one) is int)
    return ProcessAnswer(data["t"], own, threads, objects, data["started"])


def _standing(data: Mapping[str, Any]) -> ThreadStanding:
    at, source = data.get("at"), data.get("source")
    place = None
    if isinstance(source, str) and isinstance(at, list) and [type(one) for one in at] == [int] * 4:
        place = CallPlace(source, *at)
    return ThreadStanding(
        tid=_number(data, "tid") or 0,
        name=thread_name(_text(data, "name")),
        daemon=data.get("daemon") is True,
        helper=data.get("helper") is True,
        file=_text(data, "file") or None,
        line=_number(data, "line") or None,
        place=place,
        frames=tuple(one for one in _list(data, "frames") if isinstance(one, str)),
        type=_text(data, "type"),
        key=_text(data, "key"),
        object=_text(data, "object"),
        called=_text(data, "called"),
        made=_number(data, "made") or 0,
        count=_number(data, "count"),
        bound=_number(data, "bound"),
        takes=data.get("takes") is True,
        holds=tuple(one for one in _list(data, "holds") if isinstance(one, str)),
        joined=_number(data, "joined") or 0,
        timeout=_seconds(data, "timeout"),
        holders=tuple(one for one in _list(data, "holders") if type(one) is int),
    )


def _dicts(found: Any) -> Iterator[Mapping[str, Any]]:
    return (one for one in found[:MOST_PARTS] if isinstance(one, dict))


def _list(data: Mapping[str, Any], name: str) -> list[Any]:
    found = data.get(name)
    return found[:MOST_PARTS] if isinstance(found, list) else []


def _text(data: Mapping[str, Any], name: str) -> str:
    found = data.get(name)
    return found if isinstance(found, str) else ""


def _seconds(data: Mapping[str, Any], name: str) -> float | None:
    found = data.get(name)
    known = type(found) in (int, float) and found is not None and 0 <= found < LARGEST
    return float(found) if known and found is not None else None


def _number(data: Mapping[str, Any], name: str) -> int | None:
    found = data.get(name)
    return found if type(found) is int and 0 <= found < 2**63 else None
