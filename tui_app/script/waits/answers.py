"""What a process answers when it is asked what its threads wait for.

A script may write to the same connections, so each part of an answer may be anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
    """

    tid: int
    name: str = ""
    daemon: bool = False
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
    """What a process answered at second `t` of the monotonic clock; `own` are our threads."""

    t: float
    own: tuple[int, ...]
    threads: Mapping[int, ThreadStanding]
    objects: Sequence[KnownObject]


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
    return ProcessAnswer(data["t"], own, threads, objects)


def _standing(data: Mapping[str, Any]) -> ThreadStanding:
    at, source = data.get("at"), data.get("source")
    place = None
    if isinstance(source, str) and isinstance(at, list) and [type(one) for one in at] == [int] * 4:
        place = CallPlace(source, *at)
    return ThreadStanding(
        tid=_number(data, "tid") or 0,
        name=_text(data, "name"),
        daemon=data.get("daemon") is True,
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


def _number(data: Mapping[str, Any], name: str) -> int | None:
    found = data.get(name)
    return found if type(found) is int and 0 <= found < 2**63 else None
