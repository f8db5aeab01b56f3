"""Reports on tasks: calls of a `Process`'s target, and calls that are sent to a pool's worker.

A report takes longer than a tiny call. So a large chunk of calls is one task, and of more calls
than `may_tell` allows, a worker tells those together that it does in a row: a batch is one task.
"""

from __future__ import annotations

import itertools
import os
import select
from time import monotonic

from .allowance import Allowance
from .home import home
from .wrapping import Builtin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

LONGEST_LABEL = 60
"""Characters of a label that are kept."""

LARGEST_CHUNK = 32
"""Calls of a chunk that are told one by one."""

BATCH_SECONDS = 0.25
"""Least time of a batch, unless the worker has nothing to do."""

IDLE_MILLISECONDS = 5
"""Time without another call after which a batch has ended."""

_NAMED = (type(os.fsencode), type(len), type(home.tell), Builtin)
"""Types of functions whose name is not computed; `types` would have to be imported."""

_numbers = itertools.count(1)

_allowance = Allowance()

_key = ""
_calls = 1
"""How many calls the task in hand stands for."""
_began = 0.0
_batch: tuple[Any, ...] | None = None
"""The latest call of the batch in hand, while it runs: function, arguments, keywords, how many."""
_in_batch = False
_ended = 0.0
"""When the latest call of the batch ended."""


def new_key() -> str:
    """Return a name for a task that no other process gives."""
    return f"{os.getpid()}.{next(_numbers)}"


def queue(key: str, label: str) -> None:
    """Report that a task waits for a process."""
    home.tell("task_queued", key=key, label=label)


def may_tell(calls: int) -> bool:
    """Return whether so many calls may be told one by one now."""
    return _allowance.spend(calls)


def begin(key: str, calls: int = 1) -> None:
    """Report that this process's main thread has a task in hand now, of so many calls."""
    global _key, _began, _calls
    end_batch()
    home.tell("task_started", key=key)
    _key, _calls, _began = key, calls, monotonic()


def begin_in_batch(
    function: Any, args: Sequence[Any], kwargs: Mapping[str, Any] | None = None, calls: int = 1
) -> None:
    """Begin a call, or a chunk of them, in the batch in hand; without one, begin a batch."""
    global _batch, _in_batch, _calls
    if not _in_batch:
        key = new_key()
        queue(key, describe(function, args, kwargs))
        begin(key, 0)
        _in_batch = True
    _batch = function, args, kwargs, calls
    _calls += calls


def end(error: BaseException | None = None) -> None:
    """Report how the task in hand ended, if there is one; a batch goes on."""
    global _key
    failed = error is not None and not (isinstance(error, SystemExit) and not error.code)
    if _in_batch:
        _end_in_batch(error if failed else None)
        return
    key, _key = _key, ""
    if not key:
        return
    seconds = monotonic() - _began
    if error is not None and failed:
        fail(key, error, seconds)
    else:
        home.tell("task_finished", key=key, seconds=seconds, calls=_calls)


def _end_in_batch(error: BaseException | None) -> None:
    """End the latest call of the batch; a call that failed is told by itself."""
    global _batch, _calls, _ended
    call, _batch, _ended = _batch, None, monotonic()
    if error is not None and call is not None:
        function, args, kwargs, calls = call
        if _calls == calls:
            _leave_batch()
            end(error)
            return
        _calls -= calls
        end_batch()
        key = new_key()
        queue(key, describe(function, args, kwargs))
        begin(key, calls)
        end(error)
    elif _ended - _began >= BATCH_SECONDS:
        end_batch()


def end_batch(t: float | None = None) -> None:
    """Report the end of the batch in hand, if there is one: at `t`, or now."""
    global _key
    if _in_batch:
        _leave_batch()
        key, _key, t = _key, "", monotonic() if t is None else t
        home.tell("task_finished", t=t, key=key, seconds=t - _began, calls=_calls)


def _leave_batch() -> None:
    global _batch, _in_batch
    _batch, _in_batch = None, False


class Idleness:
    """Ends the batch in hand where the next call does not come soon.

    Args:
        fd: from which this worker reads its calls.
    """

    def __init__(self, fd: int) -> None:
        self._poll = select.poll()
        self._poll.register(fd, select.POLLIN)

    def look(self) -> None:
        """Wait for a call for a moment, before the worker waits for it."""
        if _in_batch and not self._poll.poll(IDLE_MILLISECONDS):
            end_batch(_ended)

    def take_turn(self, turn: Any) -> bool:
        """Wait for a moment for the lock of those who read calls; return whether it was taken.

        Only who has it looks for a call: if all did, each call would wake all workers.
        """
        if not _in_batch:
            return False
        if turn.acquire(True, IDLE_MILLISECONDS / 1000):
            self.look()
            return True
        end_batch(_ended)
        return False


def forget() -> None:
    """Forget the task in hand: the child of a fork has none."""
    global _key
    _key = ""
    _leave_batch()


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
    if kind in _NAMED or issubclass(kind, type):
        return _name(value)
    if kind.__module__.partition(".")[0] == "pathlib":
        return os.path.basename(os.fspath(value)) or kind.__name__  # noqa: PTH119
    return f"<{kind.__name__}>"
