"""`multiprocessing`'s helper processes, started before they are needed.

Imports little: the command starts them first of all, and is imported beside them.
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
"""What the fork server imports once, so that its workers need not: what workers run, and by what
they are reached."""

LONGEST_FOLDER = 70
"""Characters of a folder in which sockets may stand, with 30 for their own names: the path of one
may have 104 on macOS, 108 on Linux."""

STDERR = 2


@contextlib.contextmanager
def starting() -> Iterator[None]:
    """Has `multiprocessing` start a process: a worker, and a helper where one was killed.

    What it says before it has a line to us is not for the terminal: a fork server that is refused
    a process dies with a traceback. It may have many files open. `multiprocessing` asks
    `sys.stderr` for its number, which Textual's stand-in cannot tell (Textual #3593). It warns of
    helpers that were killed, and of `fork`, which nobody gets who has not asked for it.
    """
    with (
        contextlib.redirect_stderr(sys.__stderr__),
        warnings.catch_warnings(),
        _unheard(),
        files_for_helpers(),
    ):
        warnings.filterwarnings("ignore", "resource_tracker: process died unexpectedly")
        warnings.filterwarnings("ignore", ".* use of fork", DeprecationWarning)
        # The first, for it lets Ctrl-C through again.
        resource_tracker.ensure_running()
        with signals.Held():
            yield


@contextlib.contextmanager
def _hang_ups_ignored() -> Iterator[None]:
    """What is started meanwhile outlives a hang-up, and goes with this process instead.

    A terminal's hang-up reaches the whole group. A resource tracker that it kills is started anew,
    with a warning and a traceback.
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
    """Meanwhile the null device is this process's stderr, if it has one."""
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
    """Has temporary files stand in `/tmp` where their folder's path is too long for sockets.

    Raises:
        FileNotFoundError: no folder for temporary files can be written.
    """
    if len(tempfile.gettempdir()) > LONGEST_FOLDER:
        tempfile.tempdir = "/tmp"


def prestart(method: StartMethod) -> None:
    """Starts `multiprocessing`'s helper processes, before anything replaces `sys.stderr`.

    Cheap when they run already.

    Raises:
        OSError: no process can be started, or the current folder is gone.
    """
    make_room_for_sockets()
    with _hang_ups_ignored(), starting():
        if method is StartMethod.FORKSERVER:
            multiprocessing.set_forkserver_preload(PRELOADED)
            forkserver.ensure_running()
