"""`t` tells what the outputs will take, by making a few of them."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Checkbox, Static

from tests.conftest import workers_left
from tests.screens.pilot_steps import batch_screen, ended, leave, planned, until
from tests.screens.test_hold import many
from tui_app.app import ProcessionApp
from tui_app.engine.spec import ExecutorKind, Pool
from tui_app.runs.request import BatchRequest

pytestmark = pytest.mark.slow


def notes(app: ProcessionApp) -> str:
    return " ".join(str(batch_screen(app).query_one("#plan-notes", Static).render()).split())


def app_for(photos: Path, **asked: object) -> ProcessionApp:
    request = BatchRequest((str(photos),), **asked)  # type: ignore[arg-type]
    return ProcessionApp(request, Pool(workers=2))


async def estimating(pilot: Pilot[None], app: ProcessionApp) -> None:
    await planned(pilot, app)
    await pilot.press("t")
    await until(pilot, lambda: "making a few outputs" in notes(app))


async def test_it_is_told_before_the_notes(photos: Path) -> None:
    app = app_for(photos, recipe="web")
    async with app.run_test(size=(80, 24)) as pilot:
        await planned(pilot, app)
        await pilot.press("t")
        await until(pilot, lambda: "by 3 of 3 images" in notes(app))
        assert notes(app).endswith("1 other file left out")
        assert not (photos / "processed").exists()
        await pilot.press("enter")
        await ended(pilot, app)
        screen = batch_screen(app)
        made = sum(path.stat().st_size for path in (photos / "processed").glob("*.webp"))
        summary = screen.view.snapshot().summary
        assert summary is not None
        assert summary.bytes_out == made


async def test_another_plan_or_a_run_gives_it_up(photos: Path) -> None:
    many(photos)
    app = app_for(photos, exact=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await estimating(pilot, app)
        batch_screen(app).query_one("#fresh", Checkbox).toggle()
        await pilot.pause()
        await until(pilot, lambda: batch_screen(app).plan is not None)
        assert "making a few" not in notes(app)
        await estimating(pilot, app)
        await pilot.press("enter")
        await ended(pilot, app)
        assert batch_screen(app).view.snapshot().failed == 0


async def test_leaving_ends_it(photos: Path) -> None:
    many(photos)
    app = app_for(photos, exact=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await estimating(pilot, app)
        await leave(pilot)
    assert not workers_left()


async def test_where_nothing_is_to_do_there_is_nothing_to_estimate(photos: Path) -> None:
    (photos / "broken.jpg").unlink()
    app = ProcessionApp(BatchRequest((str(photos),)), Pool(ExecutorKind.SEQUENTIAL))
    async with app.run_test(size=(80, 24)) as pilot:
        await planned(pilot, app)
        await pilot.press("enter")
        await ended(pilot, app)
        await pilot.press("escape")
        await planned(pilot, app)
        await pilot.press("t")
        await pilot.pause()
        assert "making a few" not in notes(app)
