"""How fast a run goes, measured only while its work is not held."""

from __future__ import annotations

from typing import NamedTuple


class Work(NamedTuple):
    """How far a run is: at which second, with how much weight done, and how many tasks ended."""

    t: float = 0.0
    weight: float = 0.0
    tasks: int = 0

    def since(self, other: Work) -> Work:
        """Return what came after another moment."""
        return Work(self.t - other.t, self.weight - other.weight, self.tasks - other.tasks)

    def plus(self, other: Work) -> Work:
        """Return both together."""
        return Work(self.t + other.t, self.weight + other.weight, self.tasks + other.tasks)


class Pace:
    """Knows what was worked, and in how many seconds, since the first task began.

    What happens while the work is held counts neither as time nor as work.

    Attributes:
        in_hand: how many tasks workers still have in hand; `None` while the work is not held.
    """

    def __init__(self) -> None:
        self.in_hand: int | None = None
        self._left_out: Work | None = None
        """The time before the first task, and all holds that are over."""
        self._held: Work | None = None
        """Where the run was when the work was held."""

    def begin(self, t: float) -> None:
        """Take notice of a task that begins."""
        self._left_out = self._left_out or Work(t)

    def end_one(self) -> None:
        """Take notice that a worker has ended a task, in whatever way."""
        if self.in_hand:
            self.in_hand -= 1

    def hold(self, at: Work, in_hand: int) -> None:
        """The work is held, with so many tasks in hand."""
        self._held, self.in_hand = at, in_hand

    def release(self, at: Work) -> None:
        """The work goes on."""
        if self._held is not None and self._left_out is not None:
            self._left_out = self._left_out.plus(at.since(self._held))
        self._held = self.in_hand = None

    def worked(self, now: Work) -> Work:
        """Return seconds, weight and tasks of the work so far; nothing before the first task."""
        if self._left_out is None:
            return Work()
        return (self._held or now).since(self._left_out)
