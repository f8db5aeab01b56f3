"""What stands in the terminal after the app was left: what the run without a screen prints last."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from tui_app.screens.sweep import SweepScreen

from tests.screens import sample_sweep
from tests.screens.pilot_steps import (
    batch_screen,
    ended,
    leave,
    planned,
    show_compared,
    show_swept,
    until,
)
from tests.screens.sample_comparison import DONE
from tests.screens.test_hold import IMAGES, many
from tui_app.app import ProcessionApp
from tui_app.engine.spec import ExecutorKind, Pool
from tui_app.runs.request import BatchRequest

pytestmark = pytest.mark.slow


def left_by(app: ProcessionApp) -> str:
    file = io.StringIO()
    app.print_results(file)
    return file.getvalue()


async def test_where_nothing_ran_nothing_is_left(photos: Path) -> None:
    app = ProcessionApp(BatchRequest((str(photos),)))
    async with app.run_test() as pilot:
        await planned(pilot, app)
        await leave(pilot)
    assert left_by(app) == ""


async def test_after_a_batch_its_summary_and_its_failures(photos: Path, pool: Pool) -> None:
    app = ProcessionApp(BatchRequest((str(photos),)), pool)
    async with app.run_test() as pilot:
        await planned(pilot, app)
        await pilot.press("enter")
        await ended(pilot, app)
        await leave(pilot)
    assert app.return_code == 1
    lines = left_by(app).splitlines()
    assert lines[1] == "3 of 4 images done, 1 failed"
    assert any(line.startswith("  Wall time") for line in lines)
    assert lines[-2:] == [
        "1 image failed:",
        "  broken.jpg in open: not an image that Pillow can read",
    ]


async def test_a_batch_is_left_only_after_a_question_and_tells_how_far_it_was(
    photos: Path,
) -> None:
    many(photos)
    app = ProcessionApp(BatchRequest((str(photos),), exact=True), Pool(ExecutorKind.SEQUENTIAL))
    async with app.run_test() as pilot:
        await planned(pilot, app)
        screen = batch_screen(app)
        await pilot.press("enter")
        await until(pilot, lambda: screen.view.snapshot().ok > 0)
        await pilot.press("q")
        await until(pilot, lambda: app.screen is not screen)
        asked = str(app.screen.query_one("#question Static").render())
        assert asked.endswith(
            f"of {IMAGES} images are done. The same command goes on where this one stops."
        )
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert screen.busy
        await pilot.press("q")
        await until(pilot, lambda: app.screen is not screen)
        await leave(pilot)
    assert app.return_code == 130
    told = left_by(app)
    assert f"of {IMAGES} images done" in told
    assert "the run was not finished: the app was left\n" in told
    assert "the same command goes on where it stopped\n" in told


async def test_ctrl_c_never_asks(photos: Path) -> None:
    many(photos)
    app = ProcessionApp(BatchRequest((str(photos),), exact=True), Pool(ExecutorKind.SEQUENTIAL))
    async with app.run_test() as pilot:
        await planned(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: batch_screen(app).view.snapshot().ok > 0)
        await leave(pilot, "ctrl+c")
    assert app.return_code == 130
    assert "the run was not finished" in left_by(app)


async def test_after_a_sweep_its_table_and_what_it_means(home: Path) -> None:
    app = ProcessionApp()
    async with app.run_test() as pilot:
        await pilot.press("S")
        await until(pilot, lambda: isinstance(app.screen, SweepScreen))
        await until(pilot, lambda: bool(app.screen.query("#run")))
        await show_swept(pilot, sample_sweep.done(), None, [], 0.0)
        await leave(pilot)
    assert sample_sweep.TITLE in left_by(app)


async def test_after_a_comparison_its_table(home: Path) -> None:
    app = ProcessionApp(compared=())
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(pilot.app.screen.query("Input.parameter")))
        await show_compared(pilot, ["2", "5"], DONE, 0.0)
        await leave(pilot)
    assert "2 two-calls" in left_by(app)
