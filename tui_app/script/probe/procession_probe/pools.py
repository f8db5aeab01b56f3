"""Reports on `multiprocessing.Pool`, all of whose calls go through its task queue.

A call has two numbers there, its job's and its chunk's, and the worker sees them too. They name the
tasks on both sides, so nothing has to be sent with the call. Where the job's number is a `float`,
which means the same to the pool, the call is told with others, as a batch.
"""

from __future__ import annotations

import _thread
import os
import sys

from . import work
from .home import home
from .waits import Wait
from .wrapping import like

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def change_pool(module: Any) -> None:
    """Wrap the task queue, the workers' side of a call, and the waits for results."""
    pool = module.Pool
    real_queues, real_worker = pool._setup_queues, module.worker

    def _setup_queues(self: Any) -> None:
        real_queues(self)
        real_put, maker = self._quick_put, os.getpid()

        def quick_put(task: Any) -> None:
            calls = _number(module, task) if task is not None else 0
            if 0 < calls <= work.LARGEST_CHUNK and not work.may_tell(calls):
                job, *rest = task
                real_put((float(job), *rest))
                return
            labels = _labels(module, task) if calls else {}
            for key, label in labels.items():
                work.queue(f"{maker}.{key}", label)
            try:
                real_put(task)
            except BaseException as error:
                for key in labels:
                    work.fail(f"{maker}.{key}", error, ran=False)
                raise

        self._quick_put = quick_put

    def worker(inqueue: Any, outqueue: Any, *args: Any, **kwargs: Any) -> None:
        # A pool of threads has workers too, which are not processes.
        if _thread.get_ident() == home.thread:
            package = module.__name__.partition(".")[0]
            maker = sys.modules[f"{package}.process"].parent_process()
            inqueue = _Calls(inqueue, module, maker.pid if maker is not None else None)
            outqueue = _Results(outqueue)
        try:
            real_worker(inqueue, outqueue, *args, **kwargs)
        except BaseException as error:
            work.end(error)
            raise

    pool._setup_queues = like(real_queues, _setup_queues)
    module.worker = like(real_worker, worker)
    _wrap_wait(module.ApplyResult, "wait", lambda result: bool(result.ready()), "get")
    _wrap_wait(module.IMapIterator, "next", lambda result: bool(result._items), "next")
    module.IMapIterator.__next__ = module.IMapIterator.next
    _wrap_wait(pool, "join", lambda _: False, "join", "pool")


class _End:
    """A worker's end of one of the pool's queues."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        """Return whatever else the real queue has."""
        return getattr(self._real, name)


class _Calls(_End):
    """The queue of calls; its tasks begin with each call that is taken."""

    def __init__(self, real: Any, module: Any, maker: int | None) -> None:
        super().__init__(real)
        self._module, self._maker = module, maker
        self._idleness = work.Idleness(real._reader.fileno())

    def get(self) -> Any:
        """Return the next call; the tasks of a chunk begin one after another."""
        task = self._next()
        calls = _number(self._module, task) if task is not None else 0
        if not calls:
            work.end_batch()
            return task
        job, number, function, args, kwargs = task
        chunk = args[0][1] if _is_chunk(self._module, function) else None
        if isinstance(job, float):
            work.begin_in_batch(*_first(self._module, task), calls)
            return task
        keys = [f"{self._maker}.{key}" for key in _keys(self._module, task)]
        if chunk is not None and len(keys) == calls:
            return job, number, function, ((args[0][0], work.each(chunk, keys)),), kwargs
        work.begin(keys[0], calls)
        return task

    def _next(self) -> Any:
        """Return what the real queue's `get` would; a batch in hand ends where it has to wait."""
        real = self._real
        if not self._idleness.take_turn(real._rlock):
            return real.get()
        try:
            data = real._reader.recv_bytes()
        finally:
            real._rlock.release()
        return sys.modules[type(real).__module__]._ForkingPickler.loads(data)


class _Results(_End):
    """The queue of results; a task ends before its result is sent."""

    def put(self, result: Any) -> None:
        """End the task, and send its result."""
        ok, value = result[2]
        work.end(None if ok else getattr(value, "exc", value))
        self._real.put(result)


def _number(module: Any, task: Any) -> int:
    """Return how many calls of the script's a call of the pool stands for."""
    _job, _number, function, args, _kwargs = task
    if function is module._helper_reraises_exception:
        return 0
    return len(args[0][1]) if _is_chunk(module, function) else 1


def _first(module: Any, task: Any) -> tuple[Any, Any, Any]:
    """Return function, arguments and keywords of a call, or of the first one of a chunk."""
    _job, _number, function, args, kwargs = task
    if not _is_chunk(module, function):
        return function, args, kwargs
    inner, chunk = args[0]
    return inner, chunk[0] if function is module.starmapstar else (chunk[0],), None


def _keys(module: Any, task: Any) -> list[str]:
    """Return the keys of a call's tasks: the same in every process."""
    job, number, function, args, _kwargs = task
    if _is_chunk(module, function) and len(args[0][1]) <= work.LARGEST_CHUNK:
        return [f"pool.{job}.{number}.{index}" for index in range(len(args[0][1]))]
    return [f"pool.{job}.{number}"]


def _labels(module: Any, task: Any) -> dict[str, str]:
    """Return the labels of a call's tasks, by their keys."""
    keys = _keys(module, task)
    _job, _number, function, args, _kwargs = task
    if not _is_chunk(module, function) or len(keys) < len(args[0][1]):
        label = work.describe(*_first(module, task))
        return {keys[0]: f"{label} …" if _is_chunk(module, function) else label}
    inner, chunk = args[0]
    calls = chunk if function is module.starmapstar else [(one,) for one in chunk]
    return {key: work.describe(inner, call) for key, call in zip(keys, calls)}


def _is_chunk(module: Any, function: Any) -> bool:
    return function is module.mapstar or function is module.starmapstar


def _wrap_wait(
    owner: Any, name: str, ready: Callable[[Any], bool], kind: str, what: str | None = None
) -> None:
    real = getattr(owner, name)

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        if ready(self):
            return real(self, *args, **kwargs)
        with Wait(kind, what):
            return real(self, *args, **kwargs)

    setattr(owner, name, like(real, method))
