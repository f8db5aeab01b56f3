"""One run: tasks in, events out."""

from __future__ import annotations

import asyncio
import os
import platform
import socket
import time
import weakref
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from tui_app.engine.backlog import Backlog
from tui_app.engine.batching import Batching
from tui_app.engine.event_server import Caller, EventServer
from tui_app.engine.executors import ExecutorKind
from tui_app.engine.exit_status import describe_exit
from tui_app.engine.forkserver import prestart
from tui_app.engine.in_flight import InFlight, as_retry
from tui_app.engine.machine import folder_trouble, usable_cpus
from tui_app.engine.retry_policy import RetryPolicy
from tui_app.engine.slots import Slot, StartError
from tui_app.engine.spec import Pool, RunSpec, Task
from tui_app.engine.worker import UNFIT, packed
from tui_app.engine.workforce import START_PAUSE, Workforce, within_limits
from tui_app.events import (
    Event,
    Outcome,
    ProcessExited,
    RunFinished,
    RunStarted,
    TaskEnd,
    TaskFailed,
    TaskFinished,
    TaskQueued,
    TaskSkipped,
)
from tui_app.files.error_words import reason
from tui_app.language import _, counted
from tui_app.summary import Tally

WINDOW = 64
"""Tasks that are known at once, waiting and under way: a hundred thousand would be too many. Small
ones, which are handed out several at a time, may be some more."""

AHEAD = 1
"""Calls that a worker is handed beyond those that it works on, so that it never waits for us."""

WAITING_EVENTS = 5_000
"""Events that may wait for the reader; beyond it the workers' lines are left unread."""

_live: weakref.WeakSet[Run] = weakref.WeakSet()


