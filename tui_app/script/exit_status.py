"""How a process ended that nobody has waited for yet; and the end of those that nobody finds."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

AGAIN_SECONDS = 0.01


def exit_status(pid: int) -> tuple[bool, int | None]:
    """Return whether a process is there, and its exit code if it has ended and was not waited for.

    The code is the last field of `/proc/PID/stat`, so it is known on Linux only:
    https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html.
    """
    try:
        state, *_, status = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return False, None
    if state not in (b"Z", b"X"):
        return True, None
    return True, os.waitstatus_to_exitcode(int(status))


def end_marked(mark: str, seconds: float) -> None:
    """Kill every process that has `mark` in its environment, for so many seconds at most.

    It finds processes whose parents are gone. On Linux only.
    """
    until = time.monotonic() + seconds
    while (left := _marked(mark.encode())) and time.monotonic() < until:
        for pid in left:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(AGAIN_SECONDS)


def _marked(mark: bytes) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir() if sys.platform == "linux" else ():
        if folder.name.isdigit():
            with suppress(OSError):
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
    return found
