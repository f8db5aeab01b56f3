"""A run of a plan's images whose outputs are not kept."""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing

from tui_app.engine.run import Run
from tui_app.engine.spec import RunSpec, Task
from tui_app.events import Event
from tui_app.images.job import ImageJob
from tui_app.images.output.folder import OutputFolder
from tui_app.images.plan import Item, Plan
from tui_app.runs.batch import image_task
from tui_app.system.background import aside


class ImagesRun:
    """A run of a plan's images, into an output folder that is made before and removed after.

    There is no journal and no lock: nobody else knows of the folder.
    """

    def __init__(
        self, plan: Plan, spec: RunSpec, task: Callable[[Item, ImageJob], Task] = image_task
    ) -> None:
        """Take a plan, and how its images are done.

        Args:
            plan: The images, and the output folder.
            spec: How the run is made.
            task: Returns the task of an image.
        """
        self._plan, self._id, self._task = plan, spec.id, task
        self._folder: OutputFolder | None = None
        self._run = Run(self._tasks(), spec)

    def _tasks(self) -> Iterator[Task]:
        assert self._folder is not None
        for item, job in self._folder.jobs(self._plan):
            yield self._task(item, job)

    async def events(self) -> AsyncGenerator[Event, None]:
        """See `Runnable.events`."""
        try:
            self._folder = await aside(self._made)
            async with aclosing(self._run.events()) as events:
                async for event in events:
                    yield event
        finally:
            if self._folder is not None:
                self._folder.close()
            shutil.rmtree(self._plan.output, ignore_errors=True)

    def _made(self) -> OutputFolder:
        """Return the output folder, with all folders in it."""
        folder = OutputFolder(self._plan, self._id)
        folder.make_folders(self._plan)
        return folder

    def cancel(self, reason: str = "") -> None:
        """See `Runnable.cancel`."""
        self._run.cancel(reason)
