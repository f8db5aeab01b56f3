"""Writing a file so that its name never shows half of it, and no more people can read it."""

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from tui_app.files.folder import NO_FILE, Folder, Identity, Stamp, identity, stamp
from tui_app.files.permissions import ANYBODY, grant

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES}
"""The errors of `link` on a file system without hard links."""

_CHUNK = 1 << 20


def is_temporary(name: str) -> bool:
    """Tell whether a name is that of a temporary file of any run."""
    return name.endswith(".part")


def is_temporary_of(name: str, run: str) -> bool:
    """Tell whether a name is that of a temporary file of a run."""
    return is_temporary(name) and name.rsplit(".", 2)[0] == run


class SourceInTheWayError(OSError):
    """What would be replaced is the very file that the output is made of."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file is to stand, and what may be replaced there.

    Attributes:
        folder: The folder.
        name: Its name there.
        temporary: A folder of the same disk, where it is written first.
        run: Marks the temporary file's name.
        over: Stamp of the file that it may replace; None where nothing may be replaced.
        overwrite: Whether any file is replaced, whatever its stamp.
    """

    folder: Folder
    name: str
    temporary: Folder
    run: str
    over: Stamp | None = None
    overwrite: bool = False


def write_whole(
    place: Place,
    save: Callable[[BinaryIO], None],
    *,
    source: os.stat_result | None = None,
    most: int = ANYBODY,
    times: tuple[int, int] | None = None,
    prepared: Callable[[Stamp], None] = lambda stamp: None,
) -> int:
    """Write a file so that its name never shows half of it, and return its size in bytes.

    Its contents are on the disk then. Its name may not be: see `Folder.sync`.

    Args:
        place: Where it is to stand.
        save: Writes the contents into an open file.
        source: What it is made of. Nobody can read the file who may not read the source.
        most: Permissions of a new file, before the umask.
        times: Access and modification time in nanoseconds, if they are to be set.
        prepared: Is called with the file's stamp, just before the file gets its name.

    Raises:
        FileExistsError: Another file stands there that may not be replaced. A file of the same
            contents is no error: a worker that died may have made it and not have said so.
        SourceInTheWayError: The source itself stands there.
        OSError: It cannot be written. Nothing is left behind, whatever `save` or `prepared` raises.
    """
    temporary = f"{place.run}.{os.urandom(16).hex()}.part"
    handle = place.temporary.open_file(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL)
    try:
        with open(handle, "w+b") as file:  # noqa: PTH123 - a descriptor
            save(file)
            file.flush()
            before = place.folder.lstat(place.name)
            replaced = before if before is not None and stat.S_ISREG(before.st_mode) else None
            grant(handle, place.folder.status, source, replaced, most)
            os.fsync(handle)
            if times is not None:
                os.utime(handle, ns=times)
            status = os.fstat(handle)
            prepared(stamp(status))
            _publish(place, temporary, handle, None if source is None else identity(source))
    finally:
        place.temporary.unlink(temporary)
    return status.st_size


def _publish(place: Place, temporary: str, handle: int, source: Identity | None) -> None:
    """Give a file that is whole its name."""
    there = place.folder.lstat(place.name)
    if there is not None and source == identity(there):
        raise SourceInTheWayError(errno.EEXIST, os.strerror(errno.EEXIST), place.name)
    ours = there is not None and place.over == stamp(there) != NO_FILE
    if place.overwrite or ours:
        place.temporary.rename(temporary, place.folder, place.name)
        return
    try:
        place.temporary.link(temporary, place.folder, place.name)
    except FileExistsError:
        if not _is_same_file(place, handle):
            raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # There is no atomic way here. Another program may come between this look and the rename.
        if place.folder.lstat(place.name) is None:
            place.temporary.rename(temporary, place.folder, place.name)
        elif not _is_same_file(place, handle):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), place.name) from error


def _is_same_file(place: Place, handle: int) -> bool:
    """Tell whether a file with the same contents stands there; a link is never one."""
    try:
        other = place.folder.open_file(place.name, os.O_RDONLY)
    except OSError:
        return False
    with open(other, "rb") as theirs:  # noqa: PTH123 - a descriptor
        status = os.fstat(other)
        if not stat.S_ISREG(status.st_mode) or status.st_size != os.fstat(handle).st_size:
            return False
        at = 0
        while piece := theirs.read(_CHUNK):
            if piece != os.pread(handle, len(piece), at):
                return False
            at += len(piece)
    return True


def holding(contents: bytes | memoryview) -> Callable[[BinaryIO], None]:
    """Return a `save` for `write_whole` that writes these contents."""

    def save(file: BinaryIO) -> None:
        file.write(contents)

    return save
