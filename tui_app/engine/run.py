"""One run: tasks in, events out."""

from __future__ import annotations

import platform
import socket
import weakref
from collections.abc import AsyncGenerator, Iterable
from datetime import datetime
from typing import Any

from tui_app.engine.base_scheduler import BaseScheduler, NotReadyError, Ready
from tui_app.engine.inbox import Inbox
from tui_app.engine.machine import usable_cpus
from tui_app.engine.run_clock import RunClock
from tui_app.engine.scheduler import Scheduler
from tui_app.engine.spec import ExecutorKind, RunSpec, Task
from tui_app.events import Event, Outcome, RunFinished, RunStarted
from tui_app.language import _

_live: weakref.WeakSet[Run] = weakref.WeakSet()


class Run:
    """Has tasks done by workers; `events()` is what happens."""

    def __init__(self, tasks: Iterable[Task], spec: RunSpec) -> None:
        self.spec = spec
        self._clock = RunClock()
        self._inbox = Inbox(self._clock)
        self._scheduler = self._made_scheduler(tasks)

    def _made_scheduler(self, tasks: Iterable[Task]) -> BaseScheduler:
        spec = self.spec
        if spec.pool.executor is ExecutorKind.DASK:
            # Only a run on a cluster needs it.
            from tui_app.engine.cluster.scheduler import ClusterScheduler

            return ClusterScheduler(tasks, spec, self._clock, self._inbox)
        return Scheduler(tasks, spec.limits, self._clock, self._inbox)

    async def reach(self) -> None:
        """Reach what will do the work, where that is elsewhere; `leave` it if nothing is run then.

        Raises:
            ClusterError: it cannot be reached.
        """
        await self._scheduler.reach(self.spec.pool)

    async def leave(self) -> None:
        """Leave what was reached; a run that has begun leaves it by itself."""
        await self._scheduler.close()

    def events(self) -> AsyncGenerator[Event, None]:
        """Run, and yield each event as it happens. See `Inbox.events`."""
        return self._inbox.events(self._drive, lambda: self.cancel(_("the run was left")))

    def cancel(self, reason: str = "", *, failed: bool = False) -> None:
        """Kill the workers now; the run then ends, for the first reason given.

        Args:
            reason: why, in a few words; without it, `cancelled`.
            failed: whether it ends as failed, because it cannot go on, and not as cancelled.
        """
        self._scheduler.stop(reason or _("cancelled"), failed=failed)

    @property
    def stop_seconds(self) -> float:
        """How many seconds it may take to stop it: no time for workers of this machine."""
        return self._scheduler.stop_seconds

    def hold(self) -> None:
        """Hand no task to a worker until `release`; what workers have in hand goes on."""
        self._scheduler.hold()

    def release(self) -> None:
        """Hand tasks to workers again after `hold`."""
        self._scheduler.release()

    async def _drive(self) -> None:
        """Do the whole run, from `run_started` to `run_finished`."""
        self._clock.start()
        _live.add(self)
        try:
            try:
                ready = await self._scheduler.prepare(self.spec.pool)
            except NotReadyError as error:
                self._inbox.add(self._started(error.ready))
                self._scheduler.stop_without_workers(str(error))
            else:
                # To get to know a cluster takes a while.
                self._clock.start()
                self._inbox.add(self._started(ready))
                await self._scheduler.work(ready.pool)
            self._inbox.finish(self._finished())
        finally:
            await self._scheduler.close()
            _live.discard(self)

    def _started(self, ready: Ready) -> RunStarted:
        spec, pool = self.spec, ready.pool
        here = here_and_now()
        if ready.cpus is not None:
            here["cpus"] = ready.cpus
        return RunStarted(
            t=0.0,
            run=spec.id,
            kind=spec.kind,
            title=spec.title,
            executor=pool.executor,
            workers=pool.size,
            start_method="" if pool.executor is ExecutorKind.DASK else pool.start_method,
            tasks=spec.tasks,
            weight=spec.weight,
            notes=ready.notes,
            **here,
        )

    def _finished(self) -> RunFinished:
        scheduler = self._scheduler
        outcome = Outcome.OK
        if scheduler.fault or (scheduler.failures and not scheduler.stopped):
            outcome = Outcome.FAILED
        elif scheduler.stopped:
            outcome = Outcome.CANCELLED
        why = scheduler.fault or scheduler.stopped
        return RunFinished(t=self._clock.now(), outcome=outcome, reason=why, notes=scheduler.notes)


def here_and_now() -> dict[str, Any]:
    """Return the fields of `RunStarted` that tell of this machine, and of the present time."""
    return {
        "cpus": usable_cpus(),
        "python": platform.python_version(),
        "host": socket.gethostname(),
        "started_at": datetime.now().astimezone().isoformat(timespec="seconds"),
    }


def seconds_to_stop() -> float:
    """Return how many seconds the runs that are under way may take to stop what they do."""
    return max((run.stop_seconds for run in _live), default=0.0)


def kill_all() -> None:
    """Kill the workers of every run that is still under way: the last thing before leaving."""
    for run in list(_live):
        run.cancel(_("the app was left"))
