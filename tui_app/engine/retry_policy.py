"""Whether a task is tried again after an attempt that came to nothing."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from tui_app.engine.spec import Limits

FROM_OUTSIDE = (-signal.SIGKILL, -signal.SIGTERM, None)
"""Exit codes of workers that were ended from outside: by a person, or by the kernel, which had too
little memory. `None` is the code of a worker whose fork server was killed: nobody knows it."""


@dataclass(slots=True)
class _Record:
    failures: int = 0
    crashes: int = 0
    kills: int = 0


class RetryPolicy:
    """Counts the attempts of each task that came to nothing."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._records: dict[int, _Record] = {}

    def after_failure(self, task: int) -> bool:
        """Count a failure, or an attempt that took too long; return whether it is tried again."""
        record = self._records.setdefault(task, _Record())
        record.failures += 1
        return record.failures <= self._limits.retries

    def after_death(self, task: int, exitcode: int | None, *, alone: bool) -> bool:
        """Count a worker that died with the task in hand; return whether it is tried again.

        Only a death while nothing else ran counts: another task may else have taken the memory that
        this one was killed for.
        """
        record = self._records.setdefault(task, _Record())
        if alone and exitcode in FROM_OUTSIDE:
            record.kills += 1
        elif alone:
            record.crashes += 1
        return record.crashes < self._limits.crashes and record.kills < self._limits.kills

    def forget(self, task: int) -> None:
        """Forget a task that has ended."""
        self._records.pop(task, None)
