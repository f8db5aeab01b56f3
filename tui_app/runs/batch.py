"""An image batch as a run."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from tui_app.engine.cluster.errors import ClusterError
from tui_app.engine.run import Run
from tui_app.engine.spec import ExecutorKind, Limits, Pool, RunSpec, Task
from tui_app.events import Event, RunFinished, RunStarted, TaskFailed, TaskFinished
from tui_app.images.errors import DiskError, PlanError
from tui_app.images.job import ImageJob, OutputPlace
from tui_app.images.output.folder import OpenOutput
from tui_app.images.output.resume import describe_standing
from tui_app.images.output.store_folder import OpenStore
from tui_app.images.plan import Item, Plan, Standing
from tui_app.images.reduction import describe_way
from tui_app.images.task import do_image
from tui_app.language import counted
from tui_app.runs.formatting import folder_title
from tui_app.runs.last_batch import LastBatch
from tui_app.stores.urls import is_url
from tui_app.summary import Summary
from tui_app.system.background import aside

MOST_FOLDERS = 1_000
"""Folders of which workers are asked whether they see them."""

UNKNOWN_MEGAPIXELS = 1.0
"""The weight of an image whose header could not be read: it will probably fail soon."""


class BatchRun:
    """A plan under way, within limits: a `Runnable`. Its task number n is the plan's nth image.

    Attributes:
        id: names the run in the output folder's journal.

    Raises (from `events`):
        PlanError: the output folder cannot be made or written, another run is at work there, or
            there is no cluster; nothing has run then.
    """

    def __init__(self, plan: Plan, pool: Pool, limits: Limits | None = None) -> None:
        self._plan = plan
        self._output: OpenOutput | OpenStore | None = None
        spec = RunSpec(
            kind="batch",
            title=batch_title(plan),
            tasks=plan.count,
            weight=weight_of(plan),
            pool=pool,
            limits=limits or Limits(),
            paths=needed_paths(plan) if pool.executor is ExecutorKind.DASK else (),
        )
        self._shared = pool.executor is ExecutorKind.DASK
        self.id = spec.id
        self._run = Run(self._tasks(), spec)

    def _tasks(self) -> Iterator[Task]:
        """Yield the plan's images, and then the files that no output can be made of."""
        assert self._output is not None
        for item, job in self._output.jobs():
            skip = "" if self._plan.is_todo(item) else describe_standing(item)
            if self._shared and isinstance(job.place, OutputPlace):
                job = replace(job, place=replace(job.place, shared=True))
            yield image_task(item, job, skip)
        for flaw in self._plan.flaws:
            yield Task(flaw.name, do_image, None, weight=0.0, flaw=flaw.reason)

    async def events(self) -> AsyncGenerator[Event, None]:
        """Make and lock the output folder, run, and remove what was temporary."""
        try:
            await self._run.reach()
            output = await aside(self._opened, asyncio.get_running_loop())
        except BaseException as error:
            await self._run.leave()
            if isinstance(error, ClusterError):
                raise PlanError(str(error)) from error
            raise
        self._plan, self._output = output.plan, output
        try:
            async with aclosing(self._run.events()) as events:
                async for event in events:
                    match event:
                        case RunStarted():
                            yield replace(
                                event, notes=[*event.notes, *output.notes, *self._plan.notes]
                            )
                            continue
                        case TaskFinished() | TaskFailed():
                            await self._note(event, output)
                        case RunFinished():
                            await aside(output.sync)
                            self._remember(event)
                    yield event
        except ClusterError as error:
            raise PlanError(str(error)) from error
        finally:
            output.close()

    def _opened(self, loop: asyncio.AbstractEventLoop) -> OpenOutput | OpenStore:
        if not is_url(self._plan.output):
            return OpenOutput(self._plan, self.id)

        def lost(sentence: str) -> None:
            # The loop may have ended meanwhile, and the run with it.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(partial(self._run.cancel, sentence, failed=True))

        return OpenStore(self._plan, self.id, lost)

    async def _note(self, end: TaskFinished | TaskFailed, output: OpenOutput | OpenStore) -> None:
        """Learn from an image's end, and stop the run if nothing more can be written."""
        if isinstance(end, TaskFinished):
            output.made(int(end.result.get("bytes_out", 0)))
        elif end.error == DiskError.__name__:
            refusal = await aside(output.refusal)
            if refusal:
                # What is not done is left to the next run.
                self._run.cancel(refusal, failed=True)

    def _remember(self, finished: RunFinished) -> None:
        summary = Summary.from_dict(finished.summary)
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        LastBatch(
            output=self._plan.output,
            tasks=summary.tasks,
            ok=summary.done,
            failed=summary.failed,
            skipped=summary.skipped - summary.before,
            wall=summary.wall,
            ended_at=now,
        ).save()

    def hold(self) -> None:
        """Begin no other image until `release`; those in hand go on, and so does their time."""
        self._run.hold()

    def release(self) -> None:
        """Begin images again after `hold`."""
        self._run.release()

    def cancel(self, reason: str = "") -> None:
        """Kill the workers now. What is written stays, and nothing is left half-written."""
        self._run.cancel(reason)


def image_task(item: Item, job: ImageJob, skip: str = "") -> Task:
    """Return one image as a task; `skip` says why it need not be done."""
    return Task(
        label=item.name,
        function=do_image,
        argument=job,
        memory=item.memory,
        weight=item.megapixels or UNKNOWN_MEGAPIXELS,
        skip=skip,
        before=bool(skip) and item.standing is Standing.DONE,
    )


def needed_paths(plan: Plan) -> tuple[str, ...]:
    """Return what each worker of a cluster must see: the output folder, an image of each folder.

    Of very many folders, only the first ones.
    """
    firsts: dict[str, str] = {}
    for item in plan.todo:
        if is_url(item.source):
            continue
        source = os.path.abspath(item.source)  # noqa: PTH100 - of very many names
        firsts.setdefault(os.path.dirname(source), source)  # noqa: PTH120
        if len(firsts) == MOST_FOLDERS:
            break
    outputs = () if is_url(plan.output) else (str(plan.output),)
    return (*outputs, *firsts.values())


def weight_of(plan: Plan) -> float:
    """Return the weight of all of a plan's images: about their megapixels."""
    return sum(item.megapixels or UNKNOWN_MEGAPIXELS for item in plan.items)


def batch_title(plan: Plan) -> str:
    """Return a plan in one line: how many images, where they go, what is done."""
    images = counted(plan.count, "{n} image", "{n} images")
    return f"{images} → {folder_title(plan.output)}   {recipe_title(plan)}"


def recipe_title(plan: Plan) -> str:
    """Return what a plan does to its images, and in which way."""
    return f"{plan.recipe.heading}: {describe_way(plan.recipe)}"
