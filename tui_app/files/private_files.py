"""Small files of a person's own, such as settings, whatever is in their place."""

import errno
import os
import stat
from pathlib import Path

from tui_app.language import _

LARGEST = 8_000_000
"""The most bytes that are read."""


def read_small(file: Path) -> str:
    """Return the text in a file. Never wait for the other end of a FIFO.

    Raises:
        OSError: It cannot be read, is no regular file, or is larger than `LARGEST`.
        UnicodeError: It is not in UTF-8.
    """
    handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, _("not a regular file"), str(file))
        if status.st_size > LARGEST:
            raise OSError(errno.EINVAL, _("the file is too large"), str(file))
        with open(handle, "rb", closefd=False) as opened:
            return opened.read(status.st_size).decode("utf-8")
    finally:
        os.close(handle)


def write_small(file: Path, text: str) -> None:
    """Put a text file, for its owner alone, in the place of whatever has its name.

    It appears whole or not at all. Where its folder is not there, make one for its owner alone.

    Raises:
        OSError: It cannot be written; what had that name is still there.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = file.with_name(f".{file.name}-{os.urandom(4).hex()}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        with open(os.open(temporary, flags, 0o600), "wb") as opened:  # noqa: PTH123 - a descriptor
            opened.write(text.encode("utf-8", "backslashreplace"))
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)
