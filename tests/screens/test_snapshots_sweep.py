"""How a sweep looks: its form, its plot and its table, at the two sizes that count."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Select

from tests.screens import sample_sweep
from tests.screens.pictures import Pictures, every_size
from tests.screens.pilot_steps import show_swept
from tests.screens.test_snapshots import SMALL, Size
from tui_app import language
from tui_app.app import ProcessionApp
from tui_app.runs.sweep.kinds import WorkKind
from tui_app.runs.sweep.work import SweepRequest


def sweep_app() -> ProcessionApp:
    return ProcessionApp(swept=SweepRequest(), clock=lambda: 0.0)


async def asked(pilot: Pilot[None]) -> None:
    await pilot.pause()


async def asked_to_compute(pilot: Pilot[None]) -> None:
    await pilot.pause()
    pilot.app.screen.query_one("#work", Select).value = str(WorkKind.COMPUTING)
    await pilot.pause()


async def half_way(pilot: Pilot[None]) -> None:
    await show_swept(pilot, *sample_sweep.half_way_through(), 1.9)


async def done(pilot: Pilot[None]) -> None:
    await show_swept(pilot, sample_sweep.done(), None, [], 0.0)


async def done_table(pilot: Pilot[None]) -> None:
    await done(pilot)
    await pilot.press("t")


async def half_way_table(pilot: Pilot[None]) -> None:
    await half_way(pilot)
    await pilot.press("t")


async def cancelled(pilot: Pilot[None]) -> None:
    await show_swept(pilot, sample_sweep.after(5), None, [], 0.0)


async def failed(pilot: Pilot[None]) -> None:
    await show_swept(pilot, sample_sweep.with_failures(), None, [], 0.0)


async def failed_table(pilot: Pilot[None]) -> None:
    await failed(pilot)
    await pilot.press("t")


async def hopeless(pilot: Pilot[None]) -> None:
    await show_swept(pilot, sample_sweep.hopeless(), None, [], 0.0)


@pytest.mark.slow
@every_size
async def test_sweep(pictures: Pictures, home: Path, size: Size) -> None:
    async with pictures.of(sweep_app(), size) as looker:
        for act in (asked, half_way, done):
            await act(looker.pilot)
            await looker.look_in_both_themes(act.__name__)


@pytest.mark.slow
async def test_the_table_on_a_small_screen(pictures: Pictures, home: Path) -> None:
    async with pictures.of(sweep_app(), SMALL) as looker:
        for act in (half_way_table, done_table):
            await act(looker.pilot)
            await looker.look_in_both_themes(act.__name__)


@pytest.mark.slow
@every_size
async def test_sweep_in_the_dark(pictures: Pictures, home: Path, size: Size) -> None:
    async with pictures.of(sweep_app(), size) as looker:
        for act in (asked_to_compute, cancelled, failed, hopeless):
            await act(looker.pilot)
            await looker.look(act.__name__)


@pytest.mark.slow
async def test_failures_in_the_table(pictures: Pictures, home: Path) -> None:
    async with pictures.of(sweep_app(), SMALL) as looker:
        await failed_table(looker.pilot)
        await looker.look("failed_table")


@pytest.mark.slow
async def test_sweep_without_colour(
    pictures: Pictures, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with pictures.of(sweep_app(), SMALL) as looker:
        for act in (half_way, done_table):
            await act(looker.pilot)
            await looker.look(act.__name__)


@pytest.mark.slow
async def test_sweep_in_romanian(pictures: Pictures, home: Path) -> None:
    language.use("ro")
    async with pictures.of(sweep_app(), SMALL) as looker:
        for act in (asked, half_way, failed, done_table):
            await act(looker.pilot)
            await looker.look(act.__name__)
