"""The view of a run: events folded into what a screen shows at one moment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tui_app.events import (
    Event,
    Line,
    Outcome,
    ProcessExited,
    ProcessStarted,
    Resumed,
    RunFinished,
    RunStarted,
    TaskFailed,
    TaskFinished,
    TaskProgress,
    TaskQueued,
    TaskRetried,
    TaskSkipped,
    TaskStarted,
    Waiting,
)
from tui_app.runs.lanes import Key, Lane, ProcessRow, Worker
from tui_app.runs.log import PLAYED, Log, LogLine
from tui_app.summary import Summary


class RunState(StrEnum):
    """Where a run is."""

    IDLE = "idle"
    RUNNING = "running"
    OK = "ok"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Failure:
    """A task that failed, with the step, if any, the class of the error and its sentence."""

    task: int
    label: str
    step: str
    error: str
    reason: str

    @classmethod
    def of(cls, event: TaskFailed, label: str) -> Failure:
        """Return the failure of a task that has this label."""
        return cls(event.task, label, event.step, event.error, event.reason)


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
    before: int = 0
    running: int = 0
    fraction: float = 0.0
    weight_per_second: float = 0.0
    tasks_per_second: float = 0.0
    eta: float | None = None
    workers: int = 0
    executor: str = ""
    rows: tuple[ProcessRow, ...] = ()
    lanes: tuple[Lane, ...] = ()
    failures: Sequence[Failure] = ()
    reason: str = ""
    summary: Summary | None = None
    line: int | None = None

    @property
    def played(self) -> bool:
        """Whether a script is played; `line` is then where its main process is, from 1."""
        return self.kind in PLAYED

    @property
    def ended(self) -> int:
        """Tasks that have ended, in whichever way; what was stopped is not done."""
        return self.ok + self.failed + self.skipped


class RunView:
    """Takes events, gives snapshots. Feeds the log too, for both grow from the same events."""

    def __init__(self, log: Log | None = None) -> None:
        self.log = log or Log()
        self._started: RunStarted | None = None
        self._finished: RunFinished | None = None
        self._now = 0.0
        self._workers: dict[Key, Worker] = {}
        self._names: dict[int, str] = {}
        self._queued: dict[int, tuple[str, float]] = {}
        self._failures: list[Failure] = []
        self._ok = self._failed = self._skipped = self._before = self._retried = 0
        self._done_weight = 0.0
        self._skipped_weight = 0.0
        self._first_start: float | None = None
        self._tasks = 0
        self._line: int | None = None

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
                worker = self._successor(event) or self._worker(event.pid, None)
                worker.since = event.t
                if self._played and len(self._workers) == 1:
                    worker.start_main(event.t)
            case ProcessExited():
                for key, worker in self._workers.items():
                    if key[0] == event.pid:
                        worker.exit(event.exitcode, event.t)
            case Line():
                self._line = event.line
            case Waiting():
                self._worker(event.pid, event.thread).wait(event)
            case Resumed():
                self._worker(event.pid, event.thread).resume(event.t)
            case TaskQueued():
                self._tasks += 1
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
                self._failures.append(Failure.of(event, label))
            case TaskRetried():
                self._retried += 1
                if event.pid is not None:
                    worker = self._worker(event.pid, event.thread)
                    worker.end(event.task, event.t, failed=True, skipped=True)
            case TaskSkipped():
                weight = self._end(event)[1]
                if not event.stopped:
                    self._skipped += 1
                    self._before += event.before
                    self._skipped_weight += weight
        return lines

    @property
    def _played(self) -> bool:
        return self._started is not None and self._started.kind in PLAYED

    def _successor(self, event: ProcessStarted) -> Worker | None:
        """The worker that takes a dead one's place, where there is one of its name: row and lane.

        Of threads, each inherits when it is first heard of.
        """
        if self._played:
            return None
        for key, old in list(self._workers.items()):
            if old.exited and old.name.partition(".")[0] == event.name:
                del self._workers[key]
                self._workers[event.pid, key[1]] = old.successor((event.pid, key[1]))
        return next((w for key, w in self._workers.items() if key[0] == event.pid), None)

    def _worker(self, pid: int, thread: int | None) -> Worker:
        worker = self._workers.get((pid, thread))
        if worker is None:
            # Where threads do the work, the process's own row gives way to theirs.
            old = self._workers.pop((pid, None), None) if thread is not None else None
            name = self._names.get(pid, str(pid))
            name = name if thread is None else f"{name}.{thread}"
            number = len(self._workers)
            if old is not None and thread == 1:
                number = old.number
            elif not self._played:
                number = _number(name, number)
            elif self._workers:
                # Main is first, whoever it was that was heard first after it.
                number = _number(name, number - 1) + 1
            worker = self._workers[pid, thread] = Worker((pid, thread), name, number)
        return worker

    def _start(self, event: TaskStarted) -> None:
        if self._first_start is None:
            self._first_start = event.t
        label = self._queued.get(event.task, ("", 0.0))[0]
        self._worker(event.pid, event.thread).begin(event.task, label, event.t)

    def _end(self, event: TaskFinished | TaskFailed | TaskSkipped) -> tuple[str, float]:
        """Closes the task's span; returns its label and weight."""
        queued = self._queued.pop(event.task, (str(event.task), 0.0))
        if event.pid is not None:
            worker = self._worker(event.pid, event.thread)
            failed, skipped = isinstance(event, TaskFailed), isinstance(event, TaskSkipped)
            worker.end(event.task, event.t, failed=failed, skipped=skipped)
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
        played = self._played
        tasks = max(started.tasks, self._tasks)
        # Of a script nobody knows how much it will do: what it has queued so far is all.
        total = float(self._tasks) if played else started.weight
        weight = total - self._skipped_weight
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
            tasks=tasks,
            ok=self._ok,
            failed=self._failed,
            skipped=self._skipped,
            before=self._before,
            running=len(under_way),
            fraction=self._fraction(done, total, tasks),
            weight_per_second=rate,
            tasks_per_second=ended / worked if worked > 0 else 0.0,
            eta=None if played or finished or not rate else max(0.0, weight - done) / rate,
            workers=started.workers,
            executor=started.executor,
            rows=tuple(self._row(worker) for worker in workers),
            lanes=tuple(Lane(w.key, w.name, w.number, w.spans) for w in workers),
            failures=self._failures,
            reason=finished.reason if finished else "",
            line=self._line,
            summary=Summary.from_dict(finished.summary) if finished else None,
        )

    def _fraction(self, done: float, whole: float, tasks: int) -> float:
        """The share of the work that is done. What a cancel left undone is no less to be done."""
        weight = whole - self._skipped_weight
        if self._ok + self._failed + self._skipped >= tasks:
            return 1.0 if tasks else 0.0
        return max(0.0, min(1.0, done / weight)) if weight > 0 else self._skipped / tasks

    def _row(self, worker: Worker) -> ProcessRow:
        label, weight = self._queued.get(worker.task or 0, ("", 0.0))
        return ProcessRow(
            key=worker.key,
            name=worker.name,
            number=worker.number,
            state=worker.state,
            label=label,
            weight=weight,
            step=worker.step,
            fraction=worker.fraction,
            tasks=worker.tasks,
            exitcode=worker.exitcode,
            wait=worker.waiting,
            since=worker.since,
            deaths=worker.deaths,
            died=worker.died,
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
