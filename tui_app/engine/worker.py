"""The worker's side: connects to the engine, captures what is written, runs tasks.

Each worker connects its own three sockets to the engine: one for its events, one put under fd 1,
one under fd 2. Workers share none of them: a worker that is killed while it writes to a shared
queue keeps the queue's lock, and the others wait for ever.

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
import warnings
from collections.abc import Callable, Sequence
from multiprocessing import current_process, parent_process
from typing import Any, NoReturn

from tui_app import language
from tui_app.engine.limits import limit_files
from tui_app.engine.resource_usage import cpu_seconds, has_gil, peak_memory
from tui_app.engine.spec import TaskFunction
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
from tui_app.files.error_words import refusal
from tui_app.system.threads import start_thread

NICENESS = 10
"""What a worker adds to its niceness, so that the screen stays quick on a busy machine."""

ORPHANED = 113
"""Exit code of a worker that left because the engine was gone."""

UNFIT = 114
"""Exit code of a process that could not be made a worker."""

EVENTS = "events"
"""The kind of the connection for events, as its greeting has it; the others are a `Stream` each."""

COST = "cost"
"""What a worker reports when it has done what it was handed: what it has cost so far."""

HELD_SECONDS = 0.02
"""Longest time an event is buffered before it is sent, where several tasks are run in turn."""

LONGEST_REASON = 500
"""Characters of an error's text that are kept."""


class _EngineLine:
    """The connection to the engine. Its methods may be called from any thread.

    Attributes:
        several: whether events may be buffered for a moment, and sent together.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._lock = threading.Lock()
        self._waiting: list[str] = []
        self._sent = 0.0
        self.events = _connect(address, EVENTS)
        self.several = False

    def emit(self, event: Event) -> None:
        self.send(to_json(event))

    def send(self, text: str, *, at_once: bool = False) -> None:
        with self._lock:
            self._waiting.append(text)
            if at_once or not self.several or time.monotonic() - self._sent >= HELD_SECONDS:
                self._flush()

    def flush(self) -> None:
        with self._lock:
            if self._waiting:
                self._flush()

    def _flush(self) -> None:
        data = "\n".join([*self._waiting, ""]).encode()
        self._waiting.clear()
        self._sent = time.monotonic()
        try:
            self.events.sendall(data)
        except OSError:
            _leave(self.address)


_engine: _EngineLine | None = None
_LIBC = ctypes.CDLL(None)
_IOLBF = 1
"""`setvbuf`'s number for writing by lines, in the C libraries of Linux and macOS."""
_local = threading.local()


def attach(address: str, speaks: str = language.ENGLISH, files: int | None = None) -> None:
    """Make this process a worker: the executor's initializer.

    Connects to the engine, puts sockets under fds 1 and 2 and `/dev/null` under fd 0, lowers the
    priority, and sees to it that the process ends with the engine.

    Args:
        address: the path of the engine's Unix socket.
        speaks: the language of what it says of its tasks.
        files: how many files it may have open; `None`: as many as the process that started it.
    """
    global _engine
    # The engine decides what a terminal's Ctrl-C or hang-up means. A forked worker has the app's
    # handlers.
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    for signum in (signal.SIGTERM, signal.SIGTSTP, signal.SIGCONT):
        signal.signal(signum, signal.SIG_DFL)
    # SIGINT was blocked until here; a script that this process starts must get it.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    os.nice(NICENESS)
    if files is not None:
        limit_files(files)
    language.use(speaks)
    # A process that cannot have this thread is no worker, and does not connect.
    connected = threading.Event()
    start_thread(_watch, connected, address)
    _engine = _EngineLine(address)
    connected.set()
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    for fd, stream in enumerate(Stream, 1):
        raw = _connect(address, stream)
        os.dup2(raw.fileno(), fd)
        raw.close()
        writer = LineWriter(stream, fd)
        setattr(sys, str(stream), writer)
        setattr(sys, f"__{stream}__", writer)
    _write_by_lines()
    faulthandler.enable(file=2)
    # A person wants to read the warning in one line, not where in a library it was raised.
    warnings.formatwarning = lambda text, kind, *_rest: f"{kind.__name__}: {text}\n"


def _attached() -> _EngineLine:
    assert _engine is not None, "this is for workers: attach() first"
    return _engine


def orphaned() -> NoReturn:
    """End this process, whose engine is gone."""
    _leave(_engine.address if _engine is not None else "")


def number_thread(number: int) -> None:
    """Give this thread its number (1, 2, …), where the threads of a worker do the work."""
    _local.thread = number


def packed(function: TaskFunction, argument: Any) -> bytes:
    """Return a task as it is sent to a worker.

    A pool would pickle it too, but in another thread, where an error comes late; and a worker that
    cannot unpickle would break the pool.

    Raises:
        Exception: what pickling raises for an object that cannot be pickled.
    """
    return pickle.dumps((function, argument), pickle.HIGHEST_PROTOCOL)


def run_tasks(tasks: Sequence[tuple[int, bytes]]) -> int:
    """Run tasks in turn, each with its number and as it was `packed`; raise nothing.

    The worker sends the end of each task itself, in its place among what else it sent. So each end
    is told at once, and is known even where the next task kills this process.

    Returns:
        The pid of this process.
    """
    engine = _attached()
    engine.several = len(tasks) > 1
    for task, work in tasks:
        engine.send(_run(engine, task, work))
    cost = {"cpu": cpu_seconds(), "memory": peak_memory(), "gil": has_gil()}
    engine.send(json.dumps({"event": COST, COST: cost}))
    engine.flush()
    return os.getpid()


