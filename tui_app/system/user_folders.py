"""Where this program keeps what it remembers, also where a person has no home.

Platforms say where, by `platformdirs`; on Linux `XDG_CONFIG_HOME` and its kin may. What is no path
from the root is ignored, as https://specifications.freedesktop.org/basedir-spec/latest/ wants it:
it would lead into the current folder.
"""

from __future__ import annotations

import os
from pathlib import Path

NAME = "procession"


def home() -> Path:
    """The person's home folder; the root folder where nobody knows one, as in a container."""
    known = Path(os.path.expanduser("~"))  # noqa: PTH111 - pathlib's raises where there is none
    return known if known.is_absolute() else Path("/")


def config_folder() -> Path:
    """Where settings are, and recipes of one's own."""
    return _folder("user_config_path", ".config")


def state_folder() -> Path:
    """Where it is kept what was done."""
    return _folder("user_state_path", ".local/state")


def cache_folder() -> Path:
    """Where what can be made again is kept."""
    return _folder("user_cache_path", ".cache")


def current_folder() -> str:
    """The current folder's path; `.` where it is gone."""
    try:
        return str(Path.cwd())
    except OSError:
        return os.curdir


def _folder(which: str, otherwise: str) -> Path:
    """The folder of that name in `platformdirs`; of Linux, below `home`, where it names none."""
    import platformdirs  # not for workers

    try:
        folder: Path = getattr(platformdirs, which)(NAME)
    except RuntimeError:
        # What its newer versions raise where there is no home.
        folder = Path()
    return folder if folder.is_absolute() else home() / otherwise / NAME
