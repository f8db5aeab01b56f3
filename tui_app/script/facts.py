"""What the events of a played run say: who printed what and when, who waited, what overlapped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from tui_app.events import (
    Event,
    Outcome,
    Output,
    ProcessExited,
    ProcessStarted,
    Resumed,
    RunFinished,
    RunStarted,
    Stream,
    TaskFailed,
    TaskFinished,
    TaskSkipped,
    TaskStarted,
    ThreadStarted,
    Waiting,
    WaitKind,
)
from tui_app.script.process_names import MAIN

E = TypeVar("E", bound=Event)

_FINISHED = re.compile(r"Finished in (\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when something lasted, in seconds since the run began."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.end - self.start


def most_at_once(stretches: Iterable[Stretch]) -> int:
    """Return how many of these stretches overlap, at most.

    One that ends when another starts does not overlap it; one without length counts.
    """
    marks: list[tuple[float, int, int]] = []
    for one in stretches:
        # A stretch without length ends after it has started, any other before others start.
        marks += [(one.start, 1, 1), (one.end, 2 if one.end <= one.start else 0, -1)]
    most = now = 0
    for _t, _order, step in sorted(marks):
        now += step
        most = max(most, now)
    return most


LEAST_STRETCH = 0.05
"""Seconds that a task runs, at least, before it waits: less is its way to the wait."""


class WorkStretches:
    """Takes the events of a run; `stretches` is when a task ran that has ended, without its waits.

    A sleep is no such wait: sleeping calls stand for work in what we teach.
    """

    def __init__(self) -> None:
        self.stretches: list[Stretch] = []
        self._tasks: dict[int, int] = {}
        self._begun: dict[int, float] = {}

    def add(self, event: Event) -> None:
        """Take one event."""
        match event:
            case TaskStarted(thread=None):
                self._tasks[event.pid] = event.task
                self._begun[event.task] = event.t
            case TaskStarted():
                self._begun[event.task] = event.t
            case TaskFinished() | TaskFailed() | TaskSkipped():
                self._end(event.task, event.t)
                if event.pid is not None and self._tasks.get(event.pid) == event.task:
                    del self._tasks[event.pid]
            case Waiting(thread=None) if event.kind != WaitKind.SLEEP and event.pid in self._tasks:
                waits = self._tasks[event.pid]
                if event.t - self._begun.get(waits, event.t) < LEAST_STRETCH:
                    self._begun.pop(waits, None)
                self._end(waits, event.t)
            case Resumed(thread=None) if (task := self._tasks.get(event.pid)) is not None:
                self._begun.setdefault(task, event.t)

    def _end(self, task: int, t: float) -> None:
        if (begun := self._begun.pop(task, None)) is not None:
            self.stretches.append(Stretch(begun, t))


@dataclass(frozen=True, slots=True)
class Printed:
    """A line that the process `who` printed; `t` is when it began."""

    t: float
    who: str
    text: str


@dataclass(frozen=True)
class Facts:
    """The events of a run, and what they say. A cancelled run tells as far as it came.

    Attributes:
        events: in order of arrival.
    """

    events: Sequence[Event]

    def of(self, kind: type[E]) -> list[E]:
        """Return the events of that kind."""
        return [event for event in self.events if isinstance(event, kind)]

    # The run

    @property
    def started(self) -> RunStarted | None:
        """The first event, which says what was about to run."""
        return next(iter(self.of(RunStarted)), None)

    @property
    def outcome(self) -> Outcome | None:
        """How the run ended; `None`: it has not."""
        return next((event.outcome for event in self.of(RunFinished)), None)

    @property
    def wall(self) -> float | None:
        """Seconds until the last process was gone."""
        return max((event.t for event in self.of(ProcessExited)), default=None)

    @property
    def took(self) -> float | None:
        """The seconds that the script itself measured: the number after `Finished in`."""
        for line in reversed(self.said()):
            if found := _FINISHED.match(line.text):
                return float(found[1])
        return None

    # Processes

    @cached_property
    def names(self) -> dict[int, str]:
        """The names of the processes, by pid."""
        return {event.pid: event.name for event in self.of(ProcessStarted)}

    @property
    def processes(self) -> list[str]:
        """The names of the processes: main first, the others in alphabetical order."""
        return sorted(self.names.values(), key=lambda name: (name != MAIN, name))

    @property
    def codes(self) -> dict[str, int | None]:
        """The exit codes, by the process's name; negative for a signal."""
        return {self._name(event.pid): event.exitcode for event in self.of(ProcessExited)}

    def _name(self, pid: int) -> str:
        return self.names.get(pid, str(pid))

    # What was printed

    def said(self, stream: Stream = Stream.STDOUT) -> list[Printed]:
        """Return each line that was printed; one that came in parts is joined."""
        lines: list[Printed] = []
        parts: dict[int, list[Output]] = {}
        for event in self.of(Output):
            if event.stream is stream:
                parts.setdefault(event.pid, []).append(event)
                if not event.partial:
                    lines.append(self._joined(parts.pop(event.pid)))
        return [*lines, *map(self._joined, parts.values())]

    def _joined(self, parts: Sequence[Output]) -> Printed:
        text = "".join(part.text for part in parts)
        return Printed(parts[0].t, self._name(parts[0].pid), text)

    def texts(self, stream: Stream = Stream.STDOUT) -> list[str]:
        """Return the text of each line that was printed."""
        return [line.text for line in self.said(stream)]

    def printed(self, text: str) -> list[float]:
        """Return when the lines that begin with `text` were printed."""
        return [line.t for line in self.said() if line.text.startswith(text)]

    def by(self, text: str) -> list[str]:
        """Return who printed the lines that begin with `text`."""
        return [line.who for line in self.said() if line.text.startswith(text)]

    # Who waited

    @cached_property
    def threads(self) -> dict[tuple[int, int | None], str]:
        """What threads and asyncio tasks are called, by process and number: `main·Thread-1`."""
        return {
            (event.pid, event.thread): f"{self._name(event.pid)}·{event.name}"
            for event in self.of(ThreadStarted)
        }

    def who(self, pid: int, thread: int | None) -> str:
        """Return what a process, or a thread of it, is called."""
        return self.threads.get((pid, thread)) or self._name(pid)

    def waits(self, name: str) -> list[Waiting]:
        """Return each wait of that process, or of that thread or task of it, in order."""
        return [event for event in self.of(Waiting) if self.who(event.pid, event.thread) == name]

    def stretches(self, kind: WaitKind, what: str | None = None) -> list[Stretch]:
        """Return when any process waited so, and for the object `what`, if there is one.

        A wait without an end lasts until its process ends, or else until the last event.
        """
        found: list[Stretch] = []
        under_way: dict[tuple[int, int | None], int] = {}

        def end(who: tuple[int, int | None], t: float) -> None:
            if (index := under_way.pop(who, None)) is not None:
                found[index] = Stretch(found[index].start, t)

        for event in self.events:
            match event:
                case Waiting() if event.kind == kind and what in (None, event.object):
                    under_way[event.pid, event.thread] = len(found)
                    found.append(Stretch(event.t, self.events[-1].t))
                case Resumed():
                    end((event.pid, event.thread), event.t)
                case ProcessExited():
                    for who in [who for who in under_way if who[0] == event.pid]:
                        end(who, event.t)
        return found

    # Tasks

    def task_stretches(self) -> list[Stretch]:
        """Return from when to when each task ran that ended well."""
        starts = {event.task: event.t for event in self.of(TaskStarted)}
        ends = self.of(TaskFinished)
        return [Stretch(starts[end.task], end.t) for end in ends if end.task in starts]

    def most_at_once(self) -> int:
        """Return how many tasks ran at the same time, at most; one that waits does not run."""
        work = WorkStretches()
        for event in self.events:
            work.add(event)
        return most_at_once(work.stretches)
