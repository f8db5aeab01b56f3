"""The form of a recipe: each value can be changed, used, and saved for a run without a screen."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Select, Static
from tui_app.screens.dialogs.choice import ChoiceDialog
from tui_app.screens.dialogs.recipe import RecipeDialog

from tests.commands import Marked, run
from tests.images.factories import picture
from tests.screens.pilot_steps import batch_screen, ended, planned, until
from tui_app.app import ProcessionApp
from tui_app.engine.spec import ExecutorKind, Pool
from tui_app.images.recipe import KEYS, Metadata
from tui_app.images.recipe_files import load_recipe
from tui_app.runs.request import BatchRequest
from tui_app.widgets.recipe_form import RecipeForm
from tui_app.widgets.textual_internals.checkbox import ReadableCheckbox

pytestmark = pytest.mark.slow

TYPED = {"crop": "3:2", "fit": "120x120", "blur": "1.5", "sharpen": "40", "quality": "71"}
CHOSEN = {"format": "webp", "frames": "first", "metadata": "private"}
BOXES = ("grayscale", "upright")


def app_for(folder: Path, **asked: object) -> ProcessionApp:
    request = BatchRequest((str(folder),), **asked)  # type: ignore[arg-type]
    return ProcessionApp(request, Pool(ExecutorKind.SEQUENTIAL))


async def opened(pilot: Pilot[None], app: ProcessionApp) -> None:
    await planned(pilot, app)
    await pilot.press("e")
    await until(pilot, lambda: isinstance(app.screen, RecipeDialog))


async def fill(pilot: Pilot[None], typed: Mapping[str, str]) -> None:
    for field, text in typed.items():
        pilot.app.screen.query_one(f"#{field}", Input).value = text
    await pilot.pause()


def said(app: ProcessionApp) -> str:
    return str(app.screen.query_one("#recipe-said", Static).render())


async def replanned(pilot: Pilot[None], app: ProcessionApp) -> None:
    await until(pilot, lambda: not isinstance(app.screen, RecipeDialog))
    await planned(pilot, app)


async def test_every_value_can_be_changed(photos: Path) -> None:
    app = app_for(photos)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        await fill(pilot, TYPED)
        for field, value in CHOSEN.items():
            app.screen.query_one(f"#{field}", Select).value = value
        for field in BOXES:
            app.screen.query_one(f"#{field}", ReadableCheckbox).value = True
        await pilot.pause()
        fields = {*TYPED, *CHOSEN, *app.screen.query_one(RecipeForm).BOXES, "title"}
        assert fields == set(KEYS)
        await pilot.press("enter")
        await replanned(pilot, app)
        plan = batch_screen(app).plan
        assert plan is not None
        recipe = plan.recipe
        assert (recipe.crop, recipe.fit, recipe.blur, recipe.sharpen) == (
            "3:2",
            (120, 120),
            1.5,
            40,
        )
        assert (recipe.format, recipe.quality, recipe.frames) == ("webp", 71, "first")
        assert (recipe.metadata, recipe.grayscale, recipe.upright) == (Metadata.PRIVATE, True, True)
        notes = str(app.screen.query_one("#plan-notes", Static).render())
        assert notes.startswith("tutorial with ")
        # Opened again, it has what was set, and ctrl+o the recipe's own.
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, RecipeDialog))
        assert app.screen.query_one("#fit", Input).value == "120x120"
        await pilot.press("ctrl+o", "enter")
        await replanned(pilot, app)
        plan = batch_screen(app).plan
        assert plan is not None
        assert plan.recipe == load_recipe("tutorial")


@pytest.mark.parametrize(
    ("field", "text", "word"),
    [
        ("crop", "square", "1:1"),
        ("fit", "large", "1600x1200"),
        ("blur", "nan", "from 0 to 1000"),
        ("sharpen", "2.5", "whole number"),
        ("quality", "101", "from 1 to 100"),
        ("quality", "best", "from 1 to 100"),
    ],
)
async def test_a_wrong_value_is_told_and_not_used(
    field: str, text: str, word: str, photos: Path
) -> None:
    app = app_for(photos)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        await fill(pilot, {field: text})
        assert said(app).startswith("✗ ")
        assert word in said(app)
        await pilot.press("enter", "ctrl+s")
        assert isinstance(app.screen, RecipeDialog)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, RecipeDialog))


async def test_what_is_lossless_has_no_quality(photos: Path) -> None:
    app = app_for(photos, recipe="web")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        app.screen.query_one("#lossless", ReadableCheckbox).value = True
        await pilot.pause()
        assert app.screen.query_one("#quality", Input).disabled
        assert "webp, lossless" in said(app)
        await pilot.press("enter")
        await replanned(pilot, app)
        plan = batch_screen(app).plan
        assert plan is not None
        assert plan.recipe.heading == "web with lossless"


async def test_a_recipe_that_is_saved_gives_the_same_bytes_without_a_screen(
    tmp_path: Path, where: Marked
) -> None:
    (tmp_path / "in").mkdir()
    picture((400, 300)).save(tmp_path / "in" / "a.jpg", quality=95)
    app = app_for(tmp_path / "in", output=str(tmp_path / "one"), recipe="share")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        await fill(pilot, {**TYPED, "title": "Mine: small", "save-name": "mine"})
        app.screen.query_one("#format", Select).value = "webp"
        await pilot.press("ctrl+s")
        await replanned(pilot, app)
        assert app.screen.query_one("#recipe", Select).value == "mine"
        await pilot.press("enter")
        await ended(pilot, app)
    assert load_recipe("mine").title == "Mine: small"
    words = ["batch", "in", "--recipe", "mine", "-o", "two", "--quiet"]
    assert run(*words, where=where, cwd=tmp_path).returncode == 0
    one, two = ((tmp_path / name / "a.jpg.webp").read_bytes() for name in ("one", "two"))
    assert one == two


async def test_another_recipe_is_replaced_only_after_a_question(photos: Path) -> None:
    app = app_for(photos)
    async with app.run_test(size=(80, 24)) as pilot:
        for box, answer, kept in (("9", "", 9), ("10", "k", 9), ("10", "r", 10)):
            await opened(pilot, app)
            await fill(pilot, {"fit": box, "save-name": "mine"})
            app.screen.query_one("#save-name").focus()
            await pilot.press("enter")
            if answer:
                await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
                await pilot.press(answer)
                await until(pilot, lambda: not isinstance(app.screen, ChoiceDialog))
            if answer == "k":
                assert isinstance(app.screen, RecipeDialog)
                await pilot.press("escape")
            await replanned(pilot, app)
            assert load_recipe("mine").fit == (kept, kept)


async def test_a_name_is_asked_for(photos: Path) -> None:
    app = app_for(photos)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        await pilot.press("ctrl+s")
        assert said(app) == "name the recipe, then press enter"
        assert app.screen.query_one("#save-name").has_focus
        await pilot.press(*"web", "enter")
        await pilot.pause()
        assert "comes with procession" in said(app)
