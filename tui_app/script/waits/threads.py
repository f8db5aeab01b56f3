"""The threads of a script's processes, and its asyncio tasks: their numbers, begins and ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from tui_app.events import Event, ThreadEnded, ThreadKind, ThreadStarted, UnseenThreads
from tui_app.script.member import Member

MOST_THREADS = 2_000
"""Threads of a process that are told. Of more, some are, in a second: a server may run for days."""

MOST_LATER = 10
"""Of those, how many in a second."""


class ThreadTeller:
    """Gives each a number in its process, and tells that it began and ended."""

    def __init__(self, sink: Callable[[Event], None]) -> None:
        self._sink = sink
        self._numbers: Counter[int] = Counter()
        self._told: Counter[tuple[int, ThreadKind]] = Counter()
        self._unseen: Counter[tuple[int, ThreadKind]] = Counter()
        self._latest: dict[int, float] = {}
        self._started: dict[int, Mapping[ThreadKind, int]] = {}

    def begin(self, member: Member, name: str, kind: ThreadKind, t: float) -> int:
        """Tell that one began, at second `t` of the run; return its number."""
        self._numbers[member.pid] += 1
        self._told[member.pid, kind] += 1
        number = self._numbers[member.pid]
        self._sink(ThreadStarted(t=t, pid=member.pid, thread=number, name=name, kind=kind))
        return number

    def full(self, member: Member, now: float) -> bool:
        """Return whether so many threads are told that another one is only counted.

        Args:
            member: their process.
            now: the monotonic clock.
        """
        if self._told[member.pid, ThreadKind.THREAD] < MOST_THREADS:
            return False
        if now - self._latest.get(member.pid, 0.0) < 1.0 / MOST_LATER:
            return True
        self._latest[member.pid] = now
        return False

    def end(self, member: Member, number: int, t: float, cpu: float | None = None) -> None:
        """Tell that one ended, after so many seconds on a CPU."""
        self._sink(ThreadEnded(t=t, pid=member.pid, thread=number, cpu=cpu))

    def count(self, member: Member, kind: ThreadKind, started: int, t: float) -> None:
        """Take notice of how many have started; tell how many of them were never seen.

        Args:
            member: their process.
            kind: what they are.
            started: how many have started so far, without those that may still be seen.
            t: the time of the run.
        """
        unseen = started - self._told[member.pid, kind]
        if unseen > self._unseen[member.pid, kind]:
            self._unseen[member.pid, kind] = unseen
            self._sink(UnseenThreads(t=t, pid=member.pid, kind=kind, count=unseen))

    def count_all(self, member: Member, started: Mapping[ThreadKind, int]) -> None:
        """Take notice of how many have started in all; `gone` tells how many were never seen.

        What the process has said of them by other ways may be read only later.
        """
        self._started[member.pid] = started

    def gone(self, member: Member) -> None:
        """Tell how many of a process's were never seen, and forget it: it has gone."""
        for kind, started in self._started.pop(member.pid, {}).items():
            self.count(member, kind, started, member.t)
        self._numbers.pop(member.pid, None)
        self._latest.pop(member.pid, None)
        for known in (self._told, self._unseen):
            for kind in ThreadKind:
                known.pop((member.pid, kind), None)
