"""What this machine lets a run have at once: open files, processes and threads.

The limits are those of https://man7.org/linux/man-pages/man2/getrlimit.2.html.
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
"""Files that are open here for a lean worker: its pipe, what tells its end, three connections, and
three more while it starts."""

FILES_A_POOL = 16
"""The same for a pool of one: both ends of three pipes, and what a worker has beside its pipe."""

FILES_A_CALL = 8
"""Files that a worker has open for each call that it runs at once."""

FILES_BESIDE = 24
"""Files that a run, or a worker, opens beside those."""

FILES_OF_HELPERS = 4_096
"""Files that `multiprocessing`'s helper processes may have open: one a worker, and some more."""

TASKS_A_WORKER = 2
"""A worker is a process with a second thread. (Linux counts tasks: each thread is one.)"""

THREADS_A_POOL = 3
"""Threads that a pool has here: one manages it, one feeds it, and at the end one waits for it."""

TASKS_BESIDE = 4
"""Threads that are started here beside the workers."""

_ROOT = 0
_WITHOUT = float("inf")


def _number(limit: int) -> float:
    return _WITHOUT if limit == resource.RLIM_INFINITY else limit


PERSONS_FILES = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
"""The person's own limit of the files that a process may have open."""


def limit_files(files: int) -> None:
    """Let this process have so many files open, or as many as it may be allowed."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with suppress(OSError, ValueError):
        soft = files if _number(files) <= _number(hard) else hard
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def more_files() -> bool:
    """Double the files that this process may have open; return whether there are more now."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    limit_files(2 * before)
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0] > before


@contextmanager
def files_for_helpers() -> Iterator[None]:
    """Let what is started have many files open; this process gets its own limit back."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if _number(before) < FILES_OF_HELPERS:
        limit_files(FILES_OF_HELPERS)
    try:
        yield
    finally:
        limit_files(before)


def files_of_worker(calls: int) -> int:
    """Return the files that a worker may have open that runs so many calls in threads.

    A worker without threads, 0, has the person's own limit, for what it starts for that person.
    """
    if not calls:
        return PERSONS_FILES
    return max(PERSONS_FILES, FILES_BESIDE + calls * FILES_A_CALL, key=_number)


def room_for_pools(workers: int) -> bool:
    """Return whether each of these workers may be a `ProcessPoolExecutor` of one.

    Raises this process's limit of open files to what they need, as far as it may.
    """
    if workers_by_files(workers, FILES_A_POOL) < workers:
        return False
    if workers_by_tasks(workers, TASKS_A_WORKER + THREADS_A_POOL) < workers:
        return False
    try:
        # A context that forks removes it at once, and tells no helper.
        multiprocessing.get_context("fork").Lock()
        need_threads(workers * THREADS_A_POOL)
    except (ImportError, OSError):
        return False
    return True


def workers_by_files(workers: int, each: int = FILES_A_WORKER) -> int:
    """Return how many of these workers there are files for, so many for `each`; at least 1.

    Raises this process's limit to what they need, as far as it may.
    """
    beside = _open_files() + FILES_BESIDE
    needed = beside + workers * each
    if _number(resource.getrlimit(resource.RLIMIT_NOFILE)[0]) < needed:
        limit_files(needed)
    room = _number(resource.getrlimit(resource.RLIMIT_NOFILE)[0]) - beside
    return int(max(1, min(workers, room // each)))


def calls_by_files(calls: int) -> int:
    """Return how many of these calls one worker has files for at once; at least 1."""
    room = _number(resource.getrlimit(resource.RLIMIT_NOFILE)[1]) - FILES_BESIDE
    return int(max(1, min(calls, room // FILES_A_CALL)))


def _open_files() -> int:
    try:
        return len(os.listdir("/dev/fd"))  # noqa: PTH208
    except OSError:
        return FILES_BESIDE


def need_threads(threads: int) -> None:
    """Try whether so many threads can be had at once.

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
    """Return how many of these workers may be started, of so many threads `each`; at least 1.

    Fewer may be allowed: what the same user runs in other containers counts, and is not seen here.
    """
    left = min(_tasks_of_person_left(workers * each + TASKS_BESIDE), cgroup_tasks_left())
    return int(max(1, min(workers, (left - TASKS_BESIDE) // each)))


def _tasks_of_person_left(enough: int) -> float:
    """Return how many more threads this user may run; it is exact only below `enough`."""
    limit = _number(resource.getrlimit(resource.RLIMIT_NPROC)[0])
    if limit == _WITHOUT or os.geteuid() == _ROOT:
        return _WITHOUT
    # Where there is room beside all threads of all users, nobody needs to know whose they are.
    try:
        everybodys = int(Path("/proc/loadavg").read_text().split()[3].partition("/")[2])
    except (OSError, ValueError, IndexError):
        everybodys = None
    if everybodys is not None and limit - everybodys >= enough:
        return limit - everybodys
    import psutil  # only where there may be too little room

    own = 0
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.uids().real == os.getuid():
                own += process.num_threads() if sys.platform == "linux" else 1
    return max(0.0, limit - own)
