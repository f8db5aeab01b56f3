"""Who does the work of a run: as many workers as were asked for, or as the machine allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tui_app.engine import limits
from tui_app.engine.executors import ExecutorKind
from tui_app.engine.slots import Slot
from tui_app.engine.spec import Pool
from tui_app.language import _, counted

STILLBORN = 3
"""So many times in a row a worker cannot be started, before the others do without it."""

START_PAUSE = 0.2
"""Seconds between two tries to start a worker where there is none."""

MOST_LOST = 100
"""Workers that may go with their fork server before another task has ended."""


def within_limits(pool: Pool) -> tuple[Pool, list[str]]:
    """The pool with as many workers as can be had, 1 at least, and notes about those that cannot.

    Where it may, this process raises its own limits first. To be asked when the helper processes
    run already.
    """
    asked = pool.size
    pools = pool.executor is not ExecutorKind.THREADS and not pool.lean
    if pools and limits.room_for_pools(asked):
        return pool, []
    pool = replace(pool, lean=True)
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


class Workforce:
    """The workers of a run, and what became of those that could not be had after all.

    Attributes:
        slots: where they work; fewer in the end than at first where some could not be started.
    """

    def __init__(self, slots: Iterable[Slot] = ()) -> None:
        self.slots = list(slots)
        self._refusal = ""
        self._lost = 0

    def miss(self, slot: Slot, why: str, *, refused: bool) -> str:
        """Takes notice that a worker could not be started.

        Where others work, they go on without it: at once where the machine `refused` it, after
        some more tries else.

        Returns:
            What keeps all of them from being started; empty where the run goes on.
        """
        slot.stillborn += 1
        others = [other for other in self.slots if other is not slot and other.started]
        if others and (refused or slot.stillborn == STILLBORN):
            self.slots, self._refusal = others, why
        elif slot.stillborn == STILLBORN:
            return why
        return ""

    def lose(self) -> str:
        """Takes notice that a worker went with its fork server, through no fault of its own.

        Returns:
            As `miss`.
        """
        self._lost += 1
        if self._lost < MOST_LOST:
            return ""
        return _("the process that starts workers is killed again and again")

    def worked(self) -> None:
        """Takes notice that a task has ended."""
        self._lost = 0

    @property
    def tries_again(self) -> bool:
        """Whether a worker that could not be started is tried again."""
        return any(slot.stillborn for slot in self.slots)

    @property
    def notes(self) -> list[str]:
        """A sentence where some could not be started."""
        if not self._refusal:
            return []
        note = counted(
            len(self.slots),
            "{n} worker did all the work: no more could be started ({why})",
            "{n} workers did all the work: no more could be started ({why})",
            why=self._refusal,
        )
        return [note]
