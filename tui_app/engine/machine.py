"""What this machine gives: CPUs and memory that may be used, and ways to start a process."""

from __future__ import annotations

import math
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from enum import StrEnum
from functools import partial
from pathlib import Path

from tui_app.files.error_words import reason
from tui_app.language import _
from tui_app.system import guest

CGROUPS = Path("/sys/fs/cgroup")

MEMORY_FILES = (
    ("memory.max", "memory.current", "inactive_file"),
    ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)
"""Of a cgroup, version 2 and 1: files with its limit and its use, and the line for cached files."""

MOST_WORKERS = 1_000
"""The most workers that anybody may ask for."""


class StartMethod(StrEnum):
    """How a process is started, by `multiprocessing`'s names."""

    FORKSERVER = "forkserver"
    SPAWN = "spawn"
    FORK = "fork"


def folder_trouble() -> str:
    """Return why no process can be started from here, in one sentence; empty where one can.

    `multiprocessing` lets each process change to the current folder by its path, and puts its
    sockets among the temporary files.
    """
    import tempfile  # not needed to count CPUs

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
    """Return whether the engine works here: on Linux and macOS."""
    return sys.platform in ("linux", "darwin")


def start_methods() -> tuple[StartMethod, ...]:
    """Return the start methods that this platform has, best first."""
    here = multiprocessing.get_all_start_methods()
    return tuple(method for method in StartMethod if method in here)


def default_start_method() -> StartMethod:
    """Return `forkserver` where this platform has it, else `spawn`.

    Never `fork`: the app has threads, and a child that is forked while a thread holds a lock may
    wait for that lock for ever.
    """
    return start_methods()[0]


def usable_cpus() -> int:
    """Return how many CPUs this process may use, by affinity and by its cgroup's rounded quota."""
    try:
        allowed = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    except OSError:
        allowed = os.cpu_count() or 1
    quota = cgroup_cpu_quota() if sys.platform == "linux" else None
    return max(1, min(allowed, math.ceil(quota)) if quota else allowed)


def most_workers() -> int:
    """Return the most workers that somebody may have here: a guest has a share of the server's."""
    return min(MOST_WORKERS, guest.share_of_workers() or MOST_WORKERS)


def memory() -> tuple[int, int]:
    """Return the bytes of memory that the system can give, and all that it has."""
    import psutil  # not needed to count CPUs

    try:
        told = psutil.virtual_memory()
        return told.available, told.total
    except OSError:
        # There is no /proc: sysconf(3) asks the kernel, and counts cached files as used.
        pages = (os.sysconf(name) for name in ("SC_AVPHYS_PAGES", "SC_PHYS_PAGES"))
        free, total = (count * os.sysconf("SC_PAGE_SIZE") for count in pages)
        return free, total


def free_memory() -> int:
    """Return the bytes of memory that may be used now, within the cgroup's limit."""
    free, _total = memory()
    left = cgroup_memory_left() if sys.platform == "linux" else None
    return min(free, left) if left is not None else free


def cgroup_tasks_left(root: Path = CGROUPS, membership: Path = Path("/proc/self/cgroup")) -> float:
    """Return how many more processes and threads this process's cgroups allow.

    Infinity where there is no limit. See the pids controller:
    https://docs.kernel.org/admin-guide/cgroup-v2.html#pid.
    """
    left = _tightest("pids", [_tasks_left], root, membership)
    return math.inf if left is None else left


def _tasks_left(folder: Path) -> int:
    return max(0, _number(folder / "pids.max") - _number(folder / "pids.current"))


def cgroup_memory_left(
    root: Path = CGROUPS, membership: Path = Path("/proc/self/cgroup")
) -> int | None:
    """Return the bytes that this process's cgroups leave; `None` where there is no limit."""
    readings = [partial(_memory_left, *names) for names in MEMORY_FILES]
    left = _tightest("memory", readings, root, membership)
    return None if left is None else int(left)


def _memory_left(limit: str, used: str, cache: str, folder: Path) -> int:
    most, now = _number(folder / limit), _number(folder / used)
    stat = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
    # The kernel drops cached files when memory is needed.
    return max(0, most - now + int(stat.get(cache, 0)))


def cgroup_cpu_quota(
    root: Path = CGROUPS, membership: Path = Path("/proc/self/cgroup")
) -> float | None:
    """Return the tightest quota of this process's cgroups, in CPUs; `None` where there is none.

    Reads version 2 (`cpu.max`, at every level up to the root) and version 1 (`cpu.cfs_quota_us`):
    https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu.
    """
    return _tightest("cpu", [_quota_v2, _quota_v1], root, membership)


def _quota_v2(folder: Path) -> float:
    limit, period = (folder / "cpu.max").read_text().split()
    return int(limit) / int(period)


def _quota_v1(folder: Path) -> float:
    limit = _number(folder / "cpu.cfs_quota_us")
    if limit <= 0:
        raise ValueError(limit)
    return limit / _number(folder / "cpu.cfs_period_us")


def _number(file: Path) -> int:
    return int(file.read_text())


def _tightest(
    controller: str,
    readings: Sequence[Callable[[Path], float]],
    root: Path,
    membership: Path,
) -> float | None:
    """Return the smallest number that a reading finds in a cgroup; `None` where none finds one.

    A reading fails where its files are missing, or say that there is no limit ("max").
    """
    found: list[float] = []
    for folder in _cgroups(controller, root, membership):
        for reading in readings:
            with suppress(OSError, ValueError, ZeroDivisionError):
                found.append(reading(folder))
    return min(found, default=None)


def _cgroups(controller: str, root: Path, membership: Path) -> Iterator[Path]:
    """Yield the folders that may limit this process: version 2's up to the root, version 1's."""
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
