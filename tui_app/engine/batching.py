"""How many tasks a worker is sent at once.

To send a task and to be answered costs about half a millisecond. Of tasks that take a second that
is nothing; of those that take five milliseconds it is a tenth. So small ones are sent several at a
time, as many as keep a worker busy for `TARGET`: each still tells its own events.
"""

from __future__ import annotations

TARGET = 0.05
"""Seconds of work that are sent at once: half of what passes between two drawings of a screen."""

MOST = 16
"""Tasks that are sent at once: of what a dying worker had, the rest is given to another."""

SHARE = 0.2
"""How much the latest task counts in the mean: the next ones are like it, more than like the first.
"""


class Batching:
    """Learns how long tasks take."""

    def __init__(self) -> None:
        self._mean = 0.0

    def learn(self, seconds: float) -> None:
        """Takes notice of how long a task took."""
        self._mean += SHARE * (seconds - self._mean) if self._mean else seconds

    @property
    def at_once(self) -> int:
        """How many tasks of that kind are sent at once, where there are plenty; at first one."""
        return min(MOST, max(1, int(TARGET / self._mean))) if self._mean else 1

    def share(self, waiting: int, workers: int) -> int:
        """How many of those that wait one of the workers is sent: near the end fewer, then one."""
        return max(1, min(self.at_once, waiting // (2 * workers)))
