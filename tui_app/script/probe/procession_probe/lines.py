"""Which line of the script its main process is on.

Exact at each wait, print and start of a process; in between a thread looks, twenty times a
second. `sys.settrace` would tell each line, and make a loop 5.6 times slower.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import _thread
import os
import sys
from time import monotonic

from .home import home

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

SAMPLE_SECONDS = 0.05
STOP_SECONDS = 0.01

PATIENCE = 1.0
"""Seconds after which a thread that was to end is taken for one that was never started."""

_last = 0
_told = 0
_sampler: LineSampler | None = None
_ended = False


def tell_line() -> None:
    """Tells the line that the main process is on, where it is another than before."""
    global _told
    if home.is_main and _thread.get_ident() == home.thread:
        start_sampling()
        _told += 1
        _tell(sys._getframe(1), monotonic())


def _tell(frame: FrameType | None, t: float) -> None:
    global _last
    main = sys.modules.get("__main__")
    script = getattr(main, "__dict__", None)
    while frame is not None and frame.f_globals is not script:
        frame = frame.f_back
    if frame is not None and frame.f_lineno and frame.f_lineno != _last:
        _last = frame.f_lineno
        home.tell("line", line=_last, t=t)


class LineSampler:
    """A thread that looks which line the main process is on.

    It is none of `threading`'s, so the script does not see it, and it takes no signal: one that the
    script waits for must find nobody but who waits. It has no lock in common with the script's
    threads: a handler's error there may come wherever one is held.
    """

    def __init__(self) -> None:
        self._stop, self._stopped = _thread.allocate_lock(), _thread.allocate_lock()
        self._stop.acquire()
        self._stopped.acquire()
        self._id = 0

    def start(self) -> None:
        """Starts the thread.

        Raises:
            RuntimeError: the script may have no thread more.
        """
        mask = _signal.pthread_sigmask(_signal.SIG_BLOCK, _signal.valid_signals())
        try:
            _thread.start_new_thread(self._run, ())
        finally:
            _signal.pthread_sigmask(_signal.SIG_SETMASK, mask)

    def stop(self) -> None:
        """Ends the thread, and waits until it has gone."""
        self._stop.release()
        if self._stopped.acquire(timeout=PATIENCE):
            deadline = monotonic() + STOP_SECONDS
            while os.path.exists(f"/proc/self/task/{self._id}"):  # noqa: PTH110
                if monotonic() > deadline:
                    break

    def _run(self) -> None:
        self._id = _thread.get_native_id()
        while not self._stop.acquire(timeout=SAMPLE_SECONDS):
            t, told = monotonic(), _told
            frame = sys._current_frames().get(home.thread)
            # What the main thread told meanwhile is newer.
            if told == _told:
                _tell(frame, t)
            del frame
        self._stopped.release()


def start_sampling() -> None:
    """Starts the thread that looks, unless it runs.

    After a fork it starts with the next thing that the main process does: Python warns of other
    threads when it has forked, too.
    """
    global _sampler, _ended
    if home.is_main and _sampler is None and not _ended:
        _sampler = LineSampler()
        try:
            _sampler.start()
        except RuntimeError:
            # Its line is told where it is exact, and not between.
            _sampler, _ended = None, True


def stop_sampling() -> None:
    """Ends that thread, and waits until it has gone: no fork, and no exit, meets it.

    Python 3.12 warns of a fork beside other threads, and asks the system for their number.
    """
    global _sampler
    sampler, _sampler = _sampler, None
    if sampler is not None:
        sampler.stop()


def end_sampling() -> None:
    """Ends that thread for good: the interpreter ends, or is about to be one of several.

    To look at the frames of one's threads is to look at those of all interpreters, and CPython is
    killed where another one's change meanwhile.
    """
    global _ended
    _ended = True
    stop_sampling()
