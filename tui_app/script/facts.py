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
    TaskQueued,
    TaskSkipped,
    TaskStarted,
    Waiting,
)
from tui_app.script.process_names import MAIN

E = TypeVar("E", bound=Event)

_FINISHED = re.compile(r"Finished in (\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when, in seconds of the run."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        """How long."""
        return self.end - self.start

    def overlaps(self, other: Stretch) -> bool:
        """Whether there was a moment that both had."""
        return self.start < other.end and other.start < self.end


def most_at_once(stretches: Iterable[Stretch]) -> int:
    """How many of them went on at the same time, at most; what ends when another begins did not."""
    marks = [mark for one in stretches for mark in ((one.start, 1), (one.end, -1))]
    most = now = 0
    for _, step in sorted(marks):
        now += step
        most = max(most, now)
    return most


@dataclass(frozen=True, slots=True)
class Printed:
    """A line that `who` printed; `t` is when it began."""

    t: float
    who: str
    text: str


@dataclass(frozen=True)
class Facts:
    """A run, told by its events alone. One that was cancelled tells as far as it came.

    Attributes:
        events: in order of arrival.
    """

    events: Sequence[Event]

    def of(self, kind: type[E]) -> list[E]:
        """The events of that kind."""
        return [event for event in self.events if isinstance(event, kind)]

    # The run

    @property
    def started(self) -> RunStarted | None:
        """What was about to run."""
        return next(iter(self.of(RunStarted)), None)

    @property
    def outcome(self) -> Outcome | None:
        """How it ended; `None`: it has not."""
        return next((event.outcome for event in self.of(RunFinished)), None)

    @property
    def wall(self) -> float | None:
        """Seconds until its last process was gone."""
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
        """The name of each process, by pid."""
        return {event.pid: event.name for event in self.of(ProcessStarted)}

    @property
    def processes(self) -> list[str]:
        """Their names, main first, else in alphabetical order."""
        return sorted(self.names.values(), key=lambda name: (name != MAIN, name))

    @property
    def codes(self) -> dict[str, int | None]:
        """How each process exited, by name; negative for a signal."""
        return {self._name(event.pid): event.exitcode for event in self.of(ProcessExited)}

    def _name(self, pid: int | None) -> str:
        return "" if pid is None else self.names.get(pid, str(pid))

    # What was printed

    def said(self, stream: Stream = Stream.STDOUT) -> list[Printed]:
        """Each line that was printed; one that came in parts is joined."""
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

    def lines(self, stream: Stream = Stream.STDOUT) -> list[tuple[str, str]]:
        """Each line that was printed, with who printed it."""
        return [(line.who, line.text) for line in self.said(stream)]

    def texts(self, stream: Stream = Stream.STDOUT) -> list[str]:
        """Each line that was printed."""
        return [line.text for line in self.said(stream)]

    def printed(self, text: str) -> list[float]:
        """When the lines were printed that begin so."""
        return [line.t for line in self.said() if line.text.startswith(text)]

    def by(self, text: str) -> list[str]:
        """Who printed the lines that begin so."""
        return [line.who for line in self.said() if line.text.startswith(text)]

    # Who waited

    def waits(self, name: str) -> list[str]:
        """What that process waited on, in order."""
        return [event.on for event in self.of(Waiting) if self._name(event.pid) == name]

    def stretches(self, on: str) -> list[Stretch]:
        """When anybody waited on something that begins so.

        To the process's end, if it never went on; to the last event, if that was not told either.
        """
        found: list[Stretch] = []
        under_way: dict[int, list[int]] = {}
        for event in self.events:
            match event:
                case Waiting() if event.on.startswith(on):
                    under_way.setdefault(event.pid, []).append(len(found))
                    found.append(Stretch(event.t, self.events[-1].t))
                case Resumed() | ProcessExited():
                    for index in under_way.pop(event.pid, ()):
                        found[index] = Stretch(found[index].start, event.t)
        return found

    # Tasks

    @property
    def tasks(self) -> list[tuple[str, str, str]]:
        """Each task that ended: its label, who ran it, how it ended."""
        labels = {event.task: event.label for event in self.of(TaskQueued)}
        ends = {
            event.task: (labels.get(event.task, ""), self._name(event.pid), event.event)
            for event in self.events
            if isinstance(event, TaskFinished | TaskFailed | TaskSkipped)
        }
        return [ends[task] for task in labels if task in ends]

    def task_stretches(self) -> list[Stretch]:
        """From when to when each task ran that ended well."""
        starts = {event.task: event.t for event in self.of(TaskStarted)}
        ends = self.of(TaskFinished)
        return [Stretch(starts[end.task], end.t) for end in ends if end.task in starts]

    def most_at_once(self) -> int:
        """How many tasks ran at the same time, at most."""
        return most_at_once(self.task_stretches())
