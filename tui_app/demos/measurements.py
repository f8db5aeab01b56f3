"""What demos measure: the lines that they print, read into a table or a spread."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from tui_app.events import Event, Output, RunStarted, Stream
from tui_app.language import _, counted, grouped
from tui_app.script.partial_line import PartialLine

BINS = 7
"""Target number of bins in a spread, without the bin of the right value."""


@dataclass(frozen=True, slots=True)
class MeasurementRow:
    """What took how long.

    Attributes:
        label: What was done, in the present language.
        seconds: How long it took.
        ideal: The seconds that it would take if only the CPUs counted; None where not known.
    """

    label: str
    seconds: float
    ideal: float | None = None


@dataclass(frozen=True, slots=True)
class MeasurementTable:
    """Times to compare. `note` is a sentence below them in the present language, or empty."""

    rows: tuple[MeasurementRow, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bin:
    """A range of counts, from `low` to `high`, and how many rounds counted to one of them."""

    low: int
    high: int
    rounds: int


@dataclass(frozen=True, slots=True)
class CountSpread:
    """What each round counted to, and what would be right."""

    counts: tuple[int, ...]
    right: int

    @property
    def mean(self) -> float:
        """The mean of the counts."""
        return sum(self.counts) / len(self.counts)

    def bins(self) -> tuple[Bin, ...]:
        """Return the rounds in bins of their counts, rising; the last bin is the right count."""
        step = _round_step((self.right - min(self.counts)) / BINS)
        bins = []
        low = min(self.counts) // step * step
        while low < self.right:
            high = min(low + step, self.right) - 1
            bins.append(Bin(low, high, sum(low <= count <= high for count in self.counts)))
            low += step
        return (*bins, Bin(self.right, self.right, self.counts.count(self.right)))


Measured = MeasurementTable | CountSpread

_SECONDS = r"Finished in (\d+\.\d+) second\(s\)"

_Match = re.Match[str]


def _workers(found: list[_Match], cpus: int) -> MeasurementTable:
    times = {int(one[2]): float(one[1]) for one in found}
    alone = times.get(1)
    rows = (
        MeasurementRow(
            counted(workers, "{n} worker", "{n} workers"),
            seconds,
            alone / min(workers, cpus) if alone is not None else None,
        )
        for workers, seconds in times.items()
    )
    note = counted(
        cpus,
        "There is {n} CPU here: no more than one worker can compute at once.",
        "There are {n} CPUs here: no more than {n} workers can compute at once.",
    )
    return MeasurementTable(tuple(rows), note)


def _kinds(found: list[_Match], cpus: int) -> MeasurementTable:
    labels = {
        "in turn": _("one after the other"),
        "by a ThreadPoolExecutor": _("in threads"),
        "by a ProcessPoolExecutor": _("in processes"),
    }
    return MeasurementTable(tuple(MeasurementRow(labels[one[2]], float(one[1])) for one in found))


def _sleeps_and_work(found: list[_Match], cpus: int) -> MeasurementTable:
    rows = []
    for one in found:
        calls = int(one[2])
        if one[3] == "sleep":
            label = counted(calls, "{n} sleep", "{n} sleeps")
        else:
            label = counted(calls, "{n} computation", "{n} computations")
        rows.append(MeasurementRow(label, float(one[1])))
    note = counted(cpus, "There is {n} CPU here.", "There are {n} CPUs here.")
    return MeasurementTable(tuple(rows), note)


def _small_tasks(found: list[_Match], cpus: int) -> MeasurementTable:
    rows = []
    for one in found:
        number = one["calls"] or one["passed"] or one["made"]
        if one["calls"]:
            label = _("{calls} calls, {chunk} in a message").format(
                calls=grouped(int(number)), chunk=grouped(int(one["chunk"]))
            )
        elif one["passed"]:
            label = _("{n} MB passed to a worker").format(n=number)
        else:
            label = _("{n} MB made by a worker").format(n=number)
        rows.append(MeasurementRow(label, float(one[1])))
    return MeasurementTable(tuple(rows))


def _counts(found: list[_Match], cpus: int) -> CountSpread:
    return CountSpread(tuple(int(one[1]) for one in found), int(found[-1][2]))


_METERS: dict[str, tuple[re.Pattern[str], Callable[[list[_Match], int], Measured]]] = {
    "lost-updates": (re.compile(r"Counted (\d+) of (\d+)"), _counts),
    "more-is-not-faster": (re.compile(_SECONDS + r" by (\d+) worker\(s\)"), _workers),
    "threads-or-processes": (
        re.compile(_SECONDS + " (in turn|by a ThreadPoolExecutor|by a ProcessPoolExecutor)"),
        _kinds,
    ),
    "sleeping-is-not-working": (
        re.compile(_SECONDS + r": (\d+) x (sleep|compute)"),
        _sleeps_and_work,
    ),
    "too-small-tasks": (
        re.compile(
            _SECONDS + r": (?:(?P<calls>\d+) calls, chunksize (?P<chunk>\d+)"
            r"|passed (?P<passed>\d+) MB|made (?P<made>\d+) MB there)"
        ),
        _small_tasks,
    ),
}
"""By demo: which of its lines say a measurement, and the function that reads them."""


def measures(name: str) -> bool:
    """Tell whether the demo of a name prints measurements."""
    return name in _METERS


class Meter:
    """A reader of a run that tells what was measured so far.

    Args:
        name: The demo's name.
    """

    def __init__(self, name: str) -> None:
        self._meter = _METERS.get(name)
        self._found: list[_Match] = []
        self._parts: dict[int, PartialLine] = {}
        self._cpus = 1

    def add(self, event: Event) -> None:
        """Take one event."""
        match event:
            case RunStarted():
                self._cpus = event.cpus
            case Output(stream=Stream.STDOUT) if self._meter is not None:
                line = self._parts.setdefault(event.pid, PartialLine())
                line.add(event.text)
                if event.partial:
                    return
                del self._parts[event.pid]
                if found := self._meter[0].fullmatch(line.text):
                    self._found.append(found)

    def measured(self) -> Measured | None:
        """Return what was measured so far; None where nothing was."""
        if self._meter is None or not self._found:
            return None
        return self._meter[1](self._found, self._cpus)


def _round_step(least: float) -> int:
    """Return the least of 1, 2, 5, 10, 20, … that is not below a number."""
    power = 10 ** max(0, math.floor(math.log10(least))) if least > 0 else 1
    return next(step for step in (power, 2 * power, 5 * power, 10 * power) if step >= least)
