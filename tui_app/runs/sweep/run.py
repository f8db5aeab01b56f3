"""A sweep under way: its runs one after another, and what they have come to so far."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from tui_app.demos.computation import sleep
from tui_app.engine.run import Run
from tui_app.engine.spec import Pool, RunSpec, Task
from tui_app.events import Event
from tui_app.images.errors import PlanError
from tui_app.runs.runnable import Runnable
from tui_app.runs.sweep.measurement import Cell, MeasurementReader
from tui_app.runs.sweep.work import KIND, SweepRequest, SweepWork, make_ready
from tui_app.runs.view import RunState
from tui_app.system.background import aside


class SweepRun:
    """All runs of a sweep: a `Runnable` with the events of one run after another.

    At once they would disturb each other. A cancel ends all of it; a run that is cancelled is not
    measured.

    Attributes:
        sweep: what was measured so far.
        cell: what runs now, or ran last; `None` before the first run.
        title: what the work is; empty before it is ready.
        of_samples: whether it needs the sample photographs.

    Raises (from `events`):
        PlanError: the images cannot be processed.
        RecipeError: there is no such recipe, or its file is wrong.
        OSError: there is no room for a temporary folder.
    """

    def __init__(self, request: SweepRequest) -> None:
        self._request = request.resolved()
        self.sweep = self._request.sweep()
        self.cell: Cell | None = None
        self.title = ""
        self.of_samples = self._request.of_samples
        self._present: Runnable | None = None
        self._stopped = False

    async def events(self) -> AsyncGenerator[Event, None]:
        """Make the work ready, and run it cell by cell."""
        try:
            work = await aside(make_ready, self._request, lambda: self._stopped)
        except PlanError:
            if self._stopped:
                return
            raise
        self.title = work.title
        try:
            await self._warm_up()
            async with aclosing(self.measured(work)) as events:
                async for event in events:
                    yield event
        finally:
            work.close()

    async def _warm_up(self) -> None:
        """Let a worker start and end once.

        Else the first run alone would wait for the fork server, which has to start and to import
        what workers need.
        """
        pool = Pool(start_method=self._request.start_method)
        spec = RunSpec(kind=KIND, title="", tasks=1, weight=1.0, pool=pool)
        self._present = run = Run([Task("", sleep, 0.0)], spec)
        async with aclosing(run.events()) as events:
            async for _event in events:
                pass

    async def measured(self, work: SweepWork) -> AsyncGenerator[Event, None]:
        """Run work that is ready cell by cell, and measure each run."""
        for cell in self.sweep.order():
            if self._stopped or self.sweep.hopeless:
                return
            self.cell = cell
            self._present = run = work.run(cell)
            reader = MeasurementReader(cell)
            async with aclosing(run.events()) as events:
                async for event in events:
                    reader.add(event)
                    measured = reader.measurement
                    # Before the end is passed on: what is drawn then has the figures of this run.
                    if measured is not None and measured.state is not RunState.CANCELLED:
                        self.sweep = self.sweep.with_run(measured)
                    yield event

    def cancel(self, reason: str = "") -> None:
        """End it now. What was measured stays."""
        self._stopped = True
        if self._present is not None:
            self._present.cancel(reason)
