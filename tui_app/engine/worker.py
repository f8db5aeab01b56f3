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
import warnings
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import current_process, parent_process
from typing import Any, NoReturn

from tui_app import language
from tui_app.engine.limits import limit_files
from tui_app.engine.resource_usage import cpu_seconds, has_gil, peak_memory
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
"""What a worker adds to its niceness, so that the screen stays quick on a full machine."""

ORPHANED = 113
"""Exit code of a worker that left because its engine was gone."""

UNFIT = 114
"""Exit code of a process that could not be made a worker."""

COST = "cost"
"""What a worker says on its line when it has done what it was handed: what it has cost so far."""

HELD_SECONDS = 0.02
"""What a worker says of one of several small tasks waits at most so long for company."""

LONGEST_REASON = 500
"""Characters of an error's text that are kept."""

Progress = Callable[[str, float], None]
"""Called by a task as `progress(step, fraction)` when it comes to a step; fraction is 0 to 1."""

TaskFunction = Callable[[Any, Progress], Mapping[str, Any] | None]
"""What a task runs: takes its argument, returns plain data that JSON can hold."""


class _Home:
    """The line to the engine. Its methods may be called from any thread.

    Attributes:
        several: whether what is said may wait a little, to be sent with what comes next.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._lock = threading.Lock()
        self._waiting: list[str] = []
        self._sent = 0.0
        self.events = _dial(address, "events")
        self.several = False

    def emit(self, event: Event) -> None:
        self.say(to_json(event))

    def say(self, text: str, *, at_once: bool = False) -> None:
        with self._lock:
            self._waiting.append(text)
            if at_once or not self.several or time.monotonic() - self._sent >= HELD_SECONDS:
                self._send()

    def flush(self) -> None:
        with self._lock:
            if self._waiting:
                self._send()

    def _send(self) -> None:
        data = "\n".join([*self._waiting, ""]).encode()
        self._waiting.clear()
        self._sent = time.monotonic()
        try:
            self.events.sendall(data)
        except OSError:
            _leave(self.address)


_home: _Home | None = None
_LIBC = ctypes.CDLL(None)
_IOLBF = 1
"""`setvbuf`'s word for writing by lines, in the C libraries of Linux and macOS."""
_local = threading.local()


def attach(address: str, speaks: str = language.ENGLISH, files: int | None = None) -> None:
    """Makes this process a worker of the engine that listens at `address` (a Unix socket's path).

    What it says of its tasks, it says in the language `speaks`. It may have so many `files` open
    at once: what starts it may have more.

    The executor's initializer: dials home, puts the sockets under fds 1 and 2 and `/dev/null` under
    fd 0, lowers the priority, and leaves with the engine.
    """
    global _home
    # Of a terminal's Ctrl-C or hang-up the engine decides; a forked worker has the app's handlers.
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    for signum in (signal.SIGTERM, signal.SIGTSTP, signal.SIGCONT):
        signal.signal(signum, signal.SIG_DFL)
    # It was held until here; a script that this process starts must hear it.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    os.nice(NICENESS)
    if files is not None:
        limit_files(files)
    language.use(speaks)
    # Who cannot have this thread is no worker, and does not dial.
    dialled = threading.Event()
    start_thread(_watch, dialled, address)
    _home = _Home(address)
    dialled.set()
    for stream, fd in ((Stream.STDOUT, 1), (Stream.STDERR, 2)):
        raw = _dial(address, stream)
        os.dup2(raw.fileno(), fd)
        raw.close()
    _write_by_lines()
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    for name, stream, fd in (("stdout", Stream.STDOUT, 1), ("stderr", Stream.STDERR, 2)):
        writer = LineWriter(stream, fd)
        setattr(sys, name, writer)
        setattr(sys, f"__{name}__", writer)
    faulthandler.enable(file=2)
    # A person wants to know what it says, in one line, not where in a library it is said.
    warnings.formatwarning = lambda text, kind, *_rest: f"{kind.__name__}: {text}\n"


def orphaned() -> NoReturn:
    """Ends this process, whose engine is gone."""
    _leave(_home.address if _home is not None else "")


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


