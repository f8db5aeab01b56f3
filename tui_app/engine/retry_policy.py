"""What became of a task's attempts, and whether there is another one."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from tui_app.engine.spec import Limits

FROM_OUTSIDE = (-signal.SIGKILL, -signal.SIGTERM, None)
"""Exit codes of workers that somebody else ended: the kernel that is out of memory, a person; and
of those that nobody can tell of, because their fork server was killed."""


@dataclass(slots=True)
class _Record:
    failures: int = 0
    crashes: int = 0
    kills: int = 0


class RetryPolicy:
    """Keeps count, for those tasks only of which an attempt came to nothing."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._records: dict[int, _Record] = {}

    def after_failure(self, task: int) -> bool:
        """Takes notice of a failure, or of a time that ran out; whether it is tried again."""
        record = self._records.setdefault(task, _Record())
        record.failures += 1
        return record.failures <= self._limits.retries

    def after_death(self, task: int, exitcode: int | None, *, alone: bool) -> bool:
        """Takes notice that a worker died with the task in hand; whether it is tried again.

        Only a death while nothing else ran is a strike: in company, another task may have taken
        the memory that this one was killed for.
        """
        record = self._records.setdefault(task, _Record())
        if alone and exitcode in FROM_OUTSIDE:
            record.kills += 1
        elif alone:
            record.crashes += 1
        return record.crashes < self._limits.crashes and record.kills < self._limits.kills

    def after_loss(self, task: int) -> None:
        """Takes notice that an attempt was lost through no fault of the task."""
        self._records.setdefault(task, _Record())

    def forget(self, task: int) -> None:
        """Forgets a task that has ended."""
        self._records.pop(task, None)
