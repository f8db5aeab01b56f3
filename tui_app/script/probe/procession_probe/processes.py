"""Reports on `multiprocessing.Process`: who starts, joins and reaps whom, and what each runs."""

from __future__ import annotations

import _thread
import os
import sys

from . import work
from .home import home
from .lines import tell_line
from .prints import close_input
from .waits import Wait
from .wrapping import Builtin, hidden, like

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

START_METHOD = "PROCESSION_START_METHOD"
"""The environment variable with the start method; a script's own choice still counts."""

POOLS = ("concurrent.futures.process", "multiprocessing.pool")
"""The modules whose targets are workers, which run not one task but many."""

SERVICES = ("multiprocessing.managers",)
"""The modules whose targets serve the script's processes until those end."""

NOTE = "procession"
"""The entry for the key of a process's task in its `_config`, which is sent to it."""

_starting: set[int] = set()


def starting() -> bool:
    """Return whether this thread is in `Process.start`, so that its child is such a process."""
    return _thread.get_ident() in _starting


def install() -> None:
    """Wrap `os.waitpid`, so that whoever learns how a child ended reports it."""
    real = os.waitpid

    def waitpid(*args: Any, **kwargs: Any) -> tuple[int, int]:
        found, status = real(*args, **kwargs)
        if found and (os.WIFEXITED(status) or os.WIFSIGNALED(status)):
            home.tell("reaped", child=found, code=os.waitstatus_to_exitcode(status))
        return found, status

    os.waitpid = Builtin(real, waitpid)


def change_context(module: Any) -> None:
    """Make the start method that was asked for the default one."""
    method = os.environ.get(START_METHOD)
    if method:
        default = module._default_context
        default._default_context = default.get_context(method)


def change_util(module: Any) -> None:
    """Make a process without input tell so whoever reads."""
    real = module._close_stdin

    def _close_stdin() -> None:
        real()
        close_input()

    module._close_stdin = like(real, _close_stdin)


def change_process(module: Any) -> None:
    """Wrap `start`, `join` and the beginning of a new process."""
    process = module.BaseProcess
    real_start, real_join, real_bootstrap = process.start, process.join, process._bootstrap

    def start(self: Any) -> None:
        pool, key = _target_is_in(self, POOLS), ""
        if self._popen is None and not pool and not _target_is_in(self, SERVICES):
            key = work.new_key()
            work.queue(key, _label(self))
        if self._popen is None:
            self._config[NOTE] = key
        tell_line()
        _starting.add(_thread.get_ident())
        try:
            real_start(self)
        except BaseException as error:
            if key:
                work.fail(key, error, ran=False)
            raise
        finally:
            _starting.discard(_thread.get_ident())
        home.tell("child", child=self.pid, name=self.name, pool=pool, key=key)
        tell_line()

    def join(self: Any, timeout: float | None = None) -> None:
        popen = self._popen
        over = popen is None or self._closed or popen.poll() is not None
        if over:
            real_join(self, timeout)
            return
        kind = "exit" if sys._getframe(1).f_code.co_name == "_exit_function" else "join"
        with Wait(kind, child=self.pid):
            real_join(self, timeout)

    def _bootstrap(self: Any, *args: Any, **kwargs: Any) -> int:
        _starting.clear()
        key = self._config.get(NOTE, "")
        pool = _target_is_in(self, POOLS)
        home.tell("named", name=self.name, parent=self._parent_pid, pool=pool, key=key)
        if key:
            self.run = _told(self, key)
        code: int = real_bootstrap(self, *args, **kwargs)
        return code

    process.start, process.join = like(real_start, start), like(real_join, join)
    process._bootstrap = like(real_bootstrap, _bootstrap)


def _told(process: Any, key: str) -> Callable[[], None]:
    """Return what a process runs once instead of its `run`: the same, reported as a task."""

    def run() -> None:
        del process.run
        work.begin(key)
        try:
            process.run()
        except BaseException as error:
            work.end(error)
            raise
        work.end()

    told: Callable[[], None] = hidden(run)
    return told


def _target_is_in(process: Any, modules: tuple[str, ...]) -> bool:
    return getattr(getattr(process, "_target", None), "__module__", "") in modules


def _label(process: Any) -> str:
    if process._target is None:
        return f"{type(process).__name__}.run()"
    return work.describe(process._target, process._args, process._kwargs)
