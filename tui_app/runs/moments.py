"""A run at any moment: the same events, folded up to then."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from tui_app.events import Event, Resumed, RunFinished, RunStarted, Waiting
from tui_app.runs.log import Log
from tui_app.runs.view import RunView


def is_of_waits(event: Event) -> bool:
    """Tell whether a process begins or ends a wait by this event."""
    return isinstance(event, Waiting | Resumed)


class RunMoments(Protocol):
    """Any moment of a run, however its events are kept."""

    @property
    def end(self) -> float:
        """The last moment."""
        ...

    def same(self, t: float, other: float) -> bool:
        """Tell whether nothing happened between two moments, and not at the later one."""
        ...

    def step(self, t: float, steps: int, *, waits: bool = False) -> float:
        """Return the moment that is so many steps after `t`, or before it. See `Moments.step`."""
        ...

    def view(self, t: float, log: Log | None = None) -> RunView:
        """Return the run as it was at `t`. See `Moments.view`."""
        ...


@dataclass(frozen=True, slots=True)
class Moments:
    """The moments of a run that a cursor stops at, in seconds since it began.

    Attributes:
        events: in order of arrival; those of a run under way are what has happened so far.
        times: when something happened, each once and in order.
        waits: those of them at which a process began or ended a wait.
        end: the last moment.
    """

    events: Sequence[Event]
    times: tuple[float, ...]
    waits: tuple[float, ...]

    @classmethod
    def of(cls, events: Iterable[Event]) -> Moments:
        """Return the moments of these events."""
        kept = tuple(events)
        return cls(
            kept,
            tuple(sorted({event.t for event in kept})) or (0.0,),
            tuple(sorted({event.t for event in kept if is_of_waits(event)})),
        )

    @property
    def end(self) -> float:
        """The last moment."""
        return self.times[-1]

    def same(self, t: float, other: float) -> bool:
        """Tell whether nothing happened between two moments, and not at the later one."""
        return bisect_right(self.times, t) == bisect_right(self.times, other)

    def step(self, t: float, steps: int, *, waits: bool = False) -> float:
        """Return the moment that is so many steps after `t`, or before it; none is passed over.

        Args:
            t: any moment.
            steps: 1 for the next, -1 for the previous.
            waits: stop only where a wait begins or ends, and at both ends.
        """
        stops = sorted({0.0, *self.waits, self.end}) if waits else self.times
        index = bisect_right(stops, t) - 1
        if steps < 0 and index >= 0 and stops[index] < t:
            index += 1
        return stops[max(0, min(len(stops) - 1, index + steps))]

    def view(self, t: float, log: Log | None = None) -> RunView:
        """Return the run as it was at `t`: all that arrived by then.

        Events arrive in the order in which things happened, but for what was heard late; an event
        counts from its own time on. At the end the run is as it ended.

        Args:
            t: any moment.
            log: takes the lines; another one if it is not given.
        """
        view = RunView(log)
        for event in self.events:
            early = isinstance(event, RunStarted)
            if early or (event.t <= t and not (isinstance(event, RunFinished) and t < self.end)):
                view.add(event)
        return view
