"""The view of a run: what a screen shows of its events at one moment."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import floor

from tui_app.events import (
    Deadlock,
    Event,
    HolderChanged,
    LoopBlocked,
    ProcessExited,
    ProcessStarted,
    Resumed,
    RunFinished,
    RunHeld,
    RunReleased,
    RunStarted,
    ShortWaits,
    TaskFailed,
    TaskFinished,
    TaskProgress,
    TaskQueued,
    TaskRetried,
    TaskSkipped,
    TaskStarted,
    ThreadEnded,
    ThreadStarted,
    UnseenThreads,
    Waiting,
    WaitKind,
)
from tui_app.runs.lanes import Key, ProcessRow, RowState, lane_name
from tui_app.runs.line_times import LineTime, LineTimes
from tui_app.runs.log import PLAYED, Log, LogLine
from tui_app.runs.pace import Pace, Work
from tui_app.script.waits.deadlocks import told_waits
from tui_app.summary import Summary

MOST_ENDED = 5_000
"""Threads and asyncio tasks that have ended and have a lane still."""

LEAST_TOGETHER = 0.05
"""Seconds that tasks run side by side, at least, before one that begins to wait was one of them."""

_STOPS = (Waiting, Resumed, TaskFinished, TaskFailed, TaskSkipped, ProcessExited)
"""Events at which a task may stop to run."""


class RunState(StrEnum):
    """Where a run is. After its end, the value is the outcome's."""

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
    """A run at one moment. Times are seconds; `eta` is `None` while nothing can be said.

    Of the tasks that were `skipped`, `before` were done by an earlier run. Of those that are
    `running`, `sleeping` sleep; `at_once` is how many ran at the same time so far, at most, and
    `slept` whether any process slept: then there is more time in tasks than work for a CPU.
    `fraction` is the share of the work that is done. `held` is how many tasks workers have in hand
    while the work is held; else `None`. `line` is where the main process of a played script is,
    from 1, and `times` how long it stood on each line.
    `deadlock` has the process, the thread's name and the wait of each who can never go on.
    `start_method` is how the latest process was started, `python` the version of what works.
    """

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
    sleeping: int = 0
    at_once: int = 0
    slept: bool = False
    fraction: float = 0.0
    tasks_per_second: float = 0.0
    eta: float | None = None
    held: int | None = None
    workers: int = 0
    executor: str = ""
    start_method: str = ""
    python: str = ""
    rows: tuple[ProcessRow, ...] = ()
    failures: Sequence[Failure] = ()
    reason: str = ""
    summary: Summary | None = None
    line: int | None = None
    times: Mapping[int, LineTime] = field(default_factory=dict)
    deadlock: Sequence[tuple[int, str | None, Waiting]] = ()

    @property
    def played(self) -> bool:
        """Whether a script is played."""
        return self.kind in PLAYED

    @property
    def ended(self) -> int:
        """How many tasks have ended in any way; a task that was stopped has not."""
        return self.ok + self.failed + self.skipped


