"""What this machine lets a run have at once: open files, processes and threads.

Source: getrlimit(2).
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import resource
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tui_app.engine.machine import cgroup_tasks_left
from tui_app.system.threads import start_thread

FILES_A_WORKER = 8
"""Files that are open here for a lean worker: its pipe, what tells its end, three lines, and three
more while it is started."""

FILES_A_POOL = 16
"""The same for a pool of one: three pipes with both ends, and what a worker has beside its pipe."""

FILES_A_CALL = 8
"""Files that a worker has open for each call that it runs at once."""

FILES_BESIDE = 24
"""Files that a run, or a worker, opens beside those."""

FILES_OF_HELPERS = 4_096
"""Files that `multiprocessing`'s helper processes may have open: one for each worker, and some."""

TASKS_A_WORKER = 2
"""A worker is a process with one more thread. (A task is what Linux counts: a thread of any kind.)
"""

THREADS_A_POOL = 3
"""What a pool has here beside its worker: one that attends to it, one that feeds it, and in the end
one that waits for it."""

TASKS_BESIDE = 4
"""Threads that are started here beside the workers."""

_ROOT = 0
_WITHOUT = float("inf")


def _number(limit: int) -> float:
    return _WITHOUT if limit == resource.RLIM_INFINITY else limit


PERSONS_FILES = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
"""Files that a process may have open as the person has it; a program changes that for itself."""


def limit_files(files: int) -> None:
    """Lets this process have so many files open, or as many as it may be allowed."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with suppress(OSError, ValueError):
        soft = files if _number(files) <= _number(hard) else hard
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def more_files() -> bool:
    """Lets this process have twice as many files open; whether it may have more than before."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    limit_files(2 * before)
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0] > before


@contextmanager
def files_for_helpers() -> Iterator[None]:
    """What is started meanwhile may have many files open; this process goes back to what it had."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if _number(before) < FILES_OF_HELPERS:
        limit_files(FILES_OF_HELPERS)
    try:
        yield
    finally:
        limit_files(before)


def files_of_worker(calls: int) -> int:
    """Files that a worker may have open that runs so many calls in threads; 0: it has none.

    One without threads has the person's own limit, for what it starts in that person's name.
    """
    if not calls:
        return PERSONS_FILES
    return max(PERSONS_FILES, FILES_BESIDE + calls * FILES_A_CALL, key=_number)


def room_for_pools(workers: int) -> bool:
    """Whether each of these workers may be a `ProcessPoolExecutor` of one.

    Raises this process's limit of open files to what they need, as far as it may.
    """
    if workers_by_files(workers, FILES_A_POOL) < workers:
        return False
    if workers_by_tasks(workers, TASKS_A_WORKER + THREADS_A_POOL) < workers:
        return False
    try:
        # Of a context that forks it is gone at once, and no helper has to know it.
        multiprocessing.get_context("fork").Lock()
        need_threads(workers * THREADS_A_POOL)
    except (ImportError, OSError):
        return False
    return True


def workers_by_files(workers: int, each: int = FILES_A_WORKER) -> int:
    """How many of these workers there are open files for, so many for `each`; at least 1.

    Raises this process's limit to what they need, as far as it may.
    """
    beside = _open_files() + FILES_BESIDE
    needed = beside + workers * each
    if _number(resource.getrlimit(resource.RLIMIT_NOFILE)[0]) < needed:
        limit_files(needed)
    room = _number(resource.getrlimit(resource.RLIMIT_NOFILE)[0]) - beside
    return int(max(1, min(workers, room // each)))


def calls_by_files(calls: int) -> int:
    """How many of these calls one worker has the files for at once; at least 1."""
    room = _number(resource.getrlimit(resource.RLIMIT_NOFILE)[1]) - FILES_BESIDE
    return int(max(1, min(calls, room // FILES_A_CALL)))


def _open_files() -> int:
    try:
        return len(os.listdir("/dev/fd"))  # noqa: PTH208
    except OSError:
        return FILES_BESIDE


def need_threads(threads: int) -> None:
    """Tries whether so many threads can be started at once.

    Raises:
        OSError: they cannot.
    """
    enough = threading.Event()
    try:
        for _number in range(threads):
            start_thread(enough.wait)
    except RuntimeError as error:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN)) from error
    finally:
        enough.set()


def workers_by_tasks(workers: int, each: int) -> int:
    """How many of these workers may be started, of so many threads `each`; at least 1.

    What the same user runs in other containers counts as well, and cannot be seen: it may be less.
    """
    left = min(_tasks_of_person_left(workers * each + TASKS_BESIDE), cgroup_tasks_left())
    return int(max(1, min(workers, (left - TASKS_BESIDE) // each)))


def _tasks_of_person_left(enough: int) -> float:
    """How many more may be started of what this user may run; it is exact only below `enough`."""
    limit = _number(resource.getrlimit(resource.RLIMIT_NPROC)[0])
    if limit == _WITHOUT or os.geteuid() == _ROOT:
        return _WITHOUT
    # Where there is room beside all that everybody runs, nobody needs to be asked whose it is.
    try:
        everybodys = int(Path("/proc/loadavg").read_text().split()[3].partition("/")[2])
    except (OSError, ValueError, IndexError):
        everybodys = None
    if everybodys is not None and limit - everybodys >= enough:
        return limit - everybodys
    import psutil  # not for those who have plenty

    own = 0
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.uids().real == os.getuid():
                own += process.num_threads() if sys.platform == "linux" else 1
    return max(0.0, limit - own)
