"""`multiprocessing`'s helper processes, started before they are needed.

Imports little: the command starts them first of all, and is imported beside them.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from multiprocessing import forkserver, resource_tracker

from tui_app import signals
from tui_app.engine.machine import StartMethod

PRELOADED = [
    "tui_app.engine.worker",
    "tui_app.images.process",
    "concurrent.futures.process",
    "multiprocessing.popen_forkserver",
    "multiprocessing.queues",
    "multiprocessing.synchronize",
]
"""What the fork server imports once, so that its workers need not: what workers run, and by what
their pool reaches them."""

LONGEST_FOLDER = 70
"""Characters of a folder in which sockets may stand, with 30 for their own names: the path of one
may have 104 on macOS, 108 on Linux."""


@contextlib.contextmanager
def _hang_ups_ignored() -> Iterator[None]:
    """What is started meanwhile outlives a hang-up, and goes with this process instead.

    A terminal's hang-up reaches the whole group. A resource tracker that it kills is started anew,
    with a warning and a traceback where the terminal is not the only one to read them.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def make_room_for_sockets() -> None:
    """Has temporary files stand in `/tmp` where their folder's path is too long for sockets."""
    if len(tempfile.gettempdir()) > LONGEST_FOLDER:
        tempfile.tempdir = "/tmp"


def prestart(method: StartMethod) -> None:
    """Starts `multiprocessing`'s helper processes, before anything replaces `sys.stderr`.

    Under a running Textual app they could not be started: its stand-in for `sys.stderr` answers
    -1 to `fileno()` (Textual #3593). Cheap when they run already.
    """
    make_room_for_sockets()
    with contextlib.redirect_stderr(sys.__stderr__), _hang_ups_ignored():
        # The first, for it lets Ctrl-C through again.
        resource_tracker.ensure_running()
        if method is StartMethod.FORKSERVER:
            multiprocessing.set_forkserver_preload(PRELOADED)
            with signals.Held():
                forkserver.ensure_running()
