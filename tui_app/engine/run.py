"""One run: tasks in, events out."""

from __future__ import annotations

import asyncio
import os
import platform
import secrets
import socket
import time
import weakref
from collections import deque
from collections.abc import AsyncGenerator, Iterable
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from tui_app.engine.executors import ExecutorKind, RememberingContext, make_executor, prestart
from tui_app.engine.exits import describe_exit, exit_name, first_to_die
from tui_app.engine.hub import Hub
from tui_app.engine.machine import StartMethod, default_start_method, usable_cpus
from tui_app.engine.worker import Ended, TaskFunction, attach, run_task, sentence
from tui_app.events import (
    Event,
    Outcome,
    ProcessExited,
    RunFinished,
    RunStarted,
    TaskFailed,
    TaskFinished,
    TaskProgress,
    TaskQueued,
    TaskSkipped,
    TaskStarted,
)
from tui_app.summary import Tally

WINDOW = 64
"""Tasks that are handed to the executor at once. A hundred thousand futures would block the loop
for seconds and cost hundreds of megabytes; a window of 1,000 is slower than this one."""

WAITING_EVENTS = 5_000
"""Events that may wait for the reader; beyond it the workers' lines are left unread."""

SHUTDOWN_SECONDS = 5.0
"""How long dead or idle workers are waited for before the run ends without their exit codes."""

