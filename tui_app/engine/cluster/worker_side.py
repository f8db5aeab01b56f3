"""What runs in a Dask worker: calls of tasks, whose events go to the scheduler's topic.

A worker may be somebody else's, and have several threads. So nothing of the process is changed for
longer than a call takes, and what is told is told for each thread.
"""

from __future__ import annotations

import io
import json
import os
import pickle
import platform
import signal
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from tui_app import language
from tui_app.engine.machine import usable_cpus
from tui_app.engine.resource_usage import cpu_seconds, has_gil, peak_memory
from tui_app.engine.worker import LineWriter, sentence
from tui_app.events import (
    Event,
    Output,
    Stream,
    TaskFailed,
    TaskFinished,
    TaskProgress,
    TaskStarted,
    to_json,
)

TOPIC = "procession"
"""The topic of our events on the scheduler. It keeps the latest thousand messages, whoever sent
them, so all runs share it."""

HELD_SECONDS = 0.1
"""Longest time an event is buffered before it is sent; a screen is drawn ten times a second."""

MOST_LINES = 1_000
"""Lines that are sent of a call's prints. Nothing slows a worker down here that prints without end,
and the messages would fill the scheduler's memory."""

MOST_STOPPED = 10_000
"""Stopped calls that a worker remembers."""

PACKAGES = ("procession", "Pillow", "distributed", "dask")
"""What must be the same here and there, or may do other work."""


class StoppedError(BaseException):
    """The call was stopped: raised in a task, past all that catches its errors."""


_stopped: OrderedDict[tuple[str, int], None] = OrderedDict()
_local = threading.local()
_lock = threading.Lock()
_threads: set[int] = set()
_first_cpu: OrderedDict[str, float] = OrderedDict()


def describe(paths: Sequence[str]) -> str:
    """Return as JSON what this worker is; `unseen` are those of the paths that it cannot see."""
    return json.dumps(
        {
            "pid": os.getpid(),
            "parent": os.getppid(),
            "cpus": usable_cpus(),
            "versions": versions(),
            "unseen": [path for path in paths if not os.path.exists(path)],  # noqa: PTH110
        }
    )


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that count; empty where one is missing."""
    found = {"Python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = ""
    return found


def clock() -> float:
    """Return this machine's monotonic clock, by which events are stamped."""
    return time.monotonic()


def stop(run: str, calls: Sequence[int]) -> None:
    """Let these calls end at their next step; one that has not begun will not begin."""
    for call in calls:
        _stopped[run, call] = None
    while len(_stopped) > MOST_STOPPED:
        _stopped.popitem(last=False)


def die() -> None:
    """Kill this process now. Nothing else ends a thread that works."""
    os.kill(os.getpid(), signal.SIGKILL)


def run_call(run: str, call: int, speaks: str, tasks: Sequence[tuple[int, bytes]]) -> str:
    """Run tasks in turn, each with its number and as it was packed; raise nothing.

    Returns:
        JSON: the worker's address, and what the worker has cost this run so far.
    """
    from distributed import get_worker

    worker = get_worker()
    language.use(speaks)
    with _lock:
        first = _first_cpu.setdefault(run, cpu_seconds())
        while len(_first_cpu) > MOST_STOPPED:
            _first_cpu.popitem(last=False)
        thread = min(set(range(1, len(_threads) + 2)) - _threads)
        _threads.add(thread)
    several = worker.state.nthreads > 1
    teller = _Teller(worker, run, call, thread if several else None)
    try:
        with _Captured(teller):
            for task, work in tasks:
                teller.check()
                teller.run(task, work)
            # Before the next call of this thread tells that it begins.
            teller.flush()
    except StoppedError:
        teller.over()
    finally:
        with _lock:
            _threads.discard(thread)
    cost = {"cpu": cpu_seconds() - first, "memory": peak_memory(), "gil": has_gil()}
    return json.dumps({"worker": worker.address, "cost": cost})


