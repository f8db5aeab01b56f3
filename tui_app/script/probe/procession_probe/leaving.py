"""Reports which locks of `multiprocessing` a process has when it ends: nobody will release them."""

from __future__ import annotations

import os
import sys

from .home import home
from .objects import semaphores, vars_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_LOCKS = 10
"""Locks that are told, so that the report is short enough for a pipe."""

_believed = False


def believed_to_hold() -> None:
    """Take notice that the server has heard of a lock that this process has."""
    global _believed
    _believed = True


def forget() -> None:
    """Forget what the server has heard: of the child of a fork it knows nothing."""
    global _believed
    _believed = False


def tell_locked() -> None:
    """Report the locks that this process has, by the memory in which they are.

    One that has none tells so only where the server believes something else.
    """
    if sys.platform != "linux" or home.is_helper:
        return
    locked = ";".join(sorted(set(_locked()))[:MOST_LOCKS])
    if locked or _believed:
        home.tell("left", locked=locked)
        if locked:
            believed_to_hold()


def _locked() -> Iterator[str]:
    semlocks = [vars_of(thing).get("_semlock") for thing in semaphores()]
    # One that lets several in is no lock.
    handles = [one.handle for one in semlocks if one and one.maxvalue == 1 and one._count() > 0]
    for row in _maps().splitlines() if handles else ():
        span, rights, _offset, device, number = row.split()[:5]
        low, _, high = span.partition("-")
        if rights.endswith("s") and any(int(low, 16) <= at < int(high, 16) for at in handles):
            yield f"{device} {number}"


def _maps() -> str:
    try:
        fd = os.open("/proc/self/maps", os.O_RDONLY)
    except OSError:
        return ""
    parts = []
    try:
        while part := os.read(fd, 1 << 16):
            parts.append(part)
    finally:
        os.close(fd)
    return os.fsdecode(b"".join(parts))
