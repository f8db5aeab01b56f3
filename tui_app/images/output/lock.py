"""One run at a time in an output folder: the kernel releases its lock at any death (flock(2))."""

import fcntl
import os
import weakref
from contextlib import suppress
from io import FileIO

from tui_app.files.folder import Folder
from tui_app.files.permissions import keep_for_owner, own_mode
from tui_app.images.output.hidden import ForeignFileError, open_believed, set_aside

LOCK = "lock"
"""Name of the locked file in the hidden folder. It is never removed: a lock on a removed file would
keep nobody out."""

_held: weakref.WeakSet[FileIO] = weakref.WeakSet()


class LockedError(Exception):
    """Another run holds the lock."""


class Lock:
    """Holds an output folder for one run, in this process alone.

    A file in its place that others could have made is set aside: they might hold it for ever.

    Args:
        folder: The hidden folder.
        root: Status of the output folder.

    Attributes:
        kept: Whether it keeps others out: there are file systems without locks.

    Raises:
        LockedError: Another run holds it.
        OSError: The file cannot be made or opened.
    """

    def __init__(self, folder: Folder, root: os.stat_result) -> None:
        flags = os.O_RDWR | os.O_CREAT
        try:
            handle = open_believed(folder, root, LOCK, flags)
        except ForeignFileError:
            set_aside(folder, LOCK)
            handle = open_believed(folder, root, LOCK, flags)
        # A file object is closed, and its lock released, even where a cancelled start loses it.
        self._file = FileIO(handle, "r+")
        _held.add(self._file)
        keep_for_owner(handle, own_mode(root))
        self.kept = True
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise LockedError(folder.path) from error
        except OSError:
            self.kept = False

    def release(self) -> None:
        """Release it, also where a child that was just forked still has a copy of the file."""
        with suppress(OSError, ValueError):
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._file.close()


def _close_in_child() -> None:
    """Close the locks in a forked worker, which would hold them after its parent's death too."""
    for file in list(_held):
        file.close()


os.register_at_fork(after_in_child=_close_in_child)
