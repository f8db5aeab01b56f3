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
    from platformdirs import user_config_path  # not for workers

    return _absolute(user_config_path(NAME), ".config")


def state_folder() -> Path:
    """Where it is kept what was done."""
    from platformdirs import user_state_path

    return _absolute(user_state_path(NAME), ".local/state")


def cache_folder() -> Path:
    """Where what can be made again is kept."""
    from platformdirs import user_cache_path

    return _absolute(user_cache_path(NAME), ".cache")


def current_folder() -> str:
    """The current folder's path; `.` where it is gone."""
    try:
        return str(Path.cwd())
    except OSError:
        return os.curdir


def _absolute(folder: Path, otherwise: str) -> Path:
    return folder if folder.is_absolute() else home() / otherwise / NAME
