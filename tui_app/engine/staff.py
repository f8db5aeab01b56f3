"""Who does the work of a run: as many workers as were asked for, or as the machine allows."""

from __future__ import annotations

from dataclasses import replace

from tui_app.engine import limits
from tui_app.engine.executors import ExecutorKind
from tui_app.engine.spec import Pool
from tui_app.language import counted


def within_limits(pool: Pool) -> tuple[Pool, list[str]]:
    """The pool with as many workers as can be had, 1 at least, and notes about those that cannot.

    Where it may, this process raises its own limits first. To be asked when the helper processes
    run already.
    """
    asked = pool.size
    processes = asked if pool.executor is ExecutorKind.PROCESSES else 1
    by_files = limits.workers_by_files(processes)
    by_tasks = limits.workers_by_tasks(processes, each=limits.TASKS_A_WORKER)
    if pool.executor is ExecutorKind.THREADS:
        by_files = limits.calls_by_files(asked)
        by_tasks = limits.workers_by_tasks(asked, each=1)
    workers = min(by_files, by_tasks)
    if workers == asked:
        return pool, []
    if by_files <= by_tasks:
        note = counted(
            workers,
            "{n} worker, not {asked}: too few files may be open at once (ulimit -n)",
            "{n} workers, not {asked}: too few files may be open at once (ulimit -n)",
            asked=asked,
        )
    else:
        note = counted(
            workers,
            "{n} worker, not {asked}: too few processes may be started (ulimit -u, pids.max)",
            "{n} workers, not {asked}: too few processes may be started (ulimit -u, pids.max)",
            asked=asked,
        )
    return replace(pool, workers=workers), [note]
