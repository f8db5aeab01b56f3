"""X saves a run that has ended, as what the ending says."""

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input, Static
from tui_app.screens.base.recorded import RecordedRunScreen
from tui_app.screens.batch import BatchScreen
from tui_app.screens.dialogs.choice import ChoiceDialog
from tui_app.screens.dialogs.export import ExportDialog
from tui_app.screens.runs import RunsScreen

from tests.runs.fake_runs import CannedRun
from tests.screens.pilot_steps import batch_screen, planned, show, until
from tests.screens.sample_events import whole
from tui_app.app import ProcessionApp
from tui_app.exports.kinds import KINDS
from tui_app.runs.request import BatchRequest
from tui_app.widgets.base.table import RowTable


async def ran(pilot: Pilot[None], app: ProcessionApp) -> BatchScreen:
    """The screen after a run that was recorded."""
    await planned(pilot, app)
    screen = batch_screen(app)
    await show(pilot, [], 0.0, {})
    screen.begin(lambda: screen.watch_run(CannedRun(whole())))
    await until(pilot, lambda: not screen.busy)
    return screen


def said(app: ProcessionApp) -> str:
    return str(app.screen.query_one("#save-said", Static).render())


async def test_a_run_that_has_ended_is_exported_and_a_file_is_asked_about(home: Path) -> None:
    app = ProcessionApp(BatchRequest(sources=("photos",)))
    async with app.run_test() as pilot:
        await ran(pilot, app)
        await pilot.press("X")
        await until(pilot, lambda: isinstance(app.screen, ExportDialog))
        assert app.screen.query_one(Input).value == "batch.html"
        assert all(ending in said(app) for ending in KINDS)
        await pilot.press("enter")
        page = home / "photos" / "batch.html"
        await until(pilot, lambda: "Saved as" in said(app))
        assert "misty-mountains.jpg" in page.read_text("utf-8")
        await pilot.press("escape", "X")
        await until(pilot, lambda: isinstance(app.screen, ExportDialog))
        own = home / "photos" / "mine.csv"
        own.write_text("mine")
        app.screen.query_one(Input).value = "mine.csv"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        assert own.read_text() == "mine"
        await pilot.press("r")
        await until(pilot, lambda: "Saved as" in said(app))
        assert own.read_text().startswith("task,label,")


async def test_what_cannot_be_exported_is_said_in_the_dialog(home: Path) -> None:
    app = ProcessionApp(BatchRequest(sources=("photos",)))
    async with app.run_test() as pilot:
        screen = await ran(pilot, app)
        await pilot.press("X")
        await until(pilot, lambda: isinstance(app.screen, ExportDialog))
        for typed, says in (
            ("run.pdf", "an export ends in .html,"),
            ("no/run.html", "there is no such file"),
            ("s3://bucket/run.html", "not to a store"),
        ):
            app.screen.query_one(Input).value = typed
            await pilot.press("enter")
            await until(pilot, lambda says=says: says in said(app))  # type: ignore[misc]
        await pilot.press("escape")
        assert screen.record is not None
        screen.record.unlink()
        await pilot.press("X", "enter")
        await until(pilot, lambda: "there is no such file" in said(app))


async def test_before_a_run_there_is_nothing_to_export(home: Path) -> None:
    app = ProcessionApp(BatchRequest(sources=("photos",)))
    async with app.run_test() as pilot:
        await planned(pilot, app)
        await pilot.press("X")
        await pilot.pause()
        assert isinstance(app.screen, BatchScreen)


async def test_a_recorded_run_is_exported_from_the_list_and_where_it_is_open(home: Path) -> None:
    app = ProcessionApp(BatchRequest(sources=("photos",)))
    async with app.run_test() as pilot:
        await ran(pilot, app)
        await pilot.press("R")
        await until(pilot, lambda: isinstance(app.screen, RunsScreen))
        listed = app.screen
        await until(pilot, lambda: listed.query_one(RowTable).row_count == 1)
        for name in ("list.txt", "open.txt"):
            await pilot.press("X")
            await until(pilot, lambda: isinstance(app.screen, ExportDialog))
            app.screen.query_one(Input).value = name
            await pilot.press("enter")
            await until(pilot, lambda: "Saved as" in said(app))
            await pilot.press("escape")
            if app.screen is listed:
                await pilot.press("enter")
                await until(pilot, lambda: isinstance(app.screen, RecordedRunScreen))
        first, second = ((home / "photos" / name).read_text() for name in ("list.txt", "open.txt"))
        assert "misty-mountains.jpg was processed" in first
        assert first == second
