"""Puts the probe in place: once in each interpreter, and again in the child of each fork."""

from __future__ import annotations

import os
import sys

from . import (
    answering,
    cstdio,
    futures,
    holding,
    imports,
    lines,
    objects,
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


def _start() -> None:
    words = " ".join(sys.orig_argv)
    if "multiprocessing.resource_tracker import" in words:
        return
    home.is_helper = "multiprocessing.forkserver import" in words
    if not home.is_helper:
        answering.hang_bell()
    if home.take_over():
        home.tell("bell", bell=home.bell)
    elif home.is_helper:
        home.dial("server")
    else:
        home.dial("process" if "--multiprocessing-fork" in words else "python")
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
            "threading": tracebacks.change_threading,
            "traceback": tracebacks.change_traceback,
            "multiprocessing.context": processes.change_context,
            "multiprocessing.process": processes.change_process,
            "multiprocessing.util": processes.change_util,
            "multiprocessing.synchronize": objects.change_synchronize,
            "multiprocessing.pool": pools.change_pool,
            "concurrent.futures._base": futures.change_base,
            "concurrent.futures.process": futures.change_process,
        },
        {
            **dict.fromkeys(MAKERS_OF_INTERPRETERS, _end_looking),
            "concurrent.futures.process": futures.before_process,
        },
    )
    import atexit

    answering.start_answering()
    if home.is_main:
        lines.start_sampling()
    atexit.register(_at_exit)


def _at_exit() -> None:
    holding.hold()
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
    answering.forget()
    answering.hang_bell()
    home.dial("process" if served or processes.starting() else "fork")
    answering.start_answering()
    holding.release()


_start()
