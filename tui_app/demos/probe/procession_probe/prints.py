"""What a process prints, line by line; and what it is told when it reads."""

from __future__ import annotations

import _thread
import io
import os
import sys

from .home import home, leads_home
from .lines import tell_line

CLOSED = (
    "standard input is closed in a played script: input() and sys.stdin get the end of file here"
)


class LineWriter(io.TextIOBase):
    """`sys.stdout` or `sys.stderr`: each whole line is told at once, a part of one at a flush.

    Each thread has a line of its own under way, so that prints do not tear into each other.
    """

    encoding = "utf-8"
    errors = "backslashreplace"
    line_buffering = True

    def __init__(self, stream: str, fd: int) -> None:
        self.name = f"<{stream}>"
        self.mode = "w"
        self.buffer = io.FileIO(fd, "wb", closefd=False)
        self._stream, self._fd = stream, fd
        self._line = _thread._local()

    def writable(self) -> bool:
        """Always."""
        return True

    def isatty(self) -> bool:
        """Never."""
        return False

    def fileno(self) -> int:
        """1 or 2: what C libraries and other programs write to."""
        return self._fd

    def reconfigure(self, **_: object) -> None:
        """Takes what a `TextIOWrapper` takes; lines are told as they are written in any case."""

    def write(self, text: str, /) -> int:
        """Tells each line that is now whole."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        *lines, rest = (getattr(self._line, "rest", "") + text).split("\n")
        self._line.rest = rest
        for line in lines:
            self._tell(line, partial=False)
        return len(text)

    def flush(self) -> None:
        """Tells the line under way, as a part of one."""
        rest = getattr(self._line, "rest", "")
        if rest:
            self._line.rest = ""
            self._tell(rest, partial=True)

    def _tell(self, text: str, *, partial: bool) -> None:
        tell_line()
        home.tell("output", stream=self._stream, text=text, partial=partial)


class ClosedInput(io.TextIOBase):
    """`sys.stdin` without anybody at the other end; the first who asks is told so on stderr."""

    encoding = "utf-8"
    errors = "strict"
    name = "<stdin>"
    _told = False

    def __init__(self) -> None:
        self.buffer = io.FileIO(0, "rb", closefd=False)

    def readable(self) -> bool:
        """Always; there is nothing to be read."""
        return True

    def fileno(self) -> int:
        """0: the null device."""
        return 0

    def read(self, size: int | None = -1, /) -> str:
        """Nothing."""
        return self._nothing()

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        """Nothing: `input()` makes an `EOFError` of it."""
        return self._nothing()

    def _nothing(self) -> str:
        if not ClosedInput._told:
            ClosedInput._told = True
            if sys.stderr is not None:
                sys.stderr.write(f"{CLOSED}\n")
        return ""


def install() -> None:
    """Replaces the streams of a new interpreter that lead to the hub."""
    for name, fd in (("stdout", 1), ("stderr", 2)):
        if leads_home(fd):
            writer = LineWriter(name, fd)
            setattr(sys, name, writer)
            setattr(sys, f"__{name}__", writer)
    if home.is_main:
        sys.stdin = sys.__stdin__ = ClosedInput()  # type: ignore[assignment,misc]


def close_input() -> None:
    """The same for a process that `multiprocessing` started: it has no input either."""
    if isinstance(sys.stdin, io.TextIOBase) and _is_null(0):
        sys.stdin = ClosedInput()


def flush() -> None:
    """Tells what is under way, so that a fork does not take it along."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, LineWriter):
            stream.flush()


def _is_null(fd: int) -> bool:
    try:
        return os.path.samestat(os.fstat(fd), os.stat(os.devnull))  # noqa: PTH116
    except OSError:
        return False
