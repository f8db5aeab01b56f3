"""Where Python looks for modules: never in the current folder, which may hold anybody's files.

This module imports only what every interpreter has loaded already: another module might be found
in that folder.
"""
# ruff: noqa: PTH100, PTH109, PTH117, PTH118, PTH120

import os
import sys

PATH = "PYTHONPATH"
SAFE = "PYTHONSAFEPATH"
"""Keeps an interpreter from looking in the current folder and in its script's (Python 3.11)."""

_HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
"""The folder in which this program's package is."""

_persons_own: dict[str, str | None] = {}
"""What the person has set each variable to that is changed here; None where it was not set."""


def leave_current_folder() -> None:
    """Take the current folder off this process's path, and off that of each Python it starts.

    `python -m` and `python -c` put it first there. `PYTHONPATH` may name it by an empty name, by
    `.`, or by a relative path; absolute paths stay. What is started in a person's name has to be
    given `persons_environment`.
    """
    before = os.environ.get(PATH)
    named = before.split(os.pathsep) if before else []
    absolute = [folder for folder in named if os.path.isabs(folder)]
    try:
        here = os.getcwd()
    except OSError:
        # The folder is gone, and so is every folder that a relative path named.
        here = ""
    looks_there = not sys.flags.safe_path
    if sys.flags.ignore_environment and looks_there and sys.executable and here != _HOME:
        # Helpers get the same flag (`python -E`), and would not see the variables.
        os.execv(sys.executable, [sys.executable, "-P", *sys.orig_argv[1:]])
    if looks_there and sys.path[:1] in ([""], [here]):
        del sys.path[0]
    relative = {os.path.normpath(os.path.join(here, f)) for f in named if f not in absolute}
    relative.difference_update(map(os.path.normpath, absolute))
    sys.path[:] = [f for f in sys.path if os.path.isabs(f) and f not in relative]
    if _HOME not in sys.path:
        # This program itself is in the current folder. It is found there, after all others.
        sys.path.append(_HOME)
    for name, value in ((PATH, os.pathsep.join(absolute) or None), (SAFE, "1")):
        _persons_own.setdefault(name, os.environ.get(name))
        _put(os.environ, name, value)


def persons_environment() -> dict[str, str]:
    """Return the environment as the person has it, for what is started in that person's name."""
    environment = dict(os.environ)
    for name, value in _persons_own.items():
        _put(environment, name, value)
    return environment


def _put(environment: "os._Environ[str] | dict[str, str]", name: str, value: str | None) -> None:
    environment.pop(name, None)
    if value is not None:
        environment[name] = value
