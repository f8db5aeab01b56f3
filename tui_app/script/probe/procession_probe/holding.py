"""Holds signals back where an error would be lost: at a fork, and at the exit.

The script's handlers run between any two bytecodes of the main thread, also of the probe's. Where
they raise an error in a hook for forks or exits, Python prints it and goes on.
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
"""The signal mask that each thread had before it held signals back."""


def _handled() -> set[int]:
    return {one for one in _signal.valid_signals() if callable(_signal.getsignal(one))}


def hold() -> None:
    """Take no more signals in this thread for which the script has a handler."""
    mask = _signal.pthread_sigmask(_signal.SIG_BLOCK, _handled())
    _before[_thread.get_ident()] = mask


def release() -> None:
    """Take them again; those that came meanwhile come once more after this has returned."""
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
        pass  # The interpreter ends, so signals no longer matter.
    _signal.pthread_sigmask(_signal.SIG_SETMASK, before)


def _send_again(signals: set[int]) -> None:
    """Send the signals again, in a thread that takes none: it was started while they were held."""
    gate = _thread.allocate_lock()
    gate.acquire()
    gate.acquire(timeout=AGAIN_SECONDS)
    for one in signals:
        os.kill(os.getpid(), one)
