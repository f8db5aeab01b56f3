"""What processes use of the machine, asked of the system now and then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU since the last look, in percent of one CPU, and resident memory in bytes.

    At the first look at a process there is no CPU to tell yet.
    """

    cpu: float | None
    memory: int


class Sampler:
    """Looks at processes, and remembers them until the next look."""

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
                process = self._known.get(pid)
                known = process is not None
                process = process or psutil.Process(pid)
                self._known[pid] = process
                with process.oneshot():
                    cpu = process.cpu_percent()
                    usage[pid] = Usage(cpu if known else None, process.memory_info().rss)
            except psutil.Error:
                self._known.pop(pid, None)
        return usage
