"""`multiprocessing`'s helper processes, started before they are needed.

Imports little: the command starts them first of all, and is imported while they start.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator
from multiprocessing import forkserver, resource_tracker

from tui_app.engine.limits import files_for_helpers
from tui_app.engine.machine import StartMethod
from tui_app.system import signals

PRELOADED = [
    "tui_app.engine.worker",
    "tui_app.engine.call_server",
    "tui_app.images.pipeline",
    "tui_app.runs.header_readers",
    "concurrent.futures.process",
    "multiprocessing.popen_forkserver",
    "multiprocessing.queues",
    "multiprocessing.synchronize",
]
"""What the fork server imports once, so that its workers need not: what workers run, and what they
are reached through."""

LONGEST_FOLDER = 70
"""Longest path of a folder for sockets, in characters; 30 more are for their names. A socket's path
may have 104 on macOS (https://man.freebsd.org/cgi/man.cgi?unix(4)), and 108 on Linux
(https://man7.org/linux/man-pages/man7/unix.7.html)."""

STDERR = 2


@contextlib.contextmanager
def starting() -> Iterator[None]:
    """Let `multiprocessing` start a process: a worker, and a helper where one was killed.

    - What the process says before it is connected is not for the terminal: a fork server that may
      start no process dies with a traceback. The process may have many files open.
    - `multiprocessing` asks `sys.stderr` for its file descriptor, and Textual's stand-in has none
      (https://github.com/Textualize/textual/issues/3593).
    - Its warnings are not shown: that a helper was killed, and that `fork` is used, which only
      those get who asked for it.
    """
    with (
        contextlib.redirect_stderr(sys.__stderr__),
        warnings.catch_warnings(),
        _unheard(),
        files_for_helpers(),
    ):
        warnings.filterwarnings("ignore", "resource_tracker: process died unexpectedly")
        warnings.filterwarnings("ignore", ".* use of fork", DeprecationWarning)
        # First of all: it lets Ctrl-C through again.
        resource_tracker.ensure_running()
        with signals.Held():
            yield


@contextlib.contextmanager
def _hang_ups_ignored() -> Iterator[None]:
    """Let what is started outlive a terminal's hang-up; it ends with this process.

    A hang-up reaches the whole process group. A resource tracker that it kills would be started
    anew, with a warning and a traceback.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


@contextlib.contextmanager
def _unheard() -> Iterator[None]:
    """Make the null device this process's stderr, if it has one."""
    if sys.__stderr__ is None:
        yield
        return
    kept = os.dup(STDERR)
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, STDERR)
        os.close(null)
        yield
    finally:
        os.dup2(kept, STDERR)
        os.close(kept)


def make_room_for_sockets() -> None:
    """Put temporary files into `/tmp` where their folder's path is too long for sockets.

    Raises:
        FileNotFoundError: no folder for temporary files can be written.
    """
    if len(tempfile.gettempdir()) > LONGEST_FOLDER:
        tempfile.tempdir = "/tmp"


def prestart(method: StartMethod) -> None:
    """Start `multiprocessing`'s helper processes, before anything replaces `sys.stderr`.

    Cheap where they run already.

    Raises:
        OSError: no process can be started, or the current folder is gone.
    """
    make_room_for_sockets()
    with _hang_ups_ignored(), starting():
        if method is StartMethod.FORKSERVER:
            multiprocessing.set_forkserver_preload(PRELOADED)
            forkserver.ensure_running()
