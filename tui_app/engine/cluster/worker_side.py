"""What runs in a Dask worker: calls of tasks, and questions about the worker itself."""

from __future__ import annotations

import json
import os
import platform
import signal
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from tui_app import language
from tui_app.engine.cluster.telling import Captured, StoppedError, Teller
from tui_app.engine.machine import usable_cpus
from tui_app.engine.resource_usage import cpu_seconds, has_gil, peak_memory

MOST_STOPPED = 10_000
"""Stopped calls that a worker remembers."""

PACKAGES = ("procession", "Pillow", "distributed", "dask")
"""What must be the same here and there, or may do other work."""


_stopped: OrderedDict[tuple[str, int], None] = OrderedDict()
_lock = threading.Lock()
_threads: set[int] = set()
_first_cpu: OrderedDict[str, float] = OrderedDict()


def describe(paths: Sequence[str]) -> str:
    """Return as JSON what this worker is; `unseen` are those of the paths that it cannot see."""
    return json.dumps(
        {
            "pid": os.getpid(),
            "parent": os.getppid(),
            "cpus": usable_cpus(),
            "versions": versions(),
            "unseen": [path for path in paths if not os.path.exists(path)],  # noqa: PTH110
        }
    )


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that count; empty where one is missing."""
    found = {"Python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = ""
    return found


def clock() -> float:
    """Return this machine's monotonic clock, by which events are stamped."""
    return time.monotonic()


def stop(run: str, calls: Sequence[int]) -> None:
    """Let these calls end at their next step; one that has not begun will not begin."""
    for call in calls:
        _stopped[run, call] = None
    while len(_stopped) > MOST_STOPPED:
        _stopped.popitem(last=False)


def die() -> None:
    """Kill this process now. Nothing else ends a thread that works."""
    os.kill(os.getpid(), signal.SIGKILL)


def run_call(run: str, call: int, speaks: str, tasks: Sequence[tuple[int, bytes]]) -> str:
    """Run tasks in turn, each with its number and as it was packed; raise nothing.

    Returns:
        JSON: the worker's address, and what the worker has cost this run so far.
    """
    from distributed import get_worker

    worker = get_worker()
    language.use(speaks)
    with _lock:
        first = _first_cpu.setdefault(run, cpu_seconds())
        while len(_first_cpu) > MOST_STOPPED:
            _first_cpu.popitem(last=False)
        thread = min(set(range(1, len(_threads) + 2)) - _threads)
        _threads.add(thread)
    several = worker.state.nthreads > 1
    teller = Teller(worker, run, call, thread if several else None, lambda: (run, call) in _stopped)
    try:
        with Captured(teller):
            for task, work in tasks:
                teller.check()
                teller.run(task, work)
            # Before the next call of this thread tells that it begins.
            teller.flush()
    except StoppedError:
        teller.over()
    finally:
        with _lock:
            _threads.discard(thread)
    cost = {"cpu": cpu_seconds() - first, "memory": peak_memory(), "gil": has_gil()}
    return json.dumps({"worker": worker.address, "cost": cost})
