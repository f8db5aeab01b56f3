"""The language changes while the app runs: all that is shown follows, and no run is disturbed."""

from pathlib import Path

import pytest
from textual.widgets import Button, Footer, Input, Label, OptionList, Static, TabbedContent
from textual.widgets._footer import FooterKey
from tui_app.screens.dialogs.choice import ChoiceDialog
from tui_app.screens.dialogs.help import HelpDialog

from tests.screens.pilot_steps import batch_screen, ended, planned, show, until
from tests.screens.sample_events import USAGE, half_way, whole
from tests.screens.test_snapshots import batch_app
from tui_app import language
from tui_app.app import ProcessionApp
from tui_app.runs.view import RunState
from tui_app.settings import Settings
from tui_app.widgets.failures import Failures
from tui_app.widgets.run_pane import RunPane


def footer(app: ProcessionApp) -> list[str]:
    return [key.description for key in app.screen.query_one(Footer).query(FooterKey)]


def text(app: ProcessionApp, selector: str) -> str:
    return str(app.screen.query_one(selector, Static).render())


def drawn(app: ProcessionApp) -> str:
    """All that is on the screen."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips(app.size))


@pytest.mark.slow
async def test_home_follows_its_key_and_the_other_places_too(photos: Path) -> None:
    app = ProcessionApp()
    async with app.run_test() as pilot:
        await pilot.press("b")
        await planned(pilot, app)
        await pilot.press("h")
        await pilot.pause()
        assert "Quit" in footer(app)
        await pilot.press("l")
        await until(pilot, lambda: "Închide" in footer(app))
        assert text(app, "#title").startswith("Procese în procesiune")
        assert "Calculatorul" in text(app, "#machine")
        options = app.screen.query_one("#next", OptionList)
        assert "English" in str(options.get_option("language").prompt)
        assert " Acasă " in drawn(app).splitlines()[0]
        await pilot.press("b")
        await until(pilot, lambda: "Taste" in footer(app))
        screen = batch_screen(app)
        assert str(screen.query(Label).first().render()) == "Sursă"
        assert "Rulează" in str(screen.query_one("#run", Button).label)
        assert screen.query_one("#output", Input).placeholder == "processed, în sursă"
        await planned(pilot, app)
        assert text(app, "#plan-head").startswith("4 imagini")
        await pilot.press("h")
        await pilot.pause()
        await pilot.press("l")
        await until(pilot, lambda: "Quit" in footer(app))
    assert language.present() == "en"


@pytest.mark.slow
async def test_it_is_chosen_in_the_palette_and_remembered(home: Path) -> None:
    app = ProcessionApp()
    async with app.run_test() as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        await pilot.press(*"Român")
        await until(pilot, lambda: bool(app.screen.query(OptionList)[0].option_count))
        await pilot.press("enter")
        await until(pilot, lambda: language.present() == "ro")
        await until(pilot, lambda: "Închide" in footer(app))
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert app.screen.query_one(Input).placeholder == "Caută o comandă…"
    assert Settings.load().language == "ro"


@pytest.mark.slow
async def test_a_run_goes_on_and_its_log_stays(photos: Path) -> None:
    app = batch_app()
    async with app.run_test() as pilot:
        await planned(pilot, app)
        await pilot.press("enter")
        screen = batch_screen(app)
        await until(pilot, lambda: bool(screen.view.log.lines))
        app.set_language("ro")
        await ended(pilot, app)
        assert screen.view.snapshot().state is RunState.FAILED
        summary = screen.view.snapshot().summary
        assert summary is not None
        assert (summary.ok, summary.failed) == (3, 1)
        assert "started" in {line.text for line in screen.view.log.lines}
        await until(pilot, lambda: "Reia" in footer(app))
        assert "3 din 4 gata, 1 eșuată" in text(app, "#status")
        await pilot.press("r")
        await ended(pilot, app)
        assert "a pornit" in {line.text for line in screen.view.log.lines}
        # All keys have room at 80 columns.
        keys = app.screen.query_one(Footer).query(FooterKey)
        assert max(key.region.right for key in keys) <= 80


@pytest.mark.slow
async def test_a_run_that_is_shown_is_said_again(photos: Path) -> None:
    app = batch_app()
    async with app.run_test() as pilot:
        await planned(pilot, app)
        await show(pilot, half_way(), 2.9, USAGE)
        await pilot.press("slash", *"jpg")
        app.set_language("ro")
        await pilot.pause()
        tabs = app.screen.query_one(TabbedContent)
        assert str(tabs.get_tab("processes").label) == "Procese"
        assert str(tabs.get_tab("failed").label) == "Eșuate 1"
        assert app.screen.query_one("LogPane Input", Input).value == "jpg"
        assert text(app, "LogPane .heading").startswith("JURNAL")
        assert text(app, "#status").startswith("● rulează")
        assert "Imagine" in drawn(app)
        await show(pilot, whole(), 5.0, {})
        assert "Accelerare" in drawn(app)
        app.set_language("en")
        await pilot.pause()
        assert "Speed-up" in drawn(app)
        app.screen.query_one(RunPane).show_tab("failed")
        await pilot.pause()
        table = app.screen.query_one(Failures).query_one("DataTable")
        assert table.row_count == 1  # type: ignore[attr-defined]
        assert "Reason" in drawn(app)


@pytest.mark.slow
async def test_questions_and_keys_follow(photos: Path) -> None:
    (photos / "processed").mkdir()
    (photos / "processed" / "photo-2.jpg").touch()
    app = batch_app()
    async with app.run_test() as pilot:
        await planned(pilot, app)
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpDialog)
        assert "Every command, by name" in drawn(app)
        app.set_language("ro")
        await pilot.pause()
        assert "Toate comenzile, după nume" in drawn(app)
        assert "Apasă butonul" in drawn(app)
        await pilot.press("escape")
        await planned(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        await until(pilot, lambda: "1 rezultat există deja" in drawn(app))
        app.set_language("en")
        await pilot.pause()
        assert "1 output is there already" in drawn(app)
        assert "Leave them (l)" in drawn(app)
        await pilot.press("escape")
