"""Questions about paths that are always answered.

Before Python 3.14, `Path.exists` and `Path.is_dir` raise where a name is too long or a folder is
closed (https://docs.python.org/3/library/pathlib.html#pathlib.Path.exists); these answer no.
"""

import os
from pathlib import Path


def exists(path: Path) -> bool:
    """Tell whether a path leads to something."""
    return os.path.exists(path)  # noqa: PTH110


def is_folder(path: Path) -> bool:
    """Tell whether a path leads to a folder."""
    return os.path.isdir(path)  # noqa: PTH112


def is_file(path: Path) -> bool:
    """Tell whether a path leads to a regular file."""
    return os.path.isfile(path)  # noqa: PTH113


def is_same(path: Path, other: Path) -> bool:
    """Tell whether two paths lead to the same file or folder, which is there."""
    return exists(path) and exists(other) and path.samefile(other)


def absolute(path: str) -> str:
    """Return a path from the root; `..` after a link means what the system makes of it."""
    return str(Path(path).resolve() if ".." in Path(path).parts else Path(path).absolute())


def nearest_existing(path: Path) -> Path:
    """Return the path, or the nearest above it; a link that leads nowhere counts as there."""
    return next(each for each in (path, *path.parents) if os.path.lexists(each))
