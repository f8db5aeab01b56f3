"""Opens each recorded run in the app, goes to its moment, and keeps what the screen shows."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from pathlib import Path

from textual.pilot import Pilot
from tui_app.screens.base.recorded import RecordedRunScreen
from tui_app.screens.sweep import SweepScreen

from tests.commands import COMMAND
from tests.screens.pilot_steps import until
from tui_app.app import ProcessionApp
from tui_app.events import Event
from tui_app.records.reader import RecordedRun, RecordFile
from tui_app.runs.sweep.measurement import Cell
from tui_app.runs.sweep.run import SweepRun
from tui_app.runs.sweep.work import KIND, SweepRequest
from tui_app.system.user_folders import cache_folder

ROOT = Path(__file__).parents[2]
RECORDS = ROOT / "tests" / "assets" / "records" / "readme"
PICTURES = ROOT / "assets" / "screenshots"


@dataclass(frozen=True, slots=True)
class ReadmePicture:
    """One picture.

    Attributes:
        name: what record and picture are called.
        command: what is recorded, after `procession`.
        moment: the share of the run's time that has passed; 1: as it ended.
        size: columns and rows.
        keys: what is pressed then.
    """

    name: str
    command: Sequence[str]
    moment: float
    size: tuple[int, int] = (120, 36)
    keys: Sequence[str] = ()

    @property
    def record(self) -> Path:
        """The recorded run."""
        return RECORDS / f"{self.name}.jsonl.gz"


RUNS = (
    ReadmePicture("batch", ("batch", "--headless", "--quiet"), 0.5, (120, 32)),
    ReadmePicture("demo", ("demo", "loop-joined", "--headless", "--quiet"), 0.5, (120, 40)),
    ReadmePicture("deadlock", ("demo", "locks-crosswise", "--headless", "--quiet"), 0.6, (120, 34)),
)

SWEEP = ReadmePicture(
    "sweep", ("sweep", "--up-to", "4", "--rounds", "3", "--headless", "--quiet"), 1.0, (120, 40)
)


class RecordedWork:
    """The work of a sweep that was made before: each cell's next run comes from the record."""

    title = ""

    def __init__(self, record: RecordFile) -> None:
        self._record = record
        self._runs = iter([one for one in record.parts if one.started.kind == KIND])

    def run(self, _cell: Cell) -> RecordedCell:
        """Return the run of the next cell, in the order in which they were made."""
        return RecordedCell(self._record, next(self._runs))

    def close(self) -> None:
        """Close the record."""
        self._record.close()


class RecordedCell:
    """A run of a sweep, from a record."""

    def __init__(self, record: RecordFile, run: RecordedRun) -> None:
        self._record, self._run = record, run

    async def events(self) -> AsyncGenerator[Event, None]:
        """Yield what was recorded."""
        for event in self._record.events(self._run):
            yield event

    def cancel(self, reason: str = "") -> None:
        """Do nothing: it is over."""


async def keep(pilot: Pilot[None], picture: ReadmePicture) -> None:
    """Write what the screen shows, when all is drawn."""
    await pilot.press(*picture.keys)
    await pilot.pause(0.5)
    PICTURES.mkdir(exist_ok=True)
    file = PICTURES / f"{picture.name}.svg"
    file.write_text(pilot.app.export_screenshot(title="procession"), "utf-8")
    print(file.relative_to(ROOT))


async def take(picture: ReadmePicture) -> None:
    """Take the picture of a run at a moment."""
    app = ProcessionApp(record=picture.record)
    async with app.run_test(size=picture.size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, RecordedRunScreen))
        screen = app.screen
        assert isinstance(screen, RecordedRunScreen)
        await until(pilot, lambda: screen.cursor.complete)
        if picture.moment < 1:
            screen.cursor.go(picture.moment * screen.cursor.end)
            screen.show_moment_there()
        await keep(pilot, picture)


async def take_sweep(picture: ReadmePicture) -> None:
    """Take the picture of a sweep that is over, on the screen of sweeps."""
    request = SweepRequest(most=4, rounds=3)
    app = ProcessionApp(swept=request)
    async with app.run_test(size=picture.size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, SweepScreen))
        screen, run = app.screen, SweepRun(request)
        assert isinstance(screen, SweepScreen)
        screen.prepare(run)
        with RecordFile.open(picture.record) as record:
            async for event in run.measured(RecordedWork(record)):
                screen.view.add(event)
        screen.draw()
        await keep(pilot, picture)


def record_anew(picture: ReadmePicture) -> None:
    """Play what a picture shows on this machine, and record it."""
    RECORDS.mkdir(parents=True, exist_ok=True)
    picture.record.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as home:
        photos = Path(home) / "photos"
        photos.mkdir()
        words = [*COMMAND, *picture.command, "--record", str(picture.record)]
        # The sample photographs are where they always are; paths are told from a home folder on.
        own = {"HOME": home, "XDG_CACHE_HOME": str(cache_folder().parent)}
        subprocess.run(words, cwd=photos, env=os.environ | own, check=False)


def main(words: Sequence[str]) -> None:
    """Make all pictures; with `--record`, play and record the runs first."""
    for picture in (*RUNS, SWEEP):
        if "--record" in words:
            record_anew(picture)
    for picture in RUNS:
        asyncio.run(take(picture))
    asyncio.run(take_sweep(SWEEP))


if __name__ == "__main__":
    main(sys.argv[1:])
