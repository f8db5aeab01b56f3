"""What each process of a run does now, and what it did: its row, and its lane in the timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tui_app.events import LoopBlocked, ThreadKind, Waiting, WaitKind

LONGEST_LANE = 5_000
"""Spans that are kept of a process: more than any screen has columns. Failures are kept longest."""

OLD_SPANS = LONGEST_LANE // 10
"""The oldest spans, which make room for others. Half of them may be failures that stay."""

Key = tuple[int, int | None]
"""A process, or a thread of it."""


def lane_name(process: str, thread: str) -> str:
    """Return what the lane of a script's thread, or of an asyncio task, is called."""
    return f"{process}·{thread}"


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
    """What a process did in a stretch of time; `IDLE` is a pool's thread without a call."""

    WORK = "work"
    SLEEP = "sleep"
    WAIT = "wait"
    IDLE = "idle"


@dataclass(slots=True)
class Span:
    """A stretch of one task in a lane, in seconds of the run; `end` is `None` while it goes on.

    In a played script, a task is cut into spans of work and of waiting (`wait`). The main process
    has no task of its own: its spans have no label. A wait that is part of a deadlock is
    `deadlocked`; while an asyncio task keeps its loop from the others, it `blocks`.
    """

    start: float
    label: str
    end: float | None = None
    failed: bool = False
    wait: Waiting | None = None
    deadlocked: bool = False
    blocks: LoopBlocked | None = None

    @property
    def kind(self) -> SpanKind:
        """What the process did."""
        if self.wait is None:
            return SpanKind.WORK
        if self.wait.kind == WaitKind.IDLE:
            return SpanKind.IDLE
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
    A worker of a cluster has a `host`. A thread of a script, or an asyncio task, has a `kind`, and
    a thread that has ended the seconds of `cpu` that it took; of its process, `unseen` is how many
    threads and how many tasks were gone before they were seen.
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
    kind: ThreadKind | None = None
    cpu: float | None = None
    unseen: Mapping[ThreadKind, int] = field(default_factory=dict)

    @property
    def state(self) -> RowState:
        """What it does now."""
        if self.exited:
            return RowState.EXITED
        if self.wait is not None:
            if self.wait.kind == WaitKind.IDLE:
                return RowState.WAITING
            sleeps = self.wait.kind == WaitKind.SLEEP
            return RowState.SLEEPING if sleeps else RowState.BLOCKED
        working = self._works
        return RowState.WORKING if working else RowState.WAITING

    @property
    def _works(self) -> bool:
        """Whether it works while it does not wait."""
        return self.task is not None or self.is_main or bool(self.program) or self.kind is not None

    @property
    def blocks(self) -> bool:
        """Whether it is an asyncio task that keeps its loop from the others."""
        return self.wait is None and bool(self.spans) and self._open_span_blocks

    @property
    def _open_span_blocks(self) -> bool:
        return self.spans[-1].end is None and self.spans[-1].blocks is not None

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
        """Begin to wait, or go on to wait: what a thread's wait is for may be known later."""
        last = self.spans[-1] if self.spans else None
        before, self.wait = self.wait, event
        if last is not None and self.kind is not None and last.end is None:
            if event.kind == WaitKind.TURN and before is not None and before.kind == event.kind:
                last.wait = event
                return
            if last.wait is None and last.start == event.t:  # It has done nothing in between.
                self.spans.pop()
        self._close(event.t)
        self._open(event.t, event)

    def change_holder(self, holder: str | None, *, ended: bool) -> None:
        """Wait on for what another one has now."""
        if self.wait is not None and self.spans and self.spans[-1].wait == self.wait:
            self.wait = replace(self.wait, holder=holder, holder_ended=ended)
            self.spans[-1].wait = self.wait

    def resume(self, t: float) -> None:
        """Go on with the task, if there is one."""
        self._close(t)
        self.wait = None
        if self._works:
            self._open(t)

    def exit(self, exitcode: int | None, t: float) -> None:
        """End the process."""
        broken_off = self.wait is not None or self.is_main
        self._close(t, failed=exitcode not in (0, None) and broken_off)
        self.exited, self.exitcode, self.wait = True, exitcode, None

    def start_thread(self, kind: ThreadKind, t: float) -> None:
        """Start as a thread, or as an asyncio task, which works from the start."""
        self.kind = kind
        self._open(t)

    def end_thread(self, cpu: float | None, t: float) -> None:
        """End the thread, or the asyncio task."""
        self._close(t)
        self.exited, self.wait, self.cpu = True, None, cpu

    def block(self, event: LoopBlocked) -> None:
        """Keep the event loop from the other tasks."""
        self._close(event.t)
        self._open(event.t)
        self.spans[-1].blocks = event

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
