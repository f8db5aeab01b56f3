"""What does work in a run: its row, and its lane in the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tui_app.events import Waiting, WaitKind

LONGEST_LANE = 5_000
"""Spans that a lane keeps: more than any screen has columns."""

Key = tuple[int, int | None]
"""What does work: a process, or a thread of it."""


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
    """A stretch of one task in a lane; `end` is `None` while it is under way.

    `wait` is what it waited for; `None`: it worked. In a lane of a played script a task is cut into
    spans of work and of waiting, each with the task's label; the main process, which has no task of
    its own, has spans without one.
    """

    start: float
    label: str
    end: float | None = None
    failed: bool = False
    wait: Waiting | None = None

    @property
    def kind(self) -> SpanKind:
        """What the process did."""
        if self.wait is None:
            return SpanKind.WORK
        return SpanKind.SLEEP if self.wait.kind == WaitKind.SLEEP else SpanKind.WAIT


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """One process, or one thread of it, and what it has in hand. `number` is its colour.

    `wait` is what it waits for, and `since` the second of the run since when it does what it does.
    `deaths` is how many before it, in its place, died, and `died` the exit code of the latest.
    """

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
    wait: Waiting | None = None
    since: float = 0.0
    deaths: int = 0
    died: int | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the timeline. `spans` grows while the run goes on."""

    key: Key
    name: str
    number: int
    spans: Sequence[Span]


@dataclass(slots=True)
class Worker:
    """What is known of one that does work. `is_main`: it works while it does not wait."""

    key: Key
    name: str
    number: int
    is_main: bool = False
    spans: list[Span] = field(default_factory=list)
    task: int | None = None
    label: str = ""
    step: str = ""
    fraction: float = 0.0
    tasks: int = 0
    waiting: Waiting | None = None
    since: float = 0.0
    exited: bool = False
    exitcode: int | None = None
    deaths: int = 0
    died: int | None = None

    @property
    def state(self) -> RowState:
        """What it does now."""
        if self.exited:
            return RowState.EXITED
        if self.waiting is not None:
            sleeps = self.waiting.kind == WaitKind.SLEEP
            return RowState.SLEEPING if sleeps else RowState.BLOCKED
        working = self.task is not None or self.is_main
        return RowState.WORKING if working else RowState.WAITING

    def successor(self, key: Key) -> Worker:
        """A new process in the place of this one, which has died."""
        return Worker(
            key,
            self.name,
            self.number,
            spans=self.spans,
            tasks=self.tasks,
            deaths=self.deaths + 1,
            died=self.exitcode,
        )

    def begin(self, task: int, label: str, t: float) -> None:
        """It takes a task."""
        self.task, self.step, self.fraction = task, "", 0.0
        # Of the main process as the one task is told when it has ended; its lane is drawn by then.
        if not self.is_main:
            self.label = label
            self._open(Span(t, label))

    def end(self, task: int, t: float, *, failed: bool, skipped: bool) -> None:
        """The task has ended, if it is this one's; one that was cancelled counts for nothing."""
        if self.task != task:
            return
        self.task, self.label, self.step, self.fraction = None, "", "", 0.0
        self.tasks += not skipped
        if not self.is_main:
            self._close(t, failed=failed)

    def wait(self, event: Waiting) -> None:
        """It blocks."""
        self._close(event.t)
        self.waiting = event
        self._open(Span(event.t, self.label, wait=event))

    def resume(self, t: float) -> None:
        """It goes on, with what it had in hand."""
        self._close(t)
        self.waiting = None
        if self.task is not None or self.is_main:
            self._open(Span(t, self.label))

    def exit(self, exitcode: int | None, t: float) -> None:
        """It is gone."""
        broken_off = self.waiting is not None or self.is_main
        self._close(t, failed=exitcode not in (0, None) and broken_off)
        self.exited, self.exitcode, self.waiting = True, exitcode, None

    def start_main(self, t: float) -> None:
        """It is a script's main process: it works from the start."""
        self.is_main = True
        self._open(Span(t, ""))

    def _open(self, span: Span) -> None:
        self.since = span.start
        self.spans.append(span)
        if len(self.spans) > LONGEST_LANE:
            del self.spans[: LONGEST_LANE // 10]

    def _close(self, t: float, *, failed: bool = False) -> None:
        if self.spans and self.spans[-1].end is None:
            self.spans[-1].end, self.spans[-1].failed = t, failed
            self.since = t
