"""Who does what next: gives tasks to workers, and settles how each task ends."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import BrokenExecutor
from itertools import islice

from tui_app.engine.base_scheduler import BaseScheduler, NotReadyError, Ready
from tui_app.engine.event_server import EventServer
from tui_app.engine.exit_status import describe_exit
from tui_app.engine.forkserver import prestart
from tui_app.engine.in_flight import InFlight, as_retry
from tui_app.engine.inbox import Inbox
from tui_app.engine.machine import folder_trouble
from tui_app.engine.run_clock import RunClock
from tui_app.engine.slots import Slot, StartError
from tui_app.engine.spec import ExecutorKind, Limits, Pool, Task
from tui_app.engine.worker import UNFIT
from tui_app.engine.workforce import AHEAD, START_PAUSE, Workforce, within_limits
from tui_app.files.error_words import reason

WINDOW = 64
"""Tasks that are known at once, waiting and under way: a hundred thousand would be too many. Small
tasks, which are handed out several at a time, may be some more."""


class Scheduler(BaseScheduler):
    """Has tasks done by workers of this machine, each in a slot of its own."""

    def __init__(
        self, tasks: Iterable[Task], limits: Limits, clock: RunClock, inbox: Inbox
    ) -> None:
        super().__init__(tasks, limits, clock, inbox)
        self._workforce = Workforce()
        self._late: set[int] = set()

    @property
    def notes(self) -> list[str]:
        """See `BaseScheduler.notes`."""
        return self._workforce.notes

    def _stop_workers(self) -> None:
        self._workforce.kill()

    @property
    def _in_hand(self) -> int:
        return sum(len(slot.in_hand) for slot in self._workforce.slots)

    def _ended(self, task: int) -> None:
        self._workforce.ended(task)

    async def prepare(self, pool: Pool) -> Ready:
        """Start the helper processes, and listen for workers. See `BaseScheduler.prepare`."""
        notes: list[str] = []
        try:
            prestart(pool.start_method)
            pool, notes = within_limits(pool)
            self._server = EventServer(self._clock, self._hear, self._alarm.set)
        except OSError as error:
            raise NotReadyError(folder_trouble() or reason(error), Ready(pool, notes)) from error
        self._in_flight = InFlight(self._clock, self._server)
        self._inbox.paces(self._server.channels)
        return Ready(pool, notes)

    async def work(self, pool: Pool) -> None:
        """Have all tasks done; return when no worker is left."""
        slots = pool.size if pool.executor is ExecutorKind.PROCESSES else 1
        address = self._server.channels.address
        self._workforce = Workforce(Slot(number, pool, address) for number in range(1, slots + 1))
        limited = self._limits.timeout is not None
        watch = asyncio.create_task(self._in_flight.watch_clock()) if limited else None
        self._begin_work()
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
            await self._reader()
            ahead = (self._batching.at_once - 1) * (1 + AHEAD) * self._workforce.room
            self._take_in(WINDOW + ahead)
            self._hand_out()
            handed = self._workforce.handed
            if handed:
                await self._wait_for_workers(handed)
            elif self._backlog.done:
                break
            elif self._held:
                await self._wait_for_workers([])
            elif self._workforce.tries_again:
                # What was in the way of a worker may just be leaving.
                await asyncio.sleep(START_PAUSE)
            for slot in self._workforce.slots:
                await self._collect(slot)
            if self._server.channels.refused is not None:
                self.stop_without_workers(reason(self._server.channels.refused))
        for pid in list(self._server.callers):
            self._server.drain(pid)
        self._end_the_rest()

    async def _wait_for_workers(self, handed: Iterable[asyncio.Future[int]]) -> None:
        """Wait until a call is answered, a worker has gone, a time is up or all shall stop."""
        limit = self._limits.timeout
        left = None if limit is None else self._in_flight.until_overdue(limit)
        await self._wait_for(handed, left)
        if limit is not None:
            late = set(self._in_flight.overdue(limit)) - self._late
            self._late |= late
            for slot in self._workforce.slots:
                if late.intersection(slot.in_hand):
                    slot.kill()

    # Tasks on their way to workers

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
