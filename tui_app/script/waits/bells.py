"""The semaphores by which processes of a script are asked what their threads wait for."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from tui_app.script.member import Member
from tui_app.script.waits.answers import ProcessAnswer

PATIENCE_SECONDS = 0.15
"""Time that a process has to answer: each thread that computes may keep it from it for a while."""

AGAIN_SECONDS = 0.5
"""Time after which a process is asked again that has not answered."""

_MEMORY = Path("/dev/shm")
"""The folder of named semaphores: https://man7.org/linux/man-pages/man7/sem_overview.7.html."""

_SEMAPHORE, _MOST = 1, 1_000_000
"""As the probe makes it: the kind of the semaphore, and its highest value."""


class Bells:
    """Asks processes, and keeps the latest answer of each.

    Args:
        address: the server's socket, by whose folder the semaphores are named.

    Attributes:
        answers: by pid.
    """

    def __init__(self, address: str) -> None:
        self._run = Path(address).parent.name
        self._named = re.compile(rf"/{re.escape(self._run)}-[0-9a-f]{{8}}")
        self._bells: dict[int, Any] = {}
        self._rung: dict[int, float] = {}
        self.answers: dict[int, ProcessAnswer] = {}

    def hang(self, member: Member, name: str) -> None:
        """Take notice by which semaphore a process can be asked; nobody else can open it then."""
        self.remove(member)
        if not self._named.fullmatch(name):
            return
        with suppress(ImportError, OSError):
            from _multiprocessing import sem_unlink  # type: ignore[import-not-found]
            from multiprocessing.synchronize import Semaphore

            # As one that was pickled is made again in another process.
            bell: Any = Semaphore.__new__(Semaphore)
            bell.__setstate__((0, _SEMAPHORE, _MOST, name))
            sem_unlink(name)
            self._bells[member.pid] = bell

    def close(self) -> None:
        """Remove the semaphores of processes that were killed before they told their names."""
        with suppress(ImportError, OSError):
            from _multiprocessing import sem_unlink

            for path in _MEMORY.glob(f"sem.{self._run}-*"):
                sem_unlink(f"/{path.name.removeprefix('sem.')}")

    def remove(self, member: Member) -> None:
        """Forget a process, which has gone or is another program now."""
        for known in (self._bells, self._rung, self.answers):
            known.pop(member.pid, None)

    def ring(self, member: Member) -> bool:
        """Ask a process, unless its answer is awaited; return whether there will be an answer."""
        bell, now = self._bells.get(member.pid), time.monotonic()
        if bell is None:
            return False
        if now - self._rung.get(member.pid, 0.0) > AGAIN_SECONDS:
            self._rung[member.pid] = now
            with suppress(OSError, ValueError):
                bell.release()
        return True

    def answered(self, member: Member, answer: ProcessAnswer) -> None:
        """Keep the answer of a process."""
        self._rung.pop(member.pid, None)
        self.answers[member.pid] = answer

    def awaited(self, pid: int) -> bool:
        """Return whether this process is asked and has not answered."""
        return pid in self._rung
