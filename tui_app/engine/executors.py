"""The executor of a run: one worker process behind the door of `concurrent.futures.Executor`."""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from enum import StrEnum
from multiprocessing.connection import wait as wait_for
from typing import Any, TypeVar

from tui_app.engine.machine import StartMethod
from tui_app.engine.prestart import starting
from tui_app.engine.serving import serve

T = TypeVar("T")

LINE_SECONDS = 1.0
"""How long a killed process may take until its end of the pipe is closed."""

SERVER_GONE = 255
"""What `multiprocessing` says of a process whose fork server cannot tell any more how it ended."""


class ExecutorKind(StrEnum):
    """How the work is spread: one after another, over threads, or over processes."""

    SEQUENTIAL = "sequential"
    THREADS = "threads"
    PROCESSES = "processes"


class WorkerGone(BrokenExecutor):
    """The process has ended."""


class OneProcessExecutor(Executor):
    """Runs calls in one process of its own, which begins now; calls and results cross pickled.

    A `ProcessPoolExecutor` of one needs more: semaphores, which there are none of without a
    `/dev/shm`, twice the open files, and two threads here; where the second of these cannot be
    started, its futures never end.

    To be made and used on the thread of a running loop.

    Args:
        method: how the process is started.
        name: what it is called.
        threads: how many calls it runs at once, each in a thread; 0: one, in its main thread.
        initializer: called once in the process, with `initargs`. Where it raises, the process ends.
        initargs: what the initializer gets.

    Attributes:
        process: the process.
        unfit: why it could not be made ready, where it said so.

    Raises:
        Exception: whatever `multiprocessing` and the system raise where no process can be started.
    """

    def __init__(
        self,
        method: StartMethod,
        name: str,
        threads: int,
        initializer: Callable[..., None],
        initargs: tuple[Any, ...],
    ) -> None:
        context = multiprocessing.get_context(method)
        self._method = method
        self._pending: dict[int, Future[Any]] = {}
        self._numbers = itertools.count()
        self.unfit = ""
        self._shut = False
        self._line, theirs = context.Pipe()
        self.process = context.Process(  # type: ignore[attr-defined]
            target=serve, args=(theirs, threads, initializer, initargs), name=name
        )
        try:
            with starting():
                self.process.start()
        except BaseException:
            self._line.close()
            raise
        finally:
            theirs.close()
        self._loop = asyncio.get_running_loop()
        self._hung_up = self._loop.create_future()
        self._loop.add_reader(self._line, self._take)

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Sends the call to the process. See `Executor.submit`.

        Raises:
            WorkerGone: the process has ended.
            RuntimeError: after `shutdown`.
        """
        if self._shut:
            raise RuntimeError("cannot schedule new futures after shutdown")
        number = next(self._numbers)
        try:
            self._line.send((number, fn, args, kwargs))
        except OSError as error:
            raise WorkerGone from error
        future = self._pending[number] = Future[T]()
        future.set_running_or_notify_cancel()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Ends the process, after the calls that it has. See `Executor.shutdown`."""
        if not self._shut:
            self._shut = True
            with suppress(OSError):
                self._line.send(None)
        if wait:
            self.process.join()

    @property
    def died(self) -> bool:
        """Whether the process has ended."""
        # Not by `exitcode`: a fork server tells it once, and after that nobody knows it.
        return bool(wait_for([self.process.sentinel], timeout=0))

    def kill(self) -> None:
        """Kills the process now; what it was handed comes back as `WorkerGone`."""
        # One whose fork server is gone counts as ended, and has still to be killed.
        with suppress(OSError):
            self.process.kill()

    async def ended(self, seconds: float) -> int | None:
        """Waits so long for the process's end, and kills it then. Call `shutdown` first.

        Returns:
            Its exit code; `None` where nobody can tell it.
        """
        sentinel = self.process.sentinel
        end = asyncio.Event()
        self._loop.add_reader(sentinel, end.set)
        with suppress(TimeoutError):
            await asyncio.wait_for(end.wait(), seconds)
        self._loop.remove_reader(sentinel)
        self.kill()
        await asyncio.wait([self._hung_up], timeout=LINE_SECONDS)
        self._hang_up()
        self.process.join(LINE_SECONDS)
        code = self.process.exitcode
        return None if code == SERVER_GONE and self._method is StartMethod.FORKSERVER else code

    def _take(self) -> None:
        """Takes one answer."""
        try:
            number, result, error = self._line.recv()
        except (EOFError, OSError):
            self._hang_up()
            return
        if number is None:
            self.unfit = error
            return
        future = self._pending.pop(number)
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    def _hang_up(self) -> None:
        """The process's end of the pipe is closed: nothing more comes."""
        if not self._hung_up.done():
            self._hung_up.set_result(None)
            self._loop.remove_reader(self._line)
            self._line.close()
            for future in self._pending.values():
                future.set_exception(WorkerGone())
            self._pending.clear()