def run_tasks(tasks: Sequence[tuple[int, bytes]]) -> int:
    """Runs tasks, each with its number and as it was `packed`, one after another; never raises.

    How each ended it says itself, on its line, in its place among what else it said. So the end of
    one of several is told at once, and is known even where the next one kills this process.

    Returns:
        The pid, by which the engine finds the line.
    """
    assert _home is not None, "run_tasks is for workers: attach() first"
    _home.several = len(tasks) > 1
    for task, work in tasks:
        _home.say(_run(_home, task, work))
    cost = {"event": COST, "cpu": cpu_seconds(), "memory": peak_memory(), "gil": has_gil()}
    _home.say(json.dumps(cost))
    _home.flush()
    return os.getpid()


def _run(home: _Home, task: int, work: bytes) -> str:
    """Runs one task, and says that it began; returns its end as JSON."""
    pid, thread = os.getpid(), _thread()
    at = _Step(task, pid, thread)
    began = time.monotonic()
    # Whatever else may wait: where this task kills the process, it is known whose work it was.
    home.say(to_json(TaskStarted(t=began, task=task, pid=pid, thread=thread)), at_once=True)
    try:
        function, argument = pickle.loads(work)
        result = dict(function(argument, at) or {})
        _flush()
        now = time.monotonic()
        done = TaskFinished(
            t=now, task=task, pid=pid, seconds=now - began, result=result, thread=thread
        )
        # What JSON cannot hold is the task's mistake, too.
        return to_json(done)
    except BaseException as raised:  # noqa: BLE001 - a task's own error is its result, exits too
        _flush()
        now = time.monotonic()
        failed = TaskFailed(
            t=now,
            task=task,
            pid=pid,
            seconds=now - began,
            error=type(raised).__name__,
            reason=sentence(raised),
            step=at.step,
            thread=thread,
        )
        return to_json(failed)


def _write_by_lines() -> None:
    """Has C's stdout write each line at once, as on a terminal.

    On a socket it would hold some kilobytes back, and what a library printed would come late.
    """
    # Of C's buffers `setvbuf` can change those only to which nothing was written yet.
    _LIBC.fflush(None)
    stdout = ctypes.c_void_p.in_dll(_LIBC, "__stdoutp" if sys.platform == "darwin" else "stdout")
    _LIBC.setvbuf(stdout, None, _IOLBF, ctypes.c_size_t(io.DEFAULT_BUFFER_SIZE))


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    _LIBC.fflush(None)


def sentence(error: BaseException) -> str:
    """The first line of what an exception says, or its class where it says nothing."""
    return refusal(error)[:LONGEST_REASON]


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


def _watch(dialled: threading.Event, address: str) -> None:
    """Sends what waits too long, and ends this process when the engine is gone.

    That is at the end of file on the line, or where there is another parent: under `fork` a
    sibling may hold a copy of the engine's end. A killed engine could not remove its socket, so
    the workers do; not where only their fork server is gone, for others will dial there.
    """
    parent = os.getppid()
    engine = parent_process()
    of_server = engine is not None and engine.pid != parent
    dialled.wait()
    home = _home
    assert home is not None
    while os.getppid() == parent:
        if _has_hung_up(home.events, 0.1):
            _leave(address)
        home.flush()
    if of_server and not _has_hung_up(home.events, 0.0):
        os._exit(ORPHANED)
    _leave(address)


def _has_hung_up(line: socket.socket, seconds: float) -> bool:
    """Waits so long for the engine's end of a line to be closed; whether it is."""
    try:
        return bool(select.select([line], [], [], seconds)[0]) and not line.recv(1)
    except ConnectionResetError:
        # It is reset, not ended, where the engine died before it had read all.
        return True


def _leave(address: str) -> NoReturn:
    # Several may be here at once, and the first to leave ends the others: each does all of it.
    with contextlib.suppress(OSError):
        os.unlink(address)  # noqa: PTH108 - pathlib is not worth importing here
    with contextlib.suppress(OSError):
        os.rmdir(os.path.dirname(address))  # noqa: PTH106, PTH120
    os._exit(ORPHANED)
