"""The worker's side of `engine/piped_worker.py`: takes calls from a pipe, and answers each.

Imported in every worker, so it imports little.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from tui_app.engine.worker import UNFIT, number_thread, orphaned
from tui_app.files.error_words import refusal
from tui_app.language import counted
from tui_app.system.threads import start_thread

Call = tuple[int, Callable[..., Any], tuple[Any, ...], dict[str, Any]]
"""The number of a call, the function, and what it is called with."""


def make_ready(
    line: Connection[Any, Any], initializer: Callable[..., None], initargs: tuple[Any, ...]
) -> None:
    """Make the process of a pool ready; where that fails, send why and exit with `UNFIT`.

    The pool itself would write a traceback to the terminal, and exit with 0.
    """
    with line:
        try:
            initializer(*initargs)
        except Exception as error:  # noqa: BLE001 - whatever it is, the engine is told
            line.send(refusal(error))
            os._exit(UNFIT)


def serve(
    line: Connection[Any, Any],
    threads: int,
    initializer: Callable[..., None],
    initargs: tuple[Any, ...],
) -> None:
    """Make this process ready, and run calls until `None` comes.

    An answer is a call's number, its result and its error. Where the process cannot be made ready
    the only answer has no number and says why, and the process exits with `UNFIT`.

    Args:
        line: where calls come from, and answers go to.
        threads: how many calls are run at once, each in a thread; 0: one, in the main thread.
        initializer: makes the process ready.
        initargs: what it is called with.
    """
    try:
        initializer(*initargs)
    except Exception as error:  # noqa: BLE001 - whatever it is, the engine is told
        line.send((None, None, refusal(error)))
        sys.exit(UNFIT)
    pipe = _CallPipe(line)
    calls: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
    done: queue.SimpleQueue[int] = queue.SimpleQueue()
    started = _start(threads, pipe, calls, done)
    while (call := pipe.next_call()) is not None:
        if started:
            calls.put(call)
        else:
            pipe.answer(*call)
    for _thread in range(started):
        calls.put(None)
    for _thread in range(started):
        done.get()


def _start(
    threads: int,
    pipe: _CallPipe,
    calls: queue.SimpleQueue[Call | None],
    done: queue.SimpleQueue[int],
) -> int:
    """Start as many threads as can be had; return how many. Without any, the main thread works."""

    def work(number: int) -> None:
        number_thread(number)
        while (call := calls.get()) is not None:
            pipe.answer(*call)
        done.put(number)

    for number in range(1, threads + 1):
        try:
            start_thread(work, number)
        except RuntimeError:
            number_thread(1)
            had = counted(
                max(1, number - 1),
                "{n} thread, not {asked}: no more could be started",
                "{n} threads, not {asked}: no more could be started",
                asked=threads,
            )
            sys.stderr.write(f"{had}\n")
            return number - 1
    return threads


class _CallPipe:
    """The pipe to the executor; several threads answer through it."""

    def __init__(self, line: Connection[Any, Any]) -> None:
        self._line = line
        self._lock = threading.Lock()

    def next_call(self) -> Call | None:
        try:
            call: Call | None = self._line.recv()
        except (EOFError, OSError):
            orphaned()
        return call

    def answer(
        self, number: int, function: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> None:
        result, error = None, None
        try:
            result = function(*args, **kwargs)
        except BaseException as raised:  # noqa: BLE001 - it is the future's, as in any executor
            error = raised
        with self._lock:
            try:
                self._line.send((number, result, error))
            except OSError:
                orphaned()
            except Exception as raised:  # noqa: BLE001 - whatever pickling may raise
                self._line.send((number, None, TypeError(f"cannot be pickled: {raised}")))
