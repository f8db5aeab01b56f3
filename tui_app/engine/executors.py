"""The executors of a run: each is one worker process behind `concurrent.futures.Executor`."""

from __future__ import annotations

import asyncio
import os
from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import suppress
from multiprocessing.connection import wait as wait_for
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar, cast

from tui_app.engine.call_server import make_ready
from tui_app.engine.contexts import RememberingContext
from tui_app.engine.forkserver import starting
from tui_app.engine.machine import StartMethod
from tui_app.system.background import aside

T = TypeVar("T")

LINE_SECONDS = 1.0
"""How long a killed process may take until its end of the pipe is closed."""

SERVER_GONE = 255
"""The exit code that `multiprocessing` has for a process whose fork server was killed before it."""


class OneWorker(Executor):
    """An executor of one process, which starts with it. What breaks it is a `BrokenExecutor`.

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
        Exception: what `multiprocessing` and the system raise where no process can be started.
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
        """Kill the process now; what it was handed comes back as broken."""
        # One whose fork server is gone counts as ended, and has still to be killed.
        with suppress(OSError):
            self.process.kill()

    @abstractmethod
    async def close(self, seconds: float) -> int | None:
        """Shut down, wait so many seconds for the process's end, and kill it then.

        Returns:
            Its exit code; `None` where nobody knows it.
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
        context = RememberingContext(method, name)
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
        # The pool's own thread asks for the exit code, too; of two who ask, the later one is told
        # a wrong code.
        closing = asyncio.create_task(aside(self.shutdown, cancel_futures=True))
        await asyncio.wait([closing], timeout=seconds)
        self.kill()
        await asyncio.wait([closing], timeout=LINE_SECONDS)
        with self._line, suppress(EOFError, OSError):
            if self._line.poll():
                self.unfit = self._line.recv()
        return self._exit_code()
