"""The folders in which this program keeps what is a person's, also where there is no home folder.

`platformdirs` knows them for each platform; on Linux, variables such as `XDG_CONFIG_HOME` may name
them. A relative path in such a variable is ignored, as
https://specifications.freedesktop.org/basedir-spec/latest/ says: it would lead into the current
folder.
"""

from __future__ import annotations

import os
from pathlib import Path

NAME = "procession"


def home() -> Path:
    """Return the person's home folder; the root folder where there is none, as in a container."""
    known = Path(os.path.expanduser("~"))  # noqa: PTH111 - `Path.home` raises where there is none
    return known if known.is_absolute() else Path("/")


def config_folder() -> Path:
    """Return the folder of the settings and of a person's own recipes."""
    return _folder("user_config_path", ".config")


def state_folder() -> Path:
    """Return the folder that keeps what was done."""
    return _folder("user_state_path", ".local/state")


def cache_folder() -> Path:
    """Return the folder of what can be made again."""
    return _folder("user_cache_path", ".cache")


def current_folder() -> str:
    """Return the current folder's path; `.` where the folder is gone."""
    try:
        return str(Path.cwd())
    except OSError:
        return os.curdir


def _folder(which: str, otherwise: str) -> Path:
    """Return the folder that a function of `platformdirs` names, else one below `home`."""
    import platformdirs  # Imported here: workers do not need it.

    try:
        folder: Path = getattr(platformdirs, which)(NAME)
    except RuntimeError:
        # Newer versions of `platformdirs` raise it where there is no home folder.
        folder = Path()
    return folder if folder.is_absolute() else home() / otherwise / NAME
