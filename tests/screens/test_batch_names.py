"""What is taken and what it is called, on the screen: what the command line gave is in the form."""

from pathlib import Path

import pytest
from textual.widgets import Input, Static

from tests.commands import outputs
from tests.images.factories import picture
from tests.screens.pilot_steps import batch_screen, ended, planned, until
from tui_app.app import ProcessionApp
from tui_app.engine.spec import Pool
from tui_app.runs.request import BatchRequest
from tui_app.widgets.plan_list import PlanList
from tui_app.widgets.textual_internals.checkbox import ReadableCheckbox


def shown(app: ProcessionApp, part: str) -> str:
    return " ".join(str(batch_screen(app).query_one(part, Static).render()).split())


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders with a photograph of the same name, and another in the first."""
    for name in ("A/1.jpg", "A/2-small.jpg", "B/1.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        picture().save(tmp_path / name)
    return tmp_path / "A", tmp_path / "B"


@pytest.mark.slow
async def test_the_plan_shows_what_the_command_line_gave(
    pair: tuple[Path, Path], pool: Pool
) -> None:
    out = pair[0].parent / "out"
    request = BatchRequest(
        tuple(map(str, pair)),
        str(out),
        exclude=("*-small.*", "two words"),
        name="{stem}-{width}{ext}",
        max_pixels=250_000_000,
    )
    app = ProcessionApp(request, pool)
    async with app.run_test(size=(120, 40)) as pilot:
        await planned(pilot, app)
        fields = [batch_screen(app).query_one(f"#{name}", Input) for name in ("exclude", "name")]
        assert [field.value for field in fields] == ["*-small.* 'two words'", "{stem}-{width}{ext}"]
        notes = shown(app, "#plan-notes")
        for note in (
            "1 image left out by --exclude",
            "outputs are named {stem}-{width}{ext}",
            "images of up to 250 megapixels are opened",
            "sources have the same names in them: each gets a folder of its name",
        ):
            assert note in notes
        await pilot.press("enter")
        await ended(pilot, app)
    assert [n for n in outputs(out) if "." in n] == ["A/1-96.jpg", "B/1-96.jpg"]


@pytest.mark.slow
async def test_patterns_are_typed_and_a_wrong_one_is_said(
    pair: tuple[Path, Path], pool: Pool
) -> None:
    app = ProcessionApp(BatchRequest((str(pair[0]),)), pool)
    async with app.run_test() as pilot:
        await planned(pilot, app)
        for field, text, says in (
            ("exclude", "'*.jpg", "the patterns cannot be read"),
            ("exclude", "*.jpg", "--exclude leaves out all 2 images"),
            ("name", "{soup}", "there is no field {soup}"),
        ):
            entry = batch_screen(app).query_one(f"#{field}", Input)
            entry.value = text
            await until(pilot, lambda says=says: says in shown(app, "#plan-head"))  # type: ignore[misc]
            assert batch_screen(app).query_one(PlanList).has_class("-wrong")
            entry.value = ""
        await until(pilot, lambda: batch_screen(app).plan is not None)


@pytest.mark.slow
async def test_another_recipe_s_outputs_stop_the_plan_until_overwrite_is_ticked(
    pair: tuple[Path, Path], pool: Pool
) -> None:
    folder = pair[0]
    app = ProcessionApp(BatchRequest((str(folder),), recipe="share"), pool)
    async with app.run_test() as pilot:
        await planned(pilot, app)
        await pilot.press("enter")
        await ended(pilot, app)
    before = outputs(folder / "processed")
    app = ProcessionApp(BatchRequest((str(folder),), recipe="thumbnail"), pool)
    async with app.run_test() as pilot:
        await until(pilot, lambda: "another recipe" in shown(app, "#plan-head"))
        told = shown(app, "#plan-head")
        assert told.startswith("2 outputs in ")
        assert told.endswith('"Overwrite" replaces them, "Output" names another folder')
        await pilot.press("enter")
        assert not batch_screen(app).busy
        batch_screen(app).query_one("#overwrite", ReadableCheckbox).value = True
        await until(pilot, lambda: batch_screen(app).plan is not None)
        assert "2 outputs of another recipe: replaced" in shown(app, "#plan-notes")
        await pilot.press("enter")
        await ended(pilot, app)
    assert sorted(outputs(folder / "processed")) == sorted(before)
    assert outputs(folder / "processed") != before
