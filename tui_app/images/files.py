"""Safe files: an output appears whole under its name, or not at all."""

import errno
import filecmp
import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from tui_app.images.paths import is_file

# What `link` answers where the file system has no hard links.
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES}


def is_temporary(name: str) -> bool:
    """Tell whether a name is that of a temporary file of any run."""
    return name.endswith(".part")


def is_temporary_of(name: str, run: str) -> bool:
    """Tell whether a name is that of a temporary file of a run."""
    return is_temporary(name) and name.rsplit(".", 2)[0] == run


def write_whole(
    output: str,
    temporary_folder: str,
    run: str,
    save: Callable[[BinaryIO], None],
    *,
    overwrite: bool,
    times: tuple[int, int] | None,
) -> int:
    """Write a file so that its name never shows half of it, and return its size in bytes.

    What it holds is on the disk then; that it has its name may still be on the way: see
    `sync_folder`.

    Args:
        output: Where the file is to stand; its folder exists.
        temporary_folder: A folder on the same file system.
        run: The run's id, in the temporary file's name.
        save: Writes the contents into an open file.
        overwrite: Whether an output that stands there is replaced.
        times: Access and modification time in nanoseconds, if they are to be set.

    Raises:
        FileExistsError: Another file stands there, and `overwrite` is false. One of the same
            contents is as good: a worker that died may have made it and not have said so.
        OSError: It cannot be written. Nothing is left behind, whatever `save` raises.
    """
    temporary = Path(temporary_folder) / f"{run}.{uuid.uuid4().hex}.part"
    try:
        with temporary.open("x+b") as file:
            save(file)
            file.flush()
            os.fsync(file.fileno())
            size = os.fstat(file.fileno()).st_size
        if times is not None:
            os.utime(temporary, ns=times)
        if overwrite:
            temporary.replace(output)
        else:
            _publish_new(temporary, Path(output))
    finally:
        temporary.unlink(missing_ok=True)
    return size


def _publish_new(temporary: Path, output: Path) -> None:
    try:
        output.hardlink_to(temporary)
    except FileExistsError:
        if not _is_same_file(temporary, output):
            raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # No atomic way here: between this look and the rename another program may come.
        if not os.path.lexists(output):
            temporary.replace(output)
        elif not _is_same_file(temporary, output):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(output)) from error


def _is_same_file(one: Path, other: Path) -> bool:
    """Tell whether two files hold the same; a link, or what is no file, never does."""
    if other.is_symlink() or not is_file(other):
        return False
    return filecmp.cmp(one, other, shallow=False)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk: once for many files, for it takes as long as one."""
    # Some file systems cannot sync a folder; the file itself is on the disk already.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
