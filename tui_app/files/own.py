"""Reading a small file, such as one of a person's own settings, whatever is in its place."""

import errno
import os
import stat
from pathlib import Path

from tui_app.language import _

LARGEST = 8_000_000
"""Bytes of the largest file that is read so."""


def read_small(file: Path) -> str:
    """Return what a text file holds. Never waits: a FIFO is not opened for reading.

    Raises:
        OSError: It cannot be read, is no regular file, or is larger than `LARGEST`.
        UnicodeError: It is not in UTF-8.
    """
    handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    with open(handle, "rb") as opened:  # noqa: PTH123 - a descriptor
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, _("not a regular file"), str(file))
        data = opened.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise OSError(errno.EFBIG, _("the file is too large"), str(file))
    return data.decode("utf-8")
