"""What has the focus can be seen, in 16 colours too."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Button, OptionList, Select

from tests.screens.pilot_steps import planned
from tests.screens.test_snapshots import SMALL, batch_app, run_half_way
from tui_app.app import ProcessionApp
from tui_app.widgets.log_view import LogView
from tui_app.widgets.timeline import Timeline

pytestmark = pytest.mark.slow


def marked(widget: Widget) -> bool:
    """Whether the first cell of its lines is the mark of the focus."""
    return widget.styles.outline_left[0] == "heavy"


async def focus(pilot: Pilot[None], widget: Widget) -> None:
    pilot.app.screen.set_focus(widget)
    await pilot.pause()


async def test_what_is_read_has_a_mark_at_its_edge_while_it_has_the_focus(photos: Path) -> None:
    async with batch_app().run_test(size=SMALL) as pilot:
        await run_half_way(pilot)
        log, timeline = (pilot.app.screen.query_one(kind) for kind in (LogView, Timeline))
        await focus(pilot, log)
        assert (marked(log), marked(timeline)) == (True, False)
        await focus(pilot, timeline)
        assert (marked(log), marked(timeline)) == (False, True)


async def test_of_a_form_only_what_has_the_focus_is_filled(photos: Path) -> None:
    app = batch_app()
    async with app.run_test(size=SMALL) as pilot:
        await planned(pilot, app)
        run = app.screen.query_one("#run", Button)
        primary = app.theme_variables["primary"].lower()
        await focus(pilot, run)
        assert run.styles.background.hex.lower() == primary
        recipe = app.screen.query_one("#recipe", Select)
        await focus(pilot, recipe)
        assert run.styles.background.hex.lower() != primary
        label = recipe.query_one("SelectCurrent #label")
        assert label.styles.background.hex.lower() == primary


@pytest.mark.parametrize(("colours", "few"), [("truecolor", False), ("", True)])
async def test_in_16_colours_the_chosen_line_of_a_list_is_underlined(
    colours: str, few: bool, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "screen")
    monkeypatch.setenv("COLORTERM", colours)
    app = ProcessionApp()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        options = app.screen.query_one(OptionList)
        assert options.has_focus
        assert marked(options)
        style = options.get_visual_style("option-list--option-highlighted")
        assert bool(style.underline) is few
