"""The executors that a run may use, all behind the one door of `concurrent.futures.Executor`."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from enum import StrEnum
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any, cast

from tui_app.engine.machine import StartMethod
from tui_app.engine.threads import ThreadsExecutor


class ExecutorKind(StrEnum):
    """How the work is spread: one after another, over threads, or over processes."""

    SEQUENTIAL = "sequential"
    THREADS = "threads"
    PROCESSES = "processes"


class RememberingContext:
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

    def kill(self) -> None:
        """Kills every process that this context made and that still runs."""
        for process in self.processes:
            # One that is being started just now has no pid yet, one that is closed is gone.
            with contextlib.suppress(AttributeError, ValueError, OSError):
                process.kill()


def make_executor(
    kind: ExecutorKind,
    threads: int,
    context: RememberingContext,
    initializer: Callable[..., None],
    initargs: tuple[Any, ...],
) -> Executor:
    """An executor with one process; of `THREADS` it has that many threads, else it is a pool."""
    if kind is ExecutorKind.THREADS:
        return ThreadsExecutor(threads, context, initializer, initargs)
    return ProcessPoolExecutor(
        1, mp_context=cast(BaseContext, context), initializer=initializer, initargs=initargs
    )
