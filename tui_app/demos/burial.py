"""How a process ended that nobody has waited for yet."""

from __future__ import annotations

import os
from pathlib import Path


def exit_status(pid: int) -> tuple[bool, int | None]:
    """Whether a process is there, and its exit code if it has ended and nobody has buried it.

    The code is the last field of `/proc/PID/stat` (proc(5)), so it is known on Linux only.
    """
    try:
        state, *_, status = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return False, None
    if state not in (b"Z", b"X"):
        return True, None
    return True, os.waitstatus_to_exitcode(int(status))
