"""The worker's side: dials home, captures what is written, runs one task after another.

Each worker connects its own three sockets to the engine: one for its events, one put under fd 1,
one under fd 2. They are never shared between workers, because a worker that is killed while it
writes to a shared queue dies holding the queue's lock, and the others wait for it for ever.

Imported in every worker, so it imports little: nothing of asyncio or Textual.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import io
import json
import os
import pickle
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing import current_process
from typing import Any, NoReturn

from tui_app import language
from tui_app.engine.cost import cpu_seconds, peak_memory
from tui_app.events import Event, Output, Stream, TaskProgress, TaskStarted, to_json

NICENESS = 10
"""What a worker adds to its niceness, so that the screen stays quick on a full machine."""

ORPHANED = 113
"""Exit code of a worker that left because its engine was gone."""

ENDED = "ended"
"""What a worker says on its line when it has ended a task, with what it has cost so far.

The result goes by the future.
"""

LONGEST_REASON = 500
"""Characters of an error's text that are kept."""

Progress = Callable[[str, float], None]
"""Called by a task as `progress(step, fraction)` when it comes to a step; fraction is 0 to 1."""

TaskFunction = Callable[[Any, Progress], Mapping[str, Any] | None]
"""What a task runs: takes its argument, returns plain data that JSON can hold."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a task ended, as it crosses back to the engine: plain data only.

    An exception itself never crosses: one that cannot be unpickled would break the whole pool.
    `t` is the worker's `time.monotonic()`; `error` is empty where the task went well.
    """

    pid: int
    thread: int | None
    t: float
    seconds: float
    result: dict[str, Any]
    error: str = ""
    reason: str = ""
    step: str = ""


