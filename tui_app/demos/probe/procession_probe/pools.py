"""`multiprocessing.Pool`: every way to hand it calls comes through one door, its task queue."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from . import waits
from .calls import Call, describe, fail, new_key, queue


def change_pool(module: ModuleType) -> None:
    """Wraps that door, and what waits for results."""
    pool = module.Pool
    real_queues = pool._setup_queues

    def _setup_queues(self: Any) -> None:
        real_queues(self)
        put = self._quick_put

        def quick_put(task: Any) -> None:
            keys: list[str] = []
            if task is not None:
                task, keys = _told(module, task)
            try:
                put(task)
            except BaseException as error:
                for key in keys:
                    fail(key, error, ran=False)
                raise

        self._quick_put = quick_put

    pool._setup_queues = _setup_queues
    _wrap_wait(module.ApplyResult, "wait", "get", lambda result: result.ready())
    _wrap_wait(module.IMapIterator, "next", "next", lambda result: bool(result._items))
    module.IMapIterator.__next__ = module.IMapIterator.next
    _wrap_wait(pool, "join", "join pool", lambda _: False)


def _told(module: ModuleType, task: Any) -> tuple[Any, list[str]]:
    """The task with calls that tell of themselves, and their keys; they are queued here."""
    job, number, function, args, kwargs = task
    if function is module._helper_reraises_exception:
        return task, []
    if function in (module.mapstar, module.starmapstar):
        inner, chunk = args[0]
        star = function is module.starmapstar
        labels = [describe(inner, one if star else (one,)) for one in chunk]
    else:
        labels = [describe(function, args, kwargs)]
    keys = [new_key() for _ in labels]
    for key, label in zip(keys, labels, strict=True):
        queue(key, label)
    if function in (module.mapstar, module.starmapstar):
        return (job, number, function, ((Call(inner, keys), chunk),), kwargs), keys
    return (job, number, Call(function, keys), args, kwargs), keys


def _wrap_wait(owner: Any, name: str, on: str, ready: Any) -> None:
    real = getattr(owner, name)

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        if ready(self):
            return real(self, *args, **kwargs)
        return waits.waited(on, real, self, *args, **kwargs)

    method.__name__, method.__doc__ = real.__name__, real.__doc__
    setattr(owner, name, method)
