"""One run: tasks in, events out."""

from __future__ import annotations

import asyncio
import os
import platform
import socket
import time
import weakref
from collections import deque
from collections.abc import AsyncGenerator, Iterable
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from tui_app import language
from tui_app.engine.ends import Ends
from tui_app.engine.executors import RememberingContext, make_executor, prestart
from tui_app.engine.hub import Hub
from tui_app.engine.machine import usable_cpus
from tui_app.engine.spec import RunSpec, Task
from tui_app.engine.worker import Ended, attach, packed, run_task
from tui_app.events import (
    Event,
    Outcome,
    ProcessExited,
    RunFinished,
    RunStarted,
    TaskQueued,
    TaskSkipped,
)
from tui_app.language import _
from tui_app.summary import Tally

WINDOW = 64
"""Tasks that are handed to the executor at once. A hundred thousand futures would block the loop
for seconds and cost hundreds of megabytes; a window of 1,000 is slower than this one."""

WAITING_EVENTS = 5_000
"""Events that may wait for the reader; beyond it the workers' lines are left unread."""

SHUTDOWN_SECONDS = 5.0
"""How long dead or idle workers are waited for before the run ends without their exit codes."""

_live: weakref.WeakSet[Run] = weakref.WeakSet()


Pending = dict["asyncio.Future[Ended]", int]
"""What the executor was handed and has not answered, with the task's number."""


