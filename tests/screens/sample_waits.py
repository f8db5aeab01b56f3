"""A script many of whose processes wait, some of them for each other in a circle."""

from __future__ import annotations

from tests.runs.factories import demo_started, up
from tests.screens.sample_demo import MAIN
from tui_app.events import Deadlock, Event, Waiting, WaitKind

GETTERS = 9
"""Processes that wait for the same queue."""


def _wait(number: int, kind: WaitKind, what: str | None, holder: str | None = None) -> Waiting:
    pid = MAIN + number
    return Waiting(t=0.3, pid=pid, kind=kind, object=what, holder=holder, line=9)


def crosswise() -> list[Event]:
    """Two processes take two locks crosswise; others wait for them, and for a queue."""
    waits = [
        _wait(1, WaitKind.LOCK, "paper", "P-2"),
        _wait(2, WaitKind.LOCK, "pen", "P-1"),
    ]
    others = [
        _wait(0, WaitKind.JOIN, "P-1"),
        _wait(3, WaitKind.LOCK, "total", "P-4"),
        *(_wait(number, WaitKind.QUEUE_GET, "tasks") for number in range(6, 6 + GETTERS)),
    ]
    names = ["main", *(f"P-{number}" for number in range(1, 6 + GETTERS))]
    dead = [{"pid": one.pid, "thread": None, "kind": one.kind} for one in waits]
    return [
        demo_started(title="crosswise"),
        *(up(MAIN + number, name) for number, name in enumerate(names)),
        *waits,
        *others,
        Deadlock(t=0.9, waits=dead),
    ]
