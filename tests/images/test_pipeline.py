import hashlib
import json
import os
import pickle
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from tests.images.factories import NOTHING, TUTORIAL, done, job, picture, same_pixels
from tui_app.images.errors import ImageError
from tui_app.images.pipeline import process_image
from tui_app.images.recipe import Recipe
from tui_app.images.sharpening import sharpened


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("size", [(1700, 1300), (6000, 90), (60, 50)], ids=str)
def test_the_tutorials_pixels_exactly(tmp_path: Path, mode: str, size: tuple[int, int]) -> None:
    source = tmp_path / "a.jpg"
    picture(size, mode).save(source, quality=92)
    with Image.open(source) as image:
        expected: Image.Image = image.filter(ImageFilter.GaussianBlur(15))
    expected.thumbnail((1200, 1200))
    expected.save(tmp_path / "expected.jpg")

    output, notes = done(source, tmp_path / "out" / "a.jpg", TUTORIAL)
    with Image.open(tmp_path / "expected.jpg") as written:
        assert same_pixels(output, written)
    assert output.getpixel((0, 0)) != output.getpixel((output.width - 1, output.height - 1))
    assert notes == []


def test_a_photograph_is_never_enlarged(tmp_path: Path) -> None:
    picture((30, 20)).save(tmp_path / "a.png")
    recipe = replace(NOTHING, fit=(300, 300))
    output, _ = done(tmp_path / "a.png", tmp_path / "out" / "a.png", recipe, "PNG")
    assert same_pixels(output, picture((30, 20)))


def test_the_order_of_the_steps(tmp_path: Path) -> None:
    picture((300, 200)).save(tmp_path / "a.png")
    recipe = Recipe("all", "", blur=2, fit=(100, 100), grayscale=True, sharpen=80)
    output, _ = done(tmp_path / "a.png", tmp_path / "out" / "a.png", recipe, "PNG")
    expected = picture((300, 200)).convert("L").filter(ImageFilter.GaussianBlur(2))
    expected.thumbnail((100, 100))
    assert same_pixels(output, sharpened(expected, 80))


@pytest.mark.parametrize(
    ("recipe", "steps"),
    [
        (NOTHING, ["open", "decode", "save"]),
        (TUTORIAL, ["open", "decode", "blur", "fit", "save"]),
        (
            Recipe("all", "", 2, (9, 9), True, 50),
            ["open", "decode", "grayscale", "blur", "fit", "sharpen", "save"],
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Recipe) else "",
)
def test_each_step_is_told_as_it_begins(tmp_path: Path, recipe: Recipe, steps: list[str]) -> None:
    picture().save(tmp_path / "a.jpg")
    told: list[tuple[str, float]] = []
    process_image(
        job(tmp_path / "a.jpg", tmp_path / "out" / "a.jpg", recipe),
        lambda step, fraction: told.append((step, fraction)),
    )
    assert [step for step, _ in told] == steps
    fractions = [fraction for _, fraction in told]
    assert fractions[0] == 0
    assert all(one <= other for one, other in pairwise(fractions))
    assert fractions[-1] < 1
    if recipe is TUTORIAL:
        assert dict(told)["fit"] - dict(told)["blur"] == pytest.approx(0.74)


def test_what_is_returned_is_the_truth_and_json(tmp_path: Path) -> None:
    source, target = tmp_path / "a.jpg", tmp_path / "out" / "a.jpg"
    picture((300, 200)).save(source)
    recipe = replace(NOTHING, fit=(150, 150))
    result = process_image(job(source, target, recipe), lambda step, fraction: None)
    assert result == {
        "width": 300,
        "height": 200,
        "out_width": 150,
        "out_height": 100,
        "megapixels": 0.06,
        "reduction": 1,
        "bytes_in": source.stat().st_size,
        "bytes_out": target.stat().st_size,
        "notes": [],
    }
    assert json.loads(json.dumps(result)) == result


def test_the_source_is_never_changed_and_dates_are_kept_on_request(tmp_path: Path) -> None:
    source = tmp_path / "a.jpg"
    picture().save(source)
    os.utime(source, ns=(1_600_000_000_000_000_001, 1_500_000_000_000_000_002))
    before = hashlib.sha256(source.read_bytes()).hexdigest()
    os.utime(source, ns=(1_600_000_000_000_000_001, 1_500_000_000_000_000_002))
    ignored = process_image(job(source, tmp_path / "o" / "now.jpg"), lambda *told: None)
    process_image(job(source, tmp_path / "o" / "then.jpg", keep_dates=True), lambda *told: None)
    assert ignored["bytes_in"] == source.stat().st_size
    assert hashlib.sha256(source.read_bytes()).hexdigest() == before
    assert source.stat().st_mtime_ns == 1_500_000_000_000_000_002
    assert (tmp_path / "o" / "then.jpg").stat().st_mtime_ns == 1_500_000_000_000_000_002
    assert (tmp_path / "o" / "now.jpg").stat().st_mtime_ns > 1_600_000_000_000_000_000


@pytest.mark.parametrize("written", ["JPEG", "WEBP", "AVIF"])
def test_quality_is_used_where_it_means_something(tmp_path: Path, written: str) -> None:
    picture((200, 200)).save(tmp_path / "a.png")
    sizes = []
    for quality in (5, 95):
        target = tmp_path / "out" / f"{quality}"
        done(tmp_path / "a.png", target, replace(NOTHING, quality=quality), written)
        sizes.append(target.stat().st_size)
    assert sizes[0] < sizes[1]


def test_quality_is_no_obstacle_where_nothing_is_lost(tmp_path: Path) -> None:
    picture().save(tmp_path / "a.png")
    for written in ("PNG", "TIFF", "BMP", "GIF"):
        done(tmp_path / "a.png", tmp_path / "out" / written, replace(NOTHING, quality=5), written)


def test_an_output_that_stands_there_stays_unless_it_is_to_be_overwritten(tmp_path: Path) -> None:
    source, target = tmp_path / "a.jpg", tmp_path / "out" / "a.jpg"
    picture().save(source)
    given = job(source, target)
    target.write_bytes(b"theirs")
    with pytest.raises(ImageError, match="appeared meanwhile"):
        process_image(given, lambda step, fraction: None)
    assert target.read_bytes() == b"theirs"
    meant = replace(given, overwrite=True)
    process_image(meant, lambda step, fraction: None)
    with Image.open(target) as image:
        assert image.size == (96, 64)


def test_jobs_and_errors_travel_between_processes(tmp_path: Path) -> None:
    given = job(tmp_path / "a.jpg", tmp_path / "out" / "a.jpg", TUTORIAL)
    assert pickle.loads(pickle.dumps(given)) == given
    error = pickle.loads(pickle.dumps(ImageError("the file is empty")))
    assert (type(error), str(error)) == (ImageError, "the file is empty")
