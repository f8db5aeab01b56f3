"""A new file of a person's own that grows while a program runs, such as a record."""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Self

from tui_app.files.permissions import OWNER

_FLAGS = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC


class AppendFile:
    """A file that this process alone writes, and only its owner can read; to be closed.

    It is locked while it is open, so `is_growing` tells whether somebody still writes it: the
    kernel lets go of the lock at any death.

    Attributes:
        path: Where it is.
        size: The bytes that are in it.
    """

    def __init__(self, handle: int, path: Path) -> None:
        self._handle = handle
        self.path = path
        self.size = 0

    @classmethod
    def create(cls, path: Path, *, make_folder: bool = False) -> Self:
        """Make the file.

        Args:
            path: Where nothing may stand yet, not even a link.
            make_folder: Whether to make its folder, for the owner alone, where there is none.

        Raises:
            FileExistsError: Something has that name.
            OSError: It cannot be made.
        """
        if make_folder:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = cls(os.open(path, _FLAGS, OWNER), path)
        # A file system without locks has no file that somebody is known to write.
        with suppress(OSError):
            fcntl.flock(file._handle, fcntl.LOCK_EX)
        return file

    def append(self, data: bytes) -> None:
        """Put all of this at the end, in one write.

        Raises:
            OSError: Not all of it could be written; a part may stand there.
        """
        written = os.write(self._handle, data)
        self.size += written
        if written < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))

    def remove(self) -> None:
        """Close it, and take it away."""
        self.close()
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close it; it may be closed already."""
        if self._handle >= 0:
            handle, self._handle = self._handle, -1
            os.close(handle)


def is_growing(path: Path) -> bool:
    """Tell whether a program holds a file open as its `AppendFile`; it need not be there."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    else:
        return False
    finally:
        os.close(handle)
