"""The terminal: how often it is drawn on, a file for it, and how the shell gets it back."""

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
"""Drawings a second. Over SSH there are fewer: ten a second of a log would choke a slow link."""

KEYS = 0
"""The descriptor that keys are read from."""


def default_fps() -> int:
    """Return the drawings a second on this terminal, unless a person asks for another number."""
    return FPS_OVER_SSH if "SSH_CONNECTION" in os.environ else FPS


def is_gone(file: TextIO | None) -> bool:
    """Tell whether a file was a terminal that has hung up."""
    try:
        if file is not None:
            termios.tcgetattr(file.fileno())
    except termios.error as error:
        return bool(error.args[0] == errno.EIO)
    except (OSError, ValueError):
        # The file is closed, or has no descriptor: it was no terminal.
        return False
    return False


def apart(file: TextIO) -> TextIO:
    """Return the same terminal with a descriptor of its own.

    Descriptor 2 is changed while helper processes are started (`engine/forkserver.py`). What is
    drawn by it meanwhile would be lost.
    """
    return os.fdopen(os.dup(file.fileno()), "w", encoding=file.encoding, errors=file.errors)


class LastingTerminal(LastingStream):
    """A terminal's file for Textual, which writes fewer bytes (`lean`) and never fails.

    What is written after a hang-up is lost. Textual's output thread ends at the first failed write,
    and the app would then wait for it for ever: a closed SSH session would leave the app, and what
    it runs, behind.

    Attributes:
        behind: Whether the latest drawing is still on its way. Another one would make keys wait.
    """

    def __init__(self, file: TextIO) -> None:
        super().__init__(file)
        self.behind = False

    def write(self, text: str) -> int:
        """Write a text, or lose it where the terminal is gone."""
        self.behind = True
        return super().write(lean(text))

    def flush(self) -> None:
        """Flush, or lose what is left where the terminal is gone."""
        super().flush()
        self.behind = False


def stop_job() -> None:
    """Stop this process's group, as ctrl+z in a shell does, until somebody continues it.

    Return at once where nobody could: the kernel stops no group without a shell above it.
    """
    handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    try:
        os.killpg(0, signal.SIGTSTP)
    finally:
        signal.signal(signal.SIGTSTP, handler)


def wait_for_foreground(ended: Callable[[], bool]) -> None:
    """Wait until the terminal is this process group's.

    The kernel stops a group again that was continued in the background (`bg`).

    Args:
        ended: Tells whether the terminal is not needed any more.

    Raises:
        InterruptedError: The terminal is not needed any more.
    """
    while not ended():
        try:
            # This changes nothing. The kernel stops a group that does it without the terminal.
            termios.tcsetattr(KEYS, termios.TCSANOW, termios.tcgetattr(KEYS))
        except termios.error as error:
            if error.args[0] == errno.EINTR:
                continue  # The signal that continues the group has interrupted it.
        return
    # This process waits for its helpers, which may be stopped still.
    os.killpg(0, signal.SIGCONT)
    raise InterruptedError


def in_background() -> bool:
    """Tell whether the terminal is another process group's, such as the shell's."""
    try:
        return os.tcgetpgrp(KEYS) != os.getpgrp()
    except OSError:
        return False
