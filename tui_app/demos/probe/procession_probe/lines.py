"""Which line of the script its main process is on.

Exact at each wait, print and start of a process; in between a thread looks, twenty times a
second. `sys.settrace` would tell each line, and make a loop 5.6 times slower.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import _thread
import os
import sys
import time

from .home import home

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

SAMPLE_SECONDS = 0.05
STOP_SECONDS = 0.01

_last = 0
_stop: _thread.LockType | None = None
_sampler = 0
_ended = False
_stopped = _thread.allocate_lock()
_telling = _thread.RLock()


def tell_line() -> None:
    """Tells the line that the main process is on, where it is another than before."""
    if home.is_main and _thread.get_ident() == home.thread:
        start_sampling()
        with _telling:
            _tell(sys._getframe(1))


def _tell(frame: FrameType | None) -> None:
    global _last
    main = sys.modules.get("__main__")
    script = getattr(main, "__dict__", None)
    while frame is not None and frame.f_globals is not script:
        frame = frame.f_back
    if frame is not None and frame.f_lineno and frame.f_lineno != _last:
        _last = frame.f_lineno
        home.tell("line", line=_last)


def start_sampling() -> None:
    """Starts the thread that looks, unless it runs.

    It is none of `threading`'s, so the script does not see it, and it takes no signal: one that the
    script waits for must find nobody but who waits. After a fork it starts with the next thing that
    the main process does: Python warns of other threads when it has forked, too.
    """
    global _stop, _ended
    if not home.is_main or _stop is not None or _ended:
        return
    stop = _thread.allocate_lock()
    stop.acquire()
    _stopped.acquire()
    mask = _signal.pthread_sigmask(_signal.SIG_BLOCK, _signal.valid_signals())
    try:
        _thread.start_new_thread(_sample, (stop,))
        _stop = stop
    except RuntimeError:
        # The script may have no thread more: its line is told where it is exact, and not between.
        _stopped.release()
        _ended = True
    finally:
        _signal.pthread_sigmask(_signal.SIG_SETMASK, mask)


def stop_sampling() -> None:
    """Ends that thread, and waits until it has gone: no fork, and no exit, meets it.

    Python 3.12 warns of a fork beside other threads, and asks the system for their number.
    """
    global _stop
    if _stop is not None:
        _stop.release()
        _stop = None
        _stopped.acquire()
        _stopped.release()
        deadline = time.monotonic() + STOP_SECONDS
        while os.path.exists(f"/proc/self/task/{_sampler}"):  # noqa: PTH110
            if time.monotonic() > deadline:
                break


def end_sampling() -> None:
    """Ends that thread for good: the interpreter ends, or is about to be one of several.

    To look at the frames of one's threads is to look at those of all interpreters, and CPython is
    killed where another one's change meanwhile.
    """
    global _ended
    _ended = True
    stop_sampling()


def _sample(stop: _thread.LockType) -> None:
    global _sampler
    _sampler = _thread.get_native_id()
    while not stop.acquire(timeout=SAMPLE_SECONDS):
        # Nothing that the main thread tells comes between the look and the word.
        with _telling:
            _tell(sys._current_frames().get(home.thread))
    _stopped.release()
