"""Runs that draw the sample photographs: alone, or before a run that needs them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from pathlib import Path

from tui_app.engine.run import Run
from tui_app.engine.spec import Pool, RunSpec, Task
from tui_app.events import Event, Outcome, RunFinished
from tui_app.files.atomic_write import is_temporary_of
from tui_app.files.folder import Folder
from tui_app.images.samples import (
    SampleJob,
    make_sample,
    missing_samples,
    samples_folder,
    temporary_run,
)
from tui_app.language import counted
from tui_app.runs.formatting import folder_title
from tui_app.runs.runnable import Runnable

SAMPLES_KIND = "samples"
"""`RunStarted.kind` of a run that draws the sample photographs."""


class SamplesRun:
    """The drawing of the sample photographs that are missing in a folder: a `Runnable`.

    Args:
        folder: where they belong; it is made if it does not exist.
        pool: the workers that draw them.

    Attributes:
        missing: the samples that it draws, as they were when it was made.

    Raises (from `events`):
        OSError: the folder cannot be made.
    """

    def __init__(self, folder: Path, pool: Pool) -> None:
        self._folder = folder.absolute()
        self.missing = missing_samples(folder)
        weight = sum(sample.megapixels for sample in self.missing)
        spec = RunSpec(
            kind=SAMPLES_KIND,
            title=counted(
                len(self.missing),
                "{n} sample photograph → {folder}",
                "{n} sample photographs → {folder}",
                folder=folder_title(str(folder)),
            ),
            tasks=len(self.missing),
            weight=weight,
            pool=pool,
        )
        # A file of that name is replaced in our own folder only.
        overwrite = self._folder == samples_folder()
        tasks = (
            Task(
                label=sample.name,
                function=make_sample,
                argument=SampleJob(sample, str(self._folder / sample.name), overwrite),
                weight=sample.megapixels,
            )
            for sample in self.missing
        )
        self._run = Run(tasks, spec)

    async def events(self) -> AsyncGenerator[Event, None]:
        """Draw the photographs, and remove what a killed worker left half-written."""
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            async with aclosing(self._run.events()) as events:
                async for event in events:
                    yield event
        finally:
            runs = [temporary_run(sample) for sample in self.missing]
            with suppress(OSError), Folder.open(str(self._folder)) as folder:
                for name in folder.names():
                    if any(is_temporary_of(name, run) for run in runs):
                        folder.unlink(name)

    def cancel(self, reason: str = "") -> None:
        """Kill the workers now."""
        self._run.cancel(reason)


class SamplesFirst:
    """A run before which the missing sample photographs are drawn: a `Runnable`.

    The events are those of the drawing, and then those of the other run. If the drawing fails or is
    cancelled, the other run does not begin.

    Args:
        run: what needs the photographs; `None`: they are only drawn.
        needed: whether it needs them; if not, nothing is drawn.
        pool: the workers that draw them.

    Attributes:
        drawn: whether all photographs that are needed exist.
    """

    def __init__(
        self, run: Runnable | None = None, *, needed: bool = True, pool: Pool | None = None
    ) -> None:
        self._run, self._stopped = run, False
        self._samples = SamplesRun(samples_folder(), pool or Pool()) if needed else None
        self.drawn = self._samples is None or not self._samples.missing

    async def events(self) -> AsyncGenerator[Event, None]:
        """See `Runnable.events`."""
        if self._samples is not None and not self.drawn:
            async with aclosing(self._samples.events()) as events:
                async for event in events:
                    if isinstance(event, RunFinished):
                        self.drawn = event.outcome is Outcome.OK
                    yield event
        if self._run is not None and self.drawn and not self._stopped:
            async with aclosing(self._run.events()) as events:
                async for event in events:
                    yield event

    def cancel(self, reason: str = "") -> None:
        """See `Runnable.cancel`."""
        self._stopped = True
        present = self._run if self.drawn else self._samples
        if present is not None:
            present.cancel(reason)
