"""Starting a thread where there may be no room for one."""

from __future__ import annotations

import _thread
import threading
from collections.abc import Callable

PATIENCE = 2.0
"""Seconds within which a thread that was started runs."""


def start_thread(function: Callable[..., object], *args: object) -> None:
    """Runs the function in a thread that ends with this process.

    `threading.Thread.start` waits until the thread runs, for ever where it has died of too little
    memory before.

    Raises:
        RuntimeError: no thread can be started; the function will not be run.
    """
    runs, who = threading.Event(), threading.Lock()

    def run() -> None:
        # Who comes first here decides.
        if who.acquire(blocking=False):
            runs.set()
            function(*args)

    _thread.start_new_thread(run, ())
    if not runs.wait(PATIENCE) and who.acquire(blocking=False):
        raise RuntimeError("can't start new thread")
