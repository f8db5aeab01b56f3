"""What each process of a run does now, and what it did: its row, and its lane in the timeline."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from tui_app.events import Waiting, WaitKind

LONGEST_LANE = 5_000
"""Spans that are kept of a process: more than any screen has columns. Failures are kept longest."""

OLD_SPANS = LONGEST_LANE // 10
"""The oldest spans, which make room for others. Half of them may be failures that stay."""

Key = tuple[int, int | None]
"""A process, or a thread of it."""


class RowState(StrEnum):
    """What a process does. `WAITING` is for work; `BLOCKED` is in a `join`, `result`, ….

    `SLEEPING` and `BLOCKED` are known of played scripts only.
    """

    WAITING = "waiting"
    WORKING = "working"
    SLEEPING = "sleeping"
    BLOCKED = "blocked"
    EXITED = "exited"


class SpanKind(StrEnum):
    """What a process did in a stretch of time."""

    WORK = "work"
    SLEEP = "sleep"
    WAIT = "wait"


@dataclass(slots=True)
class Span:
    """A stretch of one task in a lane, in seconds of the run; `end` is `None` while it goes on.

    In a played script, a task is cut into spans of work and of waiting (`wait`). The main process
    has no task of its own: its spans have no label. A wait that is part of a deadlock is
    `deadlocked`.
    """

    start: float
    label: str
    end: float | None = None
    failed: bool = False
    wait: Waiting | None = None
    deadlocked: bool = False

    @property
    def kind(self) -> SpanKind:
        """What the process did."""
        if self.wait is None:
            return SpanKind.WORK
        return SpanKind.SLEEP if self.wait.kind == WaitKind.SLEEP else SpanKind.WAIT


@dataclass(slots=True)
class ProcessRow:
    """One process, or one thread of it: what it does now, and what it did (`spans`).

    `number`, from 0, decides its place and its colour. `task` is the number of the task that it
    works on, with its label, weight, step and fraction; `tasks` is how many it has ended. `since`
    is the second of the run at which it began to do what it does. `deaths` is how many processes
    before it died in its place, and `died` the exit code of the latest. Of its waits, `short_waits`
    were too short to be told one by one; they took `short_seconds` in all. The main process of a
    script works while it does not wait (`is_main`); so does one that runs a `program` of its own.
    A worker of a cluster has a `host`.
    """

    key: Key
    name: str
    number: int
    is_main: bool = False
    program: str = ""
    spans: list[Span] = field(default_factory=list)
    task: int | None = None
    label: str = ""
    weight: float = 0.0
    step: str = ""
    fraction: float = 0.0
    tasks: int = 0
    wait: Waiting | None = None
    since: float = 0.0
    exited: bool = False
    exitcode: int | None = None
    deaths: int = 0
    died: int | None = None
    host: str = ""
    short_waits: int = 0
    short_seconds: float = 0.0

    @property
    def state(self) -> RowState:
        """What it does now."""
        if self.exited:
            return RowState.EXITED
        if self.wait is not None:
            sleeps = self.wait.kind == WaitKind.SLEEP
            return RowState.SLEEPING if sleeps else RowState.BLOCKED
        working = self.task is not None or self.is_main or self.program
        return RowState.WORKING if working else RowState.WAITING

    @property
    def deadlocked(self) -> bool:
        """Whether it can never go on, as far as anybody knows."""
        return self.wait is not None and bool(self.spans) and self.spans[-1].deadlocked

    def successor(self, key: Key) -> ProcessRow:
        """Return the row of a new process in the place of this one, which has died."""
        return ProcessRow(
            key,
            self.name,
            self.number,
            spans=self.spans,
            tasks=self.tasks,
            deaths=self.deaths + 1,
            died=self.exitcode,
            host=self.host,
        )

    def copy(self) -> ProcessRow:
        """Return the row at this moment; only its spans go on."""
        return replace(self)

    def take_spans(self) -> list[Span]:
        """Return all spans but the latest, and forget them: somebody else keeps them."""
        taken, self.spans[:-1] = self.spans[:-1], []
        return taken

    def begin(self, task: int, label: str, weight: float, t: float) -> None:
        """Begin a task."""
        self.task, self.label, self.weight, self.step, self.fraction = task, label, weight, "", 0.0
        # Where the main process is the one task, that is known only after its end.
        if not self.is_main:
            self._open(t)

    def end(self, task: int, t: float, *, failed: bool, skipped: bool) -> None:
        """End a task, if it is this process's; one that was cancelled does not count."""
        if self.task != task:
            return
        self.task, self.label, self.weight, self.step, self.fraction = None, "", 0.0, "", 0.0
        self.tasks += not skipped
        if not self.is_main:
            self._close(t, failed=failed)

    def begin_wait(self, event: Waiting) -> None:
        """Begin to wait."""
        self._close(event.t)
        self.wait = event
        self._open(event.t, event)

    def resume(self, t: float) -> None:
        """Go on with the task, if there is one."""
        self._close(t)
        self.wait = None
        if self.task is not None or self.is_main or self.program:
            self._open(t)

    def exit(self, exitcode: int | None, t: float) -> None:
        """End the process."""
        broken_off = self.wait is not None or self.is_main
        self._close(t, failed=exitcode not in (0, None) and broken_off)
        self.exited, self.exitcode, self.wait = True, exitcode, None

    def start_main(self, t: float) -> None:
        """Start as a script's main process, which works from the start."""
        self.is_main = True
        self._open(t)

    def start_program(self, program: str, t: float) -> None:
        """Start as a process that runs a program, which works from the start."""
        self.program = program
        self._open(t)

    def _open(self, t: float, wait: Waiting | None = None) -> None:
        self.since = t
        self.spans.append(Span(t, "" if self.is_main else self.label, wait=wait))
        if len(self.spans) > LONGEST_LANE:
            failed = [span for span in self.spans[:OLD_SPANS] if span.failed]
            self.spans[:OLD_SPANS] = failed[-OLD_SPANS // 2 :]

    def _close(self, t: float, *, failed: bool = False) -> None:
        if self.spans and self.spans[-1].end is None:
            self.spans[-1].end, self.spans[-1].failed = t, failed
            self.since = t
