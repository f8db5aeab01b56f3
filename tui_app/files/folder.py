"""A folder that stays the one that was opened, wherever its path leads later.

Other programs may rename folders, or put links and FIFOs in their places, while we work. So a
folder is opened once. What is in it is named from the folder's descriptor (openat(2)), a link in it
is never followed, and opening a file never waits for a FIFO's other end.
"""

import errno
import os
import stat
from contextlib import suppress
from typing import NamedTuple, Self

from tui_app.language import _

_SEARCH = os.O_DIRECTORY | os.O_CLOEXEC | getattr(os, "O_PATH", os.O_RDONLY)
"""Flags for folders on the way. With `O_PATH` (Linux) they need not be readable."""

_FILE = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY

_IS_NO_FOLDER = {errno.ENOTDIR, errno.ELOOP, errno.EMLINK}
"""The errors where a link is not followed, or something is no folder."""

_MOST_LINKS = 40
"""The most links that are followed in one path, as in Linux (path_resolution(7))."""


class Identity(NamedTuple):
    """Two numbers that tell one file or folder of this machine from all others."""

    device: int
    inode: int


class Stamp(NamedTuple):
    """Two numbers that show whether a file has changed: bytes, and a time in nanoseconds.

    For a file in a store, the second number stands for whatever the store tells it apart by.
    """

    bytes: int
    mtime: int


NO_FILE = Stamp(-1, -1)
"""Stamp of a path that is no regular file; equal to no recorded stamp."""


def identity(status: os.stat_result) -> Identity:
    """Return the identity of what has a status."""
    return Identity(status.st_dev, status.st_ino)


def stamp(status: os.stat_result) -> Stamp:
    """Return the stamp of what has a status; `NO_FILE` unless it is a regular file."""
    if not stat.S_ISREG(status.st_mode):
        return NO_FILE
    return Stamp(status.st_size, status.st_mtime_ns)


def stamp_at(path: str, *, folder: "Folder | None" = None, follow: bool = False) -> Stamp | None:
    """Return the stamp of what stands at a path, or None where nothing does.

    Args:
        path: The path.
        folder: Where it begins, unless it begins at the root.
        follow: Whether to follow a link; else a link is no regular file.
    """
    begins = None if folder is None else folder.handle
    try:
        return stamp(os.stat(path, dir_fd=begins, follow_symlinks=follow))
    except OSError:
        return None


class ForeignLinkError(OSError):
    """An error: a link of somebody else's is on the way to a folder.

    Attributes:
        link: Path of the link.
    """

    def __init__(self, link: str) -> None:
        super().__init__(_("a link of somebody else's leads there"))
        self.link = link


