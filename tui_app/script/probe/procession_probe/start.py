"""Puts the probe in place: once in each interpreter, and again in the child of each fork."""

from __future__ import annotations

import io
import os
import sys

from . import (
    answering,
    commands,
    counting,
    cstdio,
    futures,
    holding,
    imports,
    leaving,
    lines,
    loops,
    objects,
    pools,
    prints,
    processes,
    tracebacks,
    waits,
    work,
)
from .home import home

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAKERS_OF_INTERPRETERS = (
    "_interpreters",
    "_xxsubinterpreters",
    "_testcapi",
    "_testinternalcapi",
)
"""Modules with which a script can make subinterpreters."""

CHANGES = {
    "context": processes.change_context,
    "popen_fork": processes.change_popen,
    "process": processes.change_process,
    "util": processes.change_util,
    "pool": pools.change_pool,
}
"""What is wrapped of `multiprocessing`, and of its copy that pickles by dill."""

SPAWNED = ("--multiprocessing-fork", "loky.backend.popen_loky_posix")
"""What stands in the command of a process of `multiprocessing`, or of joblib's."""

RESOURCE_TRACKER = "resource_tracker import main"
"""What starts `multiprocessing`'s resource tracker, or joblib's: it is no process of the script."""


def _start() -> None:
    words = _own_words()
    if RESOURCE_TRACKER in words:
        return
    home.is_helper = "multiprocessing.forkserver import" in words
    if not home.is_helper:
        answering.hang_bell()
    if home.take_over():
        home.tell("bell", bell=home.bell)
    elif home.is_helper:
        home.dial("server")
    else:
        home.dial("process" if any(mark in words for mark in SPAWNED) else "python")
    by_lines = prints.install()
    waits.install()
    processes.install()
    tracebacks.install()
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork_in_parent,
        after_in_child=_after_fork,
    )
    imports.install(
        {
            **({"_ctypes": cstdio.write_by_lines} if by_lines else {}),
            "subprocess": commands.change_subprocess,
            "threading": _change_threading,
            "asyncio.base_events": loops.change_base_events,
            "asyncio.tasks": counting.change_tasks,
            "traceback": tracebacks.change_traceback,
            "multiprocessing.synchronize": objects.change_synchronize,
            **{
                f"{package}.{name}": change
                for package in ("multiprocessing", "multiprocess")
                for name, change in CHANGES.items()
            },
            "concurrent.futures._base": futures.change_base,
            "concurrent.futures.process": futures.change_process,
            "joblib.externals.loky.process_executor": futures.change_calls,
            "loky.process_executor": futures.change_calls,
        },
        {
            **dict.fromkeys(MAKERS_OF_INTERPRETERS, _end_looking),
            "concurrent.futures.process": futures.before_process,
        },
    )
    import atexit

    loops.notice(answering.loop_begins)
    answering.start_answering()
    if home.is_main:
        lines.start_sampling()
    atexit.register(_at_exit)


def _change_threading(module: Any) -> None:
    tracebacks.change_threading(module)
    counting.change_threading(module)


def _own_words() -> str:
    """Return the command of this interpreter; before Python 3.10 it is known on Linux only."""
    if hasattr(sys, "orig_argv"):
        return " ".join(sys.orig_argv)
    try:
        with io.open_code("/proc/self/cmdline") as file:
            return os.fsdecode(file.read().replace(b"\0", b" "))
    except OSError:
        return " ".join(sys.argv)


def _at_exit() -> None:
    holding.hold()
    counting.tell()
    leaving.tell_locked()
    _end_looking()
    holding.release()


def _end_looking() -> None:
    """Look at no frames any more, and end the threads that do."""
    lines.end_sampling()
    answering.end_answering()


def _before_fork() -> None:
    holding.hold()
    lines.stop_sampling()
    answering.stop_answering()


def _after_fork_in_parent() -> None:
    holding.release()
    if sys.version_info < (3, 12):
        # Later Pythons warn now of a fork beside other threads, also when it is over.
        answering.start_answering()


def _after_fork() -> None:
    # A child of the fork server is a process of the script.
    served, home.is_helper, home.is_main = home.is_helper, False, False
    waits.forget()
    work.forget()
    counting.forget()
    loops.forget()
    answering.forget()
    leaving.forget()
    answering.hang_bell()
    home.dial("process" if served or processes.starting() else "fork")
    answering.start_answering()
    holding.release()


_start()
