"""Who does what next: gives tasks to workers, and settles how each task ends."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor
from itertools import islice
from typing import Any

from tui_app.engine.backlog import Backlog
from tui_app.engine.batching import Batching
from tui_app.engine.channel_server import ChannelServer
from tui_app.engine.event_server import EventServer
from tui_app.engine.exit_status import describe_exit
from tui_app.engine.in_flight import InFlight, as_retry
from tui_app.engine.inbox import Inbox
from tui_app.engine.retry_policy import RetryPolicy
from tui_app.engine.run_clock import RunClock
from tui_app.engine.slots import Slot, StartError
from tui_app.engine.spec import ExecutorKind, Limits, Pool, Task
from tui_app.engine.worker import UNFIT, packed
from tui_app.engine.workforce import AHEAD, START_PAUSE, Workforce
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
from tui_app.files.error_words import reason
from tui_app.language import _, counted

WINDOW = 64
"""Tasks that are known at once, waiting and under way: a hundred thousand would be too many. Small
tasks, which are handed out several at a time, may be some more."""

LOOK_SECONDS = 0.002
"""Time between two looks whether the reader has caught up."""


class Scheduler:
    """Has tasks done by workers, and puts what happens into the inbox.

    Tasks are taken from their iterable only as they are needed, so a lazy one costs no memory.

    Attributes:
        failures: how many tasks have failed.
        stopped: why all work was stopped; empty while it goes on.
        fault: the same, where the work cannot go on.
    """

    def __init__(
        self, tasks: Iterable[Task], limits: Limits, clock: RunClock, inbox: Inbox
    ) -> None:
        self._limits, self._clock, self._inbox = limits, clock, inbox
        self._backlog = Backlog(tasks, limits.memory)
        self._retries = RetryPolicy(limits)
        self._batching = Batching()
        self._workforce = Workforce()
        self._late: set[int] = set()
        self._alarm = asyncio.Event()
        self._held = self._working = False
        self.failures = 0
        self.stopped = self.fault = ""

    @property
    def notes(self) -> list[str]:
        """Sentences for the end of the run."""
        return self._workforce.notes

    def stop(self, why: str, *, failed: bool = False) -> None:
        """Kill the workers now. The first reason counts; `failed`: the work cannot go on."""
        if failed and not self.stopped:
            self.fault = why
        self.stopped = self.stopped or why
        self._workforce.kill()
        self._alarm.set()

    def hold(self) -> None:
        """Hand no task to a worker until `release`; what workers have in hand goes on."""
        if not self._held:
            self._held = True
            self._tell_hold()

    def _tell_hold(self) -> None:
        if self._working:
            in_hand = sum(len(slot.in_hand) for slot in self._workforce.slots)
            self._inbox.add(RunHeld(t=self._clock.now(), tasks=in_hand))

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

    def listen(self) -> ChannelServer:
        """Listen for workers; raise `OSError` where there can be no socket."""
        self._server = EventServer(self._clock, self._hear, self._alarm.set)
        self._in_flight = InFlight(self._clock, self._server)
        return self._server.channels

    def _hear(self, event: Event) -> None:
        """Take an event that a worker sent; nothing more is told of a task that has ended."""
        task = getattr(event, "task", None)
        if task is not None and task not in self._backlog:
            return
        if not isinstance(event, TaskFinished | TaskFailed):
            self._in_flight.note(event)
            self._inbox.add(event)
            return
        self._workforce.ended(event.task)
        self._in_flight.told(event.task)
        self._batching.learn(event.seconds)
        self._settle(event.task, event)

    async def work(self, pool: Pool) -> None:
        """Have all tasks done; return when no worker is left."""
        slots = pool.size if pool.executor is ExecutorKind.PROCESSES else 1
        address = self._server.channels.address
        self._workforce = Workforce(Slot(number, pool, address) for number in range(1, slots + 1))
        limited = self._limits.timeout is not None
        watch = asyncio.create_task(self._in_flight.watch_clock()) if limited else None
        self._working = True
        if self._held:
            self._tell_hold()
        try:
            await self._work()
        finally:
            self._working = False
            if watch is not None:
                watch.cancel()
            for pid, code in await asyncio.gather(*map(self._bury, self._workforce.slots)):
                self._server.exited(pid, code)
            self._server.channels.close()

    async def _work(self) -> None:
        """Keep the workers busy until every task has ended."""
        while not self.stopped:
            while self._inbox.full and not self.stopped:
                await asyncio.sleep(LOOK_SECONDS)
            self._take_in()
            self._hand_out()
            handed = self._workforce.handed
            if handed:
                await self._wait_for(handed)
            elif self._backlog.done:
                break
            elif self._held:
                await self._wait_for([])
            elif self._workforce.tries_again:
                # What was in the way of a worker may just be leaving.
                await asyncio.sleep(START_PAUSE)
            for slot in self._workforce.slots:
                await self._collect(slot)
            if self._server.channels.refused is not None:
                self.stop_without_workers(reason(self._server.channels.refused))
        for pid in list(self._server.callers):
            self._server.drain(pid)
        for task in self._backlog.left:
            self._close(task, self._in_flight.of_cancelled(task, self.stopped))

    async def _wait_for(self, handed: Iterable[asyncio.Future[int]]) -> None:
        """Wait until a call is answered, a worker has gone, a time is up or all shall stop."""
        limit = self._limits.timeout
        alarm = asyncio.ensure_future(self._alarm.wait())
        waited: list[asyncio.Future[Any]] = [*handed, alarm]
        left = None if limit is None else self._in_flight.until_overdue(limit)
        await asyncio.wait(waited, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        alarm.cancel()
        self._alarm.clear()
        if limit is not None:
            late = set(self._in_flight.overdue(limit)) - self._late
            self._late |= late
            for slot in self._workforce.slots:
                if late.intersection(slot.in_hand):
                    slot.kill()

    # Tasks on their way to workers

    def _take_in(self) -> None:
        """Take tasks in while the window has room."""
        window = WINDOW + (self._batching.at_once - 1) * (1 + AHEAD) * self._workforce.room
        while not self._inbox.full and (came := self._backlog.take_in(window)):
            number, task = came
            t = self._clock.now()
            self._inbox.add(TaskQueued(t=t, task=number, label=task.label, weight=task.weight))
            if task.skip:
                self._inbox.add(TaskSkipped(t=t, task=number, reason=task.skip, before=task.before))
            elif task.flaw:
                self._fail(self._in_flight.of_flawed(number, task.flaw))

    def _hand_out(self) -> None:
        """Give workers the next tasks; a suspect only when nothing else is under way."""
        backlog, workforce = self._backlog, self._workforce
        while not (self.stopped or self._held) and backlog.ready:
            slot = workforce.free_slot(backlog.waiting, alone=backlog.suspects)
            if slot is None:
                return
            most = 1
            if not backlog.suspects:
                most = self._batching.share(backlog.waiting, workforce.room)
            tasks = list(islice(self._picked(), most))
            if not tasks:
                continue
            try:
                # A task that could not be run may have been one failure too many.
                handed = not self.stopped and slot.hand(tasks)
            except StartError as error:
                why = workforce.miss(slot, str(error), refused=error.refused)
                self.stop_without_workers(why)
                handed = False
            if not handed:
                backlog.put_back([task for task, _work in tasks])
                return

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

    # What workers have answered

    async def _collect(self, slot: Slot) -> None:
        """Take what the slot's worker has answered; bury the worker if it has died."""
        broken = False
        for future in [future for future in slot.handed if future.done()]:
            error = future.exception()
            if isinstance(error, BrokenExecutor):
                broken = True
                continue
            if error is None:
                # The worker told how the tasks ended before it answered.
                self._server.drain(future.result())
            for task in slot.handed.pop(future):
                self._settle(task, self._in_flight.of_silent(task, error))
        if (broken or slot.died) and not self.stopped:
            await self._replace(slot)

    async def _replace(self, slot: Slot) -> None:
        """Bury a worker that has died, and decide what becomes of what it was handed."""
        others = [other for other in self._workforce.slots if other is not slot]
        company = [task for other in others for task in other.in_hand]
        pid, code = await self._bury(slot)
        handed, slot.handed = slot.in_hand, {}
        if code is None:
            self.stop_without_workers(self._workforce.lose())
        elif pid not in self._server.callers or code == UNFIT:
            why = slot.unfit or describe_exit(code)
            self.stop_without_workers(self._workforce.miss(slot, why, refused=code == UNFIT))
        else:
            slot.stillborn = 0
        in_hand = [task for task in handed if self._in_flight.under_way(task)]
        late = self._late.intersection(in_hand)
        self._late -= late
        alone = len(in_hand) == 1 and not any(map(self._in_flight.under_way, company))
        untouched = [task for task in handed if task not in in_hand]
        if self.stopped:
            untouched, in_hand = handed, []
        self._backlog.wait_first(untouched)
        for task in in_hand:
            if task in late:
                seconds = self._limits.timeout or 0.0
                self._settle(task, self._in_flight.of_overdue(task, seconds))
                continue
            end = self._in_flight.of_dead(task, slot.name, code)
            if late:
                # Several threads shared the process, and this one's time was not up.
                self._inbox.add(as_retry(end))
                self._backlog.wait_first([task])
            elif not self._retries.after_death(task, code, alone=alone):
                self._close(task, end)
            elif code is None:
                # All workers went with their fork server: nobody is suspected.
                self._inbox.add(as_retry(end))
                self._backlog.wait_first([task])
            else:
                self._inbox.add(as_retry(end))
                self._backlog.wait_alone(task)
        self._server.exited(pid, code)

    async def _bury(self, slot: Slot) -> tuple[int, int | None]:
        """Wait for a worker's end, and take all that it said; return its pid and exit code."""
        pid, code = await slot.close()
        self._server.drain(pid)
        return pid, code

    # How tasks end

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
