from pathlib import Path

import pytest
from textual.widgets import ContentSwitcher, Input, OptionList, Select, Static
from tui_app.screens.batch import BatchScreen
from tui_app.screens.dialogs.choice import ChoiceDialog
from tui_app.screens.sweep import ASKING, SHOWING, SweepScreen

from tests.commands import outputs
from tests.conftest import workers_left
from tests.screens.pilot_steps import batch_screen, heard_by, leave, planned, until
from tui_app.app import ProcessionApp
from tui_app.engine.spec import ExecutorKind
from tui_app.events import Event, RunFinished, RunStarted
from tui_app.runs.request import BatchRequest
from tui_app.runs.sweep.kinds import WorkKind
from tui_app.runs.sweep.measurement import SEQUENTIAL, MeasurementReader
from tui_app.runs.sweep.work import SweepRequest
from tui_app.runs.view import RunState
from tui_app.widgets.sweep_form import SweepForm

PROCESSES = ExecutorKind.PROCESSES


@pytest.fixture
def scratch(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    # A short path: sockets are made there.
    folder = tmp_path_factory.mktemp("t")
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def sweep_screen(app: ProcessionApp) -> SweepScreen:
    assert isinstance(app.screen, SweepScreen)
    return app.screen


def text(app: ProcessionApp, of: str) -> str:
    return str(app.screen.query_one(of, Static).render())


def of_images(folder: Path, rounds: int = 1) -> SweepRequest:
    images = BatchRequest(sources=(str(folder),))
    return SweepRequest(images=images, most=2, rounds=rounds, executors=(PROCESSES,))


def asleep(rounds: int = 3) -> SweepRequest:
    threads = (ExecutorKind.THREADS,)
    return SweepRequest(WorkKind.SLEEPING, executors=threads, most=2, rounds=rounds)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """Every event of a sweep's runs, in the order in which they came."""
    return heard_by(MeasurementReader, monkeypatch)


@pytest.mark.slow
async def test_images_are_swept_and_the_table_is_that_of_their_events(
    photos: Path, scratch: Path, heard: list[Event]
) -> None:
    (photos / "broken.jpg").unlink()
    before = {path.name for path in photos.iterdir()}
    app = ProcessionApp(swept=of_images(photos))
    async with app.run_test(size=(120, 40)) as pilot:
        screen = sweep_screen(app)
        await until(pilot, lambda: "3 runs" in text(app, "#status"))
        await pilot.press("enter")
        await until(pilot, lambda: not screen.busy)
        frames = [event for event in heard if isinstance(event, RunStarted | RunFinished)]
        assert [event.event for event in frames] == ["run_started", "run_finished"] * 3
        walls = [event.t for event in frames if isinstance(event, RunFinished)]
        sweep = screen.run_shown.sweep
        assert [run.wall for run in sweep.runs] == walls
        assert all(run.ok and run.memory for run in sweep.runs)
        table = text(app, "#table")
        assert f"{walls[0]:.2f}" in table
        assert f"{walls[0] / walls[2]:.2f} x" in table
        assert "✓ 3 runs made" in text(app, "#status")
        assert "3 images" in text(app, "#title")
        assert "Processes:" in text(app, "#notes")
        await until(pilot, lambda: not workers_left())
    assert {path.name for path in photos.iterdir()} == before
    assert list(scratch.iterdir()) == []


@pytest.mark.slow
async def test_a_cancel_ends_it_and_what_was_measured_stays(home: Path) -> None:
    app = ProcessionApp(swept=asleep())
    async with app.run_test() as pilot:
        screen = sweep_screen(app)
        await pilot.press("enter")
        await until(pilot, lambda: len(screen.run_shown.sweep.runs) == 1 and screen.running)
        await until(pilot, lambda: screen.view.snapshot().running > 0)
        await pilot.press("c")
        await until(pilot, lambda: not screen.busy)
        runs = screen.run_shown.sweep.runs
        assert [(run.cell, run.state) for run in runs] == [(SEQUENTIAL, RunState.OK)]
        assert "cancelled after 1 of 9 runs" in text(app, "#status")
        assert "1.00 x" in text(app, "#table")
        await until(pilot, lambda: not workers_left())
        await pilot.press("escape")
        await pilot.pause()
        assert screen.query_one(ContentSwitcher).current == ASKING


@pytest.mark.slow
async def test_an_image_that_fails_is_told_and_ends_it(photos: Path, scratch: Path) -> None:
    app = ProcessionApp(swept=of_images(photos, rounds=3))
    async with app.run_test() as pilot:
        screen = sweep_screen(app)
        await pilot.press("enter")
        await until(pilot, lambda: not screen.busy)
        assert len(screen.run_shown.sweep.runs) == 1
        assert "broken.jpg" in text(app, "#notes")
        assert "nothing to compare with" in text(app, "#notes")
        assert "✗ 1 run failed" in text(app, "#status")
    assert list(scratch.iterdir()) == []


@pytest.mark.slow
async def test_what_cannot_start_is_said_at_the_form(home: Path, scratch: Path) -> None:
    app = ProcessionApp(swept=of_images(home / "nowhere"))
    async with app.run_test() as pilot:
        screen = sweep_screen(app)
        await pilot.press("enter")
        await until(pilot, lambda: not screen.busy)
        assert screen.asking
        assert "nowhere" in text(app, "#status")
    assert list(scratch.iterdir()) == []


@pytest.mark.slow
async def test_the_app_is_left_in_the_middle_of_it(photos: Path, scratch: Path) -> None:
    (photos / "broken.jpg").unlink()
    app = ProcessionApp(swept=of_images(photos, rounds=99))
    async with app.run_test() as pilot:
        screen = sweep_screen(app)
        await pilot.press("enter")
        await until(pilot, lambda: bool(screen.run_shown.sweep.runs))
        await pilot.press("q")
        await until(pilot, lambda: app.screen is not screen)
        asked = str(app.screen.query_one("#question Static").render())
        assert "runs are made, and will be printed. The same command begins anew." in asked
        await leave(pilot)
    assert app.return_code == 130
    assert list(scratch.iterdir()) == []
    assert not workers_left()


@pytest.mark.slow
async def test_the_form_asks_for_what_is_swept(home: Path) -> None:
    app = ProcessionApp()
    async with app.run_test() as pilot:
        await pilot.press("S")
        screen = sweep_screen(app)
        form = screen.query_one(SweepForm)
        # Nine cells, five rounds.
        await until(pilot, lambda: "45 runs" in text(app, "#status"))
        assert form.request.resolved().of_samples
        screen.query_one("#work", Select).value = str(WorkKind.COMPUTING)
        await pilot.pause()
        assert screen.query_one("#source", Input).disabled
        screen.query_one("#most", Input).value = "3"
        screen.query_one("#rounds", Input).value = "1"
        await until(pilot, lambda: "7 runs" in text(app, "#status"))
        assert form.request.work is WorkKind.COMPUTING
        assert not form.request.resolved().of_samples
        screen.query_one("#rounds", Input).value = "100"
        await until(pilot, lambda: "rounds: a whole number from 1 to 99" in text(app, "#status"))
        screen.query_one("#rounds", Input).value = "1"
        screen.query_one("#most", Input).value = ""
        await until(pilot, lambda: "workers: a whole number" in text(app, "#status"))
        await pilot.press("enter")
        await pilot.pause()
        assert not screen.busy


@pytest.mark.slow
async def test_nothing_is_measured_beside_another_run_unasked(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ProcessionApp(BatchRequest(sources=(str(photos),)))
    async with app.run_test() as pilot:
        await planned(pilot, app)
        batch = batch_screen(app)
        monkeypatch.setattr(BatchScreen, "running", True)
        await pilot.press("S")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        assert "Another run goes on" in str(app.screen.query_one(Static).render())
        await pilot.press("escape")
        await until(pilot, lambda: not sweep_screen(app).busy)
        assert sweep_screen(app).asking
        assert not batch.beside


@pytest.mark.slow
async def test_beside_a_measurement_nothing_is_run_unasked(photos: Path) -> None:
    app = ProcessionApp(BatchRequest(sources=(str(photos),)), swept=asleep(rounds=99))
    async with app.run_test() as pilot:
        await planned(pilot, app)
        batch = batch_screen(app)
        await pilot.press("S")
        sweep = sweep_screen(app)
        await pilot.press("enter")
        await until(pilot, lambda: sweep.running and sweep.now is not None)
        assert not sweep.beside
        for key, begins in (("n", False), ("s", True)):
            await pilot.press("b")
            await until(pilot, lambda: app.screen is batch and batch.plan is not None)
            batch.action_run()
            await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
            assert "A measurement runs" in str(app.screen.query_one(Static).render())
            await pilot.press(key)
            await until(pilot, lambda: not batch.busy)
            assert (batch.view.snapshot().state is not RunState.IDLE) == begins
            assert sweep.beside == begins
            shown = "running" if begins else "planning"
            assert batch.query_one(ContentSwitcher).current == shown
        sweep.action_cancel()
        await until(pilot, lambda: not sweep.busy)


@pytest.mark.slow
async def test_samples_are_drawn_first_where_they_are_missing(
    home: Path, small_samples: Path, scratch: Path
) -> None:
    request = SweepRequest(most=1, rounds=1, executors=())
    app = ProcessionApp(swept=request)
    async with app.run_test() as pilot:
        screen = sweep_screen(app)
        await pilot.press("enter")
        await until(pilot, lambda: not screen.busy)
        assert len(list(small_samples.iterdir())) == 2
        assert [run.state for run in screen.run_shown.sweep.runs] == [RunState.OK]
    assert list(scratch.iterdir()) == []
    assert outputs(home / "photos") == {}


@pytest.mark.slow
async def test_plot_and_table_take_turns_on_a_short_screen(home: Path) -> None:
    app = ProcessionApp(swept=asleep(rounds=1))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = sweep_screen(app)
        await pilot.press("enter")
        await until(pilot, lambda: screen.query_one(ContentSwitcher).current == SHOWING)
        await pilot.press("t")
        assert screen.query_one("#figures").display
        assert not screen.query_one("#plot").display
        await pilot.press("p")
        assert screen.query_one("#plot").display
        await pilot.press("c")
        await until(pilot, lambda: not screen.busy)


@pytest.mark.slow
async def test_home_offers_it(home: Path) -> None:
    app = ProcessionApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        steps = app.screen.query_one(OptionList)
        steps.highlighted = steps.get_option_index("sweep")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SweepScreen))


async def test_a_sweep_speaks_another_language_at_once(home: Path) -> None:
    app = ProcessionApp(swept=asleep(rounds=1))
    async with app.run_test() as pilot:
        await until(pilot, lambda: "runs" in text(app, "#status"))
        app.set_language("ro")
        await until(pilot, lambda: "rulări" in text(app, "#status"))
