"""What this machine gives: CPUs that may be used, and ways to start a process."""

from __future__ import annotations

import math
import multiprocessing
import os
import sys
from enum import StrEnum
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")


class StartMethod(StrEnum):
    """How a process is started; the names are `multiprocessing`'s own."""

    FORKSERVER = "forkserver"
    SPAWN = "spawn"
    FORK = "fork"


def supported_platform() -> bool:
    """Whether the engine works here: Linux and macOS."""
    return sys.platform in ("linux", "darwin")


def start_methods() -> tuple[StartMethod, ...]:
    """The start methods that this platform has, best first."""
    here = multiprocessing.get_all_start_methods()
    return tuple(method for method in StartMethod if method in here)


def default_start_method() -> StartMethod:
    """`forkserver` where there is one, else `spawn`.

    Never bare `fork`: the app has threads, and a child forked beside a thread that holds a lock
    may wait for that lock for ever.
    """
    return start_methods()[0]


def usable_cpus() -> int:
    """As many CPUs as this process may use: its affinity, and its cgroup's quota, rounded up."""
    allowed = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    quota = cgroup_cpu_quota() if sys.platform == "linux" else None
    return max(1, min(allowed, math.ceil(quota)) if quota else allowed)


def cgroup_cpu_quota(
    root: Path = CGROUPS, membership: Path = Path("/proc/self/cgroup")
) -> float | None:
    """The tightest CPU quota of this process's cgroups, in CPUs; `None` where there is none.

    Reads version 2 (`cpu.max`, at every level up to the root) and version 1 (`cpu.cfs_quota_us`).
    """
    try:
        lines = membership.read_text().splitlines()
    except OSError:
        return None
    quotas: list[float] = []
    for line in lines:
        _, controllers, name = line.split(":", 2)
        if not controllers:
            group = root / name.lstrip("/")
            levels = [group, *group.parents]
            quotas += [
                quota
                for level in levels[: levels.index(root) + 1]
                if (quota := _quota_v2(level / "cpu.max")) is not None
            ]
        elif "cpu" in controllers.split(","):
            for level in (root / controllers / name.lstrip("/"), root / "cpu"):
                if (quota := _quota_v1(level)) is not None:
                    quotas.append(quota)
    return min(quotas, default=None)


def _quota_v2(file: Path) -> float | None:
    try:
        limit, period = file.read_text().split()
        return None if limit == "max" else int(limit) / int(period)
    except (OSError, ValueError, ZeroDivisionError):
        return None


def _quota_v1(folder: Path) -> float | None:
    try:
        limit = int((folder / "cpu.cfs_quota_us").read_text())
        period = int((folder / "cpu.cfs_period_us").read_text())
        return limit / period if limit > 0 else None
    except (OSError, ValueError, ZeroDivisionError):
        return None
