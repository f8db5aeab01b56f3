"""Puts the events of many lines in the order in which they happened."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable

from tui_app.events import Event

HELD_SECONDS = 0.02
"""How long an event waits for an earlier one from another process, which is read after it."""


class InOrder:
    """Holds events back for a moment, and passes them on by their time.

    Each process has a line of its own, and they are read one after another: a child's last word
    may be read after that of the parent who waited for it. Told so, a lesson would be wrong.

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

    def add(self, event: Event) -> None:
        """Takes an event."""
        heapq.heappush(self._held, (event.t, next(self._numbers), event))
        if not self._waiting:
            self._waiting = True
            self._loop.call_later(HELD_SECONDS, self._release)

    def flush(self) -> None:
        """Passes all on; nothing earlier will come any more."""
        while self._held:
            self._sink(heapq.heappop(self._held)[2])

    def _release(self) -> None:
        horizon = self._now() - HELD_SECONDS
        while self._held and self._held[0][0] <= horizon:
            self._sink(heapq.heappop(self._held)[2])
        self._waiting = bool(self._held)
        if self._waiting:
            self._loop.call_later(HELD_SECONDS, self._release)
