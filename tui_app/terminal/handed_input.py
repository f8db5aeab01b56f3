"""The standard input, where it is for a script that is played, and not for keys."""

from __future__ import annotations

import fcntl
import os
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass

from tui_app.terminal.output import KEYS

LOWEST = 10
"""The lowest descriptor of an input that is kept: shells use those below."""


@dataclass(frozen=True, slots=True)
class HandedInput:
    """An input for a script.

    Attributes:
        fd: its descriptor here.
        start: where a file is read from; `None` for what cannot be read twice.
    """

    fd: int
    start: int | None = None

    def rewind(self) -> None:
        """Let a file be read again from where it began for the first script."""
        if self.start is not None:
            with suppress(OSError):
                os.lseek(self.fd, self.start, os.SEEK_SET)


def handed_input(*, asked: bool) -> HandedInput | None:
    """Return the standard input for a script: a pipe or a file, or whatever it is where asked.

    Args:
        asked: whether a person wants a terminal handed on, too.

    Returns:
        `None` where the script gets none: the input is a terminal, closed, or the null device.
    """
    try:
        status = os.fstat(KEYS)
        if os.path.samestat(status, os.stat(os.devnull)):  # noqa: PTH116
            return None
        if os.isatty(KEYS) and not asked:
            return None
        fd = fcntl.fcntl(KEYS, fcntl.F_DUPFD_CLOEXEC, LOWEST)
    except OSError:
        return None
    return HandedInput(fd, os.lseek(fd, 0, os.SEEK_CUR) if stat.S_ISREG(status.st_mode) else None)


def take_keys_from_terminal() -> bool:
    """Read keys from the terminal itself, where the standard input is something else.

    Returns:
        Whether there is a terminal.
    """
    if os.isatty(KEYS):
        return True
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        return False
    os.dup2(terminal, KEYS)
    os.close(terminal)
    if sys.stdin is None:
        sys.stdin = open(KEYS, encoding="utf-8", closefd=False)  # noqa: SIM115
    return True
