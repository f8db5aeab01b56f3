"""The clock of a run."""

from __future__ import annotations

import time
from collections.abc import Callable


class RunClock:
    """The time of a run: seconds since it began.

    Args:
        clock: a monotonic clock that all processes share, in seconds.

    Attributes:
        began: what that clock showed when the run began.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.began = clock()

    def start(self) -> None:
        """Let the run begin now."""
        self.began = self._clock()

    def now(self) -> float:
        """Return the time of the run."""
        return self.at(self._clock())

    def at(self, moment: float) -> float:
        """Return the time of the run when the clock showed `moment`; 0 before the beginning."""
        return max(0.0, moment - self.began)
