"""H holds a batch, and lets it go on."""

from pathlib import Path

import pytest
from PIL import Image

from tests.screens.pilot_steps import batch_screen, ended, planned, until
from tui_app.app import ProcessionApp
from tui_app.engine.spec import ExecutorKind, Pool
from tui_app.runs.request import BatchRequest
from tui_app.runs.view import RunState
from tui_app.widgets.base.line_widget import PlainText

IMAGES = 12


def many(photos: Path) -> None:
    """Work enough to be in the midst of it, and nothing broken."""
    (photos / "broken.jpg").unlink()
    for number in range(3, IMAGES):
        Image.new("RGB", (3000, 2000), "teal").save(photos / f"photo-{number + 1}.jpg")


@pytest.mark.slow
async def test_h_holds_a_batch_and_h_lets_it_go_on(photos: Path) -> None:
    many(photos)
    request = BatchRequest((str(photos),), exact=True)
    app = ProcessionApp(request, Pool(ExecutorKind.SEQUENTIAL))
    async with app.run_test() as pilot:
        await planned(pilot, app)
        screen = batch_screen(app)
        await pilot.press("enter")
        await until(pilot, lambda: screen.view.snapshot().running > 0)
        await pilot.press("H")
        await until(pilot, lambda: screen.view.snapshot().held == 0)
        screen.draw()
        status = str(screen.query_one("#status", PlainText).render())
        assert "held: nothing is in hand; H goes on" in status
        held = screen.view.snapshot()
        assert held.ok < IMAGES
        assert held.running == 0
        assert [line.text for line in screen.view.log.lines].count("the work is held") == 1
        await pilot.press("H")
        await ended(pilot, app)
        snapshot = screen.view.snapshot()
        assert (snapshot.state, snapshot.ok) == (RunState.OK, IMAGES)
        await pilot.press("H")
        assert not screen.busy
