"""Reports on `concurrent.futures`: calls to a `ProcessPoolExecutor`, and waits for futures."""

from __future__ import annotations

import sys

from . import work
from .frames import locals_of
from .home import home
from .waits import Wait
from .wrapping import like

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType
    from typing import Any

LABEL = "_procession_label"
"""The attribute of a future that names its call."""

IN_BATCH = ""
"""The key of a call that is told with others, as a batch."""

KEYS = "_procession_keys"
"""The attribute of a call item with the keys of its tasks. It is plain data: a worker without the
probe ignores it."""


def change_base(module: Any) -> None:
    """Wrap the waits for futures."""
    future, waiter = module.Future, module._Waiter
    real_init = waiter.__init__

    def waiting(name: str) -> Any:
        real = getattr(future, name)

        def method(self: Any, timeout: float | None = None) -> Any:
            try:
                if self.done():
                    return real(self, timeout)
                with Wait(name, getattr(self, LABEL, None)):
                    return real(self, timeout)
            finally:
                del self  # An error keeps its frames, and would keep the future with them.

        return like(real, method)

    future.result, future.exception = waiting("result"), waiting("exception")

    class WaitedEvent(module.threading.Event):  # type: ignore[misc]
        """The event that `wait` and `as_completed` wait for inside."""

        def wait(self, timeout: float | None = None) -> bool:
            """Wait until it is set."""
            if self.is_set():
                return True
            with Wait(self.kind):
                done: bool = super().wait(timeout)
            return done

    def init(self: Any) -> None:
        real_init(self)
        self.event = WaitedEvent()
        self.event.kind = "as_completed" if "AsCompleted" in type(self).__name__ else "wait"

    waiter.__init__ = like(real_init, init)


class _CarriedCall:
    """A function on its way to the call item, with the keys of its tasks."""

    def __init__(self, function: Any, keys: list[str]) -> None:
        self.function, self.keys = function, keys


