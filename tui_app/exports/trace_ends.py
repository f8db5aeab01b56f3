"""What ended before a wait did: where an arrow of the trace begins."""

from __future__ import annotations

from tui_app.events import Waiting, WaitKind
from tui_app.exports.trace_lane import Track

LATE = 0.005
"""Seconds by which a process may tell earlier than another one what happened at the same time."""

OF_TASKS = frozenset((WaitKind.AS_COMPLETED, WaitKind.WAIT, WaitKind.GET, WaitKind.NEXT))
"""Waits that the end of any task may end."""

OF_PROCESSES = frozenset((WaitKind.SHUTDOWN, WaitKind.EXIT, WaitKind.CHILD))
"""Waits that the end of any process may end."""

End = tuple[Track, float]
"""Where something ended, and when, in seconds of the run."""


class LatestEnds:
    """The latest ends of tasks and processes, by what waits call them."""

    def __init__(self) -> None:
        self._named: dict[str, End] = {}
        self._task: End | None = None
        self._process: End | None = None

    def add_task(self, label: str, end: End) -> None:
        """Take the end of a task."""
        self._named[label] = self._task = end

    def add_thread(self, name: str, end: End) -> None:
        """Take the end of a thread, or of an asyncio task."""
        self._named[name] = end

    def add_process(self, name: str, end: End) -> None:
        """Take the end of a process."""
        self._named[name] = self._process = end

    def before(self, wait: Waiting, t: float, holder: Track | None) -> End | None:
        """Return what let a waiter go on at `t`; `None`: it is not known, or nothing did.

        Args:
            wait: the wait that ends.
            t: when it ends.
            holder: the track of who had the lock that is waited for, or of the thread that is
                joined, if it is known and alive.
        """
        if wait.holder or holder is not None:
            # Without a timeout, only the release, or the end, can have ended it.
            return (holder, t) if holder is not None and wait.timeout is None else None
        if wait.object:
            end = self._named.get(wait.object)
        elif wait.kind in OF_TASKS:
            end = self._task
        else:
            end = self._process if wait.kind in OF_PROCESSES else None
        return end if end is not None and wait.t - LATE <= end[1] <= t + LATE else None
