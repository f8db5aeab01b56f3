"""The standard streams: one that takes nothing is no reason to stop, nor for a traceback.

A disk may be full, a descriptor closed, a reader gone: what is written there is lost, the work goes
on, and `lost` tells of it at the end. Where a terminal or a locale has no more than ASCII, what is
beyond it is spelt in ASCII.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
from typing import Any, TextIO

SIGNS = {
    "→": "->", "←": "<-", "↑": "^", "↓": "v", "−": "-", "–": "-", "…": "...", "·": "-", "⋮": ":",
    "²": "2", "†": "+", "\N{NO-BREAK SPACE}": " ", "\N{REPLACEMENT CHARACTER}": "?",
    "✓": "ok", "✗": "x", "●": "o", "○": ".", "■": "#", "◆": "*", "▲": "^", "▼": "v", "▶": ">",
    "◀": "<", "█": "#", "▐": "#", "▒": "%", "░": ".", "▚": "%", "─": "-", "━": "=", "┄": "-",
    "│": "|", "╵": "'", "┼": "+", "┤": "+", "┴": "+", "└": "+", "┘": "+",
    "ă": "a", "â": "a", "î": "i", "ș": "s", "ț": "t",
    "Ă": "A", "Â": "A", "Î": "I", "Ș": "S", "Ț": "T",
}  # fmt: skip
"""How our signs, and our languages' letters, are spelt in ASCII. Others become escapes."""

_ASCII = str.maketrans(
    SIGNS
    | {chr(0x2400 + code): f"^{chr(code ^ 0x40)}" for code in (*range(0x20), 0x7F)}
    | {"\u2421": "^?", "\u2800": " "}
    | {chr(0x2800 + dots): ".:#"[(dots.bit_count() - 1) // 3] for dots in range(1, 0x100)}
)
"""The same, and control pictures (`runs/formatting.py:safe`), and the braille of plots."""

TERMINALS_WITHOUT_SCREEN = ("", "dumb", "unknown")
"""Values of `TERM` that say: it shows lines, and has no cursor to be moved."""


class LastingStream:
    """A text file that never fails: what it does not take is lost.

    Args:
        file: where it is written.
        ascii_only: whether everything beyond ASCII is spelt in it.
        closed: whether its descriptor was closed when this program started.

    Attributes:
        lost: why something could not be written; `None` while all was.
        encoding: any text is taken. Click would go round a file that says it is of ASCII.
    """

    encoding = "utf-8"

    def __init__(self, file: TextIO, *, ascii_only: bool = False, closed: bool = False) -> None:
        self._file = file
        self.ascii_only, self.closed = ascii_only, closed
        self.lost: OSError | None = None

    def write(self, text: str) -> int:
        """Writes it, or loses it."""
        try:
            self._file.write(text.translate(_ASCII) if self.ascii_only else text)
        except OSError as error:
            self._lose(error)
        else:
            if self.closed:
                self.lost = OSError(errno.EBADF, os.strerror(errno.EBADF))
        return len(text)

    def flush(self) -> None:
        """Writes what is left in the buffer, or loses it."""
        try:
            self._file.flush()
        except OSError as error:
            self._lose(error)

    def _lose(self, error: OSError) -> None:
        """Keeps the reason; what is still in the buffer, and comes later, goes nowhere."""
        self.lost = self.lost or error
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, self._file.fileno())
        os.close(null)

    def __getattr__(self, name: str) -> Any:
        """Whatever else a file has is the real one's."""
        return getattr(self._file, name)


def take_over() -> None:
    """Puts a `LastingStream` in the place of `sys.stdout` and of `sys.stderr`, open or not.

    A descriptor that is closed is opened on the null device: the next file that is opened would
    have its number, and be taken for it.
    """
    closed = set()
    for fd in (0, 1, 2):
        try:
            os.fstat(fd)
        except OSError:
            closed.add(fd)
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    for fd, name in ((1, "stdout"), (2, "stderr")):
        file = getattr(sys, name)
        if file is None:
            file = open(fd, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        if isinstance(file, io.TextIOWrapper):
            utf8 = _is_utf8(file)
            file.reconfigure(
                encoding=None if utf8 else "ascii",
                errors="backslashreplace",
            )
            spelt = not utf8 or (file.isatty() and not has_screen(file))
            setattr(sys, name, LastingStream(file, ascii_only=spelt, closed=fd in closed))


def lost() -> str:
    """Why something on stdout was lost; empty where nothing was, or its reader has left.

    Who leaves wants no more, and who closed stdout no log; whatever else was to be told there is
    missed. Call `sys.stdout.flush` first: it may wait for a reader.
    """
    error = sys.stdout.lost if isinstance(sys.stdout, LastingStream) else None
    return error.strerror or "" if error is not None and error.errno != errno.EPIPE else ""


def is_closed(file: TextIO | LastingStream) -> bool:
    """Whether its descriptor was closed when this program started."""
    return isinstance(file, LastingStream) and file.closed


def is_ascii_only(file: TextIO) -> bool:
    """Whether it is spelt in ASCII there, by the locale or for want of a screen."""
    return isinstance(file, LastingStream) and file.ascii_only


def has_screen(file: TextIO) -> bool:
    """Whether it is a terminal with more than lines, as `TERM` says."""
    return file.isatty() and os.environ.get("TERM", "") not in TERMINALS_WITHOUT_SCREEN


def _is_utf8(file: TextIO) -> bool:
    try:
        return codecs.lookup(file.encoding).name == "utf-8"
    except LookupError:
        return False
