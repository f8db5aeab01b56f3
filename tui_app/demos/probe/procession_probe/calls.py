"""A call that is a task: of a `Process` target, or one that travels to a pool's worker."""

from __future__ import annotations

import itertools
import os
from time import monotonic

from .home import home

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

LONGEST_LABEL = 60
LONGEST_REASON = 500
"""Characters that are kept of a label, and of an error's text."""

_numbers = itertools.count(1)


def new_key() -> str:
    """A name for a task that no other process gives."""
    return f"{os.getpid()}.{next(_numbers)}"


class Call:
    """Calls a function, and tells when each call began and how it ended.

    It is pickled with the function, and takes one key for each call, in their order: a chunk of
    a `map` makes several.
    """

    def __init__(self, function: Callable[..., Any], keys: Sequence[str]) -> None:
        self.function, self.keys = function, list(keys)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the function returns or raises."""
        key = self.keys.pop(0)
        home.tell("task_started", key=key)
        began = monotonic()
        try:
            result = self.function(*args, **kwargs)
        except BaseException as error:
            seconds = monotonic() - began
            if isinstance(error, SystemExit) and not error.code:
                home.tell("task_finished", key=key, seconds=seconds)
            else:
                fail(key, error, seconds)
            raise
        home.tell("task_finished", key=key, seconds=monotonic() - began)
        return result


def fail(key: str, error: BaseException, seconds: float = 0.0, *, ran: bool = True) -> None:
    """Tells that a task failed; where it never `ran`, no process had a part in it."""
    name = type(error).__name__
    lines = str(error).strip().splitlines()
    reason = f"{name}: {lines[0][:LONGEST_REASON]}" if lines else name
    home.tell("task_failed", key=key, seconds=seconds, error=name, reason=reason, ran=ran)


def queue(key: str, label: str) -> None:
    """Tells that a task waits for a process."""
    home.tell("task_queued", key=key, label=label)


def describe(
    function: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
) -> str:
    """The call as one would write it: `do_something(2)`.

    No `repr` of the script's own is called: it might be slow, or print, or fail.
    """
    inner = getattr(function, "func", None)  # a functools.partial
    name = getattr(function, "__name__", "") or getattr(inner, "__name__", "") or _short(function)
    words = [_short(value) for value in args]
    words += [f"{key}={_short(value)}" for key, value in (kwargs or {}).items()]
    text = f"{name}({', '.join(words)})"
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1]}…"


def _short(value: Any) -> str:
    kind = type(value)
    if value is None or kind in (bool, int, float):
        return repr(value) if kind is not int or abs(value) < 10**15 else "int"
    if kind in (str, bytes):
        return repr(value) if len(value) <= 40 else f"{value[:36]!r}…"
    if kind in (tuple, list) and len(value) <= 4:
        inner = ", ".join(_short(one) for one in value)
        return f"({inner})" if kind is tuple else f"[{inner}]"
    if isinstance(value, os.PathLike):
        return os.path.basename(os.fspath(value)) or kind.__name__  # noqa: PTH119
    return f"<{kind.__name__}>"
