"""What this process has cost so far. It is asked after each task, so the functions are cheap."""

from __future__ import annotations

import sys
import time


def cpu_seconds() -> float:
    """Return the seconds of CPU that all threads of this process have used since it started."""
    return time.process_time()


def has_gil() -> bool:
    """Return whether this interpreter has its global lock now.

    A free-threaded interpreter has none, until it imports a module that was not made for it:
    https://docs.python.org/3/howto/free-threading-python.html.
    """
    return getattr(sys, "_is_gil_enabled", lambda: True)()


def peak_memory() -> int | None:
    """Return the most bytes that this process had in memory at once; `None` where unknown.

    On Linux that is `VmHWM`: `ru_maxrss` keeps what the program before an `exec` had, so a spawned
    worker would get its parent's (https://man7.org/linux/man-pages/man5/proc_pid_status.5.html).
    """
    if sys.platform == "linux":
        try:
            with open("/proc/self/status", "rb") as file:  # noqa: PTH123 - as quick as there is
                status = file.read()
        except OSError:
            return None
        _before, found, after = status.partition(b"VmHWM:")
        return int(after.split(maxsplit=1)[0]) * 1024 if found else None
    import resource  # not on every platform

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
