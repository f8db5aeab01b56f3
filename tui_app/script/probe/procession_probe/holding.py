"""Signals that wait while the probe is where no error can pass: at a fork, and at the exit.

A script's handlers run between any two bytecodes of its main thread, the probe's too. What they
raise there Python would print, and forget.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import _thread
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

AGAIN_SECONDS = 0.002

_before: dict[int, Any] = {}
"""What each thread that holds signals back took before."""


def _handled() -> set[int]:
    return {one for one in _signal.valid_signals() if callable(_signal.getsignal(one))}


def hold() -> None:
    """From now on this thread takes no signal that the script has a handler for."""
    mask = _signal.pthread_sigmask(_signal.SIG_BLOCK, _handled())
    _before[_thread.get_ident()] = mask


def release() -> None:
    """Takes them again. Those that came meanwhile come once more, when this has returned."""
    before = _before.pop(_thread.get_ident(), None)
    if before is None:
        return
    came = (_handled() & _signal.sigpending()) - before
    for one in came:
        _signal.sigwait([one])
    try:
        if came:
            _thread.start_new_thread(_send_again, (came,))
    except RuntimeError:
        pass  # At the end of an interpreter, for which no signal matters any more.
    _signal.pthread_sigmask(_signal.SIG_SETMASK, before)


def _send_again(signals: set[int]) -> None:
    """In a thread that takes no signal itself: it was started while they were held."""
    gate = _thread.allocate_lock()
    gate.acquire()
    gate.acquire(timeout=AGAIN_SECONDS)
    for one in signals:
        os.kill(os.getpid(), one)
