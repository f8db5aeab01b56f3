"""Counts the threads and the asyncio tasks that start: some are gone before anybody looks."""

from __future__ import annotations

import sys

from .home import home
from .wrapping import like

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LIBRARIES = ("multiprocessing", "multiprocess", "concurrent", "asyncio", "joblib", "loky")
_WORKERS = ("multiprocessing.dummy", "multiprocess.dummy", "concurrent.futures.thread")
"""Of those, what runs calls of the script."""


_OWN_TASKS = ("shutdown_asyncgens", "shutdown_default_executor", "_connect_pipes")
"""Coroutines that asyncio makes tasks of for itself."""


class Counts:
    """How many there were so far in this process."""

    def __init__(self) -> None:
        self.threads = self.tasks = 0


counts = Counts()


def forget() -> None:
    """Begin anew: the child of a fork has started none."""
    counts.__init__()  # type: ignore[misc]


def tell() -> None:
    """Tell the event server how many there were: this process is about to end."""
    if counts.threads or counts.tasks:
        home.tell("counts", threads=counts.threads, tasks=counts.tasks)


def change_threading(module: Any) -> None:
    """Count the threads of `threading` that start."""
    # From Python 3.13 on it is the second.
    for name in ("_start_new_thread", "_start_joinable_thread"):
        real = getattr(module, name, None)
        if real is not None:
            setattr(module, name, _counted(real))


def _counted(real: Any) -> Any:
    def start(function: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_helper(getattr(function, "__self__", None)):
            counts.threads += 1
        return real(function, *args, **kwargs)

    return like(real, start)


def change_tasks(module: Any) -> None:
    """Count the tasks that asyncio takes into its list of all tasks."""
    if sys.version_info < (3, 11):
        return  # None of them is seen: see `loops.change_base_events`.
    known = getattr(module, "_scheduled_tasks", None)
    if known is None:
        known = module._all_tasks  # before Python 3.12
    real = known.add

    def add(item: Any) -> None:
        if not is_own(item):
            counts.tasks += 1
        real(item)

    known.add = like(real, add)


def is_own(task: Any) -> bool:
    """Return whether asyncio has made this task for itself."""
    return getattr(getattr(task, "_coro", None), "__name__", "") in _OWN_TASKS


def is_helper(thread: Any) -> bool:
    """Return whether a library has started this thread for itself: it runs nothing of the script's.

    Such are a queue's feeder and the threads that manage a pool of processes.
    """
    base = getattr(sys.modules.get("threading"), "Thread", None)
    kind = type(thread)
    if base is None or not issubclass(kind, base):
        return False  # `threading` is still being imported, or it is no thread of its.
    if _is_of(kind, _WORKERS):
        return False
    target = thread.__dict__.get("_target")
    own = kind.run is base.run
    return _is_of(target if own else kind, _LIBRARIES) and not _is_of(target, _WORKERS)


def _is_of(thing: Any, packages: tuple[str, ...]) -> bool:
    module = getattr(thing, "__module__", None)
    return type(module) is str and any(
        module == one or module.startswith(f"{one}.") for one in packages
    )
