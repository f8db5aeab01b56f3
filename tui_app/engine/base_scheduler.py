"""What every scheduler of a run does: it takes tasks in, hears of them, and settles their ends.

Who works on them, and how they are handed over, is for `scheduler` and `cluster/scheduler` to say.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tui_app.engine.backlog import Backlog
from tui_app.engine.batching import Batching
from tui_app.engine.in_flight import InFlight, as_retry
from tui_app.engine.inbox import Inbox
from tui_app.engine.retry_policy import RetryPolicy
from tui_app.engine.run_clock import RunClock
from tui_app.engine.spec import Limits, Pool, Task
from tui_app.engine.worker import packed
from tui_app.events import (
    Event,
    RunHeld,
    RunReleased,
    TaskEnd,
    TaskFailed,
    TaskFinished,
    TaskQueued,
    TaskSkipped,
)
from tui_app.language import _, counted

LOOK_SECONDS = 0.002
"""Time between two looks whether the reader has caught up."""


@dataclass(frozen=True, slots=True)
class Ready:
    """What will do the work, when it is known: the pool, sentences for the run's beginning.

    Attributes:
        cpus: how many CPUs it has; `None`: those of this machine.
    """

    pool: Pool
    notes: list[str]
    cpus: int | None = None


class NotReadyError(Exception):
    """No worker can be had: the run begins and ends at once; the text is one plain sentence.

    Attributes:
        ready: what was known by then.
    """

    def __init__(self, why: str, ready: Ready) -> None:
        super().__init__(why)
        self.ready = ready


class BaseScheduler(ABC):
    """Has tasks done by workers, and puts what happens into the inbox.

    Tasks are taken from their iterable only as they are needed, so a lazy one costs no memory.

    Attributes:
        failures: how many tasks have failed.
        stopped: why all work was stopped; empty while it goes on.
        fault: the same, where the work cannot go on.
        stop_seconds: how long it may take to stop all that workers have in hand.
    """

    stop_seconds = 0.0
    _in_flight: InFlight

    def __init__(
        self, tasks: Iterable[Task], limits: Limits, clock: RunClock, inbox: Inbox
    ) -> None:
        self._limits, self._clock, self._inbox = limits, clock, inbox
        self._backlog = Backlog(tasks, limits.memory)
        self._retries = RetryPolicy(limits)
        self._batching = Batching()
        self._alarm = asyncio.Event()
        self._held = self._working = False
        self.failures = 0
        self.stopped = self.fault = ""

    @property
    @abstractmethod
    def notes(self) -> list[str]:
        """Sentences for the end of the run."""

    async def reach(self, pool: Pool) -> None:  # noqa: B027 - this machine is reached
        """Reach what will do the work, where that is elsewhere; `close` leaves it."""

    @abstractmethod
    async def prepare(self, pool: Pool) -> Ready:
        """Find out what will do the work.

        Raises:
            NotReadyError: nothing can.
        """

    @abstractmethod
    async def work(self, pool: Pool) -> None:
        """Have all tasks done; return when no worker is at work any more."""

    async def close(self) -> None:  # noqa: B027 - most have nothing to leave
        """Leave what did the work, after the end of the run was told."""

    @abstractmethod
    def _stop_workers(self) -> None:
        """Stop all that workers have in hand."""

    @property
    @abstractmethod
    def _in_hand(self) -> int:
        """How many tasks workers have in hand."""

    def stop(self, why: str, *, failed: bool = False) -> None:
        """Stop the workers now. The first reason counts; `failed`: the work cannot go on."""
        if failed and not self.stopped:
            self.fault = why
        self.stopped = self.stopped or why
        self._stop_workers()
        self._alarm.set()

    def hold(self) -> None:
        """Hand no task to a worker until `release`; what workers have in hand goes on."""
        if not self._held:
            self._held = True
            self._tell_hold()

    def _tell_hold(self) -> None:
        if self._working:
            self._inbox.add(RunHeld(t=self._clock.now(), tasks=self._in_hand))

    def release(self) -> None:
        """Hand tasks to workers again after `hold`."""
        was_held, self._held = self._held, False
        if was_held and self._working:
            self._inbox.add(RunReleased(t=self._clock.now()))
            self._alarm.set()

    def stop_without_workers(self, why: str) -> None:
        """Stop where something keeps all workers from being started; go on where `why` is empty."""
        if why:
            sentence = _("the workers could not be started: {why}")
            self.stop(sentence.format(why=why), failed=True)

    def _begin_work(self) -> None:
        self._working = True
        if self._held:
            self._tell_hold()

    async def _reader(self) -> None:
        """Wait until the reader has caught up."""
        while self._inbox.full and not self.stopped:
            await asyncio.sleep(LOOK_SECONDS)

    async def _wait_for(self, handed: Iterable[asyncio.Future[Any]], seconds: float | None) -> None:
        """Wait until a call is answered, the alarm is set, or so many seconds have passed."""
        alarm = asyncio.ensure_future(self._alarm.wait())
        waited: list[asyncio.Future[Any]] = [*handed, alarm]
        await asyncio.wait(waited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        alarm.cancel()
        self._alarm.clear()

    # Tasks on their way to workers

    def _take_in(self, window: int) -> None:
        """Take tasks in while that window has room."""
        while not self._inbox.full and (came := self._backlog.take_in(window)):
            number, task = came
            t = self._clock.now()
            self._inbox.add(TaskQueued(t=t, task=number, label=task.label, weight=task.weight))
            if task.skip:
                self._inbox.add(TaskSkipped(t=t, task=number, reason=task.skip, before=task.before))
            elif task.flaw:
                self._fail(self._in_flight.of_flawed(number, task.flaw))

    def _picked(self) -> Iterator[tuple[int, bytes]]:
        """Pick the next tasks, packed; end those that cannot be run."""
        for number, task in self._backlog.pick():
            if self._backlog.too_large(task):
                there = self._backlog.memory
                self._settle(number, self._in_flight.of_too_large(number, task.memory, there))
                continue
            try:
                work = packed(task.function, task.argument)
            # What cannot be pickled says so by exceptions of any kind; it is that task's end.
            except Exception as error:  # noqa: BLE001
                self._settle(number, self._in_flight.of_unsent(number, error))
                continue
            yield number, work

    # What workers say

    def _hear(self, event: Event) -> None:
        """Take an event that a worker sent; nothing more is told of a task that has ended."""
        task = getattr(event, "task", None)
        if task is not None and task not in self._backlog:
            return
        if not isinstance(event, TaskFinished | TaskFailed):
            self._in_flight.note(event)
            self._inbox.add(event)
            return
        self._ended(event.task)
        self._in_flight.told(event.task)
        self._batching.learn(event.seconds)
        self._settle(event.task, event)

    @abstractmethod
    def _ended(self, task: int) -> None:
        """Take notice that a worker has told a task's end."""

    # How tasks end

    def _end_the_rest(self) -> None:
        """End the tasks that were stopped before they ended."""
        for task in self._backlog.left:
            self._close(task, self._in_flight.of_cancelled(task, self.stopped))

    def _settle(self, task: int, end: TaskEnd) -> None:
        """Tell a task's end, or that it is tried again."""
        if isinstance(end, TaskFailed) and self._retries.after_failure(task):
            self._inbox.add(as_retry(end))
            self._backlog.wait(task)
        else:
            self._close(task, end)

    def _close(self, task: int, end: TaskEnd) -> None:
        """Tell a task's end."""
        self._retries.forget(task)
        self._backlog.end(task)
        if isinstance(end, TaskFailed):
            self._fail(end)
        else:
            self._inbox.add(end)

    def _fail(self, end: TaskFailed) -> None:
        """Tell a failure, and stop where it is one too many."""
        self._inbox.add(end)
        self.failures += 1
        if self.failures == self._limits.failures:
            why = counted(self.failures, "stopped after {n} failure", "stopped after {n} failures")
            self.stop(why, failed=True)
