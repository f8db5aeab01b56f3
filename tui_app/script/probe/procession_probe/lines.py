"""Reports which line of the script its main process is on.

The line is exact at each wait, print and start of a process; in between a thread looks, twenty
times a second. `sys.settrace` would report each line, and make a loop 5.6 times slower.
"""

from __future__ import annotations

import _thread
import sys
from time import monotonic

from . import answering
from .frames import script_frame
from .home import home
from .threads import ProbeThread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

SAMPLE_SECONDS = 0.05

_last = 0
_told = 0
_sampler: LineSampler | None = None
_ended = False


def tell_line() -> None:
    """Report the line that the main process is on, where it is another than before."""
    global _told
    answering.start_answering()
    if home.is_main and _thread.get_ident() == home.thread:
        start_sampling()
        _told += 1
        _tell(sys._getframe(1), monotonic())


def _tell(frame: FrameType | None, t: float) -> None:
    global _last
    frame = script_frame(frame)
    if frame is not None and frame.f_lineno and frame.f_lineno != _last:
        _last = frame.f_lineno
        home.tell("line", line=_last, t=t)


class LineSampler(ProbeThread):
    """A thread that looks which line the main process is on.

    It shares no lock with the script's threads: a handler may raise an error wherever one is held.
    """

    def __init__(self) -> None:
        super().__init__()
        self._stop = _thread.allocate_lock()
        self._stop.acquire()

    def wake(self) -> None:
        """See `ProbeThread.wake`."""
        self._stop.release()

    def work(self) -> None:
        """Look again and again."""
        home.sampler = self.id
        while not self._stop.acquire(timeout=SAMPLE_SECONDS):
            t, told = monotonic(), _told
            frame = sys._current_frames().get(home.thread)
            # What the main thread has reported meanwhile is newer.
            if told == _told:
                _tell(frame, t)
            del frame


def start_sampling() -> None:
    """Start the thread that looks, unless it runs.

    After a fork it starts with the next thing that the main process does: Python warns of a fork
    beside other threads also when it is over.
    """
    global _sampler, _ended
    if home.is_main and _sampler is None and not _ended:
        _sampler = LineSampler()
        try:
            _sampler.start()
        except RuntimeError:
            # Lines are reported where they are exact, and not in between.
            _sampler, _ended = None, True


def stop_sampling() -> None:
    """End that thread, and wait until it is gone: no fork and no exit may meet it.

    Python 3.12 warns of a fork beside other threads, and asks the system for their number.
    """
    global _sampler
    sampler, _sampler = _sampler, None
    if sampler is not None:
        sampler.stop()


def end_sampling() -> None:
    """End that thread for good: the interpreter ends, or is about to be one of several.

    Who looks at the frames of all threads looks at those of all interpreters, and CPython crashes
    where the frames of another one change meanwhile.
    """
    global _ended
    _ended = True
    stop_sampling()
