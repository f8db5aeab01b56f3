"""What this machine gives: CPUs that may be used, and ways to start a process."""

from __future__ import annotations

import math
import multiprocessing
import os
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from tui_app.files.error_words import reason
from tui_app.language import _

CGROUPS = Path("/sys/fs/cgroup")

MOST_WORKERS = 1_000
"""As many as anybody may ask for."""


class StartMethod(StrEnum):
    """How a process is started; the names are `multiprocessing`'s own."""

    FORKSERVER = "forkserver"
    SPAWN = "spawn"
    FORK = "fork"


def folder_trouble() -> str:
    """Why no process can be started from here, in one sentence; empty if one can.

    `multiprocessing` has each process go to the current folder by its path, and its sockets stand
    among the temporary files.
    """
    import tempfile  # not for those who only count CPUs

    try:
        os.stat(os.path.join(os.getcwd(), os.curdir))  # noqa: PTH109, PTH116, PTH118
    except FileNotFoundError:
        return _("the current folder is gone: go to another one")
    except OSError as error:
        sentence = _("the current folder cannot be entered by its path: {why}; go to another one")
        return sentence.format(why=reason(error))
    try:
        tempfile.gettempdir()
    except OSError:
        return _("no folder for temporary files can be written: let TMPDIR name one")
    return ""


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
    try:
        allowed = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    except OSError:
        allowed = os.cpu_count() or 1
    quota = cgroup_cpu_quota() if sys.platform == "linux" else None
    return max(1, min(allowed, math.ceil(quota)) if quota else allowed)


def memory() -> tuple[int, int]:
    """Bytes of memory that the system has to give, and all of it."""
    import psutil  # not for those who only count CPUs

    try:
        told = psutil.virtual_memory()
        return told.available, told.total
    except OSError:
        # There is no /proc: sysconf(3) asks the kernel, and counts what it keeps of files as used.
        pages = (os.sysconf(name) for name in ("SC_AVPHYS_PAGES", "SC_PHYS_PAGES"))
        free, total = (count * os.sysconf("SC_PAGE_SIZE") for count in pages)
        return free, total


def free_memory() -> int:
    """Bytes of memory that may be used now: what the system has, within the cgroup's limit."""
    free, _total = memory()
    left = cgroup_memory_left() if sys.platform == "linux" else None
    return min(free, left) if left is not None else free


def cgroup_tasks_left(root: Path = CGROUPS, membership: Path = Path("/proc/self/cgroup")) -> float:
    """How many more processes and threads the tightest limit of this process's cgroups allows.

    Infinity where there is none. Source: the pids controller,
    https://docs.kernel.org/admin-guide/cgroup-v2.html#pid.
    """
    left = [
        room
        for folder in _cgroups("pids", root, membership)
        if (room := _tasks_left(folder)) is not None
    ]
    return min(left, default=math.inf)


def _tasks_left(folder: Path) -> int | None:
    try:
        most = int((folder / "pids.max").read_text())
        return max(0, most - int((folder / "pids.current").read_text()))
    except (OSError, ValueError):
        return None


def cgroup_memory_left(
    root: Path = CGROUPS, membership: Path = Path("/proc/self/cgroup")
) -> int | None:
    """What the tightest limit of this process's cgroups leaves, in bytes; `None` without one."""
    left = [
        room
        for folder in _cgroups("memory", root, membership)
        if (room := _memory_left(folder)) is not None
    ]
    return min(left, default=None)


def _memory_left(folder: Path) -> int | None:
    for limit, used, cache in (
        ("memory.max", "memory.current", "inactive_file"),
        ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    ):
        try:
            most = int((folder / limit).read_text())
            now = int((folder / used).read_text())
            stat = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
        except (OSError, ValueError):
            continue
        # What the kernel keeps of files gives way when it is needed.
        return max(0, most - now + int(stat.get(cache, 0)))
    return None


def cgroup_cpu_quota(
    root: Path = CGROUPS, membership: Path = Path("/proc/self/cgroup")
) -> float | None:
    """The tightest CPU quota of this process's cgroups, in CPUs; `None` where there is none.

    Reads version 2 (`cpu.max`, at every level up to the root) and version 1 (`cpu.cfs_quota_us`).
    """
    quotas = [
        quota
        for folder in _cgroups("cpu", root, membership)
        for quota in (_quota_v2(folder / "cpu.max"), _quota_v1(folder))
        if quota is not None
    ]
    return min(quotas, default=None)


def _cgroups(controller: str, root: Path, membership: Path) -> Iterator[Path]:
    """The folders that may limit this process: version 2's up to the root, and version 1's."""
    try:
        lines = membership.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, name = line.split(":", 2)
        if not controllers:
            group = root / name.lstrip("/")
            levels = [group, *group.parents]
            yield from levels[: levels.index(root) + 1]
        elif controller in controllers.split(","):
            yield root / controllers / name.lstrip("/")
            yield root / controller


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
