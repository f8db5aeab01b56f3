"""The timing summary of a run: a pure function of its events.

It is below the engine, which closes each run with it (`RunFinished.summary`). Anyone who holds the
events can compute it again, and gets the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from tui_app.events import (
    Event,
    ProcessExited,
    ProcessStarted,
    Resumed,
    RunStarted,
    ShortWaits,
    TaskFailed,
    TaskFinished,
    TaskQueued,
    TaskRetried,
    TaskSkipped,
    TaskStarted,
    ThreadEnded,
    Waiting,
    WaitKind,
)


@dataclass(frozen=True, slots=True)
class BusyShare:
    """How long a process, or a thread of it, worked: seconds, and their share of the run."""

    pid: int
    thread: int | None
    name: str
    tasks: int
    seconds: float
    share: float


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary of a run. Times are seconds, sizes are bytes; ratios have no unit.

    Of the tasks that were `skipped`, `before` were done by an earlier run. Those that are `ok`
    stand for so many `calls`: a played script's tiny calls are told together.

    `speed_up` is `work / wall`, the tasks that ran at once on average; `efficiency` is
    `speed_up / cpus`. Both say how well the CPUs were kept busy. They do not say how much faster
    the work became than without workers: for that, measure the same work one task at a time.
    """

    wall: float = 0.0
    work: float = 0.0
    tasks: int = 0
    ok: int = 0
    failed: int = 0
    skipped: int = 0
    before: int = 0
    retried: int = 0
    calls: int = 0
    workers: int = 0
    cpus: int = 0
    speed_up: float = 0.0
    efficiency: float = 0.0
    processes: tuple[BusyShare, ...] = ()
    slowest: str = ""
    slowest_seconds: float = 0.0
    megapixels: float = 0.0
    megapixels_per_second: float = 0.0
    bytes_in: int = 0
    bytes_out: int = 0

    @property
    def done(self) -> int:
        """Tasks that are done, by this run or by an earlier one."""
        return self.ok + self.before

    @property
    def left(self) -> int:
        """Tasks that are not done: a run that was stopped leaves them to the next one."""
        return max(0, self.tasks - self.ok - self.failed - self.skipped)

    def to_dict(self) -> dict[str, Any]:
        """Return the summary as plain data for JSON."""
        return asdict(self) | {"processes": [asdict(share) for share in self.processes]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Summary:
        """Return the summary in plain data; fields that are not known here are ignored."""
        known = {f.name: data[f.name] for f in fields(cls) if f.name in data}
        known["processes"] = tuple(BusyShare(**share) for share in known.get("processes", ()))
        return cls(**known)


@dataclass(slots=True)
class _Busy:
    tasks: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class _Waited:
    """How long a process, or a thread of it, waited: what is no work, though a task had begun.

    A sleep is no such wait: sleeping calls stand for work in what we teach.
    """

    first: float | None = None
    since: float | None = None
    seconds: float = 0.0
    short: float = 0.0
    at_start: float = 0.0

    def begin(self, t: float) -> None:
        """Begin a wait."""
        self.first = t if self.first is None else self.first
        self.since = t

    def end(self, t: float) -> None:
        """End the wait."""
        if self.since is not None:
            self.seconds += max(0.0, t - self.since)
            self.since = None

    def task_started(self, t: float) -> None:
        """Begin a task; that of a script's main process is told at its end, as of its start."""
        told_late = self.first is not None and t <= self.first
        self.at_start = 0.0 if told_late else self.seconds + self.short

    def in_task(self, t: float) -> float:
        """Return the seconds of waits since the task began, until `t`."""
        since = max(0.0, t - self.since) if self.since is not None else 0.0
        return self.seconds + self.short + since - self.at_start


@dataclass(slots=True)
class Tally:
    """Adds events up, one at a time; its memory grows with the processes, not with the tasks."""

    _run: RunStarted | None = None
    _names: dict[int, str] = field(default_factory=dict)
    _programs: set[int] = field(default_factory=set)
    """The processes that run programs of their own, which nobody expects to have tasks."""
    _busy: dict[tuple[int, int | None], _Busy] = field(default_factory=dict)
    _waited: dict[tuple[int, int | None], _Waited] = field(default_factory=dict)
    _labels: dict[int, str] = field(default_factory=dict)
    _slowest: tuple[float, str] = (0.0, "")
    _queued: int = 0
    _wall: float = 0.0
    _sums: dict[str, Any] = field(default_factory=lambda: defaultdict(int))
    """The fields of the summary that are sums, by their names."""

    def add(self, event: Event) -> None:
        """Add one event."""
        self._wall = max(self._wall, event.t)
        match event:
            case TaskQueued():
                self._queued += 1
                self._labels[event.task] = event.label
            case TaskFinished():
                self._sums["ok"] += 1
                self._sums["calls"] += int(event.result.get("calls", 1))
                self._add_work(event)
                self._sums["megapixels"] += float(event.result.get("megapixels", 0.0))
                self._sums["bytes_in"] += int(event.result.get("bytes_in", 0))
                self._sums["bytes_out"] += int(event.result.get("bytes_out", 0))
            case TaskFailed():
                self._sums["failed"] += 1
                self._add_work(event)
            case TaskSkipped():
                self._sums["skipped"] += not event.stopped
                self._sums["before"] += event.before
                self._labels.pop(event.task, None)
            case TaskRetried():
                self._sums["retried"] += 1
            case TaskStarted() if waited := self._waited.get((event.pid, event.thread)):
                waited.task_started(event.t)
            case Waiting() if event.kind != WaitKind.SLEEP:
                self._waits(event).begin(event.t)
            case Resumed() if waited := self._waited.get((event.pid, event.thread)):
                waited.end(event.t)
            case ShortWaits():
                self._waits(event).short = event.seconds
            case ThreadEnded():
                self._waited.pop((event.pid, event.thread), None)
            case ProcessExited():
                for key in [key for key in self._waited if key[0] == event.pid]:
                    del self._waited[key]
            case ProcessStarted():
                self._add_process(event)
            case RunStarted():
                self._run = event

    def _add_process(self, event: ProcessStarted) -> None:
        """Add a process; it inherits what a dead process of its name did."""
        for pid in [pid for pid, name in self._names.items() if name == event.name]:
            del self._names[pid]
            for key in [key for key in self._busy if key[0] == pid]:
                self._busy[event.pid, key[1]] = self._busy.pop(key)
        self._names[event.pid] = event.name
        if event.command:
            self._programs.add(event.pid)

    def _waits(self, event: Waiting | ShortWaits) -> _Waited:
        return self._waited.setdefault((event.pid, event.thread), _Waited())

    def _add_work(self, event: TaskFinished | TaskFailed) -> None:
        label = self._labels.pop(event.task, str(event.task))
        waited = self._waited.get((event.pid, event.thread)) if event.pid is not None else None
        seconds = event.seconds
        if waited is not None:
            seconds = max(0.0, seconds - waited.in_task(event.t))
            waited.task_started(event.t)
        self._sums["work"] += seconds
        if event.seconds > self._slowest[0]:
            self._slowest = (event.seconds, label)
        if event.pid is not None:
            busy = self._busy.setdefault((event.pid, event.thread), _Busy())
            busy.tasks += 1
            busy.seconds += seconds

    def _shares(self) -> Iterator[BusyShare]:
        worked = {pid for pid, _ in self._busy} | self._programs
        idle = {(pid, None): _Busy() for pid in self._names if pid not in worked}
        for (pid, thread), busy in sorted((self._busy | idle).items(), key=lambda row: str(row[0])):
            share = busy.seconds / self._wall if self._wall > 0 else 0.0
            name = self._names.get(pid, str(pid))
            yield BusyShare(pid, thread, name, busy.tasks, busy.seconds, share)

    def summary(self) -> Summary:
        """Return the summary of all events so far."""
        sums = Summary(**self._sums)
        wall = self._wall
        speed_up = sums.work / wall if wall > 0 else 0.0
        cpus = self._run.cpus if self._run else 0
        return replace(
            sums,
            wall=wall,
            # How many tasks a played script will have is not known when it starts.
            tasks=max(self._run.tasks if self._run else 0, self._queued),
            workers=self._run.workers if self._run else 0,
            cpus=cpus,
            speed_up=speed_up,
            efficiency=speed_up / cpus if cpus else 0.0,
            processes=tuple(self._shares()),
            slowest=self._slowest[1],
            slowest_seconds=self._slowest[0],
            megapixels_per_second=sums.megapixels / wall if wall > 0 else 0.0,
        )


def summarise(events: Iterable[Event]) -> Summary:
    """Return the timing summary of a whole run, from its events alone."""
    tally = Tally()
    for event in events:
        tally.add(event)
    return tally.summary()
