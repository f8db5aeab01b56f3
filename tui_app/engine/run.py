"""One run: tasks in, events out."""

from __future__ import annotations

import platform
import socket
import weakref
from collections.abc import AsyncGenerator, Iterable, Sequence
from datetime import datetime
from typing import Any

from tui_app.engine.forkserver import prestart
from tui_app.engine.inbox import Inbox
from tui_app.engine.machine import folder_trouble, usable_cpus
from tui_app.engine.run_clock import RunClock
from tui_app.engine.scheduler import Scheduler
from tui_app.engine.spec import Pool, RunSpec, Task
from tui_app.engine.workforce import within_limits
from tui_app.events import Event, Outcome, RunFinished, RunStarted
from tui_app.files.error_words import reason
from tui_app.language import _

_live: weakref.WeakSet[Run] = weakref.WeakSet()


class Run:
    """Has tasks done by workers; `events()` is what happens."""

    def __init__(self, tasks: Iterable[Task], spec: RunSpec) -> None:
        self.spec = spec
        self._clock = RunClock()
        self._inbox = Inbox(self._clock)
        self._scheduler = Scheduler(tasks, spec.limits, self._clock, self._inbox)

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
        pool = self.spec.pool
        notes: list[str] = []
        try:
            prestart(pool.start_method)
            pool, notes = within_limits(pool)
            self._inbox.paces(self._scheduler.listen())
        except OSError as error:
            self._inbox.add(self._started(pool, notes))
            self._scheduler.stop_without_workers(folder_trouble() or reason(error))
        else:
            self._inbox.add(self._started(pool, notes))
            await self._scheduler.work(pool)
        finally:
            _live.discard(self)
        self._inbox.finish(self._finished())

    def _started(self, pool: Pool, notes: Sequence[str]) -> RunStarted:
        spec = self.spec
        return RunStarted(
            t=0.0,
            run=spec.id,
            kind=spec.kind,
            title=spec.title,
            executor=pool.executor,
            workers=pool.size,
            start_method=pool.start_method,
            tasks=spec.tasks,
            weight=spec.weight,
            notes=notes,
            **here_and_now(),
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


def kill_all() -> None:
    """Kill the workers of every run that is still under way: the last thing before leaving."""
    for run in list(_live):
        run.cancel(_("the app was left"))
