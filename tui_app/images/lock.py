"""One run at a time in one output folder: a lock that the kernel lets go of at any death."""

import fcntl
import os
import weakref
from contextlib import suppress
from io import FileIO
from pathlib import Path

LOCK = "lock"
"""The name of the locked file, in the hidden folder. It is never removed: a lock on a removed file
would keep nobody out."""

_held: weakref.WeakSet[FileIO] = weakref.WeakSet()


class LockedError(Exception):
    """Another run holds the lock."""


class Lock:
    """Holds an output folder for one run, in this process alone.

    Args:
        folder: The hidden folder.

    Attributes:
        kept: Whether it keeps others out: there are file systems without locks.

    Raises:
        LockedError: Another run holds it.
        OSError: The file cannot be made or opened.
    """

    def __init__(self, folder: Path) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
        handle = os.open(folder / LOCK, flags, 0o666)
        # A file object is closed, and its lock let go, even where a cancelled start loses it.
        self._file = FileIO(handle, "r+")
        _held.add(self._file)
        self.kept = True
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise LockedError(str(folder)) from error
        except OSError:
            self.kept = False

    def release(self) -> None:
        """Let it go, also where a child that was just forked still has a copy of the file."""
        with suppress(OSError, ValueError):
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._file.close()


def _close_in_child() -> None:
    """A forked worker would hold the lock for as long as it lives, after its parent's death too."""
    for file in list(_held):
        file.close()


os.register_at_fork(after_in_child=_close_in_child)
