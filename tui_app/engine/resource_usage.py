"""What this process has cost so far, under which lock: asked after each task, so it is cheap."""

from __future__ import annotations

import sys
import time


def cpu_seconds() -> float:
    """Seconds of CPU that this process has used, all its threads together, since it is there."""
    return time.process_time()


def has_gil() -> bool:
    """Whether this interpreter has its global lock now.

    A free-threaded one has not, until it imports a module that was not made for it
    (https://docs.python.org/3/howto/free-threading-python.html).
    """
    return getattr(sys, "_is_gil_enabled", lambda: True)()


def peak_memory() -> int | None:
    """The most bytes of memory that this process had resident at once; `None` if nobody tells.

    On Linux the process's own high-water mark (`VmHWM`, proc(5)): `ru_maxrss` there keeps what the
    program before an `exec` had, so a spawned worker would be told its parent's.
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
