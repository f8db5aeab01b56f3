"""A slot: one worker process behind an executor of its own.

A `ProcessPoolExecutor` breaks as a whole when one of its processes dies: everything in flight is
lost. So each worker has its own executor. A death, or a kill at the end of a task's time, breaks
that executor only; the others go on, and it is known which task is to blame.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from multiprocessing import ProcessError

from tui_app import language
from tui_app.engine.executors import OneWorker, PoolOfOne
from tui_app.engine.limits import files_of_worker
from tui_app.engine.machine import folder_trouble
from tui_app.engine.piped_worker import PipedWorker
from tui_app.engine.spec import ExecutorKind, Pool
from tui_app.engine.worker import attach, run_tasks
from tui_app.files.error_words import reason, refusal
from tui_app.language import _

SHUTDOWN_SECONDS = 15.0
"""How long an idle worker may take to leave before it is killed."""

SERVER_LOST = (EOFError, ConnectionError, ProcessError)
"""What `multiprocessing` raises where its fork server is killed while a process starts."""


class StartError(Exception):
    """A worker could not be started; the text is one plain sentence.

    Attributes:
        refused: whether the machine refuses it, so that another try is useless.
    """

    def __init__(self, why: str, *, refused: bool) -> None:
        super().__init__(why)
        self.refused = refused


class Slot:
    """Runs tasks in one worker, which is started with the first of them.

    Args:
        number: 1, 2, …: its workers are named after it.
        pool: which kind of executor; one slot has all threads.
        address: the socket that its workers connect to.

    Attributes:
        name: what its worker is called.
        handed: the calls that the worker has not answered, each with the numbers of its tasks that
            have not ended.
        room: how many calls it works on at once.
        stillborn: how often in a row its worker could not be started.
        unfit: why the last process that was closed could not be made a worker, if it said so.
    """

    def __init__(self, number: int, pool: Pool, address: str) -> None:
        self.name = f"W-{number}"
        self.handed: dict[asyncio.Future[int], list[int]] = {}
        self.stillborn = 0
        self.unfit = ""
        self._threads = pool.size if pool.executor is ExecutorKind.THREADS else 0
        self.room = max(1, self._threads)
        self._method, self._address, self._lean = pool.start_method, address, pool.lean
        self._executor: OneWorker | None = None

    @property
    def in_hand(self) -> list[int]:
        """The tasks that the worker was given, and that have not ended."""
        return [task for tasks in self.handed.values() for task in tasks]

    def hand(self, tasks: Sequence[tuple[int, bytes]]) -> bool:
        """Give the worker tasks, each with its number and as it was packed, to be run in turn.

        Returns:
            Whether it took them; it does not where it has died.

        Raises:
            StartError: there is no worker, and none can be started.
        """
        if self._executor is None:
            self._executor = self._started()
        loop = asyncio.get_running_loop()
        try:
            future = loop.run_in_executor(self._executor, run_tasks, tasks)
        except BrokenExecutor:
            return False
        future.add_done_callback(_forget)
        self.handed[future] = [task for task, _work in tasks]
        return True

    def _started(self) -> OneWorker:
        ready = (self._address, language.present(), files_of_worker(self._threads))
        try:
            if self._lean or self._threads:
                return PipedWorker(self._method, self.name, self._threads, attach, ready)
            return PoolOfOne(self._method, self.name, attach, ready)
        except SERVER_LOST as error:
            why = _("the process that starts workers is gone")
            raise StartError(why, refused=False) from error
        except OSError as error:
            raise StartError(folder_trouble() or reason(error), refused=True) from error
        except (RuntimeError, ValueError, MemoryError) as error:
            raise StartError(refusal(error), refused=True) from error

    def ended(self, task: int) -> None:
        """Take notice that a task has ended, if this worker had it."""
        for tasks in self.handed.values():
            if task in tasks:
                tasks.remove(task)

    @property
    def started(self) -> bool:
        """Whether there is a worker, or was one that has not been closed."""
        return self._executor is not None

    @property
    def died(self) -> bool:
        """Whether there was a worker, and it is gone."""
        return self._executor is not None and self._executor.died

    def kill(self) -> None:
        """Kill the worker now; what it was handed comes back as broken."""
        if self._executor is not None:
            self._executor.kill()

    async def close(self) -> tuple[int, int | None]:
        """Wait for the worker's end; nobody works on what `handed` holds then.

        Returns:
            Its pid and its exit code; 0 and `None` where there was none.
        """
        executor, self._executor = self._executor, None
        if executor is None:
            return 0, None
        code = await executor.close(SHUTDOWN_SECONDS)
        self.unfit = executor.unfit
        pid = executor.process.pid
        assert pid is not None, "it was started"
        return pid, code


def _forget(future: asyncio.Future[int]) -> None:
    """Retrieve the exception of a call that nobody waits for: asyncio would log it."""
    if not future.cancelled():
        future.exception()
