"""What a script's processes are called."""

from __future__ import annotations

import re

MAIN = "main"

_DEFAULT = re.compile(r"(?:Fork|Spawn|ForkServer)?(?:Process|PoolWorker)-(\d+(?::\d+)*)")


def display_name(name: str, *, pool: bool) -> str:
    """Return a short name for a process, from the one that `multiprocessing` gave it.

    `Process-1` is `P-1`, and `P-1:2` is the second that P-1 started; a pool's worker is `W-1`,
    whatever the start method calls it. The script's own names stay as they are, and so do those of
    a subclass (`Counter-1`). Other processes get their names elsewhere: `fork-1`, `python-1`, a
    fork server that prints `server-1`, and the script's first process `main`.
    """
    found = _DEFAULT.fullmatch(name)
    if found is None:
        return name
    return f"{'W' if pool else 'P'}-{found.group(1)}"
