"""`concurrent.futures`: calls that go to a `ProcessPoolExecutor`, and waiting for futures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from types import ModuleType
from typing import Any

from . import waits
from .calls import Call, describe, fail, new_key, queue
from .home import home

LABEL = "_procession_label"
"""The attribute of a future that says what it is of."""

MANY = 1_000
"""Futures that are looked at to tell whether one is done already; with more, a wait is a wait."""


def change_base(module: ModuleType) -> None:
    """Wraps what waits for futures."""
    future = module.Future
    real_wait, real_as_completed = module.wait, module.as_completed

    def waiting(name: str) -> Any:
        real = getattr(future, name)

        def method(self: Any, timeout: float | None = None) -> Any:
            label = getattr(self, LABEL, "")
            if self.done():
                return real(self, timeout)
            return waits.waited(f"{name} {label}".rstrip(), real, self, timeout)

        return _as(real, method)

    future.result, future.exception = waiting("result"), waiting("exception")

    def wait(fs: Iterable[Any], *args: Any, **kwargs: Any) -> Any:
        fs = list(fs)
        if all(one.done() for one in fs):
            return real_wait(fs, *args, **kwargs)
        return waits.waited("wait", real_wait, fs, *args, **kwargs)

    def as_completed(fs: Iterable[Any], timeout: float | None = None) -> Iterator[Any]:
        left = set(fs)
        ready = real_as_completed(left.copy(), timeout)
        while True:
            blocks = len(left) > MANY or (left and not any(one.done() for one in left))
            one = waits.waited("as_completed", next, ready, None) if blocks else next(ready, None)
            if one is None:
                return
            left.discard(one)
            yield one
            del one

    for real, wrapper in ((real_wait, wait), (real_as_completed, as_completed)):
        setattr(module, real.__name__, _as(real, wrapper))


def change_process(module: ModuleType) -> None:
    """Wraps `submit`, which `map` calls too, and the end of a pool."""
    executor = module.ProcessPoolExecutor
    real_submit, real_shutdown = executor.submit, executor.shutdown

    def submit(self: Any, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        if isinstance(fn, partial) and fn.func is module._process_chunk:
            labels = [describe(fn.args[0], one) for one in args[0]]
            keys = [new_key() for _ in labels]
            call: Any = partial(fn.func, Call(fn.args[0], keys))
        else:
            labels, keys = [describe(fn, args, kwargs)], [new_key()]
            call = Call(fn, keys)
        for key, label in zip(keys, labels, strict=True):
            queue(key, label)
        try:
            future = real_submit(self, call, *args, **kwargs)
        except BaseException as error:
            for key in keys:
                fail(key, error, ran=False)
            raise
        setattr(future, LABEL, labels[0] if len(labels) == 1 else f"{labels[0]} …")
        future.add_done_callback(partial(_settled, keys))
        return future

    def shutdown(self: Any, wait: bool = True, **kwargs: Any) -> None:
        if wait and self._executor_manager_thread is not None:
            waits.waited("shutdown", real_shutdown, self, wait, **kwargs)
        else:
            real_shutdown(self, wait, **kwargs)

    executor.submit, executor.shutdown = _as(real_submit, submit), _as(real_shutdown, shutdown)
    # Called last to first: this one before the module's own, which was registered while it loaded.
    module.threading._register_atexit(_wait_at_exit, module)


def before_process(module: ModuleType) -> None:
    """Registers, before the module does, what tells the end of the wait for its pools at exit."""
    import threading

    threading._register_atexit(_go_on_at_exit)  # type: ignore[attr-defined]


_at_exit = False


def _wait_at_exit(module: ModuleType) -> None:
    global _at_exit
    _at_exit = any(thread.is_alive() for thread in list(module._threads_wakeups))
    _at_exit = _at_exit and waits.begin("exit")


def _go_on_at_exit() -> None:
    if _at_exit:
        waits.end()


def _settled(keys: list[str], future: Any) -> None:
    """Tells what no worker could: that a call was cancelled, or never arrived."""
    if future.cancelled():
        for key in keys:
            home.tell("task_skipped", key=key)
    elif (error := future.exception()) is not None:
        for key in keys:
            fail(key, error, ran=False)


def _as(real: Any, wrapper: Any) -> Any:
    """The wrapper under the name and the words of what it wraps."""
    for name in ("__name__", "__qualname__", "__module__", "__doc__"):
        setattr(wrapper, name, getattr(real, name))
    return wrapper