class Run:
    """Runs tasks in an executor; `events()` is what happens.

    Tasks are taken from their iterable only as they are needed, so a lazy one costs no memory.
    """

    def __init__(self, tasks: Iterable[Task], spec: RunSpec) -> None:
        self.spec = spec
        self._tasks = enumerate(tasks, 1)
        self._context = RememberingContext(spec.pool.start_method)
        self._inbox: deque[Event] = deque()
        self._tally = Tally()
        self._cancelled = ""
        self._ends: Ends | None = None

    async def events(self) -> AsyncGenerator[Event, None]:
        """Runs, and yields each event as it happens. To be iterated once.

        A caller that stops iterating cancels the run; with `contextlib.aclosing` it does so at
        once, and no process is left when the block is.
        """
        assert self._ends is None, "a run runs once"
        self._news = asyncio.Event()
        self._stop = asyncio.Event()
        began = time.monotonic()
        self._ends = Ends(began)
        _live.add(self)
        driver = asyncio.create_task(self._drive(began, self._ends))
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

    def cancel(self, reason: str = "") -> None:
        """Kills the workers now; the run then ends as cancelled, for the first reason given."""
        self._cancelled = self._cancelled or reason or _("cancelled")
        self._context.kill()
        if self._ends is not None:
            self._stop.set()

    def _emit(self, event: Event) -> None:
        assert self._ends is not None
        self._ends.note(event)
        self._tally.add(event)
        self._inbox.append(event)
        self._news.set()

    async def _drive(self, began: float, ends: Ends) -> None:
        """The whole run, from `run_started` to `run_finished`."""
        self._emit(self._started())
        executor: Executor | None = None

        def nudge() -> None:
            # A pool that waits does not watch the worker that it started last: work wakes it.
            # After a cancel it must not: the pool would start a worker in the killed one's place.
            if executor is not None and not self._cancelled:
                with suppress(BrokenProcessPool, RuntimeError):
                    executor.submit(os.getpid)

        hub = Hub(began, os.getpid(), self._emit, nudge)
        pending: Pending = {}
        broken = False
        fault = ""
        try:
            pool = self.spec.pool
            prestart(pool.start_method)
            told = (hub.address, language.present())
            executor = make_executor(pool.executor, pool.size, self._context, attach, told)
            broken = await self._work(executor, hub, ends, pending)
        finally:
            if executor is not None:
                await self._shut(executor)
            codes = {p.pid: p.exitcode for p in self._context.processes if p.pid is not None}
            for pid in list(hub.callers):
                hub.drain(pid)
            if broken:
                reason, left = ends.of_broken_pool(pending.values(), hub, codes)
                for event in left:
                    self._emit(event)
                fault = _("{reason}; what was not done yet is left undone").format(reason=reason)
            for caller in hub.callers.values():
                t = max(caller.t, ends.now() if caller.gone is None else caller.gone)
                self._emit(ProcessExited(t=t, pid=caller.pid, exitcode=codes.get(caller.pid)))
            hub.close()
        self._finish(ends.now(), fault)

    def _started(self) -> RunStarted:
        spec = self.spec
        return RunStarted(
            t=0.0,
            run=spec.id,
            kind=spec.kind,
            title=spec.title,
            executor=spec.pool.executor,
            workers=spec.pool.size,
            start_method=spec.pool.start_method,
            cpus=usable_cpus(),
            python=platform.python_version(),
            host=socket.gethostname(),
            started_at=datetime.now().astimezone().isoformat(timespec="seconds"),
            tasks=spec.tasks,
            weight=spec.weight,
        )

    def _finish(self, t: float, fault: str) -> None:
        if fault:
            outcome = Outcome.FAILED
        elif self._cancelled:
            outcome = Outcome.CANCELLED
        else:
            outcome = Outcome.FAILED if self._tally.summary().failed else Outcome.OK
        finished = RunFinished(t=t, outcome=outcome, reason=fault or self._cancelled)
        self._tally.add(finished)
        self._inbox.append(replace(finished, summary=self._tally.summary().to_dict()))
        self._news.set()

    async def _work(self, executor: Executor, hub: Hub, ends: Ends, pending: Pending) -> bool:
        """Keeps the window full until every task has ended; whether the executor broke.

        What is in `pending` afterwards has not ended: there is some only if it broke.
        """
        stop = asyncio.ensure_future(self._stop.wait())
        more = True
        try:
            while not self._cancelled:
                await self._let_the_reader_catch_up(hub)
                more = more and self._fill(executor, ends, pending)
                if pending:
                    waited: list[asyncio.Future[Any]] = [*pending, stop]
                    await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
                elif not more:
                    break
                done = [future for future in pending if future.done()]
                for future in done:
                    if not isinstance(future.exception(), BrokenProcessPool):
                        end = ends.of_future(pending.pop(future), future, hub)
                        self._emit(end)
                        hub.release(end.pid)
                if any(future in pending for future in done) and not self._cancelled:
                    return True
            for task in pending.values():
                self._emit(ends.of_cancelled(task, self._cancelled, hub))
            pending.clear()
            return False
        finally:
            stop.cancel()

    async def _let_the_reader_catch_up(self, hub: Hub) -> None:
        if len(self._inbox) > WAITING_EVENTS:
            hub.pause()
            while len(self._inbox) > WAITING_EVENTS // 2 and not self._cancelled:
                await asyncio.sleep(0.002)
            hub.resume()

    def _fill(self, executor: Executor, ends: Ends, pending: Pending) -> bool:
        """Hands tasks to the executor while the window has room; whether there may be more."""
        loop = asyncio.get_running_loop()
        while len(pending) < WINDOW and len(self._inbox) <= WAITING_EVENTS:
            number, task = next(self._tasks, (0, None))
            if task is None:
                return False
            t = ends.now()
            self._emit(TaskQueued(t=t, task=number, label=task.label, weight=task.weight))
            if task.skip:
                self._emit(TaskSkipped(t=t, task=number, reason=task.skip))
                continue
            try:
                work = packed(task.function, task.argument)
                future = loop.run_in_executor(executor, run_task, number, work)
            # What cannot be pickled says so by exceptions of any kind; it is that task's end.
            except Exception as error:  # noqa: BLE001
                future = loop.create_future()
                future.set_exception(error)
            future.add_done_callback(_forget)
            pending[future] = number
        return True

    async def _shut(self, executor: Executor) -> None:
        """Waits for the workers' end, off the loop: their exit codes are known after it."""
        shutdown = partial(executor.shutdown, wait=True, cancel_futures=True)
        await asyncio.wait(
            [asyncio.create_task(asyncio.to_thread(shutdown))], timeout=SHUTDOWN_SECONDS
        )
        self._context.kill()


def _forget(future: asyncio.Future[Ended]) -> None:
    """Takes notice of what nobody waits for: cancelling it would upset the pool's own thread."""
    if not future.cancelled():
        future.exception()


def kill_all() -> None:
    """Kills the workers of every run that is still under way: the last thing before leaving."""
    for run in list(_live):
        run.cancel(_("the app was left"))
