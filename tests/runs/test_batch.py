import os
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from tests.commands import outputs, tree
from tests.conftest import workers_left
from tests.images.factories import picture, same_pixels
from tests.invariants import check_stream
from tui_app.engine.machine import StartMethod, start_methods
from tui_app.engine.spec import LOCAL_EXECUTORS, ExecutorKind, Pool
from tui_app.events import (
    Event,
    Outcome,
    RunFinished,
    RunStarted,
    TaskFailed,
    TaskFinished,
    TaskProgress,
    TaskQueued,
    TaskSkipped,
)
from tui_app.images.errors import PlanError
from tui_app.images.plan import Plan
from tui_app.images.planner import make_plan
from tui_app.images.recipe import Recipe
from tui_app.runs.batch import UNKNOWN_MEGAPIXELS, BatchRun, batch_title
from tui_app.runs.last_batch import LastBatch

RECIPE = Recipe("small", "", blur=2, fit=(40, 40))
SLOW = Recipe("slow", "", blur=200)
"""Whatever its radius, Pillow's blur takes as long: what makes it slow are the pixels."""


def put(folder: Path, *names: str, size: tuple[int, int] = (96, 64)) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        picture(size).save(folder / name)


def a_plan(folder: Path, *, recipe: Recipe = RECIPE, overwrite: bool = False) -> Plan:
    output = str(folder / "out")
    return make_plan(
        [str(folder / "in")], recipe, output=output, recursive=True, overwrite=overwrite
    )


async def run(plan: Plan, pool: Pool | None = None) -> list[Event]:
    async with aclosing(BatchRun(plan, pool or Pool(workers=2)).events()) as events:
        return [event async for event in events]


def ends(events: Sequence[Event], kind: type[TaskFinished | TaskFailed | TaskSkipped]) -> set[str]:
    """The names of the images that ended in that way."""
    labels = {event.task: event.label for event in events if isinstance(event, TaskQueued)}
    return {labels[e.task] for e in events if isinstance(e, kind)}


def last(events: Sequence[Event]) -> RunFinished:
    assert isinstance(events[-1], RunFinished)
    return events[-1]


@pytest.mark.slow
@pytest.mark.parametrize("executor", LOCAL_EXECUTORS)
@pytest.mark.parametrize("method", start_methods())
async def test_images_become_outputs(
    executor: ExecutorKind, method: StartMethod, tmp_path: Path
) -> None:
    put(tmp_path / "in", "a.jpg", "b.png", "deep/c.jpg", "deep/er/d.png")
    before = tree(tmp_path / "in")
    plan = a_plan(tmp_path)
    events = await run(plan, Pool(executor, 2, method))
    check_stream(events)
    started = events[0]
    assert isinstance(started, RunStarted)
    assert (started.kind, started.title) == ("batch", batch_title(plan))
    assert started.weight == pytest.approx(4 * 96 * 64 / 1e6)
    assert last(events).outcome is Outcome.OK
    assert last(events).summary["megapixels"] == pytest.approx(started.weight)
    for name in ("b.png", "deep/er/d.png"):
        with Image.open(tmp_path / "in" / name) as image:
            wanted = image.filter(ImageFilter.GaussianBlur(2))
            wanted.thumbnail((40, 40))
        with Image.open(tmp_path / "out" / name) as image:
            assert same_pixels(image, wanted)
    assert sorted(outputs(tmp_path / "out")) == [
        "a.jpg",
        "b.png",
        "deep",
        "deep/c.jpg",
        "deep/er",
        "deep/er/d.png",
    ]
    assert tree(tmp_path / "in") == before


async def test_the_task_s_number_is_the_image_s_place_in_the_plan(tmp_path: Path) -> None:
    put(tmp_path / "in", "small.png")
    put(tmp_path / "in", "large.png", size=(200, 100))
    plan = a_plan(tmp_path)
    events = await run(plan)
    queued = {event.task: event for event in events if isinstance(event, TaskQueued)}
    assert [queued[n].label for n in (1, 2)] == [item.name for item in plan.items]
    assert [queued[n].label for n in (1, 2)] == ["large.png", "small.png"], "the largest first"
    assert queued[1].weight == pytest.approx(0.02)


async def test_a_bad_image_fails_alone(tmp_path: Path) -> None:
    put(tmp_path / "in", "a.jpg", "b.jpg")
    (tmp_path / "in" / "bad.jpg").write_bytes((tmp_path / "in" / "a.jpg").read_bytes()[:300])
    (tmp_path / "in" / "text.jpg").write_text("no picture")
    events = await run(a_plan(tmp_path))
    check_stream(events)
    assert last(events).outcome is Outcome.FAILED
    assert ends(events, TaskFinished) == {"a.jpg", "b.jpg"}
    assert ends(events, TaskFailed) == {"bad.jpg", "text.jpg"}
    for event in events:
        if isinstance(event, TaskFailed):
            assert event.error == "ImageError"
            assert event.step in ("open", "decode")
            assert event.reason
            assert "\n" not in event.reason
        if isinstance(event, TaskQueued) and event.label == "text.jpg":
            assert event.weight == UNKNOWN_MEGAPIXELS
    assert sorted(outputs(tmp_path / "out")) == ["a.jpg", "b.jpg"]


async def test_failed_ones_are_tried_again_alone(tmp_path: Path) -> None:
    put(tmp_path / "in", "a.png", "b.png")
    whole = (tmp_path / "in" / "b.png").read_bytes()
    (tmp_path / "in" / "b.png").write_bytes(whole[:200])
    plan = a_plan(tmp_path)
    failed = ends(await run(plan), TaskFailed)
    assert failed == {"b.png"}
    (tmp_path / "in" / "b.png").write_bytes(whole)
    events = await run(plan.only(failed))
    check_stream(events)
    assert (last(events).outcome, ends(events, TaskFinished)) == (Outcome.OK, {"b.png"})
    assert last(events).summary["tasks"] == 1


