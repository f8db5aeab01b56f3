"""Puts the probe in place: once in each interpreter, and again in the child of each fork."""

from __future__ import annotations

import io
import os
import sys

from . import (
    commands,
    cstdio,
    futures,
    holding,
    imports,
    lines,
    pools,
    prints,
    processes,
    tracebacks,
    waits,
    work,
)
from .home import home

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
    if not home.take_over():
        if home.is_helper:
            home.dial("server")
        else:
            home.dial("process" if any(mark in words for mark in SPAWNED) else "python")
    by_lines = prints.install()
    waits.install()
    processes.install()
    tracebacks.install()
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=holding.release,
        after_in_child=_after_fork,
    )
    imports.install(
        {
            **({"_ctypes": cstdio.write_by_lines} if by_lines else {}),
            "subprocess": commands.change_subprocess,
            "threading": tracebacks.change_threading,
            "traceback": tracebacks.change_traceback,
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
            **dict.fromkeys(MAKERS_OF_INTERPRETERS, lines.end_sampling),
            "concurrent.futures.process": futures.before_process,
        },
    )
    if home.is_main:
        import atexit

        lines.start_sampling()
        atexit.register(_at_exit)


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
    lines.end_sampling()
    holding.release()


def _before_fork() -> None:
    holding.hold()
    lines.stop_sampling()


def _after_fork() -> None:
    # A child of the fork server is a process of the script.
    served, home.is_helper, home.is_main = home.is_helper, False, False
    waits.forget()
    work.forget()
    home.dial("process" if served or processes.starting() else "fork")
    holding.release()


_start()
