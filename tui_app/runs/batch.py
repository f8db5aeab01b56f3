"""The runs that this product has: an image batch, and the making of the sample photographs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from tui_app.engine.run import Run
from tui_app.engine.spec import Limits, Pool, RunSpec, Task
from tui_app.events import Event, RunFinished, RunStarted, TaskFailed, TaskFinished
from tui_app.images.files import is_temporary_of
from tui_app.images.items import Item, memory_needed
from tui_app.images.opening import DiskError, ImageError
from tui_app.images.output import Output
from tui_app.images.plan import Plan, jobs
from tui_app.images.process import ImageJob, process_image
from tui_app.images.reduction import describe_way
from tui_app.images.samples import Sample, SampleJob, make_sample, temporary_run
from tui_app.images.standing import describe_standing
from tui_app.language import counted
from tui_app.runs.text import folder_title
from tui_app.settings import LastBatch, save_last_batch
from tui_app.summary import Summary

NOTHING_WRITTEN = (ImageError.__name__, DiskError.__name__)
"""The errors by which a worker itself says that an image failed. Of one that died nobody knows
whether its output stands."""

UNKNOWN_MEGAPIXELS = 1.0
"""The weight of an image whose header could not be read: it will most likely fail soon."""


class Runnable(Protocol):
    """Anything that can be run and watched."""

    def events(self) -> AsyncGenerator[Event, None]:
        """Runs, and yields what happens; to be iterated once. See `Run.events`."""
        ...

    def cancel(self, reason: str = "") -> None:
        """Stops it now; without a reason, as `cancelled`.

        A script that is played is told to stop, and has two seconds; a second call stops it now.
        """
        ...


class BatchRun:
    """Runs a plan, within limits. Its task number n is the plan's nth image.

    Raises (from `events`):
        PlanError: the output folder cannot be made or written, or another run is at work there;
            nothing has run then.
    """

    def __init__(self, plan: Plan, pool: Pool, limits: Limits | None = None) -> None:
        self._plan = plan
        self._output: Output | None = None
        spec = RunSpec(
            kind="batch",
            title=batch_title(plan),
            tasks=len(plan.items),
            weight=weight_of(plan),
            pool=pool,
            limits=limits or Limits(),
        )
        self.id = spec.id
        self._run = Run(self._tasks(spec.id), spec)

    def _tasks(self, run: str) -> Iterator[Task]:
        """The plan's images, each noted in the journal just before it is handed out."""
        assert self._output is not None
        for item, job in jobs(self._plan, run):
            skip = "" if self._plan.is_todo(item) else describe_standing(item)
            if not skip:
                try:
                    self._output.begin(item)
                except OSError as error:
                    self._stop(self._output.why_not(error))
                    return
            yield image_task(self._plan, item, job, skip)

    async def events(self) -> AsyncGenerator[Event, None]:
        """Makes and locks the output folder, runs, and takes away what was temporary.

        An output that stands is in the journal before its `task_finished` is passed on.
        """
        output = await asyncio.to_thread(Output, self._plan, self.id)
        self._plan, self._output = output.plan, output
        try:
            async with aclosing(self._run.events()) as events:
                async for event in events:
                    match event:
                        case RunStarted():
                            yield replace(event, notes=[*event.notes, *output.notes])
                            continue
                        case TaskFinished() | TaskFailed():
                            await self._note(event, output)
                        case RunFinished():
                            await asyncio.to_thread(output.sync)
                            self._remember(event)
                    yield event
        finally:
            output.close()

    async def _note(self, end: TaskFinished | TaskFailed, output: Output) -> None:
        """Takes an image's end to the journal; stops the run where nothing can be written."""
        item = self._plan.items[end.task - 1]
        try:
            if isinstance(end, TaskFinished):
                output.made(item)
            elif end.error in NOTHING_WRITTEN:
                output.failed(item)
        except OSError as error:
            self._stop(output.why_not(error))
        if isinstance(end, TaskFailed) and end.error == DiskError.__name__:
            refusal = await asyncio.to_thread(output.refusal)
            if refusal:
                self._stop(refusal)

    def _stop(self, why: str) -> None:
        """Ends the run as failed: what is not done is left to the next one."""
        self._run.cancel(why, failed=True)

    def _remember(self, finished: RunFinished) -> None:
        summary = Summary.from_dict(finished.summary)
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        save_last_batch(
            LastBatch(
                output=self._plan.output,
                tasks=summary.tasks,
                ok=summary.ok,
                failed=summary.failed,
                skipped=summary.skipped,
                wall=summary.wall,
                ended_at=now,
            )
        )

    def cancel(self, reason: str = "") -> None:
        """Kills the workers now; what is written stays, nothing is left half-written."""
        self._run.cancel(reason)


class SamplesRun:
    """Makes sample photographs in a folder, which is made where there is none."""

    def __init__(self, samples: Sequence[Sample], folder: Path, pool: Pool) -> None:
        self._samples, self._folder = samples, folder
        spec = RunSpec(
            kind="samples",
            title=counted(
                len(samples),
                "{n} sample photograph → {folder}",
                "{n} sample photographs → {folder}",
                folder=folder_title(str(folder)),
            ),
            tasks=len(samples),
            weight=sum(sample.megapixels for sample in samples),
            pool=pool,
        )
        tasks = (
            Task(
                label=sample.name,
                function=make_sample,
                argument=SampleJob(sample, str(folder / sample.name)),
                weight=sample.megapixels,
            )
            for sample in samples
        )
        self._run = Run(tasks, spec)

    async def events(self) -> AsyncGenerator[Event, None]:
        """Makes them, and takes away what a killed worker left half-written."""
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            async with aclosing(self._run.events()) as events:
                async for event in events:
                    yield event
        finally:
            runs = {temporary_run(sample) for sample in self._samples}
            for file in list(self._folder.iterdir()):
                if any(is_temporary_of(file.name, run) for run in runs):
                    file.unlink(missing_ok=True)

    def cancel(self, reason: str = "") -> None:
        """Kills the workers now."""
        self._run.cancel(reason)


def image_task(plan: Plan, item: Item, job: ImageJob, skip: str = "") -> Task:
    """One image of a plan as a task; `skip` says why it need not be done."""
    return Task(
        label=item.name,
        function=process_image,
        argument=job,
        memory=memory_needed(item, plan.recipe, exact=plan.exact),
        weight=item.megapixels or UNKNOWN_MEGAPIXELS,
        skip=skip,
    )


def weight_of(plan: Plan) -> float:
    """The weight of all of a plan's images: about their megapixels."""
    return sum(item.megapixels or UNKNOWN_MEGAPIXELS for item in plan.items)


def batch_title(plan: Plan) -> str:
    """A plan in one line: how many images, what is done, where they go."""
    images = counted(len(plan.items), "{n} image", "{n} images")
    return f"{images} → {folder_title(plan.output)}   {recipe_title(plan)}"


def recipe_title(plan: Plan) -> str:
    """What a plan does to its images, and in which way."""
    return f"{plan.recipe.name}: {describe_way(plan.recipe, plan.exact)}"