class RunView:
    """Reads events, and returns snapshots. It feeds the log, too, which grows with them."""

    def __init__(self, log: Log | None = None) -> None:
        self.log = log or Log()
        self._started: RunStarted | None = None
        self._finished: RunFinished | None = None
        self._now = 0.0
        self._rows: dict[Key, ProcessRow] = {}
        self._ended: deque[Key] = deque()
        self._copies: dict[Key, ProcessRow] = {}
        """The rows as the latest snapshot has them, where nothing has changed since."""
        self._names: dict[int, str] = {}
        self._hosts: dict[int, str] = {}
        self._queued: dict[int, tuple[str, float]] = {}
        self._failures: list[Failure] = []
        self._ok = self._failed = self._skipped = self._before = 0
        self._done_weight = 0.0
        self._skipped_weight = 0.0
        self._pace = Pace()
        self._tasks = 0
        self._running: set[int] = set()
        self._at_once = 0
        self._slept = False
        self._method = ""
        self._line_times = LineTimes()
        self._deadlock: Deadlock | None = None

    def add(self, event: Event) -> list[LogLine]:
        """Take one event; return the lines of the log that are complete now."""
        lines = self.log.add(event)
        self._now = max(self._now, event.t)
        if self._played:
            self._line_times.add(event)
        if self._played and isinstance(event, _STOPS):
            self._count_at_once(event)
        if isinstance(event, Resumed | ProcessExited | RunFinished):
            self._end_deadlock(event)
        match event:
            case RunStarted():
                self._started, self._method = event, event.start_method
            case RunFinished():
                self._finished = event
            case ProcessStarted():
                self._names[event.pid] = event.name
                if event.host is not None:
                    self._hosts[event.pid] = event.host
                row = self._successor(event) or self._row(event.pid, None)
                row.since = event.t
                self._method = event.start_method or self._method
                if event.command:
                    row.start_program(event.command, event.t)
                self._copies.pop(row.key, None)
                if self._played and len(self._rows) == 1:
                    row.start_main(event.t)
            case ProcessExited():
                for key, row in self._rows.items():
                    if key[0] == event.pid and not row.exited:
                        self._copies.pop(key, None)
                        row.exit(0 if event.ended_by else event.exitcode, event.t)
            case Waiting():
                self._slept = self._slept or event.kind == WaitKind.SLEEP
                self._row(event.pid, event.thread).begin_wait(event)
            case HolderChanged():
                row = self._row(event.pid, event.thread)
                row.change_holder(event.holder, ended=event.holder_ended)
            case Resumed():
                self._row(event.pid, event.thread).resume(event.t)
            case ThreadStarted():
                self._row(event.pid, event.thread, event.name).start_thread(event.kind, event.t)
            case ThreadEnded():
                self._row(event.pid, event.thread).end_thread(event.cpu, event.t)
                self._ended.append((event.pid, event.thread))
                if len(self._ended) > MOST_ENDED:
                    gone = self._ended.popleft()
                    del self._rows[gone]
                    self._copies.pop(gone, None)
            case LoopBlocked():
                self._row(event.pid, event.thread).block(event)
            case UnseenThreads():
                row = self._row(event.pid, None)
                row.unseen = {**row.unseen, event.kind: event.count}
            case Deadlock():
                self._deadlock = event
                for pid, thread, _wait in told_waits(event):
                    lane = self._lane(pid, thread)
                    if lane is not None and lane.wait is not None:
                        lane.spans[-1].deadlocked = True
            case ShortWaits():
                row = self._row(event.pid, event.thread)
                row.short_waits, row.short_seconds = event.count, event.seconds
            case TaskQueued():
                self._tasks += 1
                self._queued[event.task] = (event.label, event.weight)
            case TaskStarted():
                self._pace.begin(event.t)
                self._running.add(event.task)
                label, weight = self._queued.get(event.task, ("", 0.0))
                self._row(event.pid, event.thread).begin(event.task, label, weight, event.t)
                if not self._played:
                    self._at_once = max(self._at_once, len(self._running))
            case TaskProgress():
                row = self._row(event.pid, event.thread)
                if row.task == event.task:
                    row.step, row.fraction = event.step, event.fraction
            case TaskFinished():
                self._ok += 1
                self._done_weight += self._end(event)[1]
            case TaskFailed():
                self._failed += 1
                label, weight = self._end(event)
                self._done_weight += weight
                self._failures.append(Failure.of(event, label))
            case RunHeld():
                self._pace.hold(self._work(event.t), event.tasks)
            case RunReleased():
                self._pace.release(self._work(event.t))
            case TaskRetried():
                self._running.discard(event.task)
                if event.pid is not None:
                    self._pace.end_one()
                    row = self._row(event.pid, event.thread)
                    row.end(event.task, event.t, failed=True, skipped=True)
            case TaskSkipped():
                weight = self._end(event)[1]
                if not event.stopped:
                    self._skipped += 1
                    self._before += event.before
                    self._skipped_weight += weight
        return lines

    def _end_deadlock(self, event: Resumed | ProcessExited | RunFinished) -> None:
        """Take notice that a deadlock is over, if somebody of it goes on or ends."""
        pid = getattr(event, "pid", None)
        told = self._deadlock.waits if self._deadlock is not None else ()
        if pid is None or any(one["pid"] == pid for one in told):
            self._deadlock = None

    @property
    def _played(self) -> bool:
        return self._started is not None and self._started.kind in PLAYED

    def _count_at_once(self, event: Event) -> None:
        """Count the tasks that have run together until now, when one of them stops or waits.

        A task that sleeps runs; one that waits does not, nor one that is about to: it began only
        just now.
        """
        row = self._rows.get((getattr(event, "pid", None) or 0, getattr(event, "thread", None)))
        if row is None or row.task not in self._running or row.state is RowState.BLOCKED:
            return
        ran = event.t - row.since
        least = min(LEAST_TOGETHER, ran / 2)
        running = [
            one
            for one in self._rows.values()
            if one.task in self._running
            and one.state is not RowState.BLOCKED
            and event.t - one.since >= least
        ]
        if ran >= LEAST_TOGETHER or not isinstance(event, Waiting):
            self._at_once = max(self._at_once, len(running))

    def _successor(self, event: ProcessStarted) -> ProcessRow | None:
        """Return the row of a dead process for the one that takes its place, if there is one.

        The rows of its threads, too, become those of the new process.
        """
        if self._played:
            return None
        for key, old in list(self._rows.items()):
            if old.exited and old.name.partition(".")[0] == event.name:
                del self._rows[key]
                self._copies.pop(key, None)
                self._rows[event.pid, key[1]] = old.successor((event.pid, key[1]))
        return next((row for key, row in self._rows.items() if key[0] == event.pid), None)

    def _lane(self, pid: int, thread: str | None) -> ProcessRow | None:
        """Return the row of a process, or of its thread of this name that goes on."""
        if thread is None:
            return self._rows.get((pid, None))
        name = lane_name(self._names.get(pid, str(pid)), thread)
        rows = (row for key, row in self._rows.items() if key[0] == pid and not row.exited)
        return next((row for row in rows if row.name == name), None)

    def _row(self, pid: int, thread: int | None, played_name: str = "") -> ProcessRow:
        """Return the row of a process or thread; make it where it is not known yet.

        Args:
            pid: the process.
            thread: the thread.
            played_name: what a script calls it; a row that is new then has its process's number.
        """
        row = self._rows.get((pid, thread))
        self._copies.pop((pid, thread), None)
        if row is None and played_name:
            process = self._row(pid, None)
            name = lane_name(process.name, played_name)
            row = self._rows[pid, thread] = ProcessRow((pid, thread), name, process.number)
        if row is None:
            # Where threads do the work, their rows replace that of the process.
            old = self._rows.pop((pid, None), None) if thread is not None else None
            name = self._names.get(pid, str(pid))
            name = name if thread is None else f"{name}.{thread}"
            number = sum(row.kind is None for row in self._rows.values())
            if old is not None and thread == 1:
                number = old.number
            elif pid in self._hosts:
                number = max((other.number for other in self._rows.values()), default=-1) + 1
            elif not self._played:
                number = _number(name, number)
            elif self._rows:
                # The main process is first, in whatever order the others are heard of.
                number = _number(name, number - 1) + 1
            host = self._hosts.get(pid, "")
            row = self._rows[pid, thread] = ProcessRow((pid, thread), name, number, host=host)
        return row

    def _end(self, event: TaskFinished | TaskFailed | TaskSkipped) -> tuple[str, float]:
        """End the task in its row; return its label and weight."""
        queued = self._queued.pop(event.task, (str(event.task), 0.0))
        self._running.discard(event.task)
        if event.pid is not None:
            self._pace.end_one()
            row = self._row(event.pid, event.thread)
            failed, skipped = isinstance(event, TaskFailed), isinstance(event, TaskSkipped)
            row.end(event.task, event.t, failed=failed, skipped=skipped)
        return queued

    def snapshot(self, elapsed: float | None = None) -> Snapshot:
        """Return the run at this moment; after its end, it stands still.

        Args:
            elapsed: seconds since it began, by the reader's clock; else by the latest event.
        """
        started, finished = self._started, self._finished
        if started is None:
            return Snapshot()
        now = finished.t if finished else max(self._now, elapsed or 0.0)
        under_way = [row for row in self._rows.values() if row.task is not None]
        tasks = max(started.tasks, self._tasks)
        # Nobody knows how much a script will do: what it has queued so far counts as all.
        total = float(self._tasks) if self._played else started.weight
        weight = total - self._skipped_weight
        work = self._work(now)
        done, worked = work.weight, self._pace.worked(work)
        rate = worked.weight / worked.t if worked.t > 0 else 0.0
        no_eta = self._played or finished or not rate
        return Snapshot(
            state=RunState(finished.outcome) if finished else RunState.RUNNING,
            kind=started.kind,
            title=started.title,
            elapsed=now,
            tasks=tasks,
            ok=self._ok,
            failed=self._failed,
            skipped=self._skipped,
            before=self._before,
            running=len(under_way),
            sleeping=sum(row.state is RowState.SLEEPING for row in under_way),
            at_once=self._at_once,
            slept=self._slept,
            fraction=self._fraction(done, weight, tasks),
            tasks_per_second=worked.tasks / worked.t if worked.t > 0 else 0.0,
            eta=None if no_eta else max(0.0, weight - done) / rate,
            held=None if finished else self._pace.in_hand,
            workers=started.workers,
            executor=started.executor,
            start_method=self._method,
            python=started.python,
            rows=tuple(map(self._copy, sorted(self._rows.values(), key=_place))),
            failures=self._failures,
            reason=finished.reason if finished else "",
            line=self._line_times.last_line,
            times=self._line_times.times(None if finished else floor(10 * now) / 10),
            deadlock=tuple(told_waits(self._deadlock)) if self._deadlock is not None else (),
            summary=Summary.from_dict(finished.summary) if finished else None,
        )

    def _copy(self, row: ProcessRow) -> ProcessRow:
        """Return the row at this moment. Of a thousand, few have changed since the last one."""
        found = self._copies.get(row.key)
        if found is None:
            found = self._copies[row.key] = row.copy()
        return found

    def _work(self, t: float) -> Work:
        """Return how far the run is, at that second."""
        under_way = (row for row in self._rows.values() if row.task in self._queued)
        partly = sum(row.weight * row.fraction for row in under_way)
        return Work(t, self._done_weight + partly, self._ok + self._failed)

    def _fraction(self, done: float, weight: float, tasks: int) -> float:
        """Return the share of the work that is done; what a cancel left undone is still work."""
        if self._ok + self._failed + self._skipped >= tasks:
            return 1.0 if tasks else 0.0
        return max(0.0, min(1.0, done / weight)) if weight > 0 else self._skipped / tasks


def _place(row: ProcessRow) -> tuple[str, int, int]:
    """Return what sorts rows: the threads of a script's process follow it."""
    return row.host, row.number, 0 if row.kind is None else row.key[1] or 0


def _number(name: str, otherwise: int) -> int:
    """Return the number at the end of a worker's name, from 0: whichever worker started first."""
    digits = re.search(r"[0-9]+$", name)
    return int(digits.group()) - 1 if digits else otherwise
