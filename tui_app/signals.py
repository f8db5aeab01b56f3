"""The signals that end this program: noted while it starts, and taken by whoever runs something.

Ctrl-C raises no exception. One that may come anywhere ends an import half-way: Python ignores it
with a traceback, or another error stands in its place. Handlers run in the main thread, between
two bytecodes: https://docs.python.org/3/library/signal.html#execution-of-python-signal-handlers

Imports little: the command has Ctrl-C noted before it imports anything else.
"""

from __future__ import annotations

import os
import signal

TYPE_CHECKING = False  # what type checkers take for true: `typing` takes longer than all of this
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

PATIENCE = 1.0
"""Seconds that what starts may go on after Ctrl-C: it may wait for a slow disk, or for ever."""

LAST_SECONDS = 5.0
"""How long what is left of a process may take that has nothing more to do: a thread of it may wait
for a disk for ever."""

_noted = False


def note() -> None:
    """From now on Ctrl-C is noted, and whoever can stop asks `interrupted`.

    What has not asked a second later is ended by `KeyboardInterrupt`, after all.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGALRM, signal.default_int_handler)
        signal.signal(signal.SIGINT, _note)


def interrupted() -> bool:
    """Whether Ctrl-C was noted, and nobody has taken it."""
    return _noted


def sentence(signum: int) -> str:
    """What ended it, in words."""
    from tui_app.language import _

    return _("stopped by {signal}").format(signal=signal.Signals(signum).name)


def _note(_signum: int, _frame: FrameType | None) -> None:
    global _noted
    if not _noted:
        _noted = True
        signal.setitimer(signal.ITIMER_REAL, PATIENCE, PATIENCE)


def end(code: int) -> None:
    """From now on no signal hurries this process, which is about to exit with that code.

    Exiting takes a moment; where it takes longer, it is cut short.
    """
    _ignore()
    signal.signal(signal.SIGALRM, lambda *_: os._exit(code))
    signal.setitimer(signal.ITIMER_REAL, LAST_SECONDS)


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
    """

    def __init__(self, take: Callable[[int], None]) -> None:
        self._take = take
        self.first: int | None = None

    def __enter__(self) -> Taken:
        global _noted
        self._before = {
            signum: signal.signal(signum, self._handle)
            for signum in ENDING
            if signal.getsignal(signum) is not signal.SIG_IGN
        }
        if _noted:
            signal.setitimer(signal.ITIMER_REAL, 0)
            _noted = False
            self._handle(signal.SIGINT, None)
        return self

    def __exit__(self, *_: object) -> None:
        if self.first is not None:
            _ignore()
            return
        for signum, handler in self._before.items():
            signal.signal(signum, handler)

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
