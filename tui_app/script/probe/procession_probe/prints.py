"""Streams that report: `sys.stdout` and `sys.stderr` each write, `sys.stdin` that it is closed.

They are what Python itself makes of the fds, but for the lowest layer, which stamps each write.
After the stamp only C runs, so no signal handler comes between a write and the report of it.
"""

from __future__ import annotations

import io
import os
import sys

from .home import STREAMS, home
from .lines import tell_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

CLOSED = (
    "standard input is closed in a played script: input() and sys.stdin get the end of file here"
)

_told = False


class _Own(io.FileIO):
    """A file whose `repr` is that of a plain `FileIO`."""

    def __repr__(self) -> str:
        return super().__repr__().replace("<FileIO ", "<_io.FileIO ", 1)


class Written(_Own):
    """fd 1 or 2."""

    @property
    def write(self) -> Callable[[Any], int]:  # type: ignore[override]
        """The `write` of a `FileIO`. It is looked up just before it is called."""
        try:
            if not self.closed:
                tell_line()
                home.stamp(self.fileno())
        except RecursionError:
            pass  # The script prints at the very limit of its stack.
        return super().write


class Unread(_Own):
    """The null device as standard input; the first who reads is told so on stderr."""

    @property
    def readinto(self) -> Callable[[Any], int]:
        """The `readinto` of a `FileIO`, which all reading uses but `readall`."""
        self._tell()
        return super().readinto

    @property
    def readall(self) -> Callable[[], bytes]:
        """The `readall` of a `FileIO`."""
        self._tell()
        return super().readall

    def _tell(self) -> None:
        global _told
        if not _told and not self.closed and _is_null(self.fileno()):
            _told = True
            if sys.stderr is not None:
                sys.stderr.write(f"{CLOSED}\n")


for _kind in (Written, Unread):
    _kind.__name__ = _kind.__qualname__ = io.FileIO.__name__
    _kind.__module__ = io.FileIO.__module__


def install() -> bool:
    """Replace the streams of a new interpreter that lead to the event server.

    Returns:
        Whether its stdout leads there and is written line by line.
    """
    by_lines = False
    for fd, name in enumerate(STREAMS, 1):
        old = getattr(sys, name)
        if isinstance(old, io.TextIOWrapper) and home.leads_home(fd):
            raw = Written(fd, "wb", closefd=False)
            raw.name = f"<{name}>"
            # There is no buffer where Python was started for unbuffered streams.
            new = io.TextIOWrapper(
                raw if isinstance(old.buffer, io.FileIO) else io.BufferedWriter(raw),
                old.encoding,
                old.errors,
                newline="\n",
                line_buffering=True,  # as on a terminal
                write_through=old.write_through,
            )
            by_lines = by_lines or (fd == 1 and not old.write_through)
            vars(new)["mode"] = "w"
            setattr(sys, name, new)
            setattr(sys, f"__{name}__", new)
    if home.is_main:
        close_input()
        setattr(sys, "__stdin__", sys.stdin)  # noqa: B010 - it is declared as final
    return by_lines


def close_input() -> None:
    """Tell whoever reads from now on that this process has no input."""
    old = sys.stdin
    if not isinstance(old, io.TextIOWrapper) or old.closed or not _is_null(old.fileno()):
        return
    raw = Unread(old.fileno(), "rb", closefd=False)
    raw.name = old.name
    new = io.TextIOWrapper(io.BufferedReader(raw), old.encoding, old.errors, newline="\n")
    vars(new)["mode"] = "r"
    sys.stdin = new


def _is_null(fd: int) -> bool:
    try:
        return os.path.samestat(os.fstat(fd), os.stat(os.devnull))  # noqa: PTH116
    except OSError:
        return False
