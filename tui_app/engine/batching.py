"""How many tasks a worker is sent at once.

Sending a task and waiting for the answer costs about half a millisecond: nothing for a task of a
second, a tenth of a task of five milliseconds. So small tasks are sent several at a time, as many
as keep a worker busy for `TARGET` seconds. Each still has its own events.
"""

from __future__ import annotations

TARGET = 0.05
"""Seconds of work that are sent at once: half of what passes between two drawings of a screen."""

MOST = 16
"""Maximum batch size; a dead worker's unfinished tasks are queued again."""

SHARE = 0.2
"""Weight of the latest task in the mean: the next tasks are more like it than like the first."""


class Batching:
    """Learns how long tasks take."""

    def __init__(self) -> None:
        self._mean = 0.0

    def learn(self, seconds: float) -> None:
        """Take into account how many seconds a task took."""
        self._mean += SHARE * (seconds - self._mean) if self._mean else seconds

    @property
    def at_once(self) -> int:
        """How many tasks are sent at once where many wait; one while nothing is known."""
        return min(MOST, max(1, int(TARGET / self._mean))) if self._mean else 1

    def share(self, waiting: int, workers: int) -> int:
        """Return how many of the waiting tasks one worker is sent: fewer near the end, then one."""
        return max(1, min(self.at_once, waiting // (2 * workers)))
