"""The making of the sample photographs, as a run."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from pathlib import Path

from tui_app.engine.run import Run
from tui_app.engine.spec import Pool, RunSpec, Task
from tui_app.events import Event
from tui_app.files.atomic_write import is_temporary_of
from tui_app.files.folder import Folder
from tui_app.images.samples import Sample, SampleJob, make_sample, samples_folder, temporary_run
from tui_app.language import counted
from tui_app.runs.formatting import folder_title


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
        folder = folder.absolute()
        ours = folder == samples_folder()
        tasks = (
            Task(
                label=sample.name,
                function=make_sample,
                argument=SampleJob(sample, str(folder / sample.name), overwrite=ours),
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
            runs = [temporary_run(sample) for sample in self._samples]
            with suppress(OSError), Folder.open(str(self._folder.absolute())) as folder:
                for name in folder.names():
                    if any(is_temporary_of(name, run) for run in runs):
                        folder.unlink(name)

    def cancel(self, reason: str = "") -> None:
        """Kills the workers now."""
        self._run.cancel(reason)
