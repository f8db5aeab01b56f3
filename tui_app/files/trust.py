"""Whether a file in a folder may be believed: it depends on who could have written it.

Somebody who can write to an output folder can replace its outputs anyway. So a note of ours in the
folder is believed if nobody else could have written it. Its owner is then ourselves or the folder's
owner: on a disk of another machine (SMB, NFS) or without owners (FAT), all files have one owner,
who need not be ourselves. In a group's folder the owner may be anybody of that group.
"""

import os
import stat

from tui_app.files.permissions import is_groups


def is_ours(status: os.stat_result, root: os.stat_result, me: int) -> bool:
    """Tell whether a file or folder was made by somebody who can write to the folder that it is in.

    Args:
        status: Its status.
        root: The status of the folder that it is in.
        me: Number of the user who owns the files that we make there.
    """
    of_group = is_groups(root) and root.st_mode & stat.S_IWGRP and status.st_gid == root.st_gid
    return bool(status.st_uid in (me, os.geteuid(), root.st_uid) or of_group)


def is_believed(status: os.stat_result, root: os.stat_result, me: int) -> bool:
    """Tell whether to believe what a file says. The arguments are those of `is_ours`.

    It has to be a regular file with one name, made by one of us, and writable only for people who
    can write to the folder.
    """
    more = status.st_mode & ~root.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    strangers = status.st_mode & stat.S_IWGRP and status.st_gid != root.st_gid
    return (
        stat.S_ISREG(status.st_mode)
        and status.st_nlink == 1
        and is_ours(status, root, me)
        and not more
        and not strangers
    )
