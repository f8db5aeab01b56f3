"""Before and after of an image, by the key i."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from PIL import Image
from textual.pilot import Pilot
from tui_app.screens.batch import BatchScreen
from tui_app.screens.dialogs import pictures as dialog
from tui_app.screens.dialogs.pictures import PicturesDialog

from tests.conftest import workers_left
from tests.screens.pictures import Pictures, every_size
from tests.screens.pilot_steps import batch_screen, ended, planned, show, until
from tests.screens.sample_events import whole
from tui_app.app import ProcessionApp
from tui_app.engine.machine import StartMethod
from tui_app.engine.spec import Pool
from tui_app.images.plan import Item, Plan
from tui_app.images.thumbnail import Thumbnail
from tui_app.runs.pictures import Side, SidePicture
from tui_app.runs.request import BatchRequest
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.log_view import LogView
from tui_app.widgets.picture_view import PictureView


class DrawnRun:
    """Pictures without a worker: a gradient, and for one image a reason."""

    asked: ClassVar[list[tuple[str, bool]]] = []
    given_up: ClassVar[list[str]] = []
    slow: ClassVar[bool] = False

    def __init__(
        self, plan: Plan, item: Item, most: tuple[int, int], *_about: Any, made: bool
    ) -> None:
        self._item, self._most = item, most
        self._over = asyncio.Event()
        self.asked.append((item.name, made))

    async def pictures(self) -> AsyncGenerator[SidePicture, None]:
        if self.slow:
            await self._over.wait()
            return
        width = min(self._most[0], 30)
        grey = Image.linear_gradient("L").resize((width, 21))
        image = Image.merge("RGB", (grey, grey.transpose(Image.Transpose.ROTATE_180), grey))
        picture = Thumbnail(width, 21, image.tobytes(), (3000, 2100), 2_400_000)
        yield SidePicture(Side.BEFORE, picture)
        yield SidePicture(Side.AFTER, None, "the file is cut off: its image data ends too early")

    def cancel(self) -> None:
        self.given_up.append(self._item.name)
        self._over.set()


@pytest.fixture
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialog, "PicturesRun", DrawnRun)
    monkeypatch.setattr(DrawnRun, "asked", [])
    monkeypatch.setattr(DrawnRun, "given_up", [])


def app_for(folder: Path) -> ProcessionApp:
    pool = Pool(workers=2, start_method=StartMethod.FORKSERVER)
    return ProcessionApp(BatchRequest(sources=(str(folder),)), pool, clock=lambda: 0.0)


def about(app: ProcessionApp, side: Side) -> str:
    return str(app.screen.query_one(f"#{side}-about", PlainText).content)


async def opened(pilot: Pilot[None], app: ProcessionApp) -> None:
    await pilot.press("i")
    await until(pilot, lambda: isinstance(app.screen, PicturesDialog))
    await until(pilot, lambda: bool(about(app, Side.BEFORE)))


@pytest.mark.usefixtures("_no_worker")
async def test_the_chosen_image_of_the_plan_is_shown_and_its_neighbours(photos: Path) -> None:
    app = app_for(photos)
    async with app.run_test(size=(80, 24)) as pilot:
        await planned(pilot, app)
        plan = batch_screen(app).plan
        assert plan is not None
        names = [item.name for item in plan.items]
        app.screen.query_one("PlanList DataTable").focus()
        await pilot.press("down")
        await opened(pilot, app)
        assert DrawnRun.asked == [(names[1], False)]
        assert about(app, Side.BEFORE) == "3000x2100  2.4 MB"
        await pilot.press("right")
        await until(pilot, lambda: DrawnRun.asked[-1] == (names[2], False))
        await pilot.press("left", "left", "left")
        await until(pilot, lambda: DrawnRun.asked[-1] == (names[0], False))
        assert len(DrawnRun.asked) == 3, "none is made of what is passed by"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BatchScreen))


@pytest.mark.usefixtures("_no_worker")
async def test_leaving_gives_up_what_is_being_made(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DrawnRun, "slow", True)
    app = app_for(photos)
    async with app.run_test(size=(80, 24)) as pilot:
        await planned(pilot, app)
        await pilot.press("i")
        await until(pilot, lambda: len(DrawnRun.asked) == 1)
        await pilot.press("right")
        await until(pilot, lambda: len(DrawnRun.asked) == 2)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BatchScreen))
        assert DrawnRun.given_up == [name for name, _made in DrawnRun.asked]


@pytest.mark.usefixtures("_no_worker")
async def test_of_a_run_the_image_of_the_chosen_line_is_shown(photos: Path) -> None:
    app = app_for(photos)
    async with app.run_test(size=(80, 24)) as pilot:
        await planned(pilot, app)
        plan = batch_screen(app).plan
        assert plan is not None
        await show(pilot, whole(), 5.0, {})
        log = app.screen.query_one(LogView)
        log.focus()
        log.action_choose(0)
        assert log.told_task is None
        log.action_choose(3)
        assert log.told_task == 2
        await opened(pilot, app)
        assert DrawnRun.asked == [(plan.items[1].name, True)]


@pytest.mark.slow
@pytest.mark.usefixtures("_no_worker")
@every_size
async def test_how_it_looks(pictures: Pictures, photos: Path, size: tuple[int, int]) -> None:
    app = app_for(photos)
    async with pictures.of(app, size) as looker:
        await planned(looker.pilot, app)
        await opened(looker.pilot, app)
        await looker.look_in_both_themes("pictures")


@pytest.mark.slow
async def test_a_worker_makes_both_pictures_and_keys_go_on(photos: Path, pool: Pool) -> None:
    app = ProcessionApp(BatchRequest(sources=(str(photos),)), pool)
    async with app.run_test(size=(80, 24)) as pilot:
        await planned(pilot, app)
        app.screen.query_one("PlanList DataTable").focus()
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, PicturesDialog))
        await until(pilot, lambda: bool(about(app, Side.AFTER)) or failed_to_show(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BatchScreen))
        await pilot.press("ctrl+r")
        await ended(pilot, app)


def failed_to_show(app: ProcessionApp) -> bool:
    view = app.screen.query_one(f"#{Side.AFTER}", PictureView)
    return view.render_line(0).text.strip().startswith("✗")


@pytest.mark.slow
async def test_who_leaves_the_app_meanwhile_leaves_no_process(photos: Path, pool: Pool) -> None:
    app = ProcessionApp(BatchRequest(sources=(str(photos),)), pool)
    async with app.run_test(size=(80, 24)) as pilot:
        await planned(pilot, app)
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, PicturesDialog))
        await until(pilot, lambda: bool(about(app, Side.BEFORE)))
        await app.leave(0)
    assert workers_left() == []
