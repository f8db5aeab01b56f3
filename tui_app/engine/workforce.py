"""Who does the work of a run: as many workers as were asked for, or as the machine allows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tui_app.engine import limits
from tui_app.engine.slots import Slot
from tui_app.engine.spec import ExecutorKind, Pool
from tui_app.language import _, counted

AHEAD = 1
"""Calls that a worker is handed beyond those that it works on, so that it never waits for us."""

STILLBORN = 3
"""How often in a row a worker cannot be started, before the others do without it."""

START_PAUSE = 0.2
"""Seconds between two tries to start a worker where there is none."""

MOST_LOST = 100
"""Workers that may be lost with their fork server before another task has ended."""


def within_limits(pool: Pool) -> tuple[Pool, list[str]]:
    """Return the pool with as many workers as can be had, 1 at least.

    Raises this process's own limits where it may. To be called when the helper processes run.

    Returns:
        The pool, and a sentence where it has fewer workers.
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
    """The workers of a run, without those that could not be started.

    Attributes:
        slots: where they work.
    """

    def __init__(self, slots: Iterable[Slot] = ()) -> None:
        self.slots = list(slots)
        self._refusal = ""
        self._lost = 0

    @property
    def room(self) -> int:
        """How many calls all workers work on at once."""
        return sum(slot.room for slot in self.slots)

    @property
    def handed(self) -> Sequence[asyncio.Future[int]]:
        """The calls that have not been answered."""
        return [future for slot in self.slots for future in slot.handed]

    def free_slot(self, waiting: int, *, alone: bool) -> Slot | None:
        """Return the slot that has the least to do, if it may have more.

        Args:
            waiting: how many tasks wait.
            alone: whether the next task must run while nothing else does.
        """
        slot = min(self.slots, key=lambda slot: len(slot.handed) / slot.room)
        if slot.died:
            return None
        if alone:
            return None if self.handed else slot
        # A task that waits behind a long one cannot be given to another worker any more, so near
        # the end none waits there.
        ahead = AHEAD if waiting > len(self.slots) else 0
        return slot if len(slot.handed) < slot.room + ahead else None

    def kill(self) -> None:
        """Kill all workers now."""
        for slot in self.slots:
            slot.kill()

    def miss(self, slot: Slot, why: str, *, refused: bool) -> str:
        """Take notice that a worker could not be started.

        Where others work, they go on without it: at once where the machine `refused` it, else after
        some more tries.

        Returns:
            Why no worker at all can be started; empty where the run goes on.
        """
        slot.stillborn += 1
        others = [other for other in self.slots if other is not slot and other.started]
        if others and (refused or slot.stillborn == STILLBORN):
            self.slots, self._refusal = others, why
        elif slot.stillborn == STILLBORN:
            return why
        return ""

    def lose(self) -> str:
        """Take notice that a worker was lost with its fork server, through no fault of its own.

        Returns:
            See `miss`.
        """
        self._lost += 1
        if self._lost < MOST_LOST:
            return ""
        return _("the process that starts workers is killed again and again")

    def ended(self, task: int) -> None:
        """Take notice that a task has ended."""
        self._lost = 0
        for slot in self.slots:
            slot.ended(task)

    @property
    def tries_again(self) -> bool:
        """Whether a worker that could not be started is tried again."""
        return any(slot.stillborn for slot in self.slots)

    @property
    def notes(self) -> list[str]:
        """A sentence, where some workers could not be started."""
        if not self._refusal:
            return []
        note = counted(
            len(self.slots),
            "{n} worker did all the work: no more could be started ({why})",
            "{n} workers did all the work: no more could be started ({why})",
            why=self._refusal,
        )
        return [note]
