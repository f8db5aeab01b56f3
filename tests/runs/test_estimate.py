"""The estimate of a plan: what a few outputs tell of all."""

import math
import random
import tempfile
from pathlib import Path

import pytest
from PIL import Image

from tests.images.factories import TUTORIAL
from tui_app.engine.spec import ExecutorKind, Pool
from tui_app.images.plan import Item, Items, Plan, Standing
from tui_app.images.planner import make_plan
from tui_app.images.recipe import Recipe
from tui_app.runs.estimate import SAMPLE, EstimateRun, estimated, sample_of

WEB = Recipe("web", "", fit=(64, 64), format="webp", quality=80)


def of(*sizes: tuple[int, int, int]) -> Plan:
    """A plan of images of these widths, heights and bytes."""
    items = Items(
        Item("/in", f"{n}.jpg", "", "JPEG", width, height, size)
        for n, (width, height, size) in enumerate(sizes)
    )
    return Plan("/out", Recipe("r", ""), False, False, items, 0, ())


def test_the_sample_is_of_large_and_small_ones_and_never_of_what_cannot_be_read() -> None:
    plan = of(*((1000 - n, 10, 100) for n in range(400)), *((0, 0, 5) for _ in range(400)))
    sample = sample_of(plan)
    assert len(sample) == SAMPLE
    widths = [item.width for item in sample]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 980
    assert 601 <= widths[-1] < 620
    assert len(set(widths)) == SAMPLE
    assert len(sample_of(of((9, 9, 9), (8, 8, 8)))) == 2
    assert sample_of(of()) == sample_of(of((0, 0, 7))) == []


def test_of_all_outputs_it_is_their_sum() -> None:
    plan = of((9, 9, 900), (8, 8, 800))
    made = [(plan.items[0], 90), (plan.items[1], 70)]
    guess = estimated(plan, made)
    assert guess is not None
    assert (guess.likely, guess.low, guess.high, guess.sources) == (160, 160, 160, 1700)
    assert str(guess) == "160 bytes of output from 1.7 kB, by 2 of 2 images"
    assert estimated(plan, []) is None


def test_where_outputs_are_a_share_of_their_sources_it_is_exact() -> None:
    sizes = [(random.Random(n).randint(100, 900), 100, 1000 * n) for n in range(1, 101)]
    plan = of(*sizes)
    guess = estimated(plan, [(item, item.bytes // 10) for item in sample_of(plan)])
    assert guess is not None
    whole = sum(size for _width, _height, size in sizes) / 10
    assert abs(guess.likely - whole) <= 1
    assert guess.high - guess.low <= 0.001 * whole


def test_the_truth_is_within_the_spread_nineteen_times_in_twenty() -> None:
    within = 0
    for seed in range(200):
        rng = random.Random(seed)
        plan = of(*((rng.randint(500, 4000), 3000, rng.randint(10**6, 10**7)) for _ in range(300)))
        outputs = {item.name: item.bytes * 0.1 * math.exp(rng.gauss(0, 0.4)) for item in plan.items}
        guess = estimated(plan, [(item, int(outputs[item.name])) for item in sample_of(plan)])
        assert guess is not None
        assert guess.low <= guess.likely <= guess.high
        within += guess.low <= sum(outputs.values()) <= guess.high
    assert within >= 180, within


def photos(folder: Path, number: int) -> Path:
    folder.mkdir()
    for n in range(number):
        image = Image.effect_noise((90 + n, 80), 10 + n).convert("RGB")
        image.save(folder / f"{n:02}.jpg", quality=90)
    return folder


async def run(plan: Plan) -> EstimateRun:
    estimate = EstimateRun(plan, Pool(ExecutorKind.SEQUENTIAL))
    async for _event in estimate.events():
        pass
    return estimate


@pytest.mark.slow
async def test_a_sample_is_made_for_real_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = photos(tmp_path / "in", 30)
    (tmp_path / "t").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "t"))
    plan = make_plan([str(source)], WEB, output=str(tmp_path / "out"))
    before = sorted(path.name for path in source.iterdir())
    guess = (await run(plan)).estimate
    assert guess is not None
    assert (guess.sample, guess.images) == (SAMPLE, 30)
    assert sorted(path.name for path in source.iterdir()) == before
    assert not (tmp_path / "out").exists()
    assert list((tmp_path / "t").iterdir()) == []
    # All of them: what they come to is known.
    some = make_plan([str(source / f"{n:02}.jpg") for n in range(5)], WEB, output=plan.output)
    whole = (await run(some)).estimate
    assert whole is not None
    assert whole.likely == whole.low == whole.high


@pytest.mark.slow
async def test_what_fails_is_no_part_of_it(
    tmp_path: Path,
) -> None:
    source = photos(tmp_path / "in", 3)
    whole = (source / "00.jpg").read_bytes()
    (source / "00.jpg").write_bytes(whole[: len(whole) // 2])
    plan = make_plan([str(source)], TUTORIAL, output=str(tmp_path / "out"))
    guess = (await run(plan)).estimate
    assert guess is not None
    assert (guess.sample, guess.images) == (2, 3)
    (source / "01.jpg").unlink()
    (source / "02.jpg").unlink()
    alone = make_plan([str(source)], TUTORIAL, output=str(tmp_path / "out"))
    assert (await run(alone)).estimate is None


def test_images_that_are_done_are_left_out() -> None:
    items = Items(
        Item("/in", f"{n}.jpg", "", "JPEG", 9, 9, 99, standing=standing)
        for n, standing in enumerate((Standing.DONE, Standing.NOTHING))
    )
    plan = Plan("/out", TUTORIAL, False, False, items, 0, ())
    assert [item.name for item in sample_of(plan)] == ["1.jpg"]
