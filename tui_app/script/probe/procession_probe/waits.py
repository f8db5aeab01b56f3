"""When a process waits, and on what. Told of its main thread, and of the outermost wait only."""

from __future__ import annotations

import _thread
import time

from .home import home
from .lines import tell_line
from .wrapping import Builtin, hidden

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

SHORTEST_SLEEP = 0.005
"""Seconds: a shorter sleep is a breath between two looks, and no screen could show it."""

_on = ""


def begin(on: str, child: int = 0) -> bool:
    """Tells that this process waits; whether it does: `end` is to be called then, and only then.

    Args:
        on: the first word says where, the rest for what.
        child: the pid of the process that is waited for; the hub adds its name.
    """
    global _on
    if _on or _thread.get_ident() != home.thread:
        return False
    _on = on
    tell_line()
    home.tell("waiting", on=on, child=child)
    return True


def end() -> None:
    """Tells that this process goes on."""
    global _on
    on, _on = _on, ""
    home.tell("resumed", on=on)


def waited(on: str, real: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """Calls what blocks, and tells that this process waits while it does."""
    if not begin(on):
        return real(*args, **kwargs)
    try:
        return real(*args, **kwargs)
    finally:
        end()


hidden(waited)


def forget() -> None:
    """In the child of a fork, which waits on nothing."""
    global _on
    _on = ""


def install() -> None:
    """Wraps `time.sleep`."""
    real = time.sleep

    def sleep(*args: Any, **kwargs: Any) -> None:
        if len(args) == 1 and isinstance(args[0], int | float) and args[0] >= SHORTEST_SLEEP:
            waited(f"sleep {args[0]:g} s", real, *args, **kwargs)
        else:
            real(*args, **kwargs)

    time.sleep = Builtin(real, sleep)
