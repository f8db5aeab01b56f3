"""A slot: one worker process behind an executor of its own.

`ProcessPoolExecutor` breaks as a whole when one of its processes dies: everything in flight is
lost. So each worker is a pool of one. A death, or a kill at the end of a task's time, breaks that
pool only, the others go on, and the task to blame is known, not guessed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing.connection import wait

from tui_app import language, signals
from tui_app.engine.executors import ExecutorKind, RememberingContext, make_executor
from tui_app.engine.spec import Pool
from tui_app.engine.worker import attach, run_tasks

SHUTDOWN_SECONDS = 15.0
"""How long a dead or idle worker is waited for before the run goes on without its exit code."""


class Slot:
    """Runs tasks in one worker, which is started with the first of them.

    Args:
        number: 1, 2, …: its workers are named after it.
        pool: which kind of executor; of threads, the slot has them all.
        address: where its workers find the engine.

    `handed` is what the worker was given and has not answered: of each call, the numbers of the
    tasks that have not ended yet. `room` is how many calls it works on at once.
    """

    def __init__(self, number: int, pool: Pool, address: str) -> None:
        self.name = f"W-{number}"
        self.room = pool.size if pool.executor is ExecutorKind.THREADS else 1
        self.handed: dict[asyncio.Future[int], list[int]] = {}
        self._pool, self._address = pool, address
        self._executor: Executor | None = None
        self._context = RememberingContext(pool.start_method, self.name)

    @property
    def in_hand(self) -> list[int]:
        """The tasks that it was given, and that have not ended."""
        return [task for tasks in self.handed.values() for task in tasks]

    def hand(self, tasks: Sequence[tuple[int, bytes]]) -> bool:
        """Gives the worker tasks, each with its number and as it was packed, to be run in turn.

        Returns:
            Whether it took them: not where it has died meanwhile.
        """
        loop = asyncio.get_running_loop()
        try:
            with signals.Held():
                if self._executor is None:
                    self._executor = self._started()
                future = loop.run_in_executor(self._executor, run_tasks, tasks)
        except BrokenProcessPool:
            return False
        future.add_done_callback(_forget)
        self.handed[future] = [task for task, _work in tasks]
        return True

    def _started(self) -> Executor:
        self._context = RememberingContext(self._pool.start_method, self.name)
        initargs = (self._address, language.present())
        return make_executor(self._pool.executor, self.room, self._context, attach, initargs)

    def ended(self, task: int) -> None:
        """Takes notice that a task of its has ended."""
        for tasks in self.handed.values():
            if task in tasks:
                tasks.remove(task)

    @property
    def died(self) -> bool:
        """Whether there was a worker, and it is gone."""
        if self._executor is None:
            return False
        # Not by `exitcode`: a fork server tells it once, and the pool's thread asks for it too. The
        # one of two that comes late is told 255.
        return bool(wait([process.sentinel for process in self._context.processes], timeout=0))

    def kill(self) -> None:
        """Kills the worker now; what it was handed comes back as broken."""
        self._context.kill()

    async def close(self) -> Mapping[int, int | None]:
        """Waits for the worker's end, off the loop; its exit code, by pid.

        The slot is ready for a new worker then; what `handed` holds, nobody works on any more.
        """
        executor, self._executor = self._executor, None
        if executor is not None:
            shutdown = partial(executor.shutdown, wait=True, cancel_futures=True)
            closing = asyncio.create_task(asyncio.to_thread(shutdown))
            await asyncio.wait([closing], timeout=SHUTDOWN_SECONDS)
            self._context.kill()
        return {p.pid: p.exitcode for p in self._context.processes if p.pid is not None}


def _forget(future: asyncio.Future[int]) -> None:
    """Takes notice of what nobody waits for: cancelling it would upset the pool's own thread."""
    if not future.cancelled():
        future.exception()