_live: weakref.WeakSet[Run] = weakref.WeakSet()


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work. `weight` is in the unit of the run; `skip` says why it need not be done.

    `function` is importable by name and takes `argument` and a `progress`; both are pickled.
    """

    label: str
    function: TaskFunction
    argument: Any
    weight: float = 1.0
    skip: str = ""


@dataclass(frozen=True, slots=True)
class Pool:
    """Who does the work: which executor, how many workers, and how their processes start."""

    executor: ExecutorKind = ExecutorKind.PROCESSES
    workers: int = field(default_factory=usable_cpus)
    start_method: StartMethod = field(default_factory=default_start_method)

    @property
    def size(self) -> int:
        """How many tasks run at once: one where they run in turn."""
        return 1 if self.executor is ExecutorKind.SEQUENTIAL else self.workers


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """What is about to run. `tasks` and `weight` are in all."""

    kind: str
    title: str
    tasks: int
    weight: float
    pool: Pool = field(default_factory=Pool)
    id: str = field(default_factory=lambda: secrets.token_hex(4))


@dataclass(slots=True)
class _Underway:
    """What a worker has in hand: since when, and at which step."""

    pid: int
    thread: int | None
    t: float
    step: str = ""


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
        self._underway: dict[int, _Underway] = {}
        self._cancelled = ""
        self._began: float | None = None

    async def events(self) -> AsyncGenerator[Event, None]:
        """Runs, and yields each event as it happens. To be iterated once.

        A caller that stops iterating cancels the run; with `contextlib.aclosing` it does so at
        once, and no process is left when the block is.
        """
        assert self._began is None, "a run runs once"
        self._began = time.monotonic()
        self._news = asyncio.Event()
        self._stop = asyncio.Event()
        _live.add(self)
        driver = asyncio.create_task(self._drive())
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
            self.cancel("the run was left")
            driver.cancel()
            await asyncio.wait([driver])
            _live.discard(self)

    def cancel(self, reason: str = "cancelled") -> None:
        """Kills the workers now; the run then ends as cancelled, for the first reason given."""
        self._cancelled = self._cancelled or reason
        self._context.kill()
        if self._began is not None:
            self._stop.set()

    def _since(self, monotonic: float) -> float:
        assert self._began is not None
        return max(0.0, monotonic - self._began)

    def _now(self) -> float:
        return self._since(time.monotonic())

    def _emit(self, event: Event) -> None:
        match event:
            case TaskStarted():
                self._underway[event.task] = _Underway(event.pid, event.thread, event.t)
            case TaskProgress() if event.task in self._underway:
                self._underway[event.task].step = event.step
        self._tally.add(event)
        self._inbox.append(event)
        self._news.set()

    async def _drive(self) -> None:
        """The whole run, from `run_started` to `run_finished`."""
        self._emit(self._started())
        assert self._began is not None
        executor: Executor | None = None

        def nudge() -> None:
            # A pool that waits does not watch the worker that it started last: work wakes it.
            if executor is not None:
                with suppress(BrokenProcessPool, RuntimeError):
                    executor.submit(os.getpid)

        hub = Hub(self._began, os.getpid(), self._emit, nudge)
        pending: Pending = {}
        broken = False
        fault = ""
        try:
            pool = self.spec.pool
            prestart(pool.start_method)
            executor = make_executor(
                pool.executor, pool.size, self._context, attach, (hub.address,)
            )
            broken = await self._work(executor, hub, pending)
        finally:
            if executor is not None:
                await self._shut(executor)
            codes = {p.pid: p.exitcode for p in self._context.processes if p.pid is not None}
            for pid in list(hub.callers):
                hub.drain(pid)
            if broken:
                fault = self._give_up(pending, hub, codes)
            for caller in hub.callers.values():
                t = max(caller.t, self._now() if caller.gone is None else caller.gone)
                self._emit(ProcessExited(t=t, pid=caller.pid, exitcode=codes.get(caller.pid)))
            hub.close()
        self._finish(fault)

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

    def _finish(self, fault: str) -> None:
        if fault:
            outcome = Outcome.FAILED
        elif self._cancelled:
            outcome = Outcome.CANCELLED
        else:
            outcome = Outcome.FAILED if self._tally.summary().failed else Outcome.OK
        finished = RunFinished(t=self._now(), outcome=outcome, reason=fault or self._cancelled)
        self._tally.add(finished)
        self._inbox.append(replace(finished, summary=self._tally.summary().to_dict()))
        self._news.set()

    async def _work(self, executor: Executor, hub: Hub, pending: Pending) -> bool:
        """Keeps the window full until every task has ended; whether the executor broke.

        What is in `pending` afterwards has not ended: there is some only if it broke.
        """
        stop = asyncio.ensure_future(self._stop.wait())
        more = True
        try:
            while not self._cancelled:
                await self._let_the_reader_catch_up(hub)
                more = more and self._fill(executor, pending)
                if pending:
                    waited: list[asyncio.Future[Any]] = [*pending, stop]
                    await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
                elif not more:
                    break
                done = [future for future in pending if future.done()]
                for future in done:
                    if not isinstance(future.exception(), BrokenProcessPool):
                        hub.release(self._end(pending.pop(future), future, hub))
                if any(future in pending for future in done) and not self._cancelled:
                    return True
            for task in pending.values():
                when = "under way" if task in self._underway else "before it began"
                self._skip(task, hub, f"{self._cancelled} {when}")
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

    def _fill(self, executor: Executor, pending: Pending) -> bool:
        """Hands tasks to the executor while the window has room; whether there may be more."""
        loop = asyncio.get_running_loop()
        while len(pending) < WINDOW and len(self._inbox) <= WAITING_EVENTS:
            number, task = next(self._tasks, (0, None))
            if task is None:
                return False
            self._emit(TaskQueued(t=self._now(), task=number, label=task.label, weight=task.weight))
            if task.skip:
                self._emit(TaskSkipped(t=self._now(), task=number, reason=task.skip))
                continue
            try:
                future = loop.run_in_executor(
                    executor, run_task, number, task.function, task.argument
                )
            except BrokenProcessPool as error:
                future = loop.create_future()
                future.set_exception(error)
            future.add_done_callback(_forget)
            pending[future] = number
        return True

    def _end(self, task: int, future: asyncio.Future[Ended], hub: Hub) -> int:
        """Tells how a task ended, after all that its worker sent before; returns the worker."""
        underway = self._underway.get(task)
        error = future.exception()
        ended = future.result() if error is None else self._not_sent_back(underway, error)
        hub.drain(ended.pid, until=task)
        self._underway.pop(task, None)
        t = hub.stamp(ended.pid, self._since(ended.t))
        if not ended.error:
            self._emit(
                TaskFinished(
                    t=t,
                    task=task,
                    pid=ended.pid,
                    seconds=ended.seconds,
                    result=ended.result,
                    thread=ended.thread,
                )
            )
            return ended.pid
        self._emit(
            TaskFailed(
                t=t,
                task=task,
                pid=ended.pid or None,
                seconds=ended.seconds,
                error=ended.error,
                reason=ended.reason,
                step=ended.step,
                thread=ended.thread,
            )
        )
        return ended.pid

    def _not_sent_back(self, underway: _Underway | None, error: BaseException) -> Ended:
        """The end of a task that never was sent or whose result could not be sent back."""
        known = underway or _Underway(pid=0, thread=None, t=self._now())
        return Ended(
            pid=known.pid,
            thread=known.thread,
            t=time.monotonic(),
            seconds=max(0.0, self._now() - known.t),
            result={},
            error=type(error).__name__,
            reason=f"task or result could not be sent between processes: {sentence(error)}",
            step=known.step,
        )

    def _skip(self, task: int, hub: Hub, reason: str) -> None:
        """Tells that a task will not be done, though it was handed out."""
        underway = self._underway.pop(task, None)
        pid = underway.pid if underway else None
        thread = underway.thread if underway else None
        t = self._now() if pid is None else hub.stamp(pid, self._now())
        self._emit(TaskSkipped(t=t, task=task, reason=reason, pid=pid, thread=thread))

    def _give_up(self, pending: Pending, hub: Hub, codes: dict[int, int | None]) -> str:
        """Ends what is left after a worker died; returns the sentence that says why."""
        culprit = first_to_die(hub.callers.values(), codes)
        reason = "the workers could not be started"
        if culprit is not None:
            how = describe_exit(codes.get(culprit.pid))
            reason = f"worker {culprit.name} (process {culprit.pid}) {how}"
        for task in pending.values():
            underway = self._underway.get(task)
            if culprit is None or underway is None or underway.pid != culprit.pid:
                self._skip(task, hub, f"not done: {reason}")
                continue
            del self._underway[task]
            t = hub.stamp(culprit.pid, culprit.gone or 0.0)
            self._emit(
                TaskFailed(
                    t=t,
                    task=task,
                    pid=culprit.pid,
                    seconds=max(0.0, t - underway.t),
                    error=exit_name(codes.get(culprit.pid)),
                    reason=f"its {reason}",
                    step=underway.step,
                    thread=underway.thread,
                )
            )
        return f"{reason}; what was not done yet is left undone"

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
        run.cancel("the app was left")
