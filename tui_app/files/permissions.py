"""Who may read a new file or folder: never more people than may read what it is made of.

Permissions are POSIX modes. A folder with the set-group-ID bit is a group's: what is made in it
belongs to that group (inode(7)).
"""

import os
import stat
from contextlib import suppress

ANYBODY = 0o666
"""Permissions that a new file may have; the umask limits them further."""

OWNER = 0o600

_UMASK = os.umask(0o077)
os.umask(_UMASK)
"""This process's umask. To read it is to change it, so it is read while there is one thread."""


def is_groups(folder: os.stat_result) -> bool:
    """Tell whether a folder is a group's: what is made in it belongs to its group."""
    return bool(folder.st_mode & stat.S_ISGID)


def readers(source: os.stat_result, group: int, *, asked: bool) -> int:
    """Return the permissions that something may have at most that is made of a source.

    Args:
        source: The file or folder that it is made of.
        group: Number of the group of what is made.
        asked: Whether the folder that it goes to is that group's. If not, another group than the
            source's gets no more than everybody has.
    """
    mode = stat.S_IMODE(source.st_mode) & 0o777
    if group != source.st_gid and not asked:
        mode = mode & 0o707 | mode & (mode & 0o007) << 3
    return mode | stat.S_IRUSR | stat.S_IWUSR


def folder_mode(mirrored: os.stat_result, above: os.stat_result) -> int:
    """Return the permissions of a folder that mirrors another one, before the umask.

    Args:
        mirrored: The folder that it mirrors.
        above: The folder that it is made in.
    """
    asked = is_groups(above)
    group = above.st_gid if asked else os.getegid()
    return readers(mirrored, group, asked=asked) | stat.S_IXUSR


def own_mode(folder: os.stat_result, *, is_folder: bool = False) -> int:
    """Return the permissions of what we keep in a folder for ourselves, or for its group.

    Args:
        folder: The folder.
        is_folder: Whether a folder is kept in it; else a file.
    """
    if is_groups(folder) and folder.st_mode & stat.S_IWGRP:
        return 0o2770 if is_folder else 0o660
    return 0o700 if is_folder else OWNER


def grant(
    handle: int,
    folder: os.stat_result,
    source: os.stat_result | None,
    before: os.stat_result | None,
    most: int,
) -> None:
    """Give a file that is about to get its name its group and its permissions.

    Args:
        handle: Descriptor of the file, which belongs to its owner alone so far.
        folder: The folder that it goes to.
        source: What it is made of; None where it is made of nothing that others may not read.
        before: The file that it replaces, whose permissions it takes; None for a new one.
        most: Permissions that it may have at most, besides those that it takes.
    """
    asked = is_groups(folder)
    # A disk without owners and modes refuses. Who reads it was decided when it was mounted.
    with suppress(OSError):
        if asked and os.fstat(handle).st_gid != folder.st_gid:
            os.fchown(handle, -1, folder.st_gid)
    allowed = 0o777
    if source is not None:
        allowed = readers(source, os.fstat(handle).st_gid, asked=asked)
    if before is None:
        mode = most & allowed & ~_UMASK
    else:
        mode = stat.S_IMODE(before.st_mode) & 0o777 & ~(0o444 & ~allowed)
    with suppress(OSError):
        os.fchmod(handle, mode)


def keep_for_owner(handle: int, mode: int) -> bool:
    """Give an open file or folder of ours these permissions.

    Returns:
        Whether that could be: not on a disk that knows no modes. What is another's stays as it is.
    """
    if os.geteuid() not in (0, os.fstat(handle).st_uid):
        return True
    if stat.S_IMODE(os.fstat(handle).st_mode) != mode:
        with suppress(OSError):
            os.fchmod(handle, mode)
    return not stat.S_IMODE(os.fstat(handle).st_mode) & 0o777 & ~mode
