"""The signals that end this program: noted while it starts, and taken by whoever runs something.

None raises an exception, Ctrl-C neither. One that may come anywhere ends an import half-way:
Python ignores it with a traceback, or another error stands in its place. Handlers run in the main
thread, between two bytecodes:
https://docs.python.org/3/library/signal.html#execution-of-python-signal-handlers

Imports little: signals are noted before anything else is imported.
"""

from __future__ import annotations

import os
import signal

TYPE_CHECKING = False  # what type checkers take for true: `typing` takes longer than all of this
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

TICK = 0.5
"""Seconds between two looks, while nothing runs, whether a signal was noted and not heeded.

An alarm rings then, for a handler does not run while the main thread waits in the system, where a
signal came just before it went there. And it may wait for a slow disk, or for ever."""

LAST_SECONDS = 5.0
"""How long what is left of a process may take that has nothing more to do: a thread of it may wait
for a disk for ever."""

_noted = 0
_seen = False


class Interrupted(BaseException):
    """A signal came, and nobody heeded it. Not `KeyboardInterrupt`: Click says more of that one."""


def note() -> None:
    """From now on each of `ENDING` is noted, and whoever can stop asks `noted`.

    What has not asked at the second tick is ended by `Interrupted`, wherever it is.
    """
    for signum in ENDING:
        if signal.getsignal(signum) in (signal.default_int_handler, signal.SIG_DFL):
            signal.signal(signum, _note)
    signal.signal(signal.SIGALRM, _tick)
    _set_alarm(TICK)


def noted() -> int:
    """The first signal that was noted, and that nobody has taken; 0: none was."""
    return _noted


def sentence(signum: int) -> str:
    """What ended it, in words."""
    from tui_app.language import _

    return _("stopped by {signal}").format(signal=signal.Signals(signum).name)


def _note(signum: int, _frame: FrameType | None) -> None:
    global _noted
    _noted = _noted or signum


def _tick(_signum: int, _frame: FrameType | None) -> None:
    global _seen
    if _noted and _seen:
        raise Interrupted
    _seen = bool(_noted)


def _set_alarm(seconds: float) -> None:
    """Has the alarm ring every so many seconds, or no more."""
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds)


def end(code: int) -> None:
    """From now on no signal hurries this process, which is about to exit with that code.

    Exiting takes a moment; where it takes longer, it is cut short.
    """
    _ignore()
    signal.signal(signal.SIGALRM, lambda *_: os._exit(code))
    _set_alarm(LAST_SECONDS)


def _ignore() -> None:
    for signum in ENDING:
        signal.signal(signum, signal.SIG_IGN)


class Taken:
    """While it is entered, `take` is called with each of `ENDING` that comes, or was noted.

    `SIGHUP` only if it was not ignored from outside (`nohup`).

    Args:
        take: is called in the main thread at any moment, so it does little.

    Attributes:
        first: the first signal that came; after it none is heeded once this is left.
        wake: a descriptor that can be read when one comes: a loop reads it by `awake`, for it would
            sleep on where a signal came just before it fell asleep.
    """

    def __init__(self, take: Callable[[int], None]) -> None:
        self._take = take
        self.first: int | None = None
        self.wake, self._ring = os.pipe()
        for fd in (self.wake, self._ring):
            os.set_blocking(fd, False)

    def __enter__(self) -> Taken:
        global _noted
        self._alarm = signal.getitimer(signal.ITIMER_REAL)
        _set_alarm(0)
        self._wakes = signal.set_wakeup_fd(self._ring, warn_on_full_buffer=False)
        self._before = {
            signum: signal.signal(signum, self._handle)
            for signum in ENDING
            if signal.getsignal(signum) is not signal.SIG_IGN
        }
        if _noted:
            signum, _noted = _noted, 0
            self._handle(signum, None)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(self._wakes)
        for fd in (self.wake, self._ring):
            os.close(fd)
        if self.first is not None:
            _ignore()
            return
        for signum, handler in self._before.items():
            signal.signal(signum, handler)
        signal.setitimer(signal.ITIMER_REAL, *self._alarm)

    def awake(self) -> None:
        """Takes what woke a loop."""
        os.read(self.wake, 4096)

    def _handle(self, signum: int, _frame: FrameType | None) -> None:
        if self.first is None:
            self.first = signum
        self._take(signum)


class Held:
    """While it is entered, Ctrl-C waits: for this thread, and for what it starts.

    A process that starts has Python's own handler at first, and a terminal's Ctrl-C reaches it too.
    """

    def __enter__(self) -> None:
        self._before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})

    def __exit__(self, *_: object) -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, self._before)
