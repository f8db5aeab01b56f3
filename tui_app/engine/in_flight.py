"""The tasks that workers have begun, and the event that ends each where the worker told none."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Protocol

from tui_app.engine.exit_status import describe_exit, exit_name
from tui_app.engine.run_clock import RunClock
from tui_app.engine.spec import FlawedTaskError
from tui_app.engine.worker import sentence
from tui_app.events import (
    Event,
    TaskFailed,
    TaskProgress,
    TaskRetried,
    TaskSkipped,
    TaskStarted,
)
from tui_app.language import _

LOOK_SECONDS = 0.25
"""Time between two looks at the clock, where time is limited."""

STOPPED_SECONDS = 0.25
"""A look that comes later than this means that the process was stopped, and not only busy."""


def stopped_words(reason: str, *, begun: bool) -> str:
    """Return why a task that has not ended was stopped, and whether it had begun."""
    if begun:
        return _("{reason}; it was under way").format(reason=reason)
    return _("{reason}; it had not begun").format(reason=reason)


@dataclass(slots=True)
class _Underway:
    """A task that a worker has begun: `t` is when, in seconds of the run."""

    pid: int
    thread: int | None
    t: float
    step: str = ""


class WorkerTimes(Protocol):
    """Who knows the times of workers, in seconds of the run."""

    def stamp(self, pid: int, t: float) -> float:
        """Return `t` for an event of that worker: never earlier than what it reported last."""
        ...

    def time_of_end(self, pid: int) -> float:
        """Return when that worker has gone, or the present time where that is not known."""
        ...


class InFlight:
    """Follows the tasks that workers have begun, and makes their ends.

    What a worker sent must have been read before a method makes the end of its task.
    """

    def __init__(self, clock: RunClock, times: WorkerTimes) -> None:
        self._clock, self._times = clock, times
        self._underway: dict[int, _Underway] = {}
        self._looked = 0.0
        self._stops: list[tuple[float, float]] = []

    def note(self, event: Event) -> None:
        """Take notice of what a worker says of its tasks."""
        match event:
            case TaskStarted():
                self._underway[event.task] = _Underway(event.pid, event.thread, event.t)
            case TaskProgress() if event.task in self._underway:
                self._underway[event.task].step = event.step

    def told(self, task: int) -> None:
        """Take notice that a worker has told the end of a task itself."""
        self._underway.pop(task, None)

    def of_silent(self, task: int, error: BaseException | None) -> TaskFailed:
        """Return the end of a task whose worker answered, and did not tell how the task ended."""
        reason = _("its worker did not tell how it ended")
        if error is not None:
            reason = _("the worker refused it: {error}").format(error=sentence(error))
        return self._failed(task, type(error or RuntimeError()).__name__, reason)

    def of_cancelled(self, task: int, reason: str) -> TaskSkipped:
        """Return the end of a task that had not ended when the run was stopped."""
        known = self._underway.pop(task, None)
        reason = stopped_words(reason, begun=known is not None)
        t = self._clock.now()
        if known is None:
            return TaskSkipped(t=t, task=task, reason=reason, stopped=True)
        t, pid, thread = self._times.stamp(known.pid, t), known.pid, known.thread
        return TaskSkipped(t=t, task=task, reason=reason, pid=pid, thread=thread, stopped=True)

    def of_dead(self, task: int, worker: str, exitcode: int | None) -> TaskFailed:
        """Return the end of a task whose worker died with it in hand."""
        how = describe_exit(exitcode)
        reason = _("its worker {worker} {how}").format(worker=worker, how=how)
        return self._failed(task, exit_name(exitcode), reason)

    def of_overdue(self, task: int, seconds: float) -> TaskFailed:
        """Return the end of a task whose worker was killed because the task took too long."""
        reason = _("it took longer than {seconds} s, and its worker was killed").format(
            seconds=f"{seconds:g}"
        )
        return self._failed(task, TimeoutError.__name__, reason)

    def of_unsent(self, task: int, error: Exception) -> TaskFailed:
        """Return the end of a task that cannot be pickled."""
        reason = _("the task could not be sent to a worker: {error}").format(error=sentence(error))
        return self._failed(task, type(error).__name__, reason)

    def of_flawed(self, task: int, flaw: str) -> TaskFailed:
        """Return the end of a task that is not tried."""
        return self._failed(task, FlawedTaskError.__name__, flaw)

    def of_too_large(self, task: int, need: int, there: int) -> TaskFailed:
        """Return the end of a task that needs more memory than there is, both in bytes."""
        reason = _("it needs about {need} GB of memory, and {there} GB are there").format(
            need=f"{need / 1e9:.1f}", there=f"{there / 1e9:.1f}"
        )
        return self._failed(task, MemoryError.__name__, reason)

    def _failed(self, task: int, error: str, reason: str) -> TaskFailed:
        known = self._underway.pop(task, None)
        if known is None:
            t = self._clock.now()
            return TaskFailed(t=t, task=task, pid=None, seconds=0.0, error=error, reason=reason)
        t = self._times.time_of_end(known.pid)
        return TaskFailed(
            t=t,
            task=task,
            pid=known.pid,
            seconds=max(0.0, t - known.t),
            error=error,
            reason=reason,
            step=known.step,
            thread=known.thread,
        )

    # Time limits

    def under_way(self, task: int) -> bool:
        """Return whether a worker has begun the task and has not ended it."""
        return task in self._underway

    async def watch_clock(self) -> None:
        """Look at the clock until this is cancelled, so that stops are noticed."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self._look()

    def _look(self) -> None:
        """Take notice if this process, and its workers with it, was stopped (ctrl+z, SIGSTOP).

        The clock goes on meanwhile: `CLOCK_MONOTONIC`,
        https://man7.org/linux/man-pages/man2/clock_gettime.2.html.
        """
        now = self._clock.now()
        late = now - self._looked - LOOK_SECONDS
        if late > STOPPED_SECONDS:
            self._stops.append((now, late))
        self._looked = now

    def _counts_from(self, began: float) -> float:
        """Return from when on the time of a task counts that began then, without the stops."""
        return began + sum(seconds for at, seconds in self._stops if at > began)

    def overdue(self, limit: float) -> Iterator[int]:
        """Yield the tasks that have been under way for `limit` seconds or longer."""
        self._look()
        now = self._clock.now()
        known = self._underway.items()
        return (task for task, one in known if now - self._counts_from(one.t) >= limit)

    def until_overdue(self, limit: float) -> float:
        """Return the seconds until the next task will have been under way for `limit` seconds."""
        self._look()
        now = self._clock.now()
        since = (self._counts_from(known.t) for known in self._underway.values())
        return max(0.01, min(since, default=now) + limit - now)


def as_retry(end: TaskFailed) -> TaskRetried:
    """Convert a failed attempt to a `TaskRetried`."""
    return TaskRetried(**{field.name: getattr(end, field.name) for field in fields(end)})
