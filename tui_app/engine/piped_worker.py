"""The lean executor: a worker process behind a pipe. Its other side is `engine/call_server.py`."""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from contextlib import suppress
from typing import Any, TypeVar

from tui_app.engine.call_server import serve
from tui_app.engine.executors import LINE_SECONDS, OneWorker
from tui_app.engine.forkserver import starting
from tui_app.engine.machine import StartMethod

T = TypeVar("T")


class WorkerGone(BrokenExecutor):
    """The process has ended."""


class PipedWorker(OneWorker):
    """Runs calls in one process of its own; calls and results cross pickled, through a pipe.

    A pool needs more: semaphores, which a machine without `/dev/shm` does not have, twice the open
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
        """Send the call to the process. See `Executor.submit`.

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
        """End the process, after the calls that it has. See `Executor.shutdown`."""
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
        """Take one answer."""
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
        """Take notice that the process's end of the pipe is closed: nothing more comes."""
        if not self._hung_up.done():
            self._hung_up.set_result(None)
            self._loop.remove_reader(self._line)
            self._line.close()
            for future in self._pending.values():
                future.set_exception(WorkerGone())
            self._pending.clear()
