"""The terminal: how often it is drawn on, and a file for it that forgives its being gone."""

from __future__ import annotations

import errno
import os
import termios
from typing import Any, TextIO

from tui_app.lean import lean

FPS, FPS_OVER_SSH, MOST_FPS = 10, 4, 60
"""Drawings a second: a log that scrolls ten times a second would choke a slow link."""


def default_fps() -> int:
    """Drawings a second on this terminal, where nobody asks for another number."""
    return FPS_OVER_SSH if "SSH_CONNECTION" in os.environ else FPS


def is_gone(file: TextIO | None) -> bool:
    """Whether a file was a terminal that has hung up."""
    try:
        if file is not None:
            termios.tcgetattr(file.fileno())
    except termios.error as error:
        return bool(error.args[0] == errno.EIO)
    except (OSError, ValueError):
        # Closed, or without a number: never a terminal.
        return False
    return False


def apart(file: TextIO) -> TextIO:
    """The same terminal by a descriptor of its own.

    Where fd 2 leads is changed while helper processes are started (`engine/prestart.py`), and what
    is drawn meanwhile would be lost.
    """
    return os.fdopen(os.dup(file.fileno()), "w", encoding=file.encoding, errors=file.errors)


class LastingTerminal:
    """A terminal's file, for Textual to write to; what is written after a hang-up is dropped.

    What it writes is told in fewer bytes; see `lean`.
    Textual's output thread dies of the first failed write, and the app then waits for it for
    ever: a closed SSH session would leave it, and what it runs, behind. What is still in the file's
    buffer then would make Python exit with 120, so the null device takes the terminal's place.

    Attributes:
        behind: whether what was drawn last is still on its way; more would make keys wait.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.behind = False

    def write(self, text: str) -> int:
        """Writes, or drops the text where the terminal is gone."""
        self.behind = True
        try:
            return self._file.write(lean(text))
        except OSError as error:
            self._forgive(error)
            return len(text)

    def flush(self) -> None:
        """Flushes, or drops what is left where the terminal is gone."""
        try:
            self._file.flush()
        except OSError as error:
            self._forgive(error)
        finally:
            self.behind = False

    def _forgive(self, error: OSError) -> None:
        if error.errno != errno.EIO:
            raise error
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, self._file.fileno())
        os.close(null)

    def __getattr__(self, name: str) -> Any:
        """Whatever else a file has is the terminal's own."""
        return getattr(self._file, name)