class Folder:
    """An open folder, to be closed or used as a context. Names of files in it have no slash.

    Where the system refuses something, its methods raise an OSError.

    Attributes:
        handle: Its descriptor, which it owns from now on.
        path: Where it was, for messages.
    """

    def __init__(self, handle: int, path: str) -> None:
        self.handle = handle
        self.path = path

    @classmethod
    def open(cls, path: str) -> Self:
        """Open a folder by its path from the root.

        A link on the way is followed only if it belongs to us or to root. Where others can write,
        their links could lead anywhere.

        Raises:
            ForeignLinkError: A link on the way is somebody else's.
            OSError: The folder is not there, is no folder, or may not be entered.
        """
        return cls(_readable(_walked(path)), path)

    @property
    def status(self) -> os.stat_result:
        """The folder's status."""
        return os.fstat(self.handle)

    @property
    def identity(self) -> Identity:
        """The folder's identity."""
        return identity(self.status)

    def below(self, inner: str) -> Self:
        """Open a folder within it.

        Args:
            inner: Its path from here on, such as `2024/may`; empty for the folder itself.

        Raises:
            NotADirectoryError: A link, or something else that is no folder, is in its place.
            OSError: It is not there, or may not be entered.
        """
        handle = os.dup(self.handle)
        for name in filter(None, inner.split("/")):
            handle = _entered(handle, name)
        return type(self)(_readable(handle), os.path.join(self.path, inner))  # noqa: PTH118

    def make(self, name: str, mode: int) -> bool:
        """Make a folder in it; return False where something has that name already.

        Args:
            name: The new folder's name.
            mode: Its permissions, which the umask limits further.
        """
        try:
            os.mkdir(name, mode, dir_fd=self.handle)
        except FileExistsError:
            return False
        return True

    def open_file(self, name: str, flags: int, mode: int = 0o600) -> int:
        """Open a file in it, and return the descriptor. A link is an error.

        Args:
            name: The file's name.
            flags: As for `os.open`.
            mode: Permissions of a file that is made, which the umask limits further.
        """
        return os.open(name, flags | _FILE, mode, dir_fd=self.handle)

    def lstat(self, name: str) -> os.stat_result | None:
        """Return the status of what has a name in it, a link's own; None where nothing has it."""
        try:
            return os.stat(name, dir_fd=self.handle, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def names(self) -> list[str]:
        """Return the names of everything in it."""
        return os.listdir(self.handle)  # noqa: PTH208

    def rename(self, name: str, to: "Folder", new: str) -> None:
        """Give a file in it another name, in a folder of the same disk; replace what is there."""
        os.rename(name, new, src_dir_fd=self.handle, dst_dir_fd=to.handle)

    def link(self, name: str, to: "Folder", new: str) -> None:
        """Give a file in it a second name, in a folder of the same disk.

        Raises:
            FileExistsError: Something has that name.
        """
        os.link(name, new, src_dir_fd=self.handle, dst_dir_fd=to.handle, follow_symlinks=False)

    def unlink(self, name: str) -> None:
        """Remove a file from it; the file may be gone already."""
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self.handle)

    def rmdir(self, name: str) -> None:
        """Remove an empty folder from it."""
        os.rmdir(name, dir_fd=self.handle)

    def sync(self) -> None:
        """Put the names in it on the disk. For many files this takes as long as for one."""
        # Some file systems cannot do this; the files themselves are on the disk already.
        with suppress(OSError):
            os.fsync(self.handle)

    def close(self) -> None:
        """Close its descriptor; it may be closed already."""
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close its descriptor."""
        self.close()


def _walked(path: str) -> int:
    """Open a folder, part by part, and return its descriptor. See `Folder.open`."""
    handle, at = os.open("/", _SEARCH), "/"
    waiting = path.split("/")[::-1]
    links = 0
    try:
        while waiting:
            name = waiting.pop()
            if name in ("", "."):
                continue
            here = os.path.join(at, name)  # noqa: PTH118
            try:
                below = os.open(name, _SEARCH | os.O_NOFOLLOW, dir_fd=handle)
            except OSError as error:
                if error.errno not in _IS_NO_FOLDER:
                    raise
                target = _link(handle, name, here)
                links += 1
                if links > _MOST_LINKS:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path) from error
                waiting += target.split("/")[::-1]
                if not target.startswith("/"):
                    continue
                below, here = os.open("/", _SEARCH), "/"
            os.close(handle)
            handle, at = below, here
    except BaseException:
        os.close(handle)
        raise
    return handle


def _link(handle: int, name: str, path: str) -> str:
    """Return where a link leads, if it may be followed.

    Raises:
        ForeignLinkError: It is somebody else's.
        NotADirectoryError: It is no link.
    """
    status = os.stat(name, dir_fd=handle, follow_symlinks=False)
    if not stat.S_ISLNK(status.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
    if status.st_uid not in (os.geteuid(), 0):
        raise ForeignLinkError(path)
    return os.readlink(name, dir_fd=handle)


def _entered(handle: int, name: str) -> int:
    """Exchange a folder's descriptor for that of a folder in it."""
    try:
        return os.open(name, _SEARCH | os.O_NOFOLLOW, dir_fd=handle)
    except OSError as error:
        if error.errno in _IS_NO_FOLDER:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), name) from error
        raise
    finally:
        os.close(handle)


def _readable(handle: int) -> int:
    """Exchange a folder's descriptor for one that can be listed and synced.

    A folder that may only be entered and written to, such as a drop box, keeps its descriptor.
    """
    try:
        listed = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=handle)
    except OSError:
        return handle
    os.close(handle)
    return listed
