"""What a script's processes are called."""

from __future__ import annotations

import re

MAIN = "main"

_DEFAULT = re.compile(r"(?:Fork|Spawn|ForkServer)?(?:Process|PoolWorker)-(\d+(?::\d+)*)")


def display_name(name: str, *, pool: bool) -> str:
    """A short name for a process, from the one that `multiprocessing` gave it.

    `Process-1` is `P-1`, and `P-1:2` is the second that P-1 started; a pool's worker, whatever
    the start method calls it, is `W-1`. A name of the script's own stays as it is, and so does
    that of a subclass (`Counter-1`). A process that is none of `multiprocessing`'s has `fork-1`
    or `python-1`, a fork server that prints `server-1`; the script's first is `main`.
    """
    found = _DEFAULT.fullmatch(name)
    if found is None:
        return name
    return f"{'W' if pool else 'P'}-{found.group(1)}"
