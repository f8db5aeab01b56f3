"""The demos turned towards a class."""

from dataclasses import replace

import pytest
from textual.containers import Horizontal
from textual.widgets import Static, TabbedContent
from tui_app.screens.demos import DemosScreen

from tests.screens.pilot_steps import until
from tui_app.app import ProcessionApp
from tui_app.demos.catalogue import demos, find_demo
from tui_app.settings import Settings
from tui_app.widgets.base.palette import PROJECTOR_DARK
from tui_app.widgets.log_view import LogView
from tui_app.widgets.question_board import QuestionBoard
from tui_app.widgets.top_bar import TopBar


def screen_of(app: ProcessionApp) -> DemosScreen:
    assert isinstance(app.screen, DemosScreen)
    return app.screen


def board(app: ProcessionApp) -> str:
    return str(app.screen.query_one(QuestionBoard).render())


@pytest.mark.slow
async def test_it_is_turned_towards_the_class_and_back() -> None:
    app = ProcessionApp(demo=find_demo("process-joined"))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        screen, theme = screen_of(app), app.theme
        await pilot.press("v")
        await pilot.pause()
        assert screen.presenting
        assert app.theme == PROJECTOR_DARK.name
        assert not screen.query_one(TopBar).display
        assert not screen.query_one("#fields", Horizontal).display
        lesson = find_demo("process-joined").lesson
        assert "5 of 17" in board(app) or f"5 of {len(demos())}" in board(app)
        assert lesson is not None
        assert "?" in board(app)
        await pilot.press("l")
        await pilot.pause()
        assert not screen.has_class("-choosing"), "the list is for who prepares a lesson"
        await pilot.press("escape")
        await pilot.pause()
        assert not screen.presenting
        assert app.theme == theme
        assert screen.query_one(TopBar).display
    assert Settings.load().theme in (None, theme), "a projector's contrast is for the lesson only"


@pytest.mark.slow
async def test_a_clicker_steps_through_what_was_picked() -> None:
    lesson = ("two-calls", "process-joined", "pool-map-order")
    replace(Settings.load(), lesson=lesson).save()
    app = ProcessionApp(demo=find_demo("one-call"))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        screen = screen_of(app)
        await pilot.press("pagedown")
        await pilot.pause()
        assert screen.demo.name == "one-call", "only in front of a class"
        await pilot.press("v")
        shown = []
        for key in ("pagedown", "pagedown", "pagedown", "pagedown", "pageup"):
            await pilot.press(key)
            await pilot.pause()
            shown.append(screen.demo.name)
        assert shown == [
            "two-calls",
            "process-joined",
            "pool-map-order",
            "pool-map-order",
            "process-joined",
        ]
        assert "2 of 3" in board(app)


@pytest.mark.slow
async def test_space_picks_a_demo_for_the_lesson_and_is_remembered() -> None:
    app = ProcessionApp(demo=find_demo("loop-joined"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("space")
        await pilot.pause()
        assert Settings.load().lesson == ("loop-joined",)
        await pilot.press("space")
        await pilot.pause()
        assert Settings.load().lesson == ()


@pytest.mark.slow
async def test_nothing_moves_by_itself_and_only_what_is_printed_is_shown() -> None:
    app = ProcessionApp(demo=find_demo("process-created"))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        screen = screen_of(app)
        await pilot.press("v")
        assert screen.query_one(TabbedContent).active == "log"
        await pilot.press("enter")
        await until(pilot, lambda: screen.view.snapshot().summary is not None and not screen.busy)
        assert screen.query_one(TabbedContent).active == "log"
        log = screen.query_one(LogView)
        assert not log.follows
        assert log.shown == 1, "the one line that the script prints"
        assert log.scroll_offset.y == 0


async def test_before_a_run_nothing_gives_the_answer_away() -> None:
    Settings(ask_before_demos=True).save()
    app = ProcessionApp(demo=find_demo("process-joined"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert "expected" not in str(app.screen.query_one("#status", Static).render())
        assert "Expected" not in str(app.screen.query_one("#lesson-text", Static).render())
