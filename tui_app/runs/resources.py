"""What processes use of the machine, asked of the system now and then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU since the last look, in percent of one CPU, and resident memory in bytes."""

    cpu: float
    memory: int


class Sampler:
    """Looks at processes; the first look at each has no CPU to tell yet, and says 0."""

    def __init__(self) -> None:
        self._known: dict[int, psutil.Process] = {}

    def sample(self, pids: Iterable[int]) -> dict[int, Usage]:
        """The usage of those of the processes that are still there."""
        wanted = set(pids)
        for pid in self._known.keys() - wanted:
            del self._known[pid]
        usage: dict[int, Usage] = {}
        for pid in wanted:
            try:
                process = self._known.get(pid) or psutil.Process(pid)
                self._known[pid] = process
                with process.oneshot():
                    usage[pid] = Usage(process.cpu_percent(), process.memory_info().rss)
            except psutil.Error:
                self._known.pop(pid, None)
        return usage
