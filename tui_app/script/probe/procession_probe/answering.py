"""A thread that tells the event server, when that asks, what this process's threads wait for.

The server asks only while a thread sleeps, so a script that computes is not disturbed. It asks by
a semaphore, which needs no open file: the script finds no descriptor of it.
"""

from __future__ import annotations

import os
import sys
from time import monotonic

from . import gathering, leaving, loops
from .home import ADDRESS, home
from .threads import ProbeThread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SEMAPHORE, _MOST = 1, 1_000_000
"""The kind of a semaphore that any process may release, and its highest value."""

_bell: Any = None
_answerer: Answerer | None = None
_ended = False


class Answerer(ProbeThread):
    """The thread that waits for the bell."""

    def __init__(self, bell: Any) -> None:
        super().__init__()
        self._bell, self._stopping = bell, False

    def wake(self) -> None:
        """See `ProbeThread.wake`."""
        self._stopping = True
        self._bell.release()

    def work(self) -> None:
        """Answer each time that the bell is rung, and look at event loops in between."""
        while True:
            rung = self._bell.acquire(True, loops.pause())
            if self._stopping:
                break
            while self._bell.acquire(False):
                pass  # Who asks twice gets one answer.
            if self._stopping:
                break
            for report in loops.look():
                home.answer(report)
            if rung:
                home.answer(self._answer())

    def _answer(self) -> dict[str, Any]:
        """Return what is found; nothing, where the script has put other things in its place.

        An error here would end up in what the script writes.
        """
        t, own = monotonic(), [self.id, home.sampler]
        try:
            told = gathering.gather(own)
        except Exception:  # noqa: BLE001 - what is looked at may be anything, and may change
            told = {"own": own, "threads": [], "objects": [], "started": 0}
        if any(one["held"] for one in told["objects"]):
            leaving.believed_to_hold()
        return {"event": "answer", **told, "t": t}


def hang_bell() -> None:
    """Make the semaphore by which the server asks this process; its name is told to the server."""
    global _bell
    _bell, home.bell = None, ""
    if sys.platform != "linux" or _ended:
        return  # Elsewhere nobody sees from outside when to ask.
    known = "_multiprocessing" in sys.modules
    try:
        from _multiprocessing import SemLock  # type: ignore[import-not-found]

        # The server finds by its own name what nobody has told it: the folder of its socket.
        run = os.path.basename(os.path.dirname(ADDRESS))  # noqa: PTH119, PTH120
        name = f"/{run}-{os.urandom(4).hex()}"
        _bell = SemLock(_SEMAPHORE, 0, _MOST, name, False)
        home.bell = name
    except (ImportError, OSError, ValueError):
        pass  # There is no shared memory: what threads wait for is known from outside only.
    if not known:
        sys.modules.pop("_multiprocessing", None)


def start_answering() -> None:
    """Start the thread that answers, unless it runs."""
    global _answerer, _ended
    if _answerer is None and _bell is not None and not _ended and not home.is_helper:
        _answerer = Answerer(_bell)
        try:
            _answerer.start()
        except RuntimeError:
            _answerer, _ended = None, True


def loop_begins() -> None:
    """Look at a loop from now on."""
    start_answering()
    if _bell is not None:
        _bell.release()


def stop_answering() -> None:
    """End that thread, and wait until it is gone: no fork and no exit may meet it."""
    global _answerer
    answerer, _answerer = _answerer, None
    loops.rest()
    if answerer is not None:
        answerer.stop()


def forget() -> None:
    """Forget the thread: the child of a fork has none."""
    global _answerer
    _answerer = None


def end_answering() -> None:
    """End that thread for good: see `lines.end_sampling`."""
    global _ended
    _ended = True
    stop_answering()
