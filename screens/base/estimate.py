"""A batch's screen that can estimate what its outputs will take, by making a few of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing

from textual import work
from tui_app.screens.base.batch_run import BatchRunScreen

from tui_app.engine.spec import Limits, Pool
from tui_app.files.error_words import told
from tui_app.images.errors import PlanError
from tui_app.images.plan import Plan
from tui_app.language import _
from tui_app.runs.estimate import EstimateRun


class EstimatingScreen(BatchRunScreen):
    """Estimates a plan beside what is shown; at most one at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._estimating: EstimateRun | None = None
        self._estimated = asyncio.Event()

    @work(exclusive=True, group="estimate", exit_on_error=True)
    async def estimate(
        self, plan: Plan, pool: Pool, limits: Limits, tell: Callable[[str], None]
    ) -> None:
        """Make the outputs of a sample, and tell what comes of it, if nothing ends it before."""
        run = self._estimating = EstimateRun(plan, pool, limits)
        self._estimated.clear()
        tell(_("making a few outputs for an estimate…"))
        try:
            async with aclosing(run.events()) as events:
                async for _event in events:
                    pass
            said = str(run.estimate) if run.estimate else _("no output of the sample could be made")
        except OSError as error:
            said = told(error)
        except PlanError as error:
            said = str(error)
        finally:
            if self._estimating is run:
                self._estimating = None
                self._estimated.set()
        if not (self.left or run.cancelled):
            tell(said)

    def end_estimate(self) -> None:
        """Give up the estimate that is being made, if there is one."""
        if self._estimating is not None:
            self._estimating.cancel()

    async def stop(self) -> None:
        """Cancel what runs, and wait until its processes are gone."""
        if self._estimating is not None:
            self._estimating.cancel()
            await self._estimated.wait()
        await super().stop()
