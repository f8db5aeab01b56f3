"""The app's exit code is that of what ran in it, as without a screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from tui_app.screens.base.run import RunScreen
from tui_app.screens.batch import BatchScreen

from tests.images.factories import picture
from tests.screens.pilot_steps import until
from tui_app.app import ProcessionApp
from tui_app.demos.catalogue import Demo, find_demo
from tui_app.demos.demo_run import DemoRun
from tui_app.demos.variant import Variant, parse_variant
from tui_app.runs.request import BatchRequest
from tui_app.runs.sweep.kinds import WorkKind
from tui_app.runs.sweep.work import SweepRequest
from tui_app.runs.view import RunState

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(home: Path) -> Path:
    """A folder with one image."""
    (home / "in").mkdir()
    picture((64, 48)).save(home / "in" / "good.jpg")
    return home / "in"


def batch(folder: Path) -> ProcessionApp:
    return ProcessionApp(BatchRequest((str(folder),), str(folder.parent / "out"), exact=True))


def state(app: ProcessionApp) -> RunState:
    assert isinstance(app.screen, RunScreen)
    return app.screen.view.snapshot().state


async def ended(pilot: Pilot[None], app: ProcessionApp, as_what: RunState) -> None:
    """Waits until a run has ended so."""
    screen = app.screen
    assert isinstance(screen, RunScreen)
    await until(pilot, lambda: state(app) is as_what and not screen.busy)


async def left_after(app: ProcessionApp, as_what: RunState) -> int | None:
    """Opens it, runs what it opens at, and leaves; the exit code."""
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await ended(pilot, app, as_what)
        await pilot.press("q")
        await pilot.pause()
    return app.return_code


async def test_after_a_batch_that_went_well(folder: Path) -> None:
    assert await left_after(batch(folder), RunState.OK) == 0


async def test_after_a_batch_with_a_failure(folder: Path) -> None:
    (folder / "bad.jpg").write_text("no image")
    assert await left_after(batch(folder), RunState.FAILED) == 1


async def test_what_went_well_when_it_was_tried_again_counts(folder: Path) -> None:
    (folder / "bad.jpg").write_text("no image")
    app = batch(folder)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await ended(pilot, app, RunState.FAILED)
        picture((64, 48)).save(folder / "bad.jpg")
        await pilot.press("r")
        await ended(pilot, app, RunState.OK)
        await pilot.press("q")
        await pilot.pause()
    assert app.return_code == 0


async def test_after_a_batch_that_was_cancelled(folder: Path) -> None:
    picture((4000, 3000)).save(folder / "large.jpg")
    app = batch(folder)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("enter")
        screen = app.screen
        assert isinstance(screen, BatchScreen)
        await until(pilot, lambda: screen.view.snapshot().running > 0)
        await pilot.press("c")
        await ended(pilot, app, RunState.CANCELLED)
        await pilot.press("q")
        await pilot.pause()
    assert app.return_code == 130


async def test_after_a_sweep_with_a_failure(folder: Path) -> None:
    (folder / "bad.jpg").write_text("no image")
    images = BatchRequest((str(folder),))
    request = SweepRequest(work=WorkKind.IMAGES, images=images, most=1, rounds=1)
    assert await left_after(ProcessionApp(swept=request), RunState.FAILED) == 1


# Played scripts


@pytest.fixture
def failing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every demo exits with 3."""

    def run(demo: Demo, *_: object, **__: object) -> DemoRun:
        return DemoRun(demo, "raise SystemExit(3)")

    monkeypatch.setattr("tui_app.screens.demos.DemoRun", run)
    monkeypatch.setattr(Variant, "run", lambda it: run(it.demo))


@pytest.mark.usefixtures("failing")
async def test_after_a_demo_that_was_asked_for_by_name() -> None:
    app = ProcessionApp(demo=find_demo("one-call"))
    assert await left_after(app, RunState.FAILED) == 3


@pytest.mark.usefixtures("failing")
async def test_who_looks_around_among_the_demos_leaves_with_0() -> None:
    app = ProcessionApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("d")
        await until(pilot, lambda: bool(app.screen.query("Input.parameter")))
        await pilot.press("ctrl+r")
        await ended(pilot, app, RunState.FAILED)
        await pilot.press("q")
        await pilot.pause()
    assert app.return_code == 0


@pytest.mark.usefixtures("failing")
async def test_after_a_comparison_that_was_asked_for() -> None:
    app = ProcessionApp(compared=[parse_variant("1"), parse_variant("2")])
    assert await left_after(app, RunState.FAILED) == 3
