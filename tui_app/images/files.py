"""Safe files: an output appears whole under its name, or not at all."""

import errno
import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

# What `link` answers where the file system has no hard links.
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES}


def is_temporary_of(name: str, run: str) -> bool:
    """Tell whether a name is that of a temporary file of a run."""
    return name.endswith(".part") and name.rsplit(".", 2)[0] == run


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

    Args:
        output: Where the file is to stand; its folder exists.
        temporary_folder: A folder on the same file system.
        run: The run's id, in the temporary file's name.
        save: Writes the contents into an open file.
        overwrite: Whether an output that stands there is replaced.
        times: Access and modification time in nanoseconds, if they are to be set.

    Raises:
        FileExistsError: An output stands there, and `overwrite` is false.
        OSError: It cannot be written. Nothing is left behind, whatever `save` raises.
    """
    temporary = Path(temporary_folder) / f"{run}.{uuid.uuid4().hex}.part"
    try:
        with _created(temporary) as file:
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
    _sync_folder(Path(output).parent)
    return size


def _created(temporary: Path) -> BinaryIO:
    try:
        return temporary.open("x+b")
    except FileNotFoundError:
        # Another run into the same output has just removed the folder, empty, at its own end.
        temporary.parent.mkdir(exist_ok=True)
        return temporary.open("x+b")


def _publish_new(temporary: Path, output: Path) -> None:
    try:
        output.hardlink_to(temporary)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # No atomic way here: between this look and the rename another program may come.
        if os.path.lexists(output):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(output)) from error
        temporary.replace(output)


def _sync_folder(folder: Path) -> None:
    # Some file systems cannot sync a folder; the file itself is on the disk already.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
