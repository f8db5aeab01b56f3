"""What the CPUs have done: for this program and what it started, and for all others."""

from __future__ import annotations

import os
from dataclasses import astuple, dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class CpuTimes:
    """Seconds of the CPUs that this program may use, added up.

    Attributes:
        own: what this program had, with all below it that run or have ended.
        others: what all other programs had.
        stolen: what the host gave to other machines, where this is a virtual one.
        idle: what nobody had.
    """

    own: float = 0.0
    others: float = 0.0
    stolen: float = 0.0
    idle: float = 0.0

    @property
    def all(self) -> float:
        """All of it."""
        return self.own + self.others + self.stolen + self.idle

    def __add__(self, other: CpuTimes) -> CpuTimes:
        """Return the sum, kind by kind."""
        return CpuTimes(
            *(one + two for one, two in zip(astuple(self), astuple(other), strict=True))
        )

    def __sub__(self, before: CpuTimes) -> CpuTimes:
        """Return what came since `before`; the system counts in ticks, so no part is below 0."""
        pairs = zip(astuple(self), astuple(before), strict=True)
        return CpuTimes(*(max(0.0, one - two) for one, two in pairs))


def cpu_times(proc: Path = PROC) -> CpuTimes | None:
    """Return what the CPUs have done since the system started; None where there is no `/proc`.

    Sources: `/proc/stat` and `/proc/[pid]/stat` in proc(5).
    """
    try:
        ticks = os.sysconf("SC_CLK_TCK")
        allowed = {f"cpu{number}" for number in os.sched_getaffinity(0)}
        lines = (proc / "stat").read_text().splitlines()
        found = [list(map(int, line.split()[1:9])) for line in lines if line.split()[0] in allowed]
        own = _own_ticks(proc)
    except (OSError, ValueError, IndexError, AttributeError):
        return None
    if not found or any(len(one) < 8 for one in found):
        return None
    user, nice, system, idle, iowait, irq, softirq, steal = map(sum, zip(*found, strict=True))
    # Not even those that are nice give way to this program where their session has its own share.
    busy = user + nice + system + irq + softirq
    return CpuTimes(own / ticks, (busy - own) / ticks, steal / ticks, (idle + iowait) / ticks)


def _own_ticks(proc: Path) -> int:
    """Return the ticks of this process and all below it, with what they have waited for."""
    children: dict[int, list[int]] = {}
    ticks: dict[int, int] = {}
    for folder in os.scandir(proc):
        if folder.name.isdigit():
            try:
                with open(f"{folder.path}/stat", "rb") as file:  # noqa: PTH123 - of hundreds
                    fields = file.read().rpartition(b")")[2].split()
            except OSError:
                continue  # It has ended meanwhile.
            pid = int(folder.name)
            children.setdefault(int(fields[1]), []).append(pid)
            ticks[pid] = sum(map(int, fields[11:15]))
    below = [os.getpid()]
    for pid in below:
        below += children.get(pid, [])
    return sum(ticks.get(pid, 0) for pid in below)
