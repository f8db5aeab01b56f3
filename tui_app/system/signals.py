"""The signals that end this program: noted while it starts, and taken by whoever runs something.

No signal raises an exception when it comes, not even Ctrl-C. An exception that may come anywhere
can end an import half-way; Python ignores it with a traceback, or raises another error instead.
Handlers run in the main thread, between two bytecode instructions:
https://docs.python.org/3/library/signal.html#execution-of-python-signal-handlers

This module imports little: signals are noted before anything else is imported.
"""

from __future__ import annotations

import os
import signal

TYPE_CHECKING = False  # Type checkers take it for true. To import `typing` takes too long.
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

TICK = 0.5
"""Seconds between two alarms while nothing runs, which look whether a signal was noted.

A signal may come just before the main thread begins to wait in the system, for a slow disk or for
ever. Its handler would run only after that; the alarm interrupts the wait."""

LAST_SECONDS = 5.0
"""How long this process may take to exit: one of its threads may wait for a disk for ever."""

_noted = 0
_seen = False
"""Whether the previous alarm found a signal noted."""


class Interrupted(BaseException):
    """A signal that nobody heeded. It is no `KeyboardInterrupt`, of which Click would tell more."""


def note() -> None:
    """Note each signal of `ENDING` from now on. Whoever can stop asks `noted`.

    Raise `Interrupted` at the second alarm after a signal, wherever the program is then.
    """
    for signum in ENDING:
        if signal.getsignal(signum) in (signal.default_int_handler, signal.SIG_DFL):
            signal.signal(signum, _note)
    signal.signal(signal.SIGALRM, _tick)
    _set_alarm(TICK)


def noted() -> int:
    """Return the first signal that was noted and that nobody has taken; 0 where none was."""
    return _noted


def sentence(signum: int) -> str:
    """Return in words that a signal ended something."""
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
    """Set the alarm to ring every so many seconds; with 0, never."""
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds)


def end(code: int) -> None:
    """Ignore all signals from now on: this process is about to exit with that code.

    Where exiting takes longer than `LAST_SECONDS`, end the process at once.
    """
    _ignore()
    signal.signal(signal.SIGALRM, lambda *_: os._exit(code))
    _set_alarm(LAST_SECONDS)


def hang_up_is_ignored() -> bool:
    """Return whether a closed terminal ends nothing, as under `nohup`."""
    return signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def _ignore() -> None:
    for signum in ENDING:
        signal.signal(signum, signal.SIG_IGN)


class Taken:
    """A context in which each signal of `ENDING` that comes, or was noted, is handed on.

    A signal that is ignored when the context is entered stays ignored, such as `SIGHUP` by `nohup`.
    When the context is left after a signal, signals are ignored from then on.

    Args:
        take: Is called with the signal, in the main thread and at any moment; so it does little.

    Attributes:
        first: The first signal that came.
        wake: A descriptor that becomes readable when a signal comes. A loop waits for it, and calls
            `awake` then: it would sleep on after a signal that came just before it fell asleep.
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
        """Read what made `wake` readable."""
        os.read(self.wake, 4096)

    def _handle(self, signum: int, _frame: FrameType | None) -> None:
        if self.first is None:
            self.first = signum
        self._take(signum)


class Held:
    """A context in which Ctrl-C waits, for this thread and for the processes that it starts.

    A terminal's Ctrl-C reaches a process that has just started, which has Python's own handler at
    first.
    """

    def __enter__(self) -> None:
        self._before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})

    def __exit__(self, *_: object) -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, self._before)
