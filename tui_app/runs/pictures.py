"""Before and after of one image of a plan, small: decoded and made by a worker, beside the app."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from enum import StrEnum

from tui_app.engine.run import Run
from tui_app.engine.spec import ExecutorKind, Limits, Pool, RunSpec, Task
from tui_app.events import Event, TaskFailed, TaskFinished
from tui_app.images.job import ImageJob
from tui_app.images.plan import Item, Items, Plan, Standing
from tui_app.images.thumbnail import Thumbnail, ThumbnailJob, show_small
from tui_app.language import _
from tui_app.runs.images_run import ImagesRun
from tui_app.runs.runnable import Runnable
from tui_app.runs.scratch_folder import ScratchFolder
from tui_app.stores.urls import is_url
from tui_app.system.background import aside

SECONDS = 120.0
"""Seconds that a picture may take; its worker is killed then."""


class Side(StrEnum):
    """Which of the two pictures."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class SidePicture:
    """One of the two pictures, or in one sentence why there is none."""

    side: Side
    picture: Thumbnail | None
    reason: str = ""


def can_show(item: Item, plan: Plan) -> bool:
    """Return whether an image and its output are files of this machine."""
    return not (is_url(item.source) or is_url(plan.output))


class PicturesRun:
    """Makes both pictures of an image; to be asked once.

    Args:
        plan: The image is one of it.
        item: The image.
        most: Width and height of each picture in pixels, at most.
        pool: How workers start.
        limits: What one image may take.
        made: Whether the picture after is that of the output, which is there. Else the recipe is
            applied to the image for it.
    """

    def __init__(
        self,
        plan: Plan,
        item: Item,
        most: tuple[int, int],
        pool: Pool,
        limits: Limits,
        *,
        made: bool,
    ) -> None:
        self._plan, self._item, self._most, self._made = plan, item, most, made
        # A worker of its own, also where the run has threads: the app decodes nothing.
        self._pool = Pool(ExecutorKind.PROCESSES, 1, pool.start_method)
        timeout = min(SECONDS, limits.timeout or SECONDS)
        self._limits = replace(limits, failures=None, retries=0, timeout=timeout)
        self._present: Runnable | None = None
        self._cancelled = False

    async def pictures(self) -> AsyncGenerator[SidePicture, None]:
        """Yield the picture before, and then that after.

        Raises:
            OSError: There is no room for a temporary folder.
        """
        before = self._job(self._item.source)
        async for one in self._shown(Side.BEFORE, self._run_of(self._task(before))):
            yield one
        if self._cancelled:
            return
        if self._made:
            path = os.path.join(self._plan.output, self._item.output_name)  # noqa: PTH118
            if not await aside(os.path.lexists, path):
                yield SidePicture(Side.AFTER, None, _("it has no output"))
                return
            async for one in self._shown(Side.AFTER, self._run_of(self._task(self._job(path)))):
                yield one
            return
        scratch = ScratchFolder("procession-picture-")
        try:
            output = str(scratch.folder / "outputs")
            nothing = replace(self._item, standing=Standing.NOTHING, there=None, done_at=0)
            plan = replace(self._plan, output=output, items=Items([nothing]), flaws=())
            run = ImagesRun(plan, self._spec(), lambda _item, job: self._task(self._job("", job)))
            async for one in self._shown(Side.AFTER, run):
                yield one
        finally:
            scratch.close()

    def _job(self, path: str, job: ImageJob | None = None) -> ThumbnailJob:
        return ThumbnailJob(path, self._most, self._plan.max_pixels, job)

    def _task(self, job: ThumbnailJob) -> Task:
        return Task(self._item.name, show_small, job, memory=self._item.memory)

    def _spec(self) -> RunSpec:
        return RunSpec(
            kind="picture", title="", tasks=1, weight=1.0, pool=self._pool, limits=self._limits
        )

    def _run_of(self, task: Task) -> Run:
        return Run([task], self._spec())

    async def _shown(self, side: Side, run: Runnable) -> AsyncGenerator[SidePicture, None]:
        self._present = run
        async with aclosing(run.events()) as events:
            async for event in events:
                if (shown := _of(side, event)) and not self._cancelled:
                    yield shown

    def cancel(self) -> None:
        """Give it up, and kill its worker."""
        self._cancelled = True
        if self._present is not None:
            self._present.cancel()


def _of(side: Side, event: Event) -> SidePicture | None:
    match event:
        case TaskFinished():
            return SidePicture(side, Thumbnail.from_dict(event.result))
        case TaskFailed():
            return SidePicture(side, None, event.reason)
    return None