class _Teller:
    """Tells what happens in one call, by the topic."""

    def __init__(self, worker: Any, run: str, call: int, thread: int | None) -> None:
        self._worker, self._run, self._call, self.thread = worker, run, call, thread
        self._lock = threading.Lock()
        self._waiting: list[str] = []
        self._sent = 0.0
        self._awaited = False
        self._lines = 0

    def check(self) -> None:
        """Raise `StoppedError` where the call was stopped."""
        if (self._run, self._call) in _stopped:
            raise StoppedError

    def tell(self, event: Event, *, at_once: bool = False) -> None:
        """Tell an event within `HELD_SECONDS`, or at once."""
        with self._lock:
            self._waiting.append(to_json(event))
            if at_once or time.monotonic() - self._sent >= HELD_SECONDS:
                self._send()
            elif not self._awaited:
                self._awaited = True
                self._worker.loop.add_callback(self._send_later)

    def flush(self) -> None:
        """Send what waits."""
        with self._lock:
            self._send()

    def _send_later(self) -> None:
        self._worker.loop.call_later(HELD_SECONDS, self._send_now)

    def _send_now(self) -> None:
        with self._lock:
            self._awaited = False
            self._send()

    def _send(self, **more: object) -> None:
        if not (self._waiting or more):
            return
        text = "\n".join(self._waiting)
        self._waiting.clear()
        self._sent = time.monotonic()
        message = {"run": self._run, "call": self._call, "worker": self._worker.address}
        self._worker.log_event(TOPIC, {**message, "events": text, **more})

    def over(self) -> None:
        """Tell that the call was stopped, and that nothing of it goes on."""
        with self._lock:
            self._waiting.clear()
            self._send(over=True)

    def line(self, stream: Stream, text: str, *, partial: bool) -> None:
        """Tell a line that the task has written."""
        self._lines += 1
        texts = [(text, partial)]
        if self.silent:
            texts = [(text, False), ("… (what follows is in the worker's own log)", False)]
        for text, partial in texts:
            self.tell(
                Output(
                    t=time.monotonic(),
                    pid=os.getpid(),
                    stream=stream,
                    text=text,
                    partial=partial,
                    thread=self.thread,
                )
            )

    @property
    def silent(self) -> bool:
        """Whether no more lines are told."""
        return self._lines >= MOST_LINES

    def run(self, task: int, work: bytes) -> None:
        """Run one task, and tell its beginning, its steps and its end."""
        pid, thread = os.getpid(), self.thread
        began = time.monotonic()
        step = ""

        def progress(name: str, fraction: float) -> None:
            nonlocal step
            self.check()
            step = name
            share = min(1.0, max(0.0, fraction))
            t = time.monotonic()
            self.tell(
                TaskProgress(t=t, task=task, pid=pid, step=step, fraction=share, thread=thread)
            )

        # At once: where this task kills the worker, the engine knows which task it was.
        self.tell(TaskStarted(t=began, task=task, pid=pid, thread=thread), at_once=True)
        try:
            function, argument = pickle.loads(work)
            result = dict(function(argument, progress) or {})
            _flush()
            now = time.monotonic()
            seconds = now - began
            done = TaskFinished(
                t=now, task=task, pid=pid, seconds=seconds, result=result, thread=thread
            )
            # A result that JSON cannot hold is the task's failure, too.
            to_json(done)
            self.tell(done)
        except StoppedError:
            raise
        except BaseException as raised:  # noqa: BLE001 - a task's own error is its result, exits too
            _flush()
            now = time.monotonic()
            self.tell(
                TaskFailed(
                    t=now,
                    task=task,
                    pid=pid,
                    seconds=now - began,
                    error=type(raised).__name__,
                    reason=sentence(raised),
                    step=step,
                    thread=thread,
                )
            )


# What tasks write


class _TaskWriter(LineWriter):
    """`sys.stdout` or `sys.stderr` while calls run: of a call's thread each line is an event.

    What other threads of the worker write goes where it went before.
    """

    def __init__(self, stream: Stream, before: Any) -> None:
        super().__init__(stream, list(Stream).index(stream) + 1)
        self.before = before

    def write(self, text: str, /) -> int:
        """See `LineWriter.write`."""
        if _present() is None:
            self.before.write(text)
            return len(text)
        return super().write(text)

    def flush(self) -> None:
        """See `LineWriter.flush`."""
        if _present() is None:
            self.before.flush()
        else:
            super().flush()

    def _emit(self, text: str, *, partial: bool) -> None:
        teller = _present()
        assert teller is not None, "the line is of a call's thread"
        if teller.silent:
            self.before.write(text if partial else f"{text}\n")
        else:
            teller.line(self._stream, text, partial=partial)


def _present() -> _Teller | None:
    """Return who tells what this thread does; `None` where it is not ours."""
    return getattr(_local, "teller", None)


class _Captured:
    """While it is open, this thread's prints are told by a teller."""

    _open = 0

    def __init__(self, teller: _Teller) -> None:
        self._teller = teller

    def __enter__(self) -> None:
        with _lock:
            if _Captured._open == 0:
                for stream in Stream:
                    setattr(sys, str(stream), _TaskWriter(stream, getattr(sys, str(stream))))
            _Captured._open += 1
        _local.teller = self._teller

    def __exit__(self, *_error: object) -> None:
        _flush()
        _local.teller = None
        with _lock:
            _Captured._open -= 1
            if _Captured._open == 0:
                for stream in Stream:
                    writer = getattr(sys, str(stream))
                    if isinstance(writer, _TaskWriter):
                        setattr(sys, str(stream), writer.before)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOBase | io.TextIOWrapper):
            stream.flush()
