"""The terminal: how often it is drawn on, a file for it, and giving it back to the shell."""

from __future__ import annotations

import errno
import os
import signal
import termios
from collections.abc import Callable
from typing import TextIO

from tui_app.terminal.sgr import lean
from tui_app.terminal.standard_streams import LastingStream

FPS, FPS_OVER_SSH, MOST_FPS = 10, 4, 60
"""Drawings a second: a log that scrolls ten times a second would choke a slow link."""

KEYS = 0
"""The descriptor from which keys are read."""


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

    Where fd 2 leads is changed while helper processes are started (`engine/forkserver.py`), and
    what is drawn meanwhile would be lost.
    """
    return os.fdopen(os.dup(file.fileno()), "w", encoding=file.encoding, errors=file.errors)


class LastingTerminal(LastingStream):
    """A terminal's file, for Textual to write to; what is written after a hang-up is lost.

    What it writes is told in fewer bytes; see `lean`.
    Textual's output thread dies of the first failed write, and the app then waits for it for
    ever: a closed SSH session would leave it, and what it runs, behind.

    Attributes:
        behind: whether what was drawn last is still on its way; more would make keys wait.
    """

    def __init__(self, file: TextIO) -> None:
        super().__init__(file)
        self.behind = False

    def write(self, text: str) -> int:
        """Writes, or loses the text where the terminal is gone."""
        self.behind = True
        return super().write(lean(text))

    def flush(self) -> None:
        """Flushes, or loses what is left where the terminal is gone."""
        super().flush()
        self.behind = False


def stop_job() -> None:
    """Stops all of this process's group, as a shell's ctrl+z does, until somebody continues it.

    Returns at once where nobody could: the kernel stops no group without a shell above it.
    """
    handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    try:
        os.killpg(0, signal.SIGTSTP)
    finally:
        signal.signal(signal.SIGTSTP, handler)


def wait_for_foreground(ended: Callable[[], bool]) -> None:
    """Returns when the terminal is this group's; what was continued in the back is stopped again.

    Raises:
        InterruptedError: meanwhile there is no need for it any more, as `ended` says.
    """
    while not ended():
        try:
            # As it is; but the kernel lets only the group that has the terminal do it.
            termios.tcsetattr(KEYS, termios.TCSANOW, termios.tcgetattr(KEYS))
        except termios.error as error:
            if error.args[0] == errno.EINTR:
                continue  # by the signal that continues it
        return
    # Whoever woke this process may have left its helpers asleep, and it waits for them.
    os.killpg(0, signal.SIGCONT)
    raise InterruptedError


def in_background() -> bool:
    """Whether the terminal is another group's, such as the shell's."""
    try:
        return os.tcgetpgrp(KEYS) != os.getpgrp()
    except OSError:
        return False
