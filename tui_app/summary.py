"""The timing summary: a pure function of a run's events.

Below the engine, because the engine closes each run with it (`RunFinished.summary`), and because
anyone who holds the events can work it out again and must come to the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from tui_app.events import (
    Event,
    ProcessStarted,
    RunStarted,
    TaskFailed,
    TaskFinished,
    TaskQueued,
    TaskRetried,
    TaskSkipped,
)


@dataclass(frozen=True, slots=True)
class BusyShare:
    """How much of the run one process, or one thread of it, spent on tasks."""

    pid: int
    thread: int | None
    name: str
    tasks: int
    seconds: float
    share: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run came to. Times are seconds; ratios have no unit.

    `skipped` are those that were to be left as they are; of them `before` were done by an earlier
    run.

    `speed_up` is `work / wall`: how many tasks ran at once on average. `efficiency` is
    `speed_up / cpus`. Both say how well the CPUs were kept busy, not how much faster the work
    became than it was without workers: for that, measure the same work one task at a time.
    """

    wall: float = 0.0
    work: float = 0.0
    tasks: int = 0
    ok: int = 0
    failed: int = 0
    skipped: int = 0
    before: int = 0
    retried: int = 0
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
        """Tasks that are done, by this run or before."""
        return self.ok + self.before

    @property
    def left(self) -> int:
        """Tasks that are not done: a run that was stopped leaves them to the next one."""
        return max(0, self.tasks - self.ok - self.failed - self.skipped)

    def to_dict(self) -> dict[str, Any]:
        """The summary as plain data, ready for JSON."""
        return asdict(self) | {"processes": [asdict(share) for share in self.processes]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Summary:
        """The summary in `data`; fields that are not known here are ignored."""
        known = {f.name: data[f.name] for f in fields(cls) if f.name in data}
        known["processes"] = tuple(BusyShare(**share) for share in known.get("processes", ()))
        return cls(**known)


@dataclass(slots=True)
class _Busy:
    tasks: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Tally:
    """Adds events up, one at a time; its memory grows with the processes, not with the tasks."""

    _run: dict[str, int] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)
    _busy: dict[tuple[int, int | None], _Busy] = field(default_factory=dict)
    _labels: dict[int, str] = field(default_factory=dict)
    _slowest: tuple[float, str] = (0.0, "")
    _queued: int = 0
    _ok: int = 0
    _failed: int = 0
    _skipped: int = 0
    _before: int = 0
    _retried: int = 0
    _work: float = 0.0
    _megapixels: float = 0.0
    _bytes_in: int = 0
    _bytes_out: int = 0
    _wall: float = 0.0

    def add(self, event: Event) -> None:
        """Takes one event into account."""
        self._wall = max(self._wall, event.t)
        match event:
            case TaskQueued():
                self._queued += 1
                self._labels[event.task] = event.label
            case TaskFinished():
                self._ok += 1
                self._worked(event)
                self._megapixels += float(event.result.get("megapixels", 0.0))
                self._bytes_in += int(event.result.get("bytes_in", 0))
                self._bytes_out += int(event.result.get("bytes_out", 0))
            case TaskFailed():
                self._failed += 1
                self._worked(event)
            case TaskSkipped():
                self._skipped += not event.stopped
                self._before += event.before
                self._labels.pop(event.task, None)
            case TaskRetried():
                self._retried += 1
            case ProcessStarted():
                self._succeed(event)
            case RunStarted():
                self._run = {"tasks": event.tasks, "workers": event.workers, "cpus": event.cpus}

    def _succeed(self, event: ProcessStarted) -> None:
        """Takes a process in; what one of its name did before, in its place, is its own now."""
        for pid in [pid for pid, name in self._names.items() if name == event.name]:
            del self._names[pid]
            for key in [key for key in self._busy if key[0] == pid]:
                self._busy[event.pid, key[1]] = self._busy.pop(key)
        self._names[event.pid] = event.name

    def _worked(self, event: TaskFinished | TaskFailed) -> None:
        label = self._labels.pop(event.task, str(event.task))
        self._work += event.seconds
        if event.seconds > self._slowest[0]:
            self._slowest = (event.seconds, label)
        if event.pid is not None:
            busy = self._busy.setdefault((event.pid, event.thread), _Busy())
            busy.tasks += 1
            busy.seconds += event.seconds

    def _shares(self) -> Iterator[BusyShare]:
        worked = {pid for pid, _ in self._busy}
        idle = {(pid, None): _Busy() for pid in self._names if pid not in worked}
        for (pid, thread), busy in sorted((self._busy | idle).items(), key=lambda row: str(row[0])):
            share = busy.seconds / self._wall if self._wall > 0 else 0.0
            name = self._names.get(pid, str(pid))
            yield BusyShare(pid, thread, name, busy.tasks, busy.seconds, share)

    def summary(self) -> Summary:
        """The summary of all events so far."""
        wall = self._wall
        speed_up = self._work / wall if wall > 0 else 0.0
        cpus = self._run.get("cpus", 0)
        return Summary(
            # How many tasks a played script will have is not known when it starts.
            tasks=max(self._run.get("tasks", 0), self._queued),
            workers=self._run.get("workers", 0),
            cpus=cpus,
            wall=wall,
            work=self._work,
            ok=self._ok,
            failed=self._failed,
            skipped=self._skipped,
            before=self._before,
            retried=self._retried,
            speed_up=speed_up,
            efficiency=speed_up / cpus if cpus else 0.0,
            processes=tuple(self._shares()),
            slowest=self._slowest[1],
            slowest_seconds=self._slowest[0],
            megapixels=self._megapixels,
            megapixels_per_second=self._megapixels / wall if wall > 0 else 0.0,
            bytes_in=self._bytes_in,
            bytes_out=self._bytes_out,
        )


def summarise(events: Iterable[Event]) -> Summary:
    """The timing summary of a whole run, from its events alone."""
    tally = Tally()
    for event in events:
        tally.add(event)
    return tally.summary()
