"""The waits that are too short to be told one by one: counted, and told together."""

from __future__ import annotations

import time
from collections.abc import Callable

from tui_app.engine.run_clock import RunClock
from tui_app.events import Event, ShortWaits
from tui_app.script.waits.kernel import voluntary_switches
from tui_app.script.waits.sights import Sight

LEAST_WAIT = 0.03
"""Seconds that a thread sleeps before its wait is told; shorter waits are only counted."""

TELL_SECONDS = 1.0
"""Time between two events that tell of a thread's short waits."""

LEAST_SHORT = 0.001
"""Seconds of sleep between two looks that count."""

MOST_WAITS = 800
"""Waits of threads other than main that are told in a second: of more, the shorter ones are only
counted."""


class ShortWaitTeller:
    """Counts short waits, and says from when on a wait is none."""

    def __init__(self, clock: RunClock, sink: Callable[[Event], None]) -> None:
        self._clock, self._sink = clock, sink
        self._least, self._told, self._adapted = LEAST_WAIT, 0, time.monotonic()

    def least(self, sight: Sight) -> float:
        """Return the seconds that a thread sleeps before its wait is told."""
        return LEAST_WAIT if sight.main else self._least

    def told(self, sight: Sight) -> None:
        """Take notice that a wait was told."""
        sight.rest = 0.0
        self._told += not sight.main

    def adapt(self, now: float) -> None:
        """Have only longer waits of threads told, if there were too many, or shorter ones again."""
        passed = now - self._adapted
        if passed >= 1.0:
            rate, self._told, self._adapted = self._told / passed, 0, now
            change = 2.0 if rate > MOST_WAITS else 0.5 if rate < MOST_WAITS / 2 else 1.0
            self._least = max(LEAST_WAIT, self._least * change)

    def slept(self, sight: Sight, seconds: float, now: float) -> None:
        """Count what a thread has slept since it moved last, until it ran before this look."""
        rest = min(seconds, now - sight.looked)
        sight.seconds += sight.rest + seconds - rest
        sight.rest = rest
        if seconds >= LEAST_SHORT or not sight.switches:
            switches = voluntary_switches(sight.member.pid, sight.tid)
            if sight.switches:
                sight.count += max(1, switches - sight.switches)
            sight.switches = switches

    def look(self, sight: Sight, now: float) -> None:
        """Tell a thread's short waits, if it is time to."""
        if now - sight.told_at >= TELL_SECONDS:
            self.tell(sight)

    def tell(self, sight: Sight) -> None:
        """Tell a thread's short waits so far, if there were others since they were told."""
        seconds = sight.seconds
        if sight.known and seconds - sight.told_seconds >= LEAST_WAIT:
            sight.told_seconds, sight.told_at = seconds, time.monotonic()
            t = max(sight.member.t, self._clock.at(sight.looked))
            pid, thread = sight.member.pid, sight.thread
            short = ShortWaits(t=t, pid=pid, count=sight.count, seconds=seconds, thread=thread)
            self._sink(short)