def _run(engine: _EngineLine, task: int, work: bytes) -> str:
    """Run one task, and tell that it began; return its end as JSON."""
    began = TaskStarted(t=time.monotonic(), task=task, pid=os.getpid(), thread=_thread())
    # At once: where this task kills the process, the engine knows which task it was.
    engine.send(to_json(began), at_once=True)
    return end_of(began, work, engine.emit, _flush)


def end_of(
    began: TaskStarted,
    work: bytes,
    emit: Callable[[Event], None],
    flush: Callable[[], None],
    passing: type[BaseException] | tuple[()] = (),
) -> str:
    """Run a task that has begun, as it was `packed`; return its end as JSON.

    Args:
        began: what was told of its beginning.
        work: the task.
        emit: takes each step.
        flush: sends what the task has written, before its end is told.
        passing: an error that is none of the task's, and is raised.
    """
    task, pid, thread = began.task, began.pid, began.thread
    progress = _StepReporter(began, emit)
    try:
        function, argument = pickle.loads(work)
        result = dict(function(argument, progress) or {})
        flush()
        now = time.monotonic()
        done = TaskFinished(
            t=now, task=task, pid=pid, seconds=now - began.t, result=result, thread=thread
        )
        # A result that JSON cannot hold is the task's failure, too.
        return to_json(done)
    except passing:
        raise
    except BaseException as raised:  # noqa: BLE001 - a task's own error is its result, exits too
        flush()
        now = time.monotonic()
        failed = TaskFailed(
            t=now,
            task=task,
            pid=pid,
            seconds=now - began.t,
            error=type(raised).__name__,
            reason=sentence(raised),
            step=progress.step,
            thread=thread,
        )
        return to_json(failed)


def _write_by_lines() -> None:
    """Let C's stdout write each line at once, as on a terminal.

    On a socket it would keep some kilobytes back, and what a library prints would come late.
    """
    # `setvbuf` can only change a buffer to which nothing was written yet.
    _LIBC.fflush(None)
    stdout = ctypes.c_void_p.in_dll(_LIBC, "__stdoutp" if sys.platform == "darwin" else "stdout")
    _LIBC.setvbuf(stdout, None, _IOLBF, ctypes.c_size_t(io.DEFAULT_BUFFER_SIZE))


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    _LIBC.fflush(None)


def sentence(error: BaseException) -> str:
    """Return the first line of an exception's text, or its class where it has none."""
    return refusal(error)[:LONGEST_REASON]


class _StepReporter:
    """The `Progress` of one task: tells its steps, and remembers the latest for a failure."""

    def __init__(self, began: TaskStarted, emit: Callable[[Event], None]) -> None:
        self._began, self._emit = began, emit
        self.step = ""

    def __call__(self, step: str, fraction: float) -> None:
        self.step = step
        self._emit(
            TaskProgress(
                t=time.monotonic(),
                task=self._began.task,
                pid=self._began.pid,
                step=step,
                fraction=min(1.0, max(0.0, fraction)),
                thread=self._began.thread,
            )
        )


class LineWriter(io.TextIOBase):
    """A worker's `sys.stdout` or `sys.stderr`: each whole line is sent as an event.

    Each thread has its own unfinished line, so that prints of several threads are not mixed up.
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
        """Return true."""
        return True

    def isatty(self) -> bool:
        """Return false."""
        return False

    def fileno(self) -> int:
        """Return 1 or 2: what C libraries and subprocesses write to."""
        return self._fd

    def write(self, text: str, /) -> int:
        """Send each line that is whole now."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        *lines, rest = (getattr(self._line, "rest", "") + text).split("\n")
        self._line.rest = rest
        for line in lines:
            self._emit(line, partial=False)
        return len(text)

    def flush(self) -> None:
        """Send the unfinished line, marked as partial."""
        rest = getattr(self._line, "rest", "")
        if rest:
            self._line.rest = ""
            self._emit(rest, partial=True)

    def _emit(self, text: str, *, partial: bool) -> None:
        _attached().emit(
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


def _connect(address: str, kind: str) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    line.connect(address)
    process = current_process()
    hello = {"kind": kind, "pid": os.getpid(), "name": process.name, "t": time.monotonic()}
    line.sendall(json.dumps(hello).encode() + b"\n")
    return line


def _watch(connected: threading.Event, address: str) -> None:
    """Send what was buffered too long, and end this process when the engine is gone.

    The engine is gone at the end of file on the connection, or when the parent has changed: under
    `fork` a sibling may have a copy of the engine's end. A killed engine could not remove its
    socket, so its workers do; but not where only their fork server is gone, for other workers will
    connect there.
    """
    parent = os.getppid()
    app = parent_process()
    of_server = app is not None and app.pid != parent
    connected.wait()
    engine = _attached()
    while os.getppid() == parent:
        if _has_hung_up(engine.events, 0.1):
            _leave(address)
        engine.flush()
    if of_server and not _has_hung_up(engine.events, 0.0):
        os._exit(ORPHANED)
    _leave(address)


def _has_hung_up(line: socket.socket, seconds: float) -> bool:
    """Wait so many seconds for the engine to close the connection; return whether it has."""
    try:
        return bool(select.select([line], [], [], seconds)[0]) and not line.recv(1)
    except ConnectionResetError:
        # The connection is reset where the engine died before it had read all.
        return True


def _leave(address: str) -> NoReturn:
    # Several threads may be here, and the first that exits ends the others: each does all of it.
    with contextlib.suppress(OSError):
        os.unlink(address)  # noqa: PTH108 - pathlib is not worth importing here
    with contextlib.suppress(OSError):
        os.rmdir(os.path.dirname(address))  # noqa: PTH106, PTH120
    os._exit(ORPHANED)
