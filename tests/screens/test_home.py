import re
from pathlib import Path

import pytest
from textual.widgets import OptionList, Static
from tui_app.screens.dialogs.help import HelpDialog

from tests.commands import outputs
from tests.screens.pilot_steps import batch_screen, ended, leave, until
from tui_app.app import ProcessionApp
from tui_app.demos.catalogue import find_demo
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.textual_internals.keys_line import KeysLine
from tui_app.widgets.timeline import Timeline


@pytest.mark.slow
async def test_enter_in_an_empty_folder_processes_the_samples(
    home: Path, small_samples: Path
) -> None:
    app = ProcessionApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "sample photographs" in str(
            app.screen.query_one(OptionList).get_option_at_index(0).prompt
        )
        await pilot.press("enter")
        await pilot.pause()
        screen = batch_screen(app)
        # The samples are drawn first, then processed.
        await until(pilot, lambda: screen.view.snapshot().kind == "batch")
        await ended(pilot, app)
        summary = screen.view.snapshot().summary
        assert summary is not None
        assert (summary.ok, summary.failed) == (2, 0)
    names = {path.name for path in small_samples.iterdir()}
    assert set(outputs(home / "photos" / "processed")) == names
    assert len(names) == 2


@pytest.mark.slow
async def test_home_tells_of_the_last_batch(photos: Path) -> None:
    app = ProcessionApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "none yet" in str(app.screen.query_one("#machine", Static).render())
        await pilot.press("b")
        await pilot.pause()
        await until(pilot, lambda: batch_screen(app).plan is not None)
        await pilot.press("enter")
        await ended(pilot, app)
        await pilot.press("h")
        await pilot.pause()
        assert "3 of 4 images done, 1 failed" in str(
            app.screen.query_one("#machine", Static).render()
        )


async def test_keys_are_listed_and_go_away(home: Path) -> None:
    app = ProcessionApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpDialog)
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, HelpDialog)


@pytest.mark.slow
async def test_the_line_of_keys_is_made_anew_only_for_other_keys(photos: Path) -> None:
    app = ProcessionApp()
    async with app.run_test() as pilot:
        await pilot.press("b")
        await until(pilot, lambda: batch_screen(app).plan is not None)
        await pilot.pause(0.2)
        line = app.screen.query_one(KeysLine)
        made = list(line.children)
        assert any("Home" in str(child.render()) for child in made)

        await pilot.press("question_mark")
        await pilot.pause(0.2)
        await pilot.press("escape")
        await pilot.pause(0.2)
        assert list(line.children) == made

        await pilot.press("enter")
        await ended(pilot, app)
        await until(pilot, lambda: list(line.children) != made)


@pytest.mark.slow
@pytest.mark.parametrize("columns", [80, 120], ids=["from-the-code", "from-the-list"])
async def test_keys_that_a_screen_has_from_its_kind_are_listed_too(
    columns: int, home: Path
) -> None:
    app = ProcessionApp(demo=find_demo("5"))
    async with app.run_test(size=(columns, 40)) as pilot:
        await pilot.pause()
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpDialog)
        said = str(app.screen.query_one(PlainText).render())
        for meaning in ("Play", "Search", "Present", "Edit", "Home", "Quit"):
            assert re.search(rf"  {meaning}\b", said), meaning
        assert "Scroll" not in said
        # A key is named once, and two keys of one meaning in one row.
        keys = {line[17:].strip(): line[:15].split() for line in said.splitlines()}
        assert keys["Next"] == ["n"]
        assert keys["Previous"] == ["p"]
        await pilot.press("escape")
        app.screen.query_one(Timeline).focus()
        await pilot.press("question_mark")
        await pilot.pause()
        said = str(app.screen.query_one(PlainText).render())
        assert "              +  Zoom in" in said.splitlines()


async def test_the_theme_is_remembered(home: Path) -> None:
    app = ProcessionApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.theme == "procession-dark"
        app.theme = "procession-light"
        await pilot.pause()
    again = ProcessionApp()
    async with again.run_test() as pilot:
        await pilot.pause()
        assert again.theme == "procession-light"


async def test_quit_by_key(home: Path) -> None:
    app = ProcessionApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        await leave(pilot)
    assert app.return_code == 0
