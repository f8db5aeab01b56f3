"""Both pictures of an image come from a worker, and that after is what the recipe really makes."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import workers_left
from tui_app.engine.spec import ExecutorKind, Limits, Pool
from tui_app.images.plan import Plan
from tui_app.images.thumbnail import thumbnail
from tui_app.runs.batch import BatchRun
from tui_app.runs.pictures import PicturesRun, Side, SidePicture, can_show
from tui_app.runs.request import BatchRequest

pytestmark = pytest.mark.slow
MOST = (30, 30)
POOL = Pool(workers=2)


def plan_of(folder: Path, recipe: str = "grayscale") -> Plan:
    output = str(folder.parent / "out")
    return BatchRequest(sources=(str(folder),), recipe=recipe, output=output).resolved().plan()


async def shown(run: PicturesRun) -> dict[Side, SidePicture]:
    return {one.side: one async for one in run.pictures()}


@pytest.fixture
def gradients(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    grey = Image.linear_gradient("L").resize((300, 200))
    image = Image.merge("RGB", (grey, grey.transpose(Image.Transpose.ROTATE_180), grey))
    image.save(folder / "a.png")
    whole = (folder / "a.png").read_bytes()
    (folder / "b.png").write_bytes(whole[: len(whole) // 2])
    return folder


def item_named(plan: Plan, name: str) -> int:
    return [item.name for item in plan.items].index(name)


async def test_the_preview_is_the_recipe_really_applied_and_is_not_kept(
    gradients: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    temporary = tmp_path / "t"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    plan = plan_of(gradients)
    item = plan.items[item_named(plan, "a.png")]
    # Where the run has threads, its pictures have a process all the same.
    threads = replace(POOL, executor=ExecutorKind.THREADS)
    preview = await shown(PicturesRun(plan, item, MOST, threads, Limits(), made=False))
    assert not (tmp_path / "out").exists()
    assert list(temporary.iterdir()) == []
    assert preview[Side.BEFORE].picture == thumbnail(item.source, MOST)
    async for _event in BatchRun(plan, POOL, Limits()).events():
        pass
    output = str(tmp_path / "out" / "a.png")
    assert preview[Side.AFTER].picture == thumbnail(output, MOST)
    made = await shown(PicturesRun(plan, item, MOST, POOL, Limits(), made=True))
    assert made == preview
    assert workers_left() == []


async def test_what_cannot_be_shown_says_why(gradients: Path) -> None:
    plan = plan_of(gradients)
    item = plan.items[item_named(plan, "b.png")]
    found = await shown(PicturesRun(plan, item, MOST, POOL, Limits(), made=False))
    for side in Side:
        assert found[side].picture is None
        assert "cut off" in found[side].reason
    found = await shown(PicturesRun(plan, item, MOST, POOL, Limits(), made=True))
    assert found[Side.AFTER].reason == "it has no output"


async def test_one_that_is_given_up_leaves_no_process(gradients: Path) -> None:
    plan = plan_of(gradients)
    run = PicturesRun(plan, plan.items[item_named(plan, "a.png")], MOST, POOL, Limits(), made=False)
    sides: list[Side] = []
    async for one in run.pictures():
        sides.append(one.side)
        run.cancel()
    assert sides == [Side.BEFORE]
    assert workers_left() == []


def test_of_a_store_there_are_none(gradients: Path) -> None:
    plan = plan_of(gradients)
    assert can_show(plan.items[0], plan)
    assert not can_show(plan.items[0], replace(plan, output="s3://bucket/out"))
    assert not can_show(replace(plan.items[0], root="s3://bucket"), plan)
