"""The form of the settings: what is set there counts, and escape changes nothing."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Select, Static
from tui_app.screens.dialogs.settings import SettingsDialog

from tests.screens.pictures import Pictures, every_size
from tests.screens.pilot_steps import until
from tui_app import language
from tui_app.app import ProcessionApp
from tui_app.runs.usual import usual_pool, usual_recipe
from tui_app.settings import Settings

Size = tuple[int, int]


async def opened(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.press("s")
    await until(pilot, lambda: isinstance(pilot.app.screen, SettingsDialog))


async def test_what_is_set_is_saved_and_counts(home: Path) -> None:
    app = ProcessionApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        for field, value in (("theme", "nord"), ("language", "ro"), ("recipe", "web")):
            app.screen.query_one(f"#{field}", Select).value = value
        for field, text in (("workers", "3"), ("fps", "7"), ("records_kept", "9")):
            app.screen.query_one(f"#{field}", Input).value = text
        await pilot.press("ctrl+s")
        await until(pilot, lambda: not isinstance(app.screen, SettingsDialog))
        assert app.theme == "nord"
        assert language.present() == "ro"
        options = app.screen.query_one("#next", OptionList).options
        assert any("Setări" in str(one.prompt) for one in options)
    settings = Settings.load()
    assert (settings.workers, settings.fps, settings.records_kept) == (3, 7, 9)
    assert (usual_pool().workers, usual_recipe()) == (3, "web")
    assert ProcessionApp().fps == 7


async def test_escape_changes_nothing(home: Path) -> None:
    before, app = Settings.load(), ProcessionApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        app.screen.query_one("#workers", Input).value = "3"
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, SettingsDialog)
    assert Settings.load() == before


async def test_what_cannot_be_read_is_said_and_kept_open(home: Path) -> None:
    settings, app = Settings.load(), ProcessionApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        for field, text in (("workers", "0"), ("fps", "61"), ("records_megabytes", "")):
            box = app.screen.query_one(f"#{field}", Input)
            before, box.value = box.value, text
            await pilot.press("ctrl+s")
            said = str(app.screen.query_one("#settings-said", Static).render())
            assert said.startswith("✗")
            assert repr(text) in said
            box.value = before
    assert Settings.load() == settings


async def test_a_file_that_cannot_be_written_is_said(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    app = ProcessionApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        app.screen.query_one("#workers", Input).value = "3"
        await pilot.press("ctrl+s")
        assert "✗" in str(app.screen.query_one("#settings-said", Static).render())


@every_size
async def test_settings(pictures: Pictures, home: Path, size: Size) -> None:
    async with pictures.of(ProcessionApp(), size) as looker:
        await opened(looker.pilot)
        await looker.look_in_both_themes("settings")


async def test_settings_in_romanian(pictures: Pictures, home: Path) -> None:
    language.use("ro")
    async with pictures.of(ProcessionApp(), (80, 24)) as looker:
        await opened(looker.pilot)
        await looker.look("settings")
