"""The list of recorded runs: searched, opened, compared, pinned, deleted."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input
from tui_app.screens.dialogs.choice import ChoiceDialog
from tui_app.screens.recorded_pair import RecordedPairScreen
from tui_app.screens.runs import RunsScreen

from tests.runs.factories import ended, run_started
from tests.screens.pilot_steps import until
from tui_app.app import ProcessionApp
from tui_app.events import Outcome
from tui_app.records.recorder import Recorder
from tui_app.records.store import find, kept_records, new_record
from tui_app.widgets.base.line_widget import PlainText

SIZE = (80, 24)


def record(title: str, outcome: Outcome = Outcome.OK, workers: int = 2) -> str:
    recorder = Recorder(new_record, pytest.fail)
    for event in ended([run_started(title=title, workers=workers)], outcome):
        recorder.add(event)
    recorder.close()
    return kept_records()[0].id


@pytest.fixture
def three(home: Path) -> list[str]:
    return [record("apples"), record("pears", Outcome.FAILED), record("plums", workers=4)]


async def runs_screen(pilot: Pilot[None], app: ProcessionApp, shown: int) -> RunsScreen:
    await pilot.press("R")
    await until(pilot, lambda: isinstance(app.screen, RunsScreen))
    screen = app.screen
    assert isinstance(screen, RunsScreen)
    await until(pilot, lambda: len(titles(screen)) == shown)
    return screen


def titles(screen: RunsScreen) -> list[str]:
    return [one.title for one in screen._shown]


def status(screen: RunsScreen | RecordedPairScreen) -> str:
    return str(screen.query_one("#status", PlainText).content)


async def test_where_nothing_is_recorded_it_is_said(home: Path) -> None:
    app = ProcessionApp()
    async with app.run_test(size=SIZE) as pilot:
        screen = await runs_screen(pilot, app, 0)
        await until(pilot, lambda: "no run is recorded yet" in status(screen))
        await pilot.press("enter", "space", "p", "delete", "x")
        assert app.screen is screen


async def test_it_is_searched_by_what_is_typed(three: list[str]) -> None:
    app = ProcessionApp()
    async with app.run_test(size=SIZE) as pilot:
        screen = await runs_screen(pilot, app, 3)
        assert titles(screen) == ["plums", "pears", "apples"]
        await pilot.press("slash", "p", "l")
        assert titles(screen) == ["plums", "apples"]
        await pilot.press("enter")
        assert not isinstance(app.focused, Input)
        await pilot.press("slash", *"x")
        assert titles(screen) == []
        assert "no run has this" in status(screen)
        await pilot.press("escape")
        assert len(titles(screen)) == 3
        await pilot.press("slash", *"failed")
        assert titles(screen) == ["pears"]


async def test_a_pinned_run_stays_pinned(three: list[str]) -> None:
    app = ProcessionApp()
    async with app.run_test(size=SIZE) as pilot:
        screen = await runs_screen(pilot, app, 3)
        await pilot.press("down", "p")
        await until(pilot, lambda: find(three[1]).pinned)
        await until(pilot, lambda: screen._shown[1].pinned)
        await pilot.press("p")
        await until(pilot, lambda: not find(three[1]).pinned)


async def test_a_run_is_deleted_when_that_is_meant(three: list[str]) -> None:
    app = ProcessionApp()
    async with app.run_test(size=SIZE) as pilot:
        screen = await runs_screen(pilot, app, 3)
        await pilot.press("down", "delete")
        assert isinstance(app.screen, ChoiceDialog)
        await pilot.press("n")
        assert len(kept_records()) == 3
        await pilot.press("delete", "d")
        await until(pilot, lambda: titles(screen) == ["plums", "apples"])
        assert [one.id for one in kept_records()] == [three[2], three[0]]


async def test_a_run_that_goes_on_is_not_deleted(home: Path) -> None:
    recorder = Recorder(new_record, pytest.fail)
    recorder.add(run_started(title="going on"))
    app = ProcessionApp()
    async with app.run_test(size=SIZE) as pilot:
        screen = await runs_screen(pilot, app, 1)
        assert screen._shown[0].growing
        await pilot.press("delete")
        await pilot.pause()
        assert app.screen is screen
    recorder.close()
    assert len(kept_records()) == 1


async def test_two_marked_runs_are_compared_the_older_one_first(three: list[str]) -> None:
    app = ProcessionApp(clock=lambda: 0.0)
    async with app.run_test(size=SIZE) as pilot:
        screen = await runs_screen(pilot, app, 3)
        assert screen.check_action("compare", ()) is False
        await pilot.press("down", "space", "down", "space")
        # Of three marks the oldest goes.
        await pilot.press("up", "up", "space", "x")
        await until(pilot, lambda: isinstance(app.screen, RecordedPairScreen))
        pair = app.screen
        assert isinstance(pair, RecordedPairScreen)
        assert [one.run.started.title for one in pair._both] == ["apples", "plums"]
        await until(pilot, lambda: bool(str(pair.query_one("#notes", PlainText).content)))
        notes = str(pair.query_one("#notes", PlainText).content)
        workers = next(line.split() for line in notes.splitlines() if line.startswith("Workers"))
        assert workers == ["Workers", "2", "4"]
        assert "Python" not in notes.split("\n")[0]
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
