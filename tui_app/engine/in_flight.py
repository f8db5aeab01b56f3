"""How each task's end is told: what the workers have in hand, and the event that closes it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

from tui_app.engine.event_server import EventServer
from tui_app.engine.exit_status import describe_exit, exit_name
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
"""How often the clock is looked at, where time is limited."""

STOPPED_SECONDS = 0.25
"""Who comes later than this to the next look was stopped, and not only busy."""


def stopped_words(reason: str, *, begun: bool) -> str:
    """Why a task that has not ended was stopped, and whether it had begun."""
    if begun:
        return _("{reason}; it was under way").format(reason=reason)
    return _("{reason}; it had not begun").format(reason=reason)


@dataclass(slots=True)
class _Underway:
    """What a worker has in hand: since when, in seconds of the run, and at which step."""

    pid: int
    thread: int | None
    t: float
    step: str = ""


class InFlight:
    """Follows the tasks that workers have taken, and words their ends.

    An end stands after all that its worker sent before: each method that tells of a worker has
    the hub take that in first.
    """

    def __init__(self, began: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._began, self._clock = began, clock
        self._underway: dict[int, _Underway] = {}
        self._looked = 0.0
        self._stops: list[tuple[float, float]] = []

    def note(self, event: Event) -> None:
        """Takes notice of what a worker says of its tasks."""
        match event:
            case TaskStarted():
                self._underway[event.task] = _Underway(event.pid, event.thread, event.t)
            case TaskProgress() if event.task in self._underway:
                self._underway[event.task].step = event.step

    def told(self, task: int) -> None:
        """Takes notice that a worker has told the end of a task itself."""
        self._underway.pop(task, None)

    def now(self) -> float:
        """Seconds since the run began."""
        return max(0.0, self._clock() - self._began)

    def of_silent(self, task: int, error: BaseException | None, hub: EventServer) -> TaskFailed:
        """The end of a task that its worker answered for without a word of its end."""
        reason = _("its worker did not tell how it ended")
        if error is not None:
            reason = _("the worker refused it: {error}").format(error=sentence(error))
        name = type(error or RuntimeError()).__name__
        if task in self._underway:
            return self._in_hand(task, name, reason, hub)
        return self._never_began(task, name, reason)

    def of_cancelled(self, task: int, reason: str, hub: EventServer) -> TaskSkipped:
        """The end of a task that a cancel overtook, in a worker's hands or before."""
        known = self._underway.pop(task, None)
        reason = stopped_words(reason, begun=known is not None)
        if known is None:
            return TaskSkipped(t=self.now(), task=task, reason=reason, stopped=True)
        t, pid, thread = hub.stamp(known.pid, self.now()), known.pid, known.thread
        return TaskSkipped(t=t, task=task, reason=reason, pid=pid, thread=thread, stopped=True)

    def of_dead(self, task: int, worker: str, exitcode: int | None, hub: EventServer) -> TaskFailed:
        """The end of a task whose worker died with it in hand."""
        how = describe_exit(exitcode)
        reason = _("its worker {worker} {how}").format(worker=worker, how=how)
        return self._in_hand(task, exit_name(exitcode), reason, hub)

    def of_overdue(self, task: int, seconds: float, hub: EventServer) -> TaskFailed:
        """The end of a task whose worker was killed because the task took too long."""
        reason = _("it took longer than {seconds} s, and its worker was killed").format(
            seconds=f"{seconds:g}"
        )
        return self._in_hand(task, TimeoutError.__name__, reason, hub)

    def _in_hand(self, task: int, error: str, reason: str, hub: EventServer) -> TaskFailed:
        known = self._underway.pop(task)
        caller = hub.callers.get(known.pid)
        gone = caller.gone if caller is not None else None
        t = hub.stamp(known.pid, self.now() if gone is None else gone)
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

    def of_unsent(self, task: int, error: Exception) -> TaskFailed:
        """The end of a task that cannot be pickled."""
        reason = _("the task could not be sent to a worker: {error}").format(error=sentence(error))
        return self._never_began(task, type(error).__name__, reason)

    def of_flawed(self, task: int, flaw: str) -> TaskFailed:
        """The end of a task that is not tried."""
        return self._never_began(task, FlawedTaskError.__name__, flaw)

    def of_too_large(self, task: int, need: int, there: int) -> TaskFailed:
        """The end of a task that needs more memory, in bytes, than there is for all."""
        reason = _("it needs about {need} GB of memory, and {there} GB are there").format(
            need=f"{need / 1e9:.1f}", there=f"{there / 1e9:.1f}"
        )
        return self._never_began(task, MemoryError.__name__, reason)

    def _never_began(self, task: int, error: str, reason: str) -> TaskFailed:
        return TaskFailed(
            t=self.now(), task=task, pid=None, seconds=0.0, error=error, reason=reason
        )

    # Time limits

    def under_way(self, task: int) -> bool:
        """Whether a worker has begun the task, and has not answered."""
        return task in self._underway

    async def watch_clock(self) -> None:
        """Looks at the clock until it is cancelled, so that stops are noticed."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self._look()

    def _look(self) -> None:
        """Takes notice if this process, and its workers with it, was stopped (ctrl+z, SIGSTOP).

        The clock goes on meanwhile: `CLOCK_MONOTONIC`, clock_gettime(2).
        """
        now = self.now()
        late = now - self._looked - LOOK_SECONDS
        if late > STOPPED_SECONDS:
            self._stops.append((now, late))
        self._looked = now

    def _counts_from(self, began: float) -> float:
        """From when on the time of a task counts that began then: stops do not."""
        return began + sum(seconds for at, seconds in self._stops if at > began)

    def overdue(self, limit: float) -> Iterator[int]:
        """The tasks that have been under way for longer than `limit` seconds."""
        self._look()
        now = self.now()
        known = self._underway.items()
        return (task for task, one in known if now - self._counts_from(one.t) >= limit)

    def until_overdue(self, limit: float) -> float:
        """Seconds until the next task will have been under way for `limit` seconds, at most."""
        self._look()
        since = (self._counts_from(known.t) for known in self._underway.values())
        return max(0.01, min(since, default=self.now()) + limit - self.now())


def as_retry(end: TaskFailed) -> TaskRetried:
    """The failure of one attempt, as what it is where another one follows."""
    return TaskRetried(**{field.name: getattr(end, field.name) for field in fields(end)})
