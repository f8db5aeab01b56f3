"""What the probe's own threads have in common."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import _thread
import os
from time import monotonic

PATIENCE = 1.0
"""Seconds after which a thread that was to end is taken for one that was never started."""

STOP_SECONDS = 0.01
"""Seconds at most between a thread's last line of Python and its end in the system."""


class ProbeThread:
    """A thread of the probe; a subclass has `work` and `wake`.

    It is none of `threading`'s, so the script does not see it. It takes no signal: a signal must
    find whoever of the script waits for it.

    Attributes:
        id: its number in the system; 0: it does not run yet.
    """

    def __init__(self) -> None:
        self.id = 0
        self._stopped = _thread.allocate_lock()
        self._stopped.acquire()

    def work(self) -> None:
        """Do the thread's work until it is told to end."""
        raise NotImplementedError

    def wake(self) -> None:
        """Let `work` return."""
        raise NotImplementedError

    def start(self) -> None:
        """Start the thread.

        Raises:
            RuntimeError: the script may have no more threads.
        """
        mask = _signal.pthread_sigmask(_signal.SIG_BLOCK, _signal.valid_signals())
        try:
            _thread.start_new_thread(self._run, ())
        finally:
            _signal.pthread_sigmask(_signal.SIG_SETMASK, mask)

    def stop(self) -> None:
        """End the thread, and wait until it is gone."""
        self.wake()
        if self._stopped.acquire(timeout=PATIENCE):
            deadline = monotonic() + STOP_SECONDS
            while os.path.exists(f"/proc/self/task/{self.id}"):  # noqa: PTH110
                if monotonic() > deadline:
                    break

    def _run(self) -> None:
        self.id = _thread.get_native_id()
        self.work()
        self._stopped.release()
