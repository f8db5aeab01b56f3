"""Where Python looks for modules: never in the current folder, which may hold anybody's files.

Imports only what is there in every interpreter: any other module could come from that folder.
"""
# ruff: noqa: PTH100, PTH109, PTH117, PTH118, PTH120

import os
import sys

PATH = "PYTHONPATH"
SAFE = "PYTHONSAFEPATH"
"""Has an interpreter look neither in the current folder nor in that of its script (3.11 on)."""

_HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

_persons_own: dict[str, str | None] = {}


def leave_current_folder() -> None:
    """Takes the current folder off this process's path, and off that of each Python it starts.

    It is there for `python -m` and `python -c`, which put it first, and for what `PYTHONPATH`
    says of it: an empty name, `.`, or a folder that is named from there. A folder that is named
    from the root stays. What a person starts by us has to be given `persons_environment`.
    """
    before = os.environ.get(PATH)
    named = before.split(os.pathsep) if before else []
    absolute = [folder for folder in named if os.path.isabs(folder)]
    try:
        here = os.getcwd()
    except OSError:
        # It is gone, and what was named from it with it.
        here = ""
    looks_there = not sys.flags.safe_path
    if sys.flags.ignore_environment and looks_there and sys.executable and here != _HOME:
        # Helpers are started with the same flag, and would not see the variables.
        os.execv(sys.executable, [sys.executable, "-P", *sys.orig_argv[1:]])
    if looks_there and sys.path[:1] in ([""], [here]):
        del sys.path[0]
    relative = {os.path.normpath(os.path.join(here, f)) for f in named if f not in absolute}
    relative.difference_update(map(os.path.normpath, absolute))
    sys.path[:] = [f for f in sys.path if os.path.isabs(f) and f not in relative]
    if _HOME not in sys.path:
        # This program is itself in the current folder: it is found there, and last.
        sys.path.append(_HOME)
    _persons_own.setdefault(PATH, before)
    _persons_own.setdefault(SAFE, os.environ.get(SAFE))
    _put(PATH, os.pathsep.join(absolute) or None)
    _put(SAFE, "1")


def persons_environment() -> dict[str, str]:
    """The environment as the person has it, for what is started in that person's name."""
    environment = dict(os.environ)
    for name, value in _persons_own.items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value
    return environment


def _put(name: str, value: str | None) -> None:
    os.environ.pop(name, None)
    if value is not None:
        os.environ[name] = value
