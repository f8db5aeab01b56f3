"""Who waits for whom, as chains of names and arrows: who waits, what for, and who could end it.

P-1 ──waits for the lock b──▶ P-2 ──waits for the lock a──▶ P-1   deadlock
main ──waits in join()──▶ P-3   works
P-4 … P-40 (37) ──waits in get() for an item of tasks──▶ ?
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from tui_app.events import Waiting, WaitKind
from tui_app.language import N_, _
from tui_app.runs.formatting import safe
from tui_app.runs.lanes import ProcessRow, RowState
from tui_app.runs.view import Snapshot
from tui_app.runs.wait_words import arrow_words

MOST_NAMED = 4
"""Of more who wait for the same, only the first and the last are named."""

UNKNOWN = "?"
"""Stands for whoever could end a wait, where that is not known."""

_OF_OTHERS = (WaitKind.JOIN, WaitKind.EXIT, WaitKind.THREAD, WaitKind.TASK)
"""Waits whose object is a process, a thread, or an asyncio task."""

_STATES = {
    RowState.WORKING: N_("works"),
    RowState.SLEEPING: N_("sleeps"),
    RowState.EXITED: N_("has ended"),
}


class GraphPart(StrEnum):
    """What a piece of a line is; it decides how the piece looks."""

    NAME = "name"
    ARROW = "arrow"
    STATE = "state"
    GONE = "gone"
    DEADLOCK = "deadlock"


@dataclass(frozen=True, slots=True)
class GraphPiece:
    """A piece of a line; a name has the `number` of its process, where that is known."""

    part: GraphPart
    text: str
    number: int | None = None


Step = tuple[GraphPiece, ...]
"""A name, or an arrow and the name to which it leads."""

Chain = Sequence[Step]
"""A name and the arrows from it."""


@dataclass(frozen=True, slots=True)
class _Waiter:
    """Somebody who waits: a process, or a thread of one.

    Attributes:
        name: what it is called; no other has this name.
        number: the process's, for its colour.
        wait: what it waits for.
        targets: who could end that, as far as it is known.
        deadlocked: whether it can never go on.
    """

    name: str
    number: int | None
    wait: Waiting
    targets: tuple[str, ...]
    deadlocked: bool

    @property
    def sameness(self) -> tuple[object, ...]:
        """What others have in common with it who share its line."""
        wait = self.wait
        return self.targets, wait.kind, wait.object, wait.count, self.deadlocked


@dataclass(slots=True)
class _Graph:
    waiters: dict[str, _Waiter]
    rows: Mapping[str, ProcessRow]
    drawn: set[str] = field(default_factory=set)

    def next(self, name: str) -> str | None:
        """Return who waits next in the chain; `None`: the chain ends there."""
        waiter = self.waiters.get(name)
        only = waiter.targets[0] if waiter is not None and len(waiter.targets) == 1 else None
        return only if only in self.waiters else None

    def number(self, name: str) -> int | None:
        """Return the number of a process, or of a thread's process, for its colour."""
        row, waiter = self.rows.get(name), self.waiters.get(name)
        return row.number if row is not None else waiter.number if waiter is not None else None

    def circles(self) -> Iterator[list[str]]:
        """Yield who wait for each other in a circle, each circle once, its first row first."""
        seen: set[str] = set()
        for start in self.waiters:
            path: list[str] = []
            name: str | None = start
            while name is not None and name not in seen:
                seen.add(name)
                path.append(name)
                name = self.next(name)
            if name in path:
                circle = path[path.index(name) :]
                first = min(range(len(circle)), key=lambda at: list(self.waiters).index(circle[at]))
                yield circle[first:] + circle[:first]

    def heads(self) -> list[list[_Waiter]]:
        """Return those whom nobody waits for; who wait for the same are together."""
        awaited = {one for waiter in self.waiters.values() for one in waiter.targets}
        free = [
            waiter
            for name, waiter in self.waiters.items()
            if name not in awaited and name not in self.drawn
        ]
        places = {waiter.sameness: at for at, waiter in reversed(list(enumerate(free)))}
        free.sort(key=lambda waiter: places[waiter.sameness])
        groups = (list(same) for _key, same in groupby(free, key=lambda waiter: waiter.sameness))
        return sorted(groups, key=lambda same: not same[0].deadlocked)


