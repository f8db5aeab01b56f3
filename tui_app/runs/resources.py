"""What processes use of the machine, read from the system now and then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Usage:
    """Percent of one CPU since the last sample, `None` at the first; resident memory in bytes."""

    cpu: float | None
    memory: int


class Sampler:
    """Samples processes, and remembers them until the next sample."""

    def __init__(self) -> None:
        self._known: dict[int, psutil.Process] = {}

    def sample(self, pids: Iterable[int]) -> dict[int, Usage]:
        """Return the usage of those of the processes that still exist, by pid."""
        wanted = set(pids)
        for pid in self._known.keys() - wanted:
            del self._known[pid]
        usage: dict[int, Usage] = {}
        for pid in wanted:
            known = self._known.get(pid)
            try:
                process = self._known[pid] = known or psutil.Process(pid)
                with process.oneshot():
                    cpu = process.cpu_percent()
                    usage[pid] = Usage(cpu if known else None, process.memory_info().rss)
            except psutil.Error:
                self._known.pop(pid, None)
        return usage
