"""How one gets from place to place: by click and by key, and what keys do meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.widgets import Input
from tui_app.screens.base.mode import ModeScreen

from tests.screens.pilot_steps import batch_screen, planned, until
from tui_app import language
from tui_app.app import ProcessionApp
from tui_app.language import _
from tui_app.runs.request import BatchRequest
from tui_app.widgets.top_bar import NAME, TopBar

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("spoken", ["en", "ro"])
async def test_the_places_on_top_take_a_click(spoken: str, home: Path) -> None:
    language.use(spoken)
    app = ProcessionApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for mode in ("batch", "demos", "sweep", "home"):
            at = len(NAME)
            for other, title in app.titles.items():
                if other == mode:
                    break
                at += cell_len(_(title)) + 2
            await pilot.click(app.screen.query_one(TopBar), offset=(at + 1, 0))
            await until(pilot, lambda mode=mode: app.current_mode == mode)  # type: ignore[misc]


@pytest.mark.parametrize("keys", ["bS", "bh", "Sb", "db", "dS", "bd", "hb"])
async def test_a_key_while_a_screen_opens_acts_and_is_typed_nowhere(
    keys: str, photos: Path
) -> None:
    app = ProcessionApp()
    goes_to = {"b": "batch", "S": "sweep", "h": "home", "d": "demos"}
    async with app.run_test() as pilot:
        await pilot.pause()
        for key in keys:
            app.simulate_key(key)
        # Home is there from the start: only after another place was opened have the keys acted.
        await until(pilot, lambda: bool(app.run_screens) and app.current_mode == goes_to[keys[-1]])
        made = [screen for screen in app.run_screens if isinstance(screen, ModeScreen)]
        for screen in made:
            typed = [field.value for field in screen.query(Input)]
            assert not set("".join(typed)) & set("bSdh"), typed


async def test_who_comes_back_types_into_no_field(photos: Path) -> None:
    app = ProcessionApp(BatchRequest((str(photos),)))
    async with app.run_test(size=(80, 24)) as pilot:
        await planned(pilot, app)
        source = batch_screen(app).query_one("#source", Input)
        before = source.value
        source.focus()
        await pilot.pause()
        await pilot.click(app.screen.query_one(TopBar), offset=(len(NAME) + 1, 0))
        await until(pilot, lambda: app.current_mode == "home")
        await pilot.press("b")
        await until(pilot, lambda: app.current_mode == "batch")
        await pilot.press("S")
        await until(pilot, lambda: app.current_mode == "sweep")
        assert source.value == before
