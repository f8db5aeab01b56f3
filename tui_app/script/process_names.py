"""What a script's processes are called."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

MAIN = "main"

PYTHON = "python"
"""What a Python without a script is called, with a number."""

_DEFAULT = re.compile(r"(?:Fork|Spawn|ForkServer|Loky)?(?:Process|PoolWorker)-(\d+(?::\d+)*)")


def display_name(name: str, *, pool: bool) -> str:
    """Return a short name for a process, from the one that `multiprocessing` gave it.

    `Process-1` is `P-1`, and `P-1:2` is the second that P-1 started; a pool's worker is `W-1`,
    whatever the start method calls it. The script's own names stay as they are, and so do those of
    a subclass (`Counter-1`). Other processes get their names elsewhere: `fork-1`, a fork server
    that prints `server-1`, the script's first process `main`, and programs as `command_name` says.
    """
    found = _DEFAULT.fullmatch(name)
    if found is None:
        return name
    return f"{'W' if pool else 'P'}-{found.group(1)}"


_DEFAULT_THREAD = re.compile(r"(Thread-\d+) \(.*\)", re.DOTALL)
_POOL_THREAD = re.compile(r"ThreadPoolExecutor-(\d+)_(\d+)")


def thread_name(name: str) -> str:
    """Return a short name for a thread, from the one that `threading` gave it.

    `Thread-1 (work)` is `Thread-1`. The first thread of the first pool of threads is `W-1`, like a
    pool's first process, and that of the second pool is `W2-1`. The script's own names stay.
    """
    if found := _DEFAULT_THREAD.fullmatch(name):
        return found[1]
    if found := _POOL_THREAD.fullmatch(name):
        pool = int(found[1]) + 1
        return f"W{pool if pool > 1 else ''}-{int(found[2]) + 1}"
    return name


SERVICES = (
    "--multiprocessing-fork",
    "forkserver import main",
    "resource_tracker import main",
    "loky.backend.popen_loky_posix",
)
"""What stands in the commands of processes that tell of themselves, or that serve a script's."""

_PYTHON = re.compile(r"pythonw?(?:\d+(?:\.\d+)*)?t?")

_WITH_VALUE = ("-X", "-W", "--check-hash-based-pycs")
"""Python's options that are followed by a value."""

LONGEST_COMMAND = 60
"""Characters of a command that are told."""


def command_words(pid: int) -> tuple[str, ...]:
    """Return the command of a process, as it was started; empty where nobody knows it."""
    try:
        data = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return ()
    return tuple(os.fsdecode(word) for word in data.removesuffix(b"\0").split(b"\0") if data)


def is_service(words: Sequence[str]) -> bool:
    """Return whether a command is one of `multiprocessing`'s own, which are told otherwise."""
    return any(service in word for word in words for service in SERVICES)


def command_name(words: Sequence[str]) -> str:
    """Return a short name for a process that runs this command: `sleep`, or Python's `timer.py`.

    A Python without a script, as with `-c`, is `PYTHON`.
    """
    program = os.path.basename(words[0]) if words else ""  # noqa: PTH119 - of any name
    if not _PYTHON.fullmatch(program):
        return program or "program"
    rest = list(words[1:])
    while rest:
        word = rest.pop(0)
        if word.startswith("-m"):
            return word[2:] or (rest[0] if rest else PYTHON)
        if word.startswith("-c"):
            break
        if not word.startswith("-"):
            return os.path.basename(word) or PYTHON  # noqa: PTH119
        if word in _WITH_VALUE:
            rest = rest[1:]
    return PYTHON


def command_line(words: Sequence[str]) -> str:
    """Return a command in one line, without the path of its program."""
    line = " ".join([os.path.basename(words[0]), *words[1:]]) if words else ""  # noqa: PTH119
    line = " ".join(line.split())
    return line if len(line) <= LONGEST_COMMAND else f"{line[: LONGEST_COMMAND - 1]}…"
