"""An executor of threads that live in one process of their own.

Threads in the engine's own process could be neither killed nor have their output captured, and
they would compete with the screen for the interpreter.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, TypeVar

from tui_app.engine.worker import number_thread

if TYPE_CHECKING:
    from tui_app.engine.executors import RememberingContext

T = TypeVar("T")


class ThreadsExecutor(Executor):
    """`workers` threads in one process; calls cross to it pickled, and results come back so.

    Args:
        workers: how many threads.
        context: makes the process.
        initializer: called once in the process, with `initargs`.
        initargs: what the initializer gets.
    """

    def __init__(
        self,
        workers: int,
        context: RememberingContext,
        initializer: Callable[..., None],
        initargs: tuple[Any, ...],
    ) -> None:
        self._pending: dict[int, Future[Any]] = {}
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._shut = False
        self._line, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, workers, initializer, initargs)
        )
        self._process.start()
        theirs.close()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Sends the call to the process. See `Executor.submit`.

        Raises:
            BrokenProcessPool: the process is gone.
            RuntimeError: after `shutdown`.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._shut:
                raise RuntimeError("cannot schedule new futures after shutdown")
            if not self._reader.is_alive():
                raise BrokenProcessPool("the process of the threads is gone")
            number = next(self._numbers)
            self._pending[number] = future
            # Before it is sent: the answer may be here before the next line.
            future.set_running_or_notify_cancel()
            self._line.send((number, fn, args, kwargs))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Ends the process, after the calls that it has. See `Executor.shutdown`."""
        with self._lock:
            if not self._shut and self._reader.is_alive():
                self._line.send(None)
            self._shut = True
        if wait:
            self._reader.join()
            self._process.join()

    def _read(self) -> None:
        while True:
            try:
                number, result, error = self._line.recv()
            except (EOFError, OSError):
                break
            future = self._pending.pop(number)
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)
        with self._lock:
            for future in self._pending.values():
                future.set_exception(BrokenProcessPool("the process of the threads died"))
            self._pending.clear()


def _serve(
    line: Connection[Any, Any],
    workers: int,
    initializer: Callable[..., None],
    initargs: tuple[Any, ...],
) -> None:
    """In the process: takes calls until `None` comes, and runs each in a thread."""
    initializer(*initargs)
    lock = threading.Lock()
    numbers = itertools.count(1)

    def call(number: int, fn: Callable[..., Any], args: Any, kwargs: Any) -> None:
        result, error = None, None
        try:
            result = fn(*args, **kwargs)
        except BaseException as raised:  # noqa: BLE001 - it is the future's, as in any executor
            error = raised
        with lock:
            try:
                line.send((number, result, error))
            except Exception as raised:  # noqa: BLE001 - whatever pickling may raise
                line.send((number, None, TypeError(f"cannot be pickled: {raised}")))

    with ThreadPoolExecutor(workers, initializer=lambda: number_thread(next(numbers))) as pool:
        while (message := line.recv()) is not None:
            pool.submit(call, *message)
