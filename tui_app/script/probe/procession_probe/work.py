"""Reports on tasks: calls of a `Process`'s target, and calls that are sent to a pool's worker."""

from __future__ import annotations

import itertools
import os
from time import monotonic

from .home import home
from .wrapping import Builtin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

LONGEST_LABEL = 60
"""Characters of a label that are kept."""

_NAMED = (type(os.fsencode), type(len), type(home.tell), Builtin)
"""Types of functions whose name is not computed; `types` would have to be imported."""

_numbers = itertools.count(1)

_key = ""
_began = 0.0


def new_key() -> str:
    """Return a name for a task that no other process gives."""
    return f"{os.getpid()}.{next(_numbers)}"


def queue(key: str, label: str) -> None:
    """Report that a task waits for a process."""
    home.tell("task_queued", key=key, label=label)


def begin(key: str) -> None:
    """Report that this process's main thread has a task in hand now."""
    global _key, _began
    home.tell("task_started", key=key)
    _key, _began = key, monotonic()


def end(error: BaseException | None = None) -> None:
    """Report how the task in hand ended, if there is one."""
    global _key
    key, _key = _key, ""
    if not key:
        return
    seconds = monotonic() - _began
    if error is None or (isinstance(error, SystemExit) and not error.code):
        home.tell("task_finished", key=key, seconds=seconds)
    else:
        fail(key, error, seconds)


def forget() -> None:
    """Forget the task in hand: the child of a fork has none."""
    global _key
    _key = ""


def each(items: Iterable[Any], keys: Iterable[str]) -> Iterator[Any]:
    """Yield the items of a chunk; each is a task from when it is asked for until the next one."""
    for item, key in zip(items, keys):
        begin(key)
        yield item
        end()


def fail(key: str, error: BaseException, seconds: float = 0.0, *, ran: bool = True) -> None:
    """Report that a task failed; `ran`: a process had it in hand."""
    name = type(error).__name__
    try:
        lines = str(error).strip().splitlines()
    except Exception:  # noqa: BLE001 - a script's own error may raise anything here
        lines = []
    reason = f"{name}: {lines[0]}" if lines else name
    home.tell("task_failed", key=key, seconds=seconds, error=name, reason=reason, ran=ran)


def describe(
    function: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
) -> str:
    """Return the call as one would write it: `do_something(2)`.

    No code of the script is called: it might be slow, or print, or fail.
    """
    words = [_short(value) for value in args]
    words += [f"{key}={_short(value)}" for key, value in (kwargs or {}).items()]
    text = f"{_name(function)}({', '.join(words)})"
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1]}…"


def _name(function: Any) -> str:
    kind = type(function)
    if kind.__module__ == "functools" and kind.__name__ == "partial":
        return _name(function.func)
    if issubclass(kind, type):
        return str(type.__dict__["__name__"].__get__(function))
    return str(function.__name__) if kind in _NAMED else _short(function)


def _short(value: Any) -> str:
    kind = type(value)
    if value is None or kind in (bool, int, float):
        return repr(value) if kind is not int or abs(value) < 10**15 else "int"
    if kind in (str, bytes):
        return repr(value) if len(value) <= 40 else f"{value[:36]!r}…"
    if kind in (tuple, list) and len(value) <= 4:
        inner = ", ".join(_short(one) for one in value)
        return f"({inner})" if kind is tuple else f"[{inner}]"
    if kind.__module__.partition(".")[0] == "pathlib":
        return os.path.basename(os.fspath(value)) or kind.__name__  # noqa: PTH119
    return f"<{kind.__name__}>"
