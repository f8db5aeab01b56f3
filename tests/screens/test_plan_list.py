"""The plan on the screen says what `--dry-run` says."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from textual.widgets import Static

from tests.screens.pilot_steps import batch_screen, ended, planned
from tui_app.app import ProcessionApp
from tui_app.images.planner import describe_plan, measure_plan
from tui_app.language import in_bytes
from tui_app.runs.request import BatchRequest
from tui_app.widgets.base.table import RowTable
from tui_app.widgets.plan_list import for_form
from tui_app.widgets.textual_internals.checkbox import ReadableCheckbox

pytestmark = pytest.mark.slow


def text(app: ProcessionApp, selector: str) -> str:
    return str(app.screen.query_one(selector, Static).render())


def rows(app: ProcessionApp) -> list[str]:
    table = app.screen.query_one(RowTable)
    return [" | ".join(map(str, table.get_row_at(row))) for row in range(table.row_count)]


async def test_it_has_the_size_of_the_output_what_cannot_be_read_and_the_outputs_names(
    photos: Path,
) -> None:
    Image.new("RGB", (40, 30)).save(photos / "odd.jpg", "PNG")
    app = ProcessionApp(BatchRequest((str(photos),)))
    async with app.run_test(size=(100, 30)) as pilot:
        await planned(pilot, app)
        plan = batch_screen(app).plan
        assert plan is not None
        figures = measure_plan(plan)
        said = "\n".join(describe_plan(plan))
        for whole in (text(app, "#plan-head"), said):
            assert in_bytes(figures.likely) in whole
        assert figures.unreadable == 1
        assert "1 image cannot be read, and will fail" in text(app, "#plan-notes")
        assert "5 to process, 1 unreadable" in said
        # Each output's name is there, and the largest image comes first.
        assert [row.split(" | ")[-1] for row in rows(app)] == [
            item.output_name for item in plan.items
        ]
        assert any(row.endswith("odd.jpg.png") for row in rows(app))
        assert rows(app)[0].startswith("photo-1.jpg")
        heading = app.screen.query_one(RowTable).ordered_columns[1].label
        assert str(heading) == "Pixels ▼"


@pytest.mark.parametrize(
    ("recipe", "exact", "said"),
    [("tutorial", False, "fast"), ("tutorial", True, "exact"), ("thumbnail", False, "")],
)
async def test_exact_is_written_only_where_it_was_ticked(
    recipe: str, exact: bool, said: str, photos: Path
) -> None:
    app = ProcessionApp(BatchRequest((str(photos),), recipe=recipe, exact=exact))
    async with app.run_test(size=(100, 30)) as pilot:
        await planned(pilot, app)
        head = text(app, "#plan-head")
        assert [word for word in ("fast", "exact") if word in head] == [said] * bool(said)


async def test_fresh_is_a_tick_that_is_seen_named_and_can_be_taken_away(photos: Path) -> None:
    (photos / "broken.jpg").unlink()
    app = ProcessionApp(BatchRequest((str(photos),), fresh=True))
    async with app.run_test(size=(100, 30)) as pilot:
        await planned(pilot, app)
        screen = batch_screen(app)
        box = screen.query_one("#fresh", ReadableCheckbox)
        assert box.value
        assert screen.plan is not None
        assert screen.plan.fresh
        await pilot.press("enter")
        await pilot.pause()
        await ended(pilot, app)
        await pilot.press("escape")
        await planned(pilot, app)
        assert text(app, "#plan-head").startswith("3 images")
        await pilot.click(box)
        await planned(pilot, app)
        await pilot.pause(0.5)
        await planned(pilot, app)
        assert screen.plan is not None
        assert not screen.plan.fresh
        assert text(app, "#plan-head").startswith("Nothing to do")
        assert '3 images done already: "Fresh" makes them again' in text(app, "#plan-notes")


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        (
            "--overwrite replaces them, -o names another",
            '"Overwrite" replaces them, "Output" names another',
        ),
        ("3 done already: --fresh makes them again", '3 done already: "Fresh" makes them again'),
        ("use --fresh.", 'use "Fresh".'),
        ("a--fresh, --fresher and co-op stay", "a--fresh, --fresher and co-op stay"),
    ],
)
def test_a_sentence_names_what_is_in_the_form(sentence: str, said: str) -> None:
    assert for_form(sentence) == said
