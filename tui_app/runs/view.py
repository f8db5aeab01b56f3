"""The view of a run: events folded into what a screen shows at one moment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tui_app.events import (
    Event,
    Outcome,
    ProcessExited,
    ProcessStarted,
    RunFinished,
    RunStarted,
    TaskFailed,
    TaskFinished,
    TaskProgress,
    TaskQueued,
    TaskSkipped,
    TaskStarted,
)
from tui_app.runs.log import Log, LogLine
from tui_app.summary import Summary

LONGEST_LANE = 5_000
"""Spans that a lane keeps: more than any screen has columns."""

Key = tuple[int, int | None]
"""What does work: a process, or a thread of it."""


class RunState(StrEnum):
    """Where a run is."""

    IDLE = "idle"
    RUNNING = "running"
    OK = "ok"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RowState(StrEnum):
    """What a process does."""

    WAITING = "waiting"
    WORKING = "working"
    EXITED = "exited"


@dataclass(slots=True)
class Span:
    """A stretch of one task in a lane; `end` is `None` while it is under way."""

    start: float
    label: str
    end: float | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One process, or one thread of it, and what it has in hand. `number` is its colour."""

    key: Key
    name: str
    number: int
    state: RowState
    label: str = ""
    weight: float = 0.0
    step: str = ""
    fraction: float = 0.0
    tasks: int = 0
    exitcode: int | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the timeline. `spans` grows while the run goes on."""

    key: Key
    name: str
    number: int
    spans: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Failure:
    """A task that failed."""

    task: int
    label: str
    step: str
    error: str
    reason: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A run at one moment. Times are seconds; `eta` is `None` while nothing can be said."""

    state: RunState = RunState.IDLE
    kind: str = ""
    title: str = ""
    elapsed: float = 0.0
    tasks: int = 0
    ok: int = 0
    failed: int = 0
    skipped: int = 0
    running: int = 0
    fraction: float = 0.0
    weight_per_second: float = 0.0
    tasks_per_second: float = 0.0
    eta: float | None = None
    workers: int = 0
    executor: str = ""
    rows: tuple[Row, ...] = ()
    lanes: tuple[Lane, ...] = ()
    failures: Sequence[Failure] = ()
    reason: str = ""
    summary: Summary | None = None

    @property
    def ended(self) -> int:
        """Tasks that have ended, in whichever way."""
        return self.ok + self.failed + self.skipped


@dataclass(slots=True)
class _Worker:
    """What is known of one that does work."""

    key: Key
    name: str
    number: int
    spans: list[Span] = field(default_factory=list)
    task: int | None = None
    step: str = ""
    fraction: float = 0.0
    tasks: int = 0
    exited: bool = False
    exitcode: int | None = None


