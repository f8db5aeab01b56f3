"""Puts the events of many lines in the order in which they happened."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable
from dataclasses import replace

from tui_app.events import Event, TaskStarted

HELD_SECONDS = 0.02
"""How long an event waits for an earlier one from another process, which is read after it."""


class InOrder:
    """Holds events back for a moment, and passes them on by their time.

    Each process has a line and pipes of its own, and they are read one after another: a child's
    last word may be read after that of the parent who waited for it. Told so, a lesson would be
    wrong. What comes too late even so has the time of the last event of its process.

    Args:
        now: seconds since the run began.
        sink: takes each event, on the loop's thread.
    """

    def __init__(self, now: Callable[[], float], sink: Callable[[Event], None]) -> None:
        self._now, self._sink = now, sink
        self._loop = asyncio.get_running_loop()
        self._held: list[tuple[float, int, Event]] = []
        self._numbers = itertools.count()
        self._waiting = False
        self._latest: dict[int, float] = {}

    def add(self, event: Event) -> None:
        """Takes an event."""
        heapq.heappush(self._held, (event.t, next(self._numbers), event))
        if not self._waiting:
            self._waiting = True
            self._loop.call_later(HELD_SECONDS, self._release)

    def flush(self) -> None:
        """Passes all on; nothing earlier will come any more."""
        while self._held:
            self._pass_on(heapq.heappop(self._held)[2])

    def _pass_on(self, event: Event) -> None:
        pid = getattr(event, "pid", None)
        # That a script's main process was its one task shows at its end, and is told as of then.
        if pid is not None and not isinstance(event, TaskStarted):
            latest = self._latest.get(pid, 0.0)
            if event.t < latest:
                event = replace(event, t=latest)
            self._latest[pid] = event.t
        self._sink(event)

    def _release(self) -> None:
        horizon = self._now() - HELD_SECONDS
        while self._held and self._held[0][0] <= horizon:
            self._pass_on(heapq.heappop(self._held)[2])
        self._waiting = bool(self._held)
        if self._waiting:
            self._loop.call_later(HELD_SECONDS, self._release)