async def test_an_output_that_exists_is_skipped_and_left_alone(tmp_path: Path) -> None:
    put(tmp_path / "in", "a.png", "b.png")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.png").write_text("mine")
    events = await run(a_plan(tmp_path))
    check_stream(events)
    assert ends(events, TaskSkipped) == {"a.png"}
    assert ends(events, TaskFinished) == {"b.png"}
    assert last(events).outcome is Outcome.OK
    assert (tmp_path / "out" / "a.png").read_text() == "mine"
    events = await run(a_plan(tmp_path, overwrite=True))
    assert ends(events, TaskFinished) == {"a.png"}, "what is done already is not made again"
    with Image.open(tmp_path / "out" / "a.png") as image:
        image.load()


async def test_an_output_that_appears_meanwhile_is_left_alone(tmp_path: Path) -> None:
    put(tmp_path / "in", "a.png")
    plan = a_plan(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.png").write_text("mine")
    events = await run(plan)
    assert ends(events, TaskSkipped) == {"a.png"}
    assert outputs(tmp_path / "out") == {"a.png": b"mine"}


@pytest.mark.slow
@pytest.mark.parametrize("executor", LOCAL_EXECUTORS)
async def test_cancelled_on_the_way_nothing_half_written_is_left(
    executor: ExecutorKind, tmp_path: Path
) -> None:
    put(tmp_path / "in", *(f"{number}.png" for number in range(12)), size=(1500, 1000))
    batch = BatchRun(a_plan(tmp_path, recipe=SLOW), Pool(executor, 2))
    events: list[Event] = []
    async with aclosing(batch.events()) as stream:
        async for event in stream:
            events.append(event)
            saving = isinstance(event, TaskProgress) and event.step == "save"
            if saving and any(isinstance(e, TaskFinished) for e in events):
                batch.cancel("by hand")
    check_stream(events, all_tasks=False)
    assert (last(events).outcome, last(events).reason) == (Outcome.CANCELLED, "by hand")
    assert not workers_left()
    finished = ends(events, TaskFinished)
    made = set(outputs(tmp_path / "out"))
    assert finished <= made, "what was said to be done is there"
    assert len(made) < 12
    for name in made:
        with Image.open(tmp_path / "out" / name) as image:
            image.load()


@pytest.mark.slow
async def test_a_reader_that_leaves_finds_nothing_half_written(tmp_path: Path) -> None:
    put(tmp_path / "in", *(f"{number}.png" for number in range(6)), size=(1500, 1000))
    batch = BatchRun(a_plan(tmp_path, recipe=SLOW), Pool(workers=2))
    async with aclosing(batch.events()) as stream:
        async for event in stream:
            if isinstance(event, TaskProgress) and event.step == "save":
                break
    assert not workers_left()
    outputs(tmp_path / "out")


@pytest.mark.parametrize("obstacle", ["out", "out/deep"])
async def test_an_output_folder_that_cannot_be_made_ends_it_before_anything_runs(
    obstacle: str, tmp_path: Path
) -> None:
    put(tmp_path / "in", "a.png", "deep/b.png")
    plan = a_plan(tmp_path)
    (tmp_path / obstacle).parent.mkdir(exist_ok=True)
    (tmp_path / obstacle).write_text("in the way")
    before = tree(tmp_path)
    async with aclosing(BatchRun(plan, Pool(workers=1)).events()) as events:
        with pytest.raises(PlanError, match=f"{tmp_path}/out.* cannot be made"):
            await anext(events)
    assert not workers_left()
    assert tree(tmp_path) == before


async def test_a_plan_without_images_runs_to_its_end(tmp_path: Path) -> None:
    put(tmp_path / "in", "a.png")
    events = await run(a_plan(tmp_path).only(()))
    check_stream(events)
    assert last(events).outcome is Outcome.OK
    assert outputs(tmp_path / "out") == {}


async def test_the_last_batch_is_remembered(tmp_path: Path) -> None:
    put(tmp_path / "in", "a.png")
    assert LastBatch.load() is None
    plan = a_plan(tmp_path)
    events = await run(plan)
    remembered = LastBatch.load()
    assert remembered is not None
    assert remembered.output == plan.output
    told = (remembered.tasks, remembered.ok, remembered.failed, remembered.skipped)
    assert told == (1, 1, 0, 0)
    assert remembered.wall == last(events).summary["wall"]


def test_the_title_shortens_a_long_folder_and_knows_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "in", "a.png")
    plan = a_plan(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert batch_title(plan).startswith("1 image → ~/out   small: blur 2, fit 40x40")
    monkeypatch.setenv("HOME", "/nowhere")
    deep = make_plan([str(tmp_path / "in")], RECIPE, output=str(tmp_path / ("long" * 40)))
    assert "…" in batch_title(deep)
    assert len(batch_title(deep)) < 160


async def test_the_names_of_outputs_are_on_the_disk_before_the_end_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "in", "a.jpg", "deep/b.jpg")
    synced: set[int] = set()
    fsync = os.fsync

    def watched(handle: int) -> None:
        synced.add(os.fstat(handle).st_ino)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    async with aclosing(BatchRun(a_plan(tmp_path), Pool(workers=2)).events()) as events:
        async for event in events:
            if isinstance(event, RunFinished):
                out = tmp_path / "out"
                assert synced == {out.stat().st_ino, (out / "deep").stat().st_ino}
