"""The line at the bottom begins with what the screen is for, and never overflows at 80 columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from tests.screens.pilot_steps import batch_screen, ended, planned, until
from tests.screens.test_hold import many
from tests.screens.test_snapshots import SMALL, demo_app, demo_idle, pairs
from tests.screens.test_snapshots_sweep import sweep_app
from tui_app import language
from tui_app.app import ProcessionApp
from tui_app.engine.spec import ExecutorKind, Pool
from tui_app.language import _
from tui_app.runs.request import BatchRequest
from tui_app.widgets.textual_internals.keys_line import KeysLine

pytestmark = pytest.mark.slow


@pytest.fixture(params=["en", "ro"], autouse=True)
def _language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    language.use(request.param)


def keys(pilot: Pilot[None]) -> list[str]:
    """What the line shows, key by key; it fits."""
    said = [str(child.render()) for child in pilot.app.screen.query_one(KeysLine).children]
    assert sum(cell_len(text) + 1 for text in said) <= pilot.app.size.width, said
    return said


async def begins(pilot: Pilot[None], *mains: str) -> str:
    """Waits until the line begins with one of these; returns its key."""
    wanted = [_(main) for main in mains]
    await until(pilot, lambda: bool(said := keys(pilot)) and said[0].split(" ", 1)[1] in wanted)
    return keys(pilot)[0].split()[0]


async def at_all(pilot: Pilot[None], *mains: str) -> set[str]:
    """Takes the focus to all that can have it; the keys with which the lines began."""
    found = set()
    for widget in pilot.app.screen.focus_chain:
        pilot.app.screen.set_focus(widget)
        await pilot.pause()
        found.add(await begins(pilot, *mains))
    assert found
    return found


async def test_on_a_batch_it_is_run_and_then_cancel(photos: Path) -> None:
    many(photos)
    app = ProcessionApp(BatchRequest((str(photos),), exact=True), Pool(ExecutorKind.SEQUENTIAL))
    async with app.run_test(size=SMALL) as pilot:
        await planned(pilot, app)
        assert await at_all(pilot, "Run") == {"⏎", "^r"}
        app.screen.query_one("#recipe").focus()
        await pilot.press("ctrl+r", "H")
        screen = batch_screen(app)
        await until(pilot, lambda: screen.view.snapshot().held == 0)
        assert await at_all(pilot, "Cancel") == {"c"}
        assert any(_("Go on") in key for key in keys(pilot))
        await pilot.press("H")
        await ended(pilot, app)
        for widget in screen.focus_chain:
            screen.set_focus(widget)
            await until(pilot, lambda: any(key.startswith("a ") for key in keys(pilot)))
            assert keys(pilot)[-1].startswith("q ")


async def test_on_a_sweep_it_is_run(home: Path) -> None:
    async with sweep_app().run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert await at_all(pilot, "Run") == {"⏎", "^r"}


async def test_on_a_comparison_it_is_run(home: Path) -> None:
    async with ProcessionApp(compared=()).run_test(size=SMALL) as pilot:
        await pairs(pilot)
        for way in "123":
            await pilot.press(way)
            assert await at_all(pilot, "Run") <= {"⏎", "^r"}


async def test_on_a_demo_it_is_play(home: Path) -> None:
    async with demo_app().run_test(size=SMALL) as pilot:
        await demo_idle(pilot)
        assert await at_all(pilot, "Play") == {"⏎", "^r"}
        await pilot.press("l")
        # There enter chooses.
        await until(pilot, lambda: f"⏎ {_('Choose')}" in keys(pilot))
        assert f"^r {_('Play')}" in keys(pilot)


async def test_on_a_wide_screen_all_keys_are_there(photos: Path) -> None:
    app = ProcessionApp(BatchRequest((str(photos),)))
    async with app.run_test(size=(160, 40)) as pilot:
        await planned(pilot, app)
        await until(pilot, lambda: any(_("Sweep") in key for key in keys(pilot)))
        wide = keys(pilot)
        assert any(_("Home") in key for key in wide)
        await pilot.resize_terminal(40, 24)
        # Until it is laid out anew it does not fit.
        line = pilot.app.screen.query_one(KeysLine)
        await until(pilot, lambda: len(line.children) < len(wide))
        await begins(pilot, "Run")
        assert keys(pilot)[-1].endswith(_("Quit"))
