"""Where a file of a person's own stands that may be a link."""

import os
import stat
from pathlib import Path

from tui_app.files.folder import Folder, ForeignLinkError
from tui_app.files.paths import absolute


def followed(file: Path) -> Path:
    """Return the file that a path leads to, from the root; a link in its place must be ours.

    Raises:
        OSError: It cannot be asked for, or is a link of somebody else's.
    """
    path = Path(absolute(str(file)))
    with Folder.open(str(path.parent)) as folder:
        there = folder.lstat(path.name)
    if there is None or not stat.S_ISLNK(there.st_mode):
        return path
    if there.st_uid != os.geteuid():
        raise ForeignLinkError(str(path))
    return path.resolve()