def wait_chains(snapshot: Snapshot) -> list[Chain]:
    """Return who waits for whom at a moment of a script's run; nothing where nobody waits.

    Each who waits stands once at the left of an arrow, alone or with others who wait for the same.
    Who sleeps waits for nobody. Circles come first.
    """
    graph = _Graph(_waiters(snapshot), {row.name: row for row in snapshot.rows})
    circles = [[graph.waiters[circle[0]]] for circle in graph.circles()]
    chains = [_chain(graph, head) for head in circles]
    chains += [_chain(graph, head) for head in graph.heads()]
    # Those are left for whom others wait who wait for several.
    for name, waiter in graph.waiters.items():
        if name not in graph.drawn:
            chains.append(_chain(graph, [waiter]))
    return chains


def _waiters(snapshot: Snapshot) -> dict[str, _Waiter]:
    """Return who waits, by name: the rows, and the threads of a deadlock that have none."""
    rows = snapshot.rows
    processes = {row.key[0]: row for row in reversed(rows)}
    threads = {
        f"{process.name}·{thread}": (process, wait)
        for pid, thread, wait in snapshot.deadlock
        if thread is not None and (process := processes.get(pid)) is not None
    }
    known = {row.name for row in rows} | threads.keys()
    found = {}
    for row in rows:
        if row.wait is not None and row.wait.kind != WaitKind.SLEEP:
            targets = _targets(row.name, row.wait, rows, known)
            name = row.name if row.name not in found else f"{row.name} ({row.key[0]})"
            found[name] = _Waiter(name, row.number, row.wait, targets, row.deadlocked)
    for name, (process, wait) in threads.items():
        if name not in found and not process.exited:
            targets = _targets(name, wait, rows, known)
            found[name] = _Waiter(name, process.number, wait, targets, deadlocked=True)
    return found


def _targets(
    name: str, wait: Waiting, rows: Sequence[ProcessRow], known: Set[str]
) -> tuple[str, ...]:
    """Return who could end a wait, as far as it is known; `known` are all names there are."""
    process = name.partition("·")[0]

    def called(one: str) -> str:
        # A thread is told by its own name, without its process's.
        return full if (full := f"{process}·{one}") in known else one

    if wait.holder:
        return tuple(map(called, wait.holder.split(", ")))
    if not wait.object:
        return ()
    if (one := called(wait.object)) in known and wait.kind in _OF_OTHERS:
        return (one,)
    workers = [row.name for row in rows if row.task is not None and row.label == wait.object]
    return (workers[0],) if len(workers) == 1 and workers[0] != name else ()


# Chains


def _chain(graph: _Graph, head: Sequence[_Waiter]) -> Chain:
    """Return a chain from its first waiters to who works, has ended, or stands elsewhere."""
    graph.drawn.update(waiter.name for waiter in head)
    steps: list[Step] = [_names([(one.name, one.number) for one in head])]
    waiter, dead = head[0], all(one.deadlocked for one in head)
    while True:
        whom = _names([(one, graph.number(one)) for one in waiter.targets])
        if not waiter.targets and waiter.wait.holder_ended:
            whom = (GraphPiece(GraphPart.GONE, _("a process that has ended")),)
        words = safe(arrow_words(waiter.wait, known=bool(waiter.targets)))
        steps.append((GraphPiece(GraphPart.ARROW, f" ──{words}──▶ "), *whom))
        following = graph.next(waiter.name)
        if following is None or following in graph.drawn:
            break
        graph.drawn.add(following)
        waiter = graph.waiters[following]
        dead = dead and waiter.deadlocked
    row = graph.rows.get(waiter.targets[0]) if len(waiter.targets) == 1 else None
    if dead:
        steps[-1] += (GraphPiece(GraphPart.DEADLOCK, "   " + _("deadlock")),)
    elif row is not None and row.state in _STATES:
        part = GraphPart.GONE if row.exited else GraphPart.STATE
        steps[-1] += (GraphPiece(part, "   " + _(_STATES[row.state])),)
    return steps


def _names(named: Sequence[tuple[str, int | None]]) -> Step:
    """Return the names of several, in a row; of many, the first and the last; of none, a sign."""
    pieces = [GraphPiece(GraphPart.NAME, safe(name), number) for name, number in named]
    if not pieces:
        return (GraphPiece(GraphPart.STATE, UNKNOWN),)
    if len(pieces) > MOST_NAMED:
        first, last = pieces[0], pieces[-1]
        between = GraphPiece(GraphPart.STATE, " … ")
        return first, between, last, GraphPiece(GraphPart.STATE, f" ({len(pieces)})")
    comma = GraphPiece(GraphPart.STATE, ", ")
    return tuple(one for piece in pieces for one in (comma, piece))[1:]
