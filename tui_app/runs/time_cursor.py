"""A cursor in the time of a played script: which moment of the run is shown, if not the present."""

from __future__ import annotations

from tui_app.events import Event, RunStarted
from tui_app.runs.log import Log
from tui_app.runs.moments import Moments, RunMoments
from tui_app.runs.view import RunView, Snapshot

MOST_FOLDED = 20_000
"""Events of a run in which the cursor moves: folding so many takes a fraction of a second."""

MOST_SPEED = 8.0
"""How many times faster than it was a run is played again, at most, and how many times slower."""


class TimeCursor:
    """Takes the events of the latest run, and goes to any moment of it.

    While `view` is `None`, the run is shown as it is now. If there are more than `MOST_FOLDED`, the
    cursor does not go anywhere: it knows of a part of the run only (`complete`).

    Args:
        label_width: characters of a task's label in the log of a moment.
    """

    def __init__(self, label_width: int | None = None) -> None:
        self._label_width = label_width
        self._events: list[Event] = []
        self._moments = Moments.of(())
        self._opened: RunMoments | None = None
        self._folded: RunMoments = self._moments
        self.at = 0.0
        """The second of the run that is shown, if it is not the present."""
        self.held_at: float | None = None
        """When the picture of a run under way was held; `None`: it is not."""
        self.view: RunView | None = None
        """The run as it was at that moment."""
        self.speed = 1.0
        """How many times faster than it was the run is played again."""
        self.reached = 0.0
        """The present of a run under way, in which nothing need have happened for a while."""
        self._played_from: tuple[float, float] | None = None

    def add(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, RunStarted):
            self.clear()
        if len(self._events) <= MOST_FOLDED:
            self._events.append(event)

    def clear(self) -> None:
        """Forget the run."""
        self._events.clear()
        self._opened = None
        self._moments, self.speed = Moments.of(()), 1.0
        self.leave()

    def open(self, moments: RunMoments) -> None:
        """Move in a run that was recorded."""
        self.clear()
        self._opened = moments

    @property
    def complete(self) -> bool:
        """Whether all events of the run are known."""
        return len(self._events) <= MOST_FOLDED

    @property
    def moments(self) -> RunMoments:
        """The moments of what has happened so far, or of the record that is open."""
        if self._opened is not None:
            return self._opened
        if len(self._events) != len(self._moments.events):
            self._moments = Moments.of(self._events)
        return self._moments

    @property
    def end(self) -> float:
        """The last moment that one can go to."""
        return max(self.moments.end, self.reached)

    @property
    def snapshot(self) -> Snapshot:
        """The moment that is shown."""
        assert self.view is not None
        return self.view.snapshot(self.at)

    def leave(self) -> None:
        """Go to the present, and hold nothing."""
        self.view, self.held_at, self._played_from = None, None, None

    def hold(self, t: float) -> None:
        """Hold the picture at that second of a run under way."""
        self.go(t)
        self.held_at = t

    def go(self, t: float) -> bool:
        """Go to a moment; return whether another view is to be shown for it."""
        moments, before = self.moments, self.at
        known = self.view is not None and self._folded is moments
        self.at, self._folded = max(0.0, t), moments
        if known and moments.same(before, self.at):
            return False
        self.view = moments.view(self.at, Log(label_width=self._label_width))
        return True

    def step(self, steps: int, *, waits: bool = False) -> None:
        """Go by so many moments, or by so many at which a wait begins or ends."""
        # A picture may be held a little after the last event, which is under way.
        start = min(self.at, self.end) if self.view is not None else self.end
        moment = self.moments.step(start, steps, waits=waits)
        self.go(max(start, moment) if steps > 0 else moment)

    @property
    def at_end(self) -> bool:
        """Whether nothing has happened after the moment that is shown."""
        return self.view is None or self.at >= self.end

    # Playing it again

    @property
    def plays(self) -> bool:
        """Whether the run is played again."""
        return self._played_from is not None

    def play(self, clock: float) -> None:
        """Play the run again from the moment that is shown; from its start, if that is the end.

        Args:
            clock: seconds by the reader's clock, now.
        """
        if self.at_end:
            self.go(0.0)
        self._played_from = clock, self.at

    def pause(self) -> None:
        """Stay where it is."""
        self._played_from = None

    def change_speed(self, times: float, clock: float) -> None:
        """Play so many times faster than before, from now on."""
        self.speed = max(1 / MOST_SPEED, min(MOST_SPEED, self.speed * times))
        if self.plays:
            self._played_from = clock, self.at

    def tick(self, clock: float) -> bool:
        """Go to where the run is by that clock; return whether another view is to be shown."""
        if self._played_from is None:
            return False
        since, start = self._played_from
        changed = self.go(min(self.end, start + (clock - since) * self.speed))
        if self.at_end:
            self.pause()
        return changed
