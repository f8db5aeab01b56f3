"""How long a script's processes stood on each line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tui_app.events import Event, Line, ProcessExited, ProcessStarted, Resumed, Waiting, WaitKind


@dataclass(slots=True)
class LineTime:
    """One line of the script.

    Attributes:
        seconds: how long main stood on it, in all.
        waits: how often main began to wait there, for others; its own sleeps and the
            GIL are no waits.
        closes: whether one of them was at the end of a block that begins there.
        after: how long main waited after it, its last line, for processes, in seconds.
        calls: how often other processes, threads and asyncio tasks slept or waited there.
        total: how long they did, in seconds, all together.
    """

    seconds: float = 0.0
    waits: int = 0
    closes: bool = False
    after: float = 0.0
    calls: int = 0
    total: float = 0.0


class LineTimes:
    """Takes the events of a played script; `times` has each line on which somebody stood.

    Main's line is known by samples, and exactly where it waits (see `events.Line`). Of other
    processes the lines are known in which they wait.
    """

    def __init__(self) -> None:
        self._times: dict[int, LineTime] = {}
        self._main: int | None = None
        self._line: int | None = None
        self._since = 0.0
        self._at_end = self._ended = False
        self._waiting: dict[tuple[int, int | None], tuple[int, float]] = {}

    def times(self, t: float | None = None) -> Mapping[int, LineTime]:
        """Return the times by the lines' numbers, from 1.

        Args:
            t: the second of the run until which main has stood where it is; `None`: the last event.
        """
        times = {line: replace(time) for line, time in self._times.items()}
        if t is not None and self._line is not None and not self._ended:
            _stand(times.setdefault(self._line, LineTime()), t - self._since, after=self._at_end)
        return times

    @property
    def last_line(self) -> int | None:
        """The line that main was on last."""
        return self._line

    def add(self, event: Event) -> None:
        """Take one event."""
        match event:
            case ProcessStarted() if self._main is None:
                self._main = event.pid
            case Line() if event.pid == self._main:
                self._leave(event.t)
                self._line, self._since, self._at_end = event.line, event.t, False
            case Waiting(kind=WaitKind.EXIT) if event.pid == self._main:
                # What main waits for after its last line is no time of that line.
                self._leave(event.t)
                self._at_end = True
            case Waiting() if event.pid == self._main and event.thread is None:
                if self._line is not None and event.kind not in (WaitKind.SLEEP, WaitKind.GIL):
                    waited = self._of(self._line)
                    waited.waits += 1
                    waited.closes |= event.kind == WaitKind.SHUTDOWN
            case Waiting() if event.line is not None:
                self._waiting[event.pid, event.thread] = (event.line, event.t)
            case Resumed():
                self._resume((event.pid, event.thread), event.t)
            case ProcessExited() if event.pid == self._main:
                self._leave(event.t)
                self._ended = True
            case ProcessExited():
                for key in [key for key in self._waiting if key[0] == event.pid]:
                    self._resume(key, event.t)

    def _of(self, line: int) -> LineTime:
        return self._times.setdefault(line, LineTime())

    def _leave(self, t: float) -> None:
        if self._line is not None:
            _stand(self._of(self._line), t - self._since, after=self._at_end)
            self._since = t

    def _resume(self, key: tuple[int, int | None], t: float) -> None:
        if key in self._waiting:
            line, since = self._waiting.pop(key)
            stood = self._of(line)
            stood.calls += 1
            stood.total += max(0.0, t - since)


def _stand(time: LineTime, seconds: float, *, after: bool) -> None:
    if after:
        time.after += max(0.0, seconds)
    else:
        time.seconds += max(0.0, seconds)


def line_times(events: Iterable[Event]) -> LineTimes:
    """Return the times of these events."""
    times = LineTimes()
    for event in events:
        times.add(event)
    return times
