"""Work that may take long, done beside an asyncio loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import ParamSpec, TypeVar

from tui_app.system.threads import start_thread

P = ParamSpec("P")
T = TypeVar("T")


async def aside(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function in a thread, and return its result; the loop goes on meanwhile.

    Where no thread can be started, the loop waits for the function. `asyncio.to_thread` would raise
    an error there, and its executor might still call the function later.
    """
    future: Future[T] = Future()
    future.set_running_or_notify_cancel()

    def call() -> None:
        try:
            future.set_result(function(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - it is the caller's
            future.set_exception(error)

    try:
        start_thread(call)
    except RuntimeError:
        call()
    return await asyncio.wrap_future(future)