class RunView:
    """Takes events, gives snapshots. Feeds the log too, for both grow from the same events."""

    def __init__(self, log: Log | None = None) -> None:
        self.log = log or Log()
        self._started: RunStarted | None = None
        self._finished: RunFinished | None = None
        self._now = 0.0
        self._workers: dict[Key, _Worker] = {}
        self._names: dict[int, str] = {}
        self._queued: dict[int, tuple[str, float]] = {}
        self._failures: list[Failure] = []
        self._ok = self._failed = self._skipped = 0
        self._done_weight = 0.0
        self._skipped_weight = 0.0
        self._first_start: float | None = None

    def add(self, event: Event) -> list[LogLine]:
        """Takes one event; returns the lines of the log that are whole now."""
        lines = self.log.add(event)
        self._now = max(self._now, event.t)
        match event:
            case RunStarted():
                self._started = event
            case RunFinished():
                self._finished = event
            case ProcessStarted():
                self._names[event.pid] = event.name
                self._worker(event.pid, None)
            case ProcessExited():
                for key, worker in self._workers.items():
                    if key[0] == event.pid:
                        worker.exited, worker.exitcode = True, event.exitcode
            case TaskQueued():
                self._queued[event.task] = (event.label, event.weight)
            case TaskStarted():
                self._start(event)
            case TaskProgress():
                worker = self._worker(event.pid, event.thread)
                if worker.task == event.task:
                    worker.step, worker.fraction = event.step, event.fraction
            case TaskFinished():
                self._ok += 1
                self._done_weight += self._end(event)[1]
            case TaskFailed():
                self._failed += 1
                label, weight = self._end(event)
                self._done_weight += weight
                failure = Failure(event.task, label, event.step, event.error, event.reason)
                self._failures.append(failure)
            case TaskSkipped():
                self._skipped += 1
                self._skipped_weight += self._end(event)[1]
        return lines

    def _worker(self, pid: int, thread: int | None) -> _Worker:
        worker = self._workers.get((pid, thread))
        if worker is None:
            # Where threads do the work, the process's own row gives way to theirs.
            old = self._workers.pop((pid, None), None) if thread is not None else None
            name = self._names.get(pid, str(pid))
            name = name if thread is None else f"{name}.{thread}"
            number = old.number if old and thread == 1 else _number(name, len(self._workers))
            worker = self._workers[pid, thread] = _Worker((pid, thread), name, number)
        return worker

    def _start(self, event: TaskStarted) -> None:
        if self._first_start is None:
            self._first_start = event.t
        worker = self._worker(event.pid, event.thread)
        worker.task, worker.step, worker.fraction = event.task, "", 0.0
        label = self._queued.get(event.task, ("", 0.0))[0]
        worker.spans.append(Span(event.t, label))
        if len(worker.spans) > LONGEST_LANE:
            del worker.spans[: LONGEST_LANE // 10]

    def _end(self, event: TaskFinished | TaskFailed | TaskSkipped) -> tuple[str, float]:
        """Closes the task's span; returns its label and weight."""
        queued = self._queued.pop(event.task, (str(event.task), 0.0))
        if event.pid is not None:
            worker = self._worker(event.pid, event.thread)
            if worker.task == event.task:
                span = worker.spans[-1]
                span.end = event.t
                span.failed = isinstance(event, TaskFailed)
                worker.task, worker.step, worker.fraction = None, "", 0.0
                worker.tasks += not isinstance(event, TaskSkipped)
        return queued

    def snapshot(self, elapsed: float | None = None) -> Snapshot:
        """The run as it stands.

        Args:
            elapsed: seconds since the run began, by the reader's own clock; without it, the time
                of the latest event. A run that has finished stands still.
        """
        started, finished = self._started, self._finished
        if started is None:
            return Snapshot()
        now = finished.t if finished else max(self._now, elapsed or 0.0)
        under_way = [worker for worker in self._workers.values() if worker.task is not None]
        partly = sum(
            self._queued[w.task][1] * w.fraction for w in under_way if w.task in self._queued
        )
        weight = started.weight - self._skipped_weight
        done = self._done_weight + partly
        worked = now - self._first_start if self._first_start is not None else 0.0
        rate = done / worked if worked > 0 else 0.0
        ended = self._ok + self._failed
        workers = sorted(self._workers.values(), key=lambda worker: worker.number)
        return Snapshot(
            state=_state(finished),
            kind=started.kind,
            title=started.title,
            elapsed=now,
            tasks=started.tasks,
            ok=self._ok,
            failed=self._failed,
            skipped=self._skipped,
            running=len(under_way),
            fraction=self._fraction(done, weight),
            weight_per_second=rate,
            tasks_per_second=ended / worked if worked > 0 else 0.0,
            eta=max(0.0, weight - done) / rate if rate > 0 and finished is None else None,
            workers=started.workers,
            executor=started.executor,
            rows=tuple(self._row(worker) for worker in workers),
            lanes=tuple(Lane(w.key, w.name, w.number, w.spans) for w in workers),
            failures=self._failures,
            reason=finished.reason if finished else "",
            summary=Summary.from_dict(finished.summary) if finished else None,
        )

    def _fraction(self, done: float, weight: float) -> float:
        """The share of the work that is done. What a cancel left undone is no less to be done."""
        assert self._started is not None
        tasks, whole = self._started.tasks, self._started.weight
        if self._finished is not None and self._finished.outcome is Outcome.CANCELLED:
            return min(1.0, done / whole) if whole > 0 else 0.0
        if self._ok + self._failed + self._skipped >= tasks:
            return 1.0 if tasks else 0.0
        return max(0.0, min(1.0, done / weight)) if weight > 0 else self._skipped / tasks

    def _row(self, worker: _Worker) -> Row:
        label, weight = self._queued.get(worker.task or 0, ("", 0.0))
        state = RowState.WAITING if worker.task is None else RowState.WORKING
        return Row(
            key=worker.key,
            name=worker.name,
            number=worker.number,
            state=RowState.EXITED if worker.exited else state,
            label=label,
            weight=weight,
            step=worker.step,
            fraction=worker.fraction,
            tasks=worker.tasks,
            exitcode=worker.exitcode,
        )


def _number(name: str, otherwise: int) -> int:
    """The number that a worker's name ends in, from 0 on: its place, whoever was quicker."""
    digits = re.search(r"[0-9]+$", name)
    return int(digits.group()) - 1 if digits else otherwise


_ENDS: Mapping[Outcome, RunState] = {
    Outcome.OK: RunState.OK,
    Outcome.FAILED: RunState.FAILED,
    Outcome.CANCELLED: RunState.CANCELLED,
}


def _state(finished: RunFinished | None) -> RunState:
    return RunState.RUNNING if finished is None else _ENDS[finished.outcome]
