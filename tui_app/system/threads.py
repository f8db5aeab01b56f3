"""Starting a thread where there may be no room for one."""

from __future__ import annotations

import _thread
import threading
from collections.abc import Callable

PATIENCE = 2.0
"""Seconds within which a thread that was started must run."""


def start_thread(function: Callable[..., object], *args: object) -> None:
    """Call a function in a thread, which ends with this process.

    `threading.Thread.start` waits until the thread runs: for ever, where there is so little memory
    that the thread dies before.

    Raises:
        RuntimeError: No thread can be started; the function will not be called.
    """
    runs, first = threading.Event(), threading.Lock()

    def run() -> None:
        # The first to acquire the lock decides: the thread runs, or the caller has given up.
        if first.acquire(blocking=False):
            runs.set()
            function(*args)

    _thread.start_new_thread(run, ())
    if not runs.wait(PATIENCE) and first.acquire(blocking=False):
        raise RuntimeError("can't start new thread")