def change_calls(module: Any) -> None:
    """Wrap `submit`, which `map` calls too, and the workers' side of a call."""
    _change_items(module)
    executor = module.ProcessPoolExecutor
    real_submit = executor.submit

    def submit(self: Any, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        chunk = _chunk(module, fn, args)
        if chunk is not None and len(chunk) > work.LARGEST_CHUNK:
            labels = [f"{work.describe(fn.args[0], chunk[0])} …"]
        elif not work.may_tell(1 if chunk is None else len(chunk)):
            return real_submit(self, _CarriedCall(fn, [IN_BATCH]), *args, **kwargs)
        elif chunk is not None:
            labels = [work.describe(fn.args[0], one) for one in chunk]
        else:
            labels = [_label(fn, args, kwargs)]
        keys = [work.new_key() for _ in labels]
        for key, label in zip(keys, labels):
            work.queue(key, label)
        try:
            future = real_submit(self, _CarriedCall(fn, keys), *args, **kwargs)
        except BaseException as error:
            for key in keys:
                work.fail(key, error, ran=False)
            raise
        if labels:
            setattr(future, LABEL, labels[0] if len(labels) == 1 else f"{labels[0]} …")
        future.add_done_callback(lambda future: _settled(keys, future))
        return future

    executor.submit = like(real_submit, submit)


def change_process(module: Any) -> None:
    """Wrap the calls of an executor, and its end."""
    change_calls(module)
    executor = module.ProcessPoolExecutor
    real_shutdown = executor.shutdown

    def shutdown(self: Any, wait: bool = True, **kwargs: Any) -> None:
        if wait and self._executor_manager_thread is not None:
            with Wait("shutdown"):
                real_shutdown(self, wait, **kwargs)
        else:
            real_shutdown(self, wait, **kwargs)

    executor.shutdown = like(real_shutdown, shutdown)
    # The last one is called first: this one comes before the module's own, from its import.
    module.threading._register_atexit(_wait_at_exit, module)


def _change_items(module: Any) -> None:
    """Give each call item the keys of its tasks, and make the worker report the tasks.

    A worker reads the function of a call just before it calls it, and sends the result just after.
    So no frame has to stand in between.
    """
    item, idle = module._CallItem, _Idle()
    real_init, real_sendback = item.__init__, module._sendback_result

    def init(self: Any, work_id: int, fn: Any, *rest: Any) -> None:
        if isinstance(fn, _CarriedCall):
            setattr(self, KEYS, fn.keys)
            fn = fn.function
        real_init(self, work_id, fn, *rest)

    def get(self: Any) -> Any:
        inside = vars(self)
        keys = inside.pop(KEYS, ())
        fn = inside["fn"]
        if keys:
            chunk = _chunk(module, fn, inside["args"])
            if keys[0] == IN_BATCH and chunk is not None:
                work.begin_in_batch(fn.args[0], chunk[0], calls=len(chunk))
            elif keys[0] == IN_BATCH:
                work.begin_in_batch(fn, inside["args"], inside["kwargs"])
            elif chunk is not None and len(chunk) == len(keys):
                inside["args"] = (work.each(chunk, keys),)
            else:
                calls = _joblib_calls(fn) if chunk is None else chunk
                work.begin(keys[0], len(calls) if calls else 1)
        return fn

    def put(self: Any, fn: Any) -> None:
        vars(self)["fn"] = fn

    def sendback(queue: Any, work_id: int, *args: Any, **kwargs: Any) -> None:
        raised = kwargs.get("exception")
        work.end(getattr(raised, "exc", raised))
        real_sendback(queue, work_id, *args, **kwargs)
        idle.look(sys._getframe(1))

    item.__init__ = like(real_init, init)
    item.fn = property(get, put)
    module._sendback_result = like(real_sendback, sendback)


def _chunk(module: Any, function: Any, args: Any) -> Sequence[Any] | None:
    """Return the arguments of each call in a chunk of `map`; `None`: it is one call."""
    if isinstance(function, module.partial) and function.func is module._process_chunk:
        chunk: Sequence[Any] = args[0]
        return chunk
    return None


def _joblib_calls(function: Any) -> Sequence[Any] | None:
    """Return the calls that joblib has put together, each with its arguments; `None`: it has not.

    https://github.com/joblib/joblib/blob/main/joblib/parallel.py: `BatchedCalls`.
    """
    kind = type(function)
    if kind.__name__ == "BatchedCalls" and kind.__module__ == "joblib.parallel":
        calls: Sequence[Any] = function.items
        return calls
    return None


def _label(function: Any, args: Any, kwargs: Any) -> str:
    calls = _joblib_calls(function)
    if not calls:
        return work.describe(function, args, kwargs)
    label = work.describe(*calls[0])
    return label if len(calls) == 1 else f"{label} …"


class _Idle:
    """Ends a batch where a worker waits: it knows the queue of calls by the worker's frame."""

    def __init__(self) -> None:
        self._idleness: work.Idleness | None = None

    def look(self, frame: FrameType) -> None:
        """Look whether the next call is there, after a result was sent."""
        if self._idleness is None:
            calls = locals_of(frame).get("call_queue")
            if calls is None:
                work.end_batch()
                return
            self._idleness = work.Idleness(calls._reader.fileno())
        self._idleness.look()


def before_process() -> None:
    """Register, before the module does, what reports the end of the wait for pools at exit."""
    import threading

    threading._register_atexit(_go_on_at_exit)  # type: ignore[attr-defined]


_at_exit = Wait("exit")


def _wait_at_exit(module: Any) -> None:
    if any(thread.is_alive() for thread in list(module._threads_wakeups)):
        _at_exit.__enter__()


def _go_on_at_exit() -> None:
    _at_exit.__exit__()


def _settled(keys: list[str], future: Any) -> None:
    """Report what no worker could: that a call was cancelled, or never arrived."""
    if future.cancelled():
        for key in keys:
            home.tell("task_skipped", key=key)
    elif (error := future.exception()) is not None:
        for key in keys:
            work.fail(key, error, ran=False)
