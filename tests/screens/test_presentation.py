"""The demos turned towards a class."""

from dataclasses import replace

import pytest
from textual.containers import Horizontal
from textual.widgets import Static, TabbedContent
from tui_app.screens.demos import DemosScreen

from tests.screens.pilot_steps import until
from tests.screens.test_demos import set_field
from tui_app.app import ProcessionApp
from tui_app.demos.catalogue import demos, find_demo
from tui_app.settings import Settings
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.palette import PROJECTOR_DARK
from tui_app.widgets.log_pane import LogPane
from tui_app.widgets.log_view import LogView
from tui_app.widgets.question_board import QuestionBoard
from tui_app.widgets.title_row import TitleRow
from tui_app.widgets.top_bar import TopBar


def screen_of(app: ProcessionApp) -> DemosScreen:
    assert isinstance(app.screen, DemosScreen)
    return app.screen


def text_of(app: ProcessionApp, kind: type[PlainText]) -> str:
    return str(app.screen.query_one(kind).render())


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
        assert text_of(app, TitleRow).endswith(f"5 of {len(demos())}")
        assert lesson is not None
        assert screen.query_one(QuestionBoard).display
        assert "?" in text_of(app, QuestionBoard)
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
        assert text_of(app, TitleRow).endswith("2 of 3")


@pytest.mark.slow
async def test_space_picks_a_demo_for_the_lesson_and_is_remembered() -> None:
    app = ProcessionApp(demo=find_demo("loop-joined"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("l", "space")
        await pilot.pause()
        assert Settings.load().lesson == ("loop-joined",)
        await pilot.press("space")
        await pilot.pause()
        assert Settings.load().lesson == ()


@pytest.mark.slow
async def test_the_log_has_only_what_is_printed_and_comes_to_the_result_at_the_end() -> None:
    app = ProcessionApp(demo=find_demo("two-calls"))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        screen = screen_of(app)
        # Also on a busy machine the log is longer than its widget well before the end.
        await set_field(pilot, "SECONDS", "0.3")
        await set_field(pilot, "CALLS", "20")
        await pilot.press("v")
        assert screen.query_one(TabbedContent).active == "prints"
        screen.action_show_tab("log")
        await pilot.press("enter")
        await until(pilot, lambda: screen.view.snapshot().rows != ())
        assert screen.query_one(TabbedContent).active == "prints"
        screen.action_show_tab("log")
        log = screen.query_one(LogPane).query_one(LogView)
        await until(pilot, lambda: log.shown > log.size.height > 0)
        assert log.scroll_offset.y == 0, "nothing moves while a teacher talks"
        await until(pilot, lambda: screen.view.snapshot().summary is not None and not screen.busy)
        assert log.shown == 41, "each call prints two lines, and main the last one"
        last = log.render_line(log.size.height - 1).text
        assert "Finished in" in last


@pytest.mark.slow
async def test_before_a_run_nothing_gives_the_answer_away() -> None:
    Settings(ask_before_demos=True).save()
    app = ProcessionApp(demo=find_demo("process-joined"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert "expected" not in str(app.screen.query_one("#status", Static).render())
        assert "Expected" not in str(app.screen.query_one("#lesson-text", Static).render())
