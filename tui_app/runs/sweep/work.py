"""The work of a sweep: it is asked for, made ready once, and run cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from tui_app.demos.computation import compute, sleep
from tui_app.engine.machine import (
    StartMethod,
    default_start_method,
    most_workers,
    usable_cpus,
)
from tui_app.engine.run import Run
from tui_app.engine.spec import ExecutorKind, Limits, Pool, RunSpec, Task
from tui_app.files.paths import is_file
from tui_app.images.plan import Plan
from tui_app.images.samples import samples_folder
from tui_app.language import counted
from tui_app.runs.batch import recipe_title, weight_of
from tui_app.runs.images_run import ImagesRun
from tui_app.runs.request import BatchRequest
from tui_app.runs.runnable import Runnable
from tui_app.runs.scratch_folder import ScratchFolder
from tui_app.runs.sweep.kinds import ROUNDS, WorkKind
from tui_app.runs.sweep.measurement import Cell
from tui_app.runs.sweep.result import PARALLEL, Sweep, cells_of, worker_counts

KIND = "sweep"
"""`RunStarted.kind` of each run of a sweep."""

CALLS = 24
"""Tasks of a computation or of sleeping; the demo `more-is-not-faster` has as many."""

NUMBERS = 1_000_000
"""How far each computation counts. That takes less than a tenth of a second."""

NAP_SECONDS = 0.1

READ_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class SweepRequest:
    """What a person asks of a sweep, on the command line or in the form.

    Attributes:
        work: what is done again and again.
        images: for images: which, and the recipe; no source means the samples.
        most: the largest number of workers.
        rounds: how often each run is made.
        executors: those that are tried besides the sequential one.
        start_method: how processes are started.
    """

    work: WorkKind = WorkKind.IMAGES
    images: BatchRequest = field(default_factory=BatchRequest)
    most: int = field(default_factory=lambda: min(2 * usable_cpus(), most_workers()))
    rounds: int = ROUNDS
    executors: tuple[ExecutorKind, ...] = PARALLEL
    start_method: StartMethod = field(default_factory=default_start_method)

    def resolved(self) -> SweepRequest:
        """Return the same request with its sources named."""
        if self.work is not WorkKind.IMAGES or self.images.sources:
            return self
        return replace(self, images=replace(self.images, sources=(str(samples_folder()),)))

    @property
    def of_samples(self) -> bool:
        """Whether the work is the sample photographs, which may have to be drawn first."""
        return self.work is WorkKind.IMAGES and self.images.of_samples

    def sweep(self) -> Sweep:
        """Return the sweep that is asked for, before its first run."""
        cpus = usable_cpus()
        cells = cells_of(self.executors, worker_counts(self.most, cpus))
        return Sweep(self.work, cells, self.rounds, cpus)


class CallsWork:
    """Calls of one function, all alike, and at least as many as there are workers."""

    def __init__(
        self, request: SweepRequest, function: Callable[..., None], argument: float
    ) -> None:
        self._request, self._function, self._argument = request, function, argument
        self._calls = max(CALLS, request.most)

    @property
    def title(self) -> str:
        """The work in one line."""
        if self._request.work is WorkKind.SLEEPING:
            return counted(
                self._calls,
                "{n} call that sleeps {seconds} s",
                "{n} calls that sleep {seconds} s each",
                seconds=format(self._argument, "g"),
            )
        return counted(
            self._calls,
            "{n} computation in pure Python",
            "{n} computations in pure Python",
        )

    def run(self, cell: Cell) -> Runnable:
        """Return one run of it."""
        tasks = (
            Task(f"{self._function.__name__} {number}", self._function, self._argument)
            for number in range(1, self._calls + 1)
        )
        return Run(tasks, _spec(self.title, cell, self._request, self._calls, self._calls))

    def close(self) -> None:
        """Do nothing: nothing was made for it."""


class ImagesWork:
    """Images, processed as a batch does, with their outputs in a temporary folder."""

    def __init__(self, request: SweepRequest, stop: Callable[[], bool]) -> None:
        self._request = request
        self._scratch = ScratchFolder("procession-sweep-")
        self._turn = 0
        try:
            images = replace(request.images, output=str(self._scratch.folder / "0"))
            self._plan = images.plan(stop)
            _read_through(self._plan, stop)
        except BaseException:
            self.close()
            raise

    @property
    def title(self) -> str:
        """The work in one line."""
        images = counted(len(self._plan.items), "{n} image", "{n} images")
        return f"{images}   {recipe_title(self._plan)}"

    def run(self, cell: Cell) -> Runnable:
        """Return one run of it, into a folder of its own."""
        self._turn += 1
        plan = replace(self._plan, output=str(self._scratch.folder / str(self._turn)))
        spec = _spec(self.title, cell, self._request, len(plan.items), weight_of(plan))
        return ImagesRun(plan, spec)

    def close(self) -> None:
        """Remove all outputs."""
        self._scratch.close()


class SweepWork(Protocol):
    """Work that is ready to be run again and again."""

    @property
    def title(self) -> str:
        """The work in one line."""
        ...

    def run(self, cell: Cell) -> Runnable:
        """Return one run of it."""
        ...

    def close(self) -> None:
        """End it."""
        ...


def make_ready(request: SweepRequest, stop: Callable[[], bool] = lambda: False) -> SweepWork:
    """Return the work of a resolved request, to be closed in the end. May take seconds.

    Args:
        request: what is asked for.
        stop: is asked now and then whether the work is not wanted any more.

    Raises:
        PlanError: the images cannot be processed, or it was stopped.
        RecipeError: there is no such recipe, or its file is wrong.
        OSError: there is no room for a temporary folder.
    """
    match request.work:
        case WorkKind.IMAGES:
            return ImagesWork(request, stop)
        case WorkKind.COMPUTING:
            return CallsWork(request, compute, NUMBERS)
        case WorkKind.SLEEPING:
            return CallsWork(request, sleep, NAP_SECONDS)


def _spec(title: str, cell: Cell, request: SweepRequest, tasks: int, weight: float) -> RunSpec:
    return RunSpec(
        kind=KIND,
        title=title,
        tasks=tasks,
        weight=weight,
        pool=Pool(cell.executor, cell.workers, request.start_method),
        limits=Limits(memory=request.images.memory),
    )


def _read_through(plan: Plan, stop: Callable[[], bool]) -> None:
    """Read every source once. Else the first run alone would wait for the disk."""
    for item in plan.items:
        path = Path(item.source)
        # A file that cannot be read will fail in the run, with its name.
        with suppress(OSError):
            if is_file(path):
                with path.open("rb", buffering=0) as file:
                    while not stop() and file.read(READ_AT_ONCE):
                        pass
