"""Whether what stands in a folder may be believed: trust follows who can write.

Somebody who can write into an output folder can replace its outputs anyway. So a note of ours that
stands in it is believed if nobody else could have written it. Its owner is then we or the folder's
owner: on a disk of another machine (SMB, NFS) or without owners (FAT) all files have one owner, who
need not be we. In a group's folder it may be anybody of that group.
"""

import os
import stat

from tui_app.files.permissions import is_groups


def is_ours(status: os.stat_result, root: os.stat_result, me: int) -> bool:
    """Tell whether what has that status was made by somebody who can write to a folder.

    Args:
        status: Of a file or folder in it.
        root: Of the folder.
        me: Number of the user whose files ours are there.
    """
    of_group = is_groups(root) and root.st_mode & stat.S_IWGRP and status.st_gid == root.st_gid
    return bool(status.st_uid in (me, os.geteuid(), root.st_uid) or of_group)


def is_believed(status: os.stat_result, root: os.stat_result, me: int) -> bool:
    """Tell whether what a file says is believed.

    It is a regular file with one name, was made by one of us, and can be written only by people who
    can write to the folder. The arguments are those of `is_ours`.
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
