"""Puts the probe in place: once in each interpreter, and anew in the child of each fork."""

from __future__ import annotations

import os
import sys

from . import imports, lines, prints, processes, tracebacks, waits
from .home import home

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType


def _start() -> None:
    words = " ".join(sys.orig_argv)
    if "multiprocessing.resource_tracker import" in words:
        return
    home.is_helper = "multiprocessing.forkserver import" in words
    if not home.take_over():
        if home.is_helper:
            home.dial("server")
        else:
            home.dial("process" if "--multiprocessing-fork" in words else "python")
    prints.install()
    waits.install()
    processes.install()
    tracebacks.install()
    os.register_at_fork(
        before=_before_fork,
        after_in_child=_after_fork,
    )
    imports.install(
        {
            "traceback": tracebacks.change_traceback,
            "multiprocessing.context": processes.change_context,
            "multiprocessing.process": processes.change_process,
            "multiprocessing.util": processes.change_util,
            "multiprocessing.pool": _change_pool,
            "concurrent.futures._base": _change_base,
            "concurrent.futures.process": _change_process,
        },
        before={"concurrent.futures.process": _before_process},
    )
    if home.is_main:
        import atexit

        lines.start_sampling()
        atexit.register(lines.end_sampling)


def _before_fork() -> None:
    prints.flush()
    lines.stop_sampling()


def _after_fork() -> None:
    # The fork server's children are processes; they get their streams as a new interpreter does.
    served, home.is_helper, home.is_main = home.is_helper, False, False
    waits.forget()
    home.dial("process" if served or processes.starting() else "fork")
    if served:
        prints.install()


def _change_pool(module: ModuleType) -> None:
    from . import pools

    pools.change_pool(module)


def _change_base(module: ModuleType) -> None:
    from . import futures

    futures.change_base(module)


def _before_process(module: ModuleType) -> None:
    from . import futures

    futures.before_process(module)


def _change_process(module: ModuleType) -> None:
    from . import futures

    futures.change_process(module)


_start()
