"""The executors of a run: each is one worker process behind `concurrent.futures.Executor`."""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import os
from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import suppress
from enum import StrEnum
from multiprocessing.connection import wait as wait_for
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar, cast

from tui_app.engine.call_server import make_ready, serve
from tui_app.engine.forkserver import starting
from tui_app.engine.machine import StartMethod
from tui_app.system.background import aside

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


class OneWorker(Executor):
    """An executor of one process, which begins with it. What breaks it is a `BrokenExecutor`.

    To be made and used on the thread of a running loop.

    Args:
        method: how the process is started.
        name: what it is called.
        initializer: called once in the process, with `initargs`. Where it raises, the process ends.
        initargs: what the initializer gets.

    Attributes:
        process: the process.
        unfit: why it could not be made ready, where it said so.

    Raises:
        Exception: whatever `multiprocessing` and the system raise where no process can be started.
    """

    process: BaseProcess
    unfit = ""

    def __init__(self, method: StartMethod) -> None:
        self._method = method

    @property
    def died(self) -> bool:
        """Whether the process has ended."""
        # Not by `exitcode`: a fork server tells it once, and after that nobody knows it.
        return bool(wait_for([self.process.sentinel], timeout=0))

    def kill(self) -> None:
        """Kills the process now; what it was handed comes back as broken."""
        # One whose fork server is gone counts as ended, and has still to be killed.
        with suppress(OSError):
            self.process.kill()

    @abstractmethod
    async def close(self, seconds: float) -> int | None:
        """Shuts down, waits so long for the process's end, and kills it then.

        Returns:
            Its exit code; `None` where nobody can tell it.
        """

    def _exit_code(self) -> int | None:
        code = self.process.exitcode
        return None if code == SERVER_GONE and self._method is StartMethod.FORKSERVER else code


class PoolOfOne(OneWorker):
    """A `ProcessPoolExecutor` of one."""

    def __init__(
        self,
        method: StartMethod,
        name: str,
        initializer: Callable[..., None],
        initargs: tuple[Any, ...],
    ) -> None:
        super().__init__(method)
        context = _RememberingContext(method, name)
        self._line, theirs = context.Pipe(duplex=False)
        try:
            self._pool = ProcessPoolExecutor(
                1,
                mp_context=cast(BaseContext, context),
                initializer=make_ready,
                initargs=(theirs, initializer, initargs),
            )
            with starting():
                # A pool starts its process with the first call.
                self._pool.submit(os.getpid)
        except BaseException:
            for process in context.processes:
                with suppress(AttributeError, OSError):
                    process.kill()
            self._line.close()
            raise
        finally:
            theirs.close()
        (self.process,) = context.processes

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """See `Executor.submit`."""
        return self._pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """See `Executor.shutdown`."""
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    async def close(self, seconds: float) -> int | None:
        """See `OneWorker.close`."""
        # The pool's own thread asks for the exit code, too: of two, the one that comes late is told
        # a wrong one.
        closing = asyncio.create_task(aside(self.shutdown, cancel_futures=True))
        await asyncio.wait([closing], timeout=seconds)
        self.kill()
        await asyncio.wait([closing], timeout=LINE_SECONDS)
        with self._line, suppress(EOFError, OSError):
            if self._line.poll():
                self.unfit = self._line.recv()
        return self._exit_code()


class _RememberingContext:
    """A `multiprocessing` context that remembers the process it makes, and names it.

    A pool tells neither its processes nor how they ended; both are wanted, to kill them at a
    cancel and to report exit codes. Being handed to the pool, this needs none of its insides.
    """

    def __init__(self, method: StartMethod, name: str) -> None:
        self._context: BaseContext = multiprocessing.get_context(method)
        self._name = name
        self.processes: list[BaseProcess] = []

    def __getattr__(self, name: str) -> Any:
        """Whatever else a context has is the real one's."""
        return getattr(self._context, name)

    def Process(self, *args: Any, **kwargs: Any) -> BaseProcess:  # noqa: N802 - a context's own name
        """A process of the real context."""
        process: BaseProcess = self._context.Process(*args, **kwargs)  # type: ignore[attr-defined]
        process.name = self._name
        self.processes.append(process)
        return process


class WorkerGone(BrokenExecutor):
    """The process has ended."""


class PipedWorker(OneWorker):
    """Runs calls in one process of its own; calls and results cross pickled, through a pipe.

    A pool needs more: semaphores, which there are none of without a `/dev/shm`, twice the open
    files, and three threads here, of which one that cannot be started leaves its futures without an
    end. And a pool's process runs one call at a time.

    Args:
        threads: how many calls it runs at once, each in a thread; 0: one, in its main thread.
    """

    def __init__(
        self,
        method: StartMethod,
        name: str,
        threads: int,
        initializer: Callable[..., None],
        initargs: tuple[Any, ...],
    ) -> None:
        super().__init__(method)
        context = multiprocessing.get_context(method)
        self._pending: dict[int, Future[Any]] = {}
        self._numbers = itertools.count()
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

    async def close(self, seconds: float) -> int | None:
        """See `OneWorker.close`."""
        self.shutdown(wait=False)
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
        return self._exit_code()

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
