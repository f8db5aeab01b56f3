"""Reports on `multiprocessing.Process`: who starts, joins and reaps whom, and what each runs."""

from __future__ import annotations

import _thread
import os
import sys

from . import answering, counting, leaving, work
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

POOLS = (
    "concurrent.futures.process",
    "joblib.externals.loky.process_executor",
    "loky.process_executor",
    "multiprocess.pool",
    "multiprocessing.pool",
)
"""The modules whose targets are workers, which run not one task but many."""

SERVICES = ("multiprocess.managers", "multiprocessing.managers")
"""The modules whose targets serve the script's processes until those end."""

AT_EXIT = "_exit_function"
"""The function with which `multiprocessing` ends daemons, and joins the others."""

ENDS = ("terminate", "kill", "interrupt")
"""The methods with which a script ends a child."""

NOTE = "procession"
"""The entry for the key of a process's task in its `_config`, which is sent to it."""

_starting: set[int] = set()


def starting() -> bool:
    """Return whether this thread is in `Process.start`, so that its child is such a process."""
    return _thread.get_ident() in _starting


def install() -> None:
    """Wrap `os.waitpid`, so that whoever learns how a child ended reports it, and its kin."""
    real = os.waitpid

    def waitpid(*args: Any, **kwargs: Any) -> tuple[int, int]:
        answering.start_answering()
        found, status = real(*args, **kwargs)
        if found and (os.WIFEXITED(status) or os.WIFSIGNALED(status)):
            home.tell("reaped", child=found, code=os.waitstatus_to_exitcode(status))
        return found, status

    os.waitpid = Builtin(real, waitpid)
    for name in ("wait", "wait3", "wait4", "waitid"):
        if hasattr(os, name):
            setattr(os, name, _answered(getattr(os, name)))


def _answered(real: Any) -> Any:
    """Return a function that can be asked about while it waits, also after a fork by the script."""

    def wait(*args: Any, **kwargs: Any) -> Any:
        answering.start_answering()
        return real(*args, **kwargs)

    return Builtin(real, wait)


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


def change_popen(module: Any) -> None:
    """Wrap what sends a signal to a child, to tell ends that are meant."""
    popen = module.Popen
    real = popen._send_signal

    def _send_signal(self: Any, sig: int) -> None:
        name = sys._getframe(1).f_code.co_name
        if self.returncode is None and name in ENDS and not _pool_is_broken():
            at_exit = sys._getframe(2).f_code.co_name == AT_EXIT
            home.tell("ending", child=self.pid, how="daemon" if at_exit else name)
        real(self, sig)

    popen._send_signal = like(real, _send_signal)


def _pool_is_broken() -> bool:
    """Return whether this is the thread of an executor that ends what a dead worker left behind.

    A script ends an executor's workers by calls of its own, in its own threads.
    """
    threading = sys.modules.get("threading")
    current = getattr(threading, "_active", {}).get(_thread.get_ident())
    return type(current).__name__ == "_ExecutorManagerThread"


def _method(process: Any) -> str:
    """Return how this new process was started."""
    package = type(process)._bootstrap.__module__.partition(".")[0]
    context = sys.modules.get(f"{package}.context")
    method = getattr(process, "_start_method", None)
    if method is None and context is not None:
        method = context._default_context.get_start_method()
    return str(method or "")


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
        method = getattr(self._popen, "method", "")
        home.tell("child", child=self.pid, name=self.name, pool=pool, key=key, method=method)
        tell_line()

    def join(self: Any, timeout: float | None = None) -> None:
        popen = self._popen
        over = popen is None or self._closed or popen.poll() is not None
        if over:
            real_join(self, timeout)
            return
        kind = "exit" if sys._getframe(1).f_code.co_name == AT_EXIT else "join"
        if kind == "exit" and self.daemon:
            real_join(self, timeout)  # It was just terminated.
            return
        with Wait(kind, child=self.pid):
            real_join(self, timeout)

    def _bootstrap(self: Any, *args: Any, **kwargs: Any) -> int:
        _starting.clear()
        key = self._config.get(NOTE, "")
        pool = _target_is_in(self, POOLS)
        method = _method(self)
        parent = self._parent_pid
        home.tell("named", name=self.name, parent=parent, pool=pool, key=key, method=method)
        if key:
            self.run = _told(self, key)
        code: int = real_bootstrap(self, *args, **kwargs)
        work.end_batch()
        counting.tell()
        leaving.tell_locked()
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