class Run:
    """Runs tasks in workers; `events()` is what happens.

    Tasks are taken from their iterable only as they are needed, so a lazy one costs no memory.
    """

    def __init__(self, tasks: Iterable[Task], spec: RunSpec) -> None:
        self.spec = spec
        self._backlog = Backlog(tasks, spec.limits.memory)
        self._staff = Workforce()
        self._attempts = RetryPolicy(spec.limits)
        self._pace = Batching()
        self._late: set[int] = set()
        self._inbox: deque[Event] = deque()
        self._tally = Tally()
        self._failures = 0
        self._cancelled = ""
        self._fault = ""
        self._began: float | None = None

    async def events(self) -> AsyncGenerator[Event, None]:
        """Runs, and yields each event as it happens. To be iterated once.

        A caller that stops iterating cancels the run; with `contextlib.aclosing` it does so at
        once, and no process is left when the block is.
        """
        assert self._began is None, "a run runs once"
        self._news = asyncio.Event()
        self._alarm = asyncio.Event()
        self._began = time.monotonic()
        self._ends = InFlight(self._began)
        _live.add(self)
        driver = asyncio.create_task(self._drive(self._began))
        driver.add_done_callback(lambda _: self._news.set())
        try:
            while self._inbox or not driver.done():
                await self._news.wait()
                self._news.clear()
                while self._inbox:
                    yield self._inbox.popleft()
                # A reader takes a burst without a pause; keys and timers get their turn after it.
                await asyncio.sleep(0)
            driver.result()
        finally:
            # The driver ends by itself then: cancelled, it would leave its hub and workers open.
            self.cancel(_("the run was left"))
            await asyncio.wait([driver])
            _live.discard(self)

    def cancel(self, reason: str = "", *, failed: bool = False) -> None:
        """Kills the workers now; the run then ends, for the first reason given.

        Args:
            reason: why, in a few words; without it, `cancelled`.
            failed: whether it ends as failed, because it cannot go on, and not as cancelled.
        """
        if failed and not self._cancelled:
            self._fault = reason
        self._cancelled = self._cancelled or reason or _("cancelled")
        for slot in self._staff.slots:
            slot.kill()
        if self._began is not None:
            self._alarm.set()

    def _emit(self, event: Event) -> None:
        self._ends.note(event)
        self._tally.add(event)
        self._inbox.append(event)
        self._news.set()

    def _hear(self, event: Event) -> None:
        """Takes what a worker says; of a task that was closed meanwhile nothing more is told."""
        task = getattr(event, "task", None)
        if task is not None and task not in self._backlog:
            return
        if not isinstance(event, TaskFinished | TaskFailed):
            self._emit(event)
            return
        for slot in self._staff.slots:
            slot.ended(event.task)
        self._ends.told(event.task)
        self._pace.learn(event.seconds)
        self._staff.worked()
        self._settle(event.task, event)

    async def _drive(self, began: float) -> None:
        """The whole run, from `run_started` to `run_finished`."""
        pool = self.spec.pool
        notes: list[str] = []
        try:
            prestart(pool.start_method)
            pool, notes = within_limits(pool)
            hub = EventServer(began, os.getpid(), self._hear, self._alarm.set)
        except OSError as error:
            self._emit(self._started(pool, notes))
            self._cannot_start(folder_trouble() or reason(error))
        else:
            self._emit(self._started(pool, notes))
            await self._work_with(pool, hub)
        self._finish(self._ends.now())

    async def _work_with(self, pool: Pool, hub: EventServer) -> None:
        """All of the work, until no worker is left."""
        slots = pool.size if pool.executor is ExecutorKind.PROCESSES else 1
        self._staff = Workforce(Slot(number, pool, hub.address) for number in range(1, slots + 1))
        limited = self.spec.limits.timeout is not None
        watch = asyncio.create_task(self._ends.watch_clock()) if limited else None
        try:
            await self._work(hub)
        finally:
            if watch is not None:
                watch.cancel()
            for caller, code in await asyncio.gather(
                *(self._bury(s, hub) for s in self._staff.slots)
            ):
                self._tell_exit(caller, code, hub)
            hub.close()

    def _started(self, pool: Pool, notes: Sequence[str]) -> RunStarted:
        spec = self.spec
        return RunStarted(
            t=0.0,
            run=spec.id,
            kind=spec.kind,
            title=spec.title,
            executor=pool.executor,
            workers=pool.size,
            start_method=pool.start_method,
            cpus=usable_cpus(),
            python=platform.python_version(),
            host=socket.gethostname(),
            started_at=datetime.now().astimezone().isoformat(timespec="seconds"),
            tasks=spec.tasks,
            weight=spec.weight,
            notes=notes,
        )

    def _finish(self, t: float) -> None:
        if self._fault:
            outcome = Outcome.FAILED
        elif self._cancelled:
            outcome = Outcome.CANCELLED
        else:
            outcome = Outcome.FAILED if self._failures else Outcome.OK
        why = self._fault or self._cancelled
        finished = RunFinished(t=t, outcome=outcome, reason=why, notes=self._staff.notes)
        self._tally.add(finished)
        self._inbox.append(replace(finished, summary=self._tally.summary().to_dict()))
        self._news.set()

    # The work

    async def _work(self, hub: EventServer) -> None:
        """Keeps the workers busy until every task has ended."""
        while not self._cancelled:
            await self._let_the_reader_catch_up(hub)
            self._take_in()
            self._hand_out()
            handed = [future for slot in self._staff.slots for future in slot.handed]
            if handed:
                await self._wait_for(handed)
            elif self._backlog.done:
                break
            elif self._staff.tries_again:
                # What was in the way of a worker may just be leaving.
                await asyncio.sleep(START_PAUSE)
            for slot in self._staff.slots:
                await self._collect(slot, hub)
            if hub.refused is not None:
                self._cannot_start(reason(hub.refused))
        for pid in list(hub.callers):
            hub.drain(pid)
        for task in self._backlog.left:
            self._close(task, self._ends.of_cancelled(task, self._cancelled, hub))

    async def _wait_for(self, handed: Iterable[asyncio.Future[int]]) -> None:
        """Waits until a call is answered, a worker has gone, a time is up or all shall stop."""
        limit = self.spec.limits.timeout
        alarm = asyncio.ensure_future(self._alarm.wait())
        waited: list[asyncio.Future[Any]] = [*handed, alarm]
        left = None if limit is None else self._ends.until_overdue(limit)
        await asyncio.wait(waited, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        alarm.cancel()
        self._alarm.clear()
        if limit is not None:
            late = set(self._ends.overdue(limit)) - self._late
            self._late |= late
            for slot in self._staff.slots:
                if late.intersection(slot.in_hand):
                    slot.kill()

    async def _let_the_reader_catch_up(self, hub: EventServer) -> None:
        if len(self._inbox) > WAITING_EVENTS:
            hub.pause()
            while len(self._inbox) > WAITING_EVENTS // 2 and not self._cancelled:
                await asyncio.sleep(0.002)
            hub.resume()

    def _take_in(self) -> None:
        """Takes tasks in while the window has room."""
        window = WINDOW + (self._pace.at_once - 1) * (1 + AHEAD) * self._room
        while len(self._inbox) <= WAITING_EVENTS and (came := self._backlog.take_in(window)):
            number, task = came
            t = self._ends.now()
            self._emit(TaskQueued(t=t, task=number, label=task.label, weight=task.weight))
            if task.skip:
                skipped = TaskSkipped(t=t, task=number, reason=task.skip, before=task.before)
                self._emit(skipped)
            elif task.flaw:
                self._fail(self._ends.of_flawed(number, task.flaw))

    def _hand_out(self) -> None:
        """Gives workers the next tasks; a suspect only when nothing else is under way."""
        backlog = self._backlog
        while not self._cancelled and backlog.ready and (slot := self._free_slot()):
            most = 1 if backlog.suspects else self._pace.share(backlog.waiting, self._room)
            tasks = list(islice(self._picked(), most))
            if not tasks:
                continue
            try:
                # One that could not be run may have been a failure too many.
                handed = not self._cancelled and slot.hand(tasks)
            except StartError as error:
                self._cannot_start(self._staff.miss(slot, str(error), refused=error.refused))
                handed = False
            if not handed:
                backlog.put_back([task for task, _work in tasks])
                return

    def _picked(self) -> Iterator[tuple[int, bytes]]:
        """Picks the next tasks, packed; ends those that cannot be run."""
        for number, task in self._backlog.pick():
            if self._backlog.too_large(task):
                there = self._backlog.memory
                self._settle(number, self._ends.of_too_large(number, task.memory, there))
                continue
            try:
                work = packed(task.function, task.argument)
            # What cannot be pickled says so by exceptions of any kind; it is that task's end.
            except Exception as error:  # noqa: BLE001
                self._settle(number, self._ends.of_unsent(number, error))
                continue
            yield number, work

    def _free_slot(self) -> Slot | None:
        """The slot that has the least to do, if it may have more."""
        slot = min(self._staff.slots, key=lambda slot: len(slot.handed) / slot.room)
        if slot.died:
            return None
        if self._backlog.suspects:
            return None if any(slot.handed for slot in self._staff.slots) else slot
        # What waits behind a long task cannot be given to another worker any more, so near the
        # end nothing does.
        ahead = AHEAD if self._backlog.waiting > len(self._staff.slots) else 0
        return slot if len(slot.handed) < slot.room + ahead else None

    @property
    def _room(self) -> int:
        """How many calls all workers work on at once."""
        return sum(slot.room for slot in self._staff.slots)

    async def _collect(self, slot: Slot, hub: EventServer) -> None:
        """Takes in what the slot's worker has answered; buries the worker if it died."""
        broken = False
        for future in [future for future in slot.handed if future.done()]:
            error = future.exception()
            if isinstance(error, BrokenExecutor):
                broken = True
                continue
            if error is None:
                # Its word of how they ended came before its answer.
                hub.drain(future.result())
            for task in slot.handed.pop(future):
                self._settle(task, self._ends.of_silent(task, error, hub))
        if (broken or slot.died) and not self._cancelled:
            await self._replace(slot, hub)

    def _settle(self, task: int, end: TaskEnd) -> None:
        """Tells a task's end, or that it is tried again."""
        if isinstance(end, TaskFailed) and self._attempts.after_failure(task):
            self._emit(as_retry(end))
            self._backlog.wait(task)
        else:
            self._close(task, end)

    def _close(self, task: int, end: TaskEnd) -> None:
        """Tells a task's end."""
        self._attempts.forget(task)
        self._backlog.end(task)
        if isinstance(end, TaskFailed):
            self._fail(end)
        else:
            self._emit(end)

    def _fail(self, end: TaskFailed) -> None:
        """Tells a failure, and stops the run where it is one too many."""
        self._emit(end)
        self._failures += 1
        if self._failures == self.spec.limits.failures:
            reason = counted(
                self._failures, "stopped after {n} failure", "stopped after {n} failures"
            )
            self.cancel(reason, failed=True)

    # Dead workers

    async def _replace(self, slot: Slot, hub: EventServer) -> None:
        """Buries a worker that died, and decides what becomes of what it was handed."""
        company = [n for other in self._staff.slots if other is not slot for n in other.in_hand]
        worker, code = await self._bury(slot, hub)
        handed, slot.handed = slot.in_hand, {}
        if code is None:
            self._cannot_start(self._staff.lose())
        elif worker is None or code == UNFIT:
            why = slot.unfit or describe_exit(code)
            self._cannot_start(self._staff.miss(slot, why, refused=code == UNFIT))
        else:
            slot.stillborn = 0
        in_hand = [task for task in handed if self._ends.under_way(task)]
        late = self._late.intersection(in_hand)
        self._late -= late
        alone = len(in_hand) == 1 and not any(map(self._ends.under_way, company))
        untouched = [task for task in handed if task not in in_hand]
        if self._cancelled:
            untouched, in_hand = handed, []
        self._backlog.wait_first(untouched)
        for task in in_hand:
            if task in late:
                seconds = self.spec.limits.timeout or 0.0
                self._settle(task, self._ends.of_overdue(task, seconds, hub))
            elif late:
                # Of threads in one process, the others' time was not up.
                self._attempts.after_loss(task)
                self._emit(as_retry(self._ends.of_dead(task, slot.name, code, hub)))
                self._backlog.wait_first([task])
            else:
                again = self._attempts.after_death(task, code, alone=alone)
                end = self._ends.of_dead(task, slot.name, code, hub)
                if not again:
                    self._close(task, end)
                    continue
                self._emit(as_retry(end))
                if code is None:
                    # All workers went with their fork server: nobody is suspected.
                    self._backlog.wait_first([task])
                else:
                    self._backlog.wait_alone(task)
        self._tell_exit(worker, code, hub)

    async def _bury(self, slot: Slot, hub: EventServer) -> tuple[Caller | None, int | None]:
        """Waits for a worker's end: the worker, if it had dialled home, and its exit code."""
        closed = await slot.close()
        if closed is None:
            return None, None
        pid, code = closed
        hub.drain(pid)
        return hub.callers.get(pid), code

    def _cannot_start(self, why: str) -> None:
        """Ends the run where there is something that keeps all workers from being started."""
        if why:
            sentence = _("the workers could not be started: {why}")
            self.cancel(sentence.format(why=why), failed=True)

    def _tell_exit(self, caller: Caller | None, exitcode: int | None, hub: EventServer) -> None:
        if caller is not None:
            t = hub.stamp(caller.pid, self._ends.now() if caller.gone is None else caller.gone)
            self._emit(
                ProcessExited(
                    t=t,
                    pid=caller.pid,
                    exitcode=exitcode,
                    cpu=caller.cpu,
                    memory=caller.memory,
                    gil=caller.gil,
                )
            )
            del hub.callers[caller.pid]


def kill_all() -> None:
    """Kills the workers of every run that is still under way: the last thing before leaving."""
    for run in list(_live):
        run.cancel(_("the app was left"))
