"""The standard streams. Where one cannot be written to, the work does not stop.

A disk may be full, a descriptor closed, a reader gone. What is written there is lost, the work goes
on, and `lost` tells of it at the end. For a terminal or a locale that has only ASCII, other
characters are spelt in ASCII.
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
    "²": "2", "µ": "u", "†": "+", "\N{NARROW NO-BREAK SPACE}": " ",
    "\N{REPLACEMENT CHARACTER}": "?",
    "✓": "ok", "✗": "x", "●": "o", "○": ".", "■": "#", "◆": "*", "▲": "^", "▼": "v", "▶": ">",
    "◀": "<", "█": "#", "▐": "#", "▒": "%", "░": ".", "▚": "%", "▓": "#", "▀": "^", "▸": ">",
    "─": "-", "━": "=", "┄": "-",
    "‖": "|", "▏": "|", "•": "*", "▪": "*", "◦": ".", "¶": "N",
    "│": "|", "╵": "'", "┼": "+", "┤": "+", "┴": "+", "└": "+", "┘": "+",
    "ă": "a", "â": "a", "î": "i", "ș": "s", "ț": "t",
    "Ă": "A", "Â": "A", "Î": "I", "Ș": "S", "Ț": "T",
}  # fmt: skip
"""How our signs and our languages' letters are spelt in ASCII. Other characters are escaped."""

_ASCII = str.maketrans(
    SIGNS
    | {chr(0x2400 + code): f"^{chr(code ^ 0x40)}" for code in (*range(0x20), 0x7F)}
    | {"\u2421": "^?", "\u2800": " "}
    | {chr(0x2800 + dots): ".:#"[(dots.bit_count() - 1) // 3] for dots in range(1, 0x100)}
)
"""`SIGNS`, the control pictures of `runs/formatting.py:safe`, and the braille of plots."""

TERMINALS_WITHOUT_SCREEN = ("", "dumb", "unknown")
"""Values of `TERM` for a terminal that shows lines, and has no cursor to move."""


class LastingStream:
    """A text file that never fails: what cannot be written is lost.

    Args:
        file: The file that is written to.
        ascii_only: Whether what is beyond ASCII is spelt in ASCII.
        closed: Whether the file's descriptor was closed when this program started.

    Attributes:
        lost: Why something could not be written; None while everything was.
        encoding: UTF-8, as any text may be written. Click would not use a file of ASCII.
    """

    encoding = "utf-8"

    def __init__(self, file: TextIO, *, ascii_only: bool = False, closed: bool = False) -> None:
        self._file = file
        self.ascii_only, self.closed = ascii_only, closed
        self.lost: OSError | None = None

    def write(self, text: str) -> int:
        """Write a text, or lose it."""
        try:
            self._file.write(text.translate(_ASCII) if self.ascii_only else text)
        except OSError as error:
            self._lose(error)
        else:
            if self.closed:
                self.lost = OSError(errno.EBADF, os.strerror(errno.EBADF))
        return len(text)

    def flush(self) -> None:
        """Write what is left in the buffer, or lose it."""
        try:
            self._file.flush()
        except OSError as error:
            self._lose(error)

    def _lose(self, error: OSError) -> None:
        """Keep the reason. What is in the buffer, and what comes later, goes nowhere."""
        self.lost = self.lost or error
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, self._file.fileno())
        os.close(null)

    def __getattr__(self, name: str) -> Any:
        """Return whatever else a file has, from the real file."""
        return getattr(self._file, name)


def take_over() -> None:
    """Replace `sys.stdout` and `sys.stderr` by a `LastingStream`, whether they are open or not.

    Open each standard descriptor that is closed on the null device. Else the next file to be opened
    would get its number, and would be written to in its place.
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
            file.reconfigure(encoding=None if utf8 else "ascii", errors="backslashreplace")
            spelt = not utf8 or (file.isatty() and not has_screen(file))
            setattr(sys, name, LastingStream(file, ascii_only=spelt, closed=fd in closed))


def lost() -> str:
    """Return why something on stdout was lost; empty where nothing was, or its reader has left.

    A reader who leaves wants no more. Call `sys.stdout.flush` first, which may wait for a reader.
    """
    error = sys.stdout.lost if isinstance(sys.stdout, LastingStream) else None
    if error is None or error.errno == errno.EPIPE:
        return ""
    return error.strerror or ""


def is_closed(file: TextIO | LastingStream) -> bool:
    """Tell whether a file's descriptor was closed when this program started."""
    return isinstance(file, LastingStream) and file.closed


def is_ascii_only(file: TextIO) -> bool:
    """Tell whether a file is written in ASCII, as its locale or its terminal has no more."""
    return isinstance(file, LastingStream) and file.ascii_only


def has_screen(file: TextIO) -> bool:
    """Tell whether a file is a terminal that shows more than lines, as `TERM` says."""
    return file.isatty() and os.environ.get("TERM", "") not in TERMINALS_WITHOUT_SCREEN


def _is_utf8(file: TextIO) -> bool:
    try:
        return codecs.lookup(file.encoding).name == "utf-8"
    except LookupError:
        return False