class _Home:
    """The line to the engine. `emit` may be called from any thread."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._lock = threading.Lock()
        self.events = _dial(address, "events")

    def emit(self, event: Event) -> None:
        self._send(to_json(event))

    def ended(self, task: int) -> None:
        cost = {"cpu": cpu_seconds(), "memory": peak_memory()}
        self._send(json.dumps({"event": ENDED, "task": task, **cost}))

    def _send(self, text: str) -> None:
        try:
            with self._lock:
                self.events.sendall(text.encode() + b"\n")
        except OSError:
            _leave(self._address)


_home: _Home | None = None
_local = threading.local()


def attach(address: str, speaks: str = language.ENGLISH) -> None:
    """Makes this process a worker of the engine that listens at `address` (a Unix socket's path).

    What it says of its tasks, it says in the language `speaks`.

    The pool's initializer: dials home, puts the sockets under fds 1 and 2 and `/dev/null` under
    fd 0, lowers the priority, and leaves with the engine.
    """
    global _home
    # Of a terminal's Ctrl-C or hang-up the engine decides; SIGTERM must end a forked worker too.
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.nice(NICENESS)
    language.use(speaks)
    _home = _Home(address)
    threading.Thread(target=_leave_with, args=(_home.events, address), daemon=True).start()
    for stream, fd in ((Stream.STDOUT, 1), (Stream.STDERR, 2)):
        raw = _dial(address, stream)
        os.dup2(raw.fileno(), fd)
        raw.close()
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    for name, stream, fd in (("stdout", Stream.STDOUT, 1), ("stderr", Stream.STDERR, 2)):
        writer = LineWriter(stream, fd)
        setattr(sys, name, writer)
        setattr(sys, f"__{name}__", writer)
    faulthandler.enable(file=2)


def number_thread(number: int) -> None:
    """Tells this thread its number (1, 2, …), where the threads of a worker do the work."""
    _local.thread = number


def packed(function: TaskFunction, argument: Any) -> bytes:
    """A task as it crosses to a worker.

    The pool would pickle it too, but in a thread of its own, where an error comes late; and a
    worker that cannot unpickle would break the pool.

    Raises:
        Exception: whatever pickling raises for what cannot be pickled.
    """
    return pickle.dumps((function, argument), pickle.HIGHEST_PROTOCOL)


def run_task(task: int, work: bytes) -> Ended:
    """Runs one task, as it was `packed`, and says so at once; tells how it ended, never raises."""
    assert _home is not None, "run_task is for workers: attach() first"
    pid, thread = os.getpid(), _thread()
    at = _Step(task, pid, thread)
    began = time.monotonic()
    _home.emit(TaskStarted(t=began, task=task, pid=pid, thread=thread))
    result: dict[str, Any] = {}
    error = reason = ""
    try:
        function, argument = pickle.loads(work)
        returned = function(argument, at) or {}
        # There and back: what JSON can hold, every reader can have, and it can be sent home.
        result = json.loads(json.dumps(dict(returned)))
    except BaseException as raised:  # noqa: BLE001 - a task's own error is its result, exits too
        error, reason = type(raised).__name__, sentence(raised)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        _flush_c_streams()
    now = time.monotonic()
    _home.ended(task)
    return Ended(pid, thread, now, now - began, result, error, reason, at.step)


def sentence(error: BaseException) -> str:
    """The first line of what an exception says, or its class where it says nothing."""
    lines = str(error).strip().splitlines()
    return lines[0][:LONGEST_REASON] if lines else type(error).__name__


class _Step:
    """The `progress` of one task: tells the engine, and remembers the step for a failure."""

    def __init__(self, task: int, pid: int, thread: int | None) -> None:
        self._task, self._pid, self._thread = task, pid, thread
        self.step = ""

    def __call__(self, step: str, fraction: float) -> None:
        assert _home is not None
        self.step = step
        _home.emit(
            TaskProgress(
                t=time.monotonic(),
                task=self._task,
                pid=self._pid,
                step=step,
                fraction=min(1.0, max(0.0, fraction)),
                thread=self._thread,
            )
        )


class LineWriter(io.TextIOBase):
    """A worker's `sys.stdout` or `sys.stderr`: whole lines become events, stamped here.

    Each thread has a line of its own under way, so that prints do not tear into each other.
    """

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, stream: Stream, fd: int) -> None:
        self.name = f"<{stream}>"
        self._stream = stream
        self._fd = fd
        self._line = threading.local()
        self.buffer = io.FileIO(fd, "wb", closefd=False)

    def writable(self) -> bool:
        """Always."""
        return True

    def isatty(self) -> bool:
        """Never."""
        return False

    def fileno(self) -> int:
        """1 or 2: what C libraries and subprocesses write to."""
        return self._fd

    def write(self, text: str, /) -> int:
        """Sends each line that is now whole."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        *lines, rest = (getattr(self._line, "rest", "") + text).split("\n")
        self._line.rest = rest
        for line in lines:
            self._emit(line, partial=False)
        return len(text)

    def flush(self) -> None:
        """Sends the line under way, marked as partial."""
        rest = getattr(self._line, "rest", "")
        if rest:
            self._line.rest = ""
            self._emit(rest, partial=True)

    def _emit(self, text: str, *, partial: bool) -> None:
        assert _home is not None
        _home.emit(
            Output(
                t=time.monotonic(),
                pid=os.getpid(),
                stream=self._stream,
                text=text,
                partial=partial,
                thread=_thread(),
            )
        )


def _thread() -> int | None:
    return getattr(_local, "thread", None)


def _dial(address: str, kind: str) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    line.connect(address)
    process = current_process()
    hello = {"kind": kind, "pid": os.getpid(), "name": process.name, "t": time.monotonic()}
    line.sendall(json.dumps(hello).encode() + b"\n")
    return line


def _leave_with(line: socket.socket, address: str) -> None:
    """Ends this process when the engine is gone: end of file on the line, or another parent.

    Under `fork` a sibling may hold a copy of the engine's end, so the parent is looked at too.
    A killed engine could not remove its socket, so the workers do.
    """
    parent = os.getppid()
    # The line is reset, not ended, where the engine died before it had read all.
    with contextlib.suppress(ConnectionResetError):
        while os.getppid() == parent:
            if select.select([line], [], [], 1.0)[0] and not line.recv(1):
                break
    _leave(address)


def _leave(address: str) -> NoReturn:
    # Several may be here at once, and the first to leave ends the others: each does all of it.
    with contextlib.suppress(OSError):
        os.unlink(address)  # noqa: PTH108 - pathlib is not worth importing here
    with contextlib.suppress(OSError):
        os.rmdir(os.path.dirname(address))  # noqa: PTH106, PTH120
    os._exit(ORPHANED)


def _flush_c_streams() -> None:
    # C's stdout is buffered in full when it is a socket: what a library printed would come late.
    ctypes.CDLL(None).fflush(None)
