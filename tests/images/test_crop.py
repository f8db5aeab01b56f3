"""A crop: the middle of the upright image, in a ratio that is right within a pixel."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.images.factories import NOTHING, done, job, picture, psnr, same_pixels
from tui_app.images.codec.headers import Header
from tui_app.images.memory import memory_needed
from tui_app.images.pipeline import process_image
from tui_app.images.recipe import Recipe
from tui_app.images.reduction import cropped_size, output_size, reduction

SQUARE = Recipe("square", "", fit=(320, 320), format="jpeg", crop="1:1")
SIDES = st.integers(1, 9000)


def right_within_a_pixel(size: tuple[int, int], ratio: str) -> bool:
    (width, height), (across, down) = size, map(float, ratio.split(":"))
    return abs(width - height * across / down) <= 1 or abs(height - width * down / across) <= 1


@given(st.tuples(SIDES, SIDES), st.integers(1, 99), st.integers(1, 99))
def test_the_ratio_is_right_within_a_pixel(size: tuple[int, int], across: int, down: int) -> None:
    ratio = f"{across}:{down}"
    found = cropped_size(size, ratio)
    assert right_within_a_pixel(found, ratio)
    # It is the largest: one side stays whole.
    assert found[0] == size[0] or found[1] == size[1]
    assert 1 <= found[0] <= size[0]
    assert 1 <= found[1] <= size[1]


@given(st.tuples(SIDES, SIDES), st.integers(1, 2000))
def test_thumbnails_are_square(size: tuple[int, int], side: int) -> None:
    width, height = output_size(replace(SQUARE, fit=(side, side)), size)
    assert width == height == min(side, *size)


@given(
    st.tuples(st.integers(1, 90), st.integers(1, 90)),
    st.sampled_from(["1:1", "16:9", "2:3", "1.91:1", "50:1"]),
    st.tuples(st.integers(1, 60), st.integers(1, 60)),
)
def test_it_stays_right_when_it_is_fitted(
    size: tuple[int, int], ratio: str, box: tuple[int, int]
) -> None:
    found = output_size(replace(SQUARE, crop=ratio, fit=box), size)
    assert right_within_a_pixel(found, ratio)
    assert found[0] <= box[0]
    assert found[1] <= box[1]


@pytest.mark.parametrize("size", [(96, 64), (64, 96), (97, 64), (64, 64), (5, 4), (1, 9)])
def test_the_middle_is_kept(tmp_path: Path, size: tuple[int, int]) -> None:
    picture(size).save(tmp_path / "a.png")
    recipe = replace(NOTHING, crop="1:1")
    output, notes = done(tmp_path / "a.png", tmp_path / "out" / "a.png", recipe, "PNG")
    side = min(size)
    left, top = (size[0] - side) // 2, (size[1] - side) // 2
    assert same_pixels(output, picture(size).crop((left, top, left + side, top + side)))
    assert notes == []


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("ratio", ["1:1", "3:2", "1:4"])
@pytest.mark.parametrize("blur", [0, 20])
def test_it_is_the_middle_of_the_upright_image_in_every_way(
    tmp_path: Path, orientation: int, ratio: str, blur: float
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture((1203, 905)).save(tmp_path / "a.jpg", exif=exif, quality=95)
    recipe = Recipe("cut", "", blur=blur, fit=(150, 150), crop=ratio, quality=95)
    output, _ = done(tmp_path / "a.jpg", tmp_path / "out" / "a.jpg", recipe, exact=False)
    # First cut, and then as any other image.
    whole = (905, 1203) if orientation > 4 else (1203, 905)
    cut, _ = done(
        tmp_path / "a.jpg", tmp_path / "out" / "b.png", replace(NOTHING, crop=ratio), "PNG"
    )
    assert cut.size == cropped_size(whole, ratio)
    cut.save(tmp_path / "cut.png")
    expected, _ = done(tmp_path / "cut.png", tmp_path / "out" / "c.jpg", replace(recipe, crop=None))
    assert output.size == expected.size
    assert psnr(output, expected) > 40


def test_the_size_of_the_source_is_told(tmp_path: Path) -> None:
    picture((900, 600)).save(tmp_path / "a.jpg")
    result = process_image(job(tmp_path / "a.jpg", tmp_path / "o" / "a", SQUARE), lambda *_: None)
    assert (result["width"], result["height"]) == (900, 600)
    assert (result["out_width"], result["out_height"]) == (320, 320)


def test_the_fast_way_looks_at_what_is_left() -> None:
    recipe = Recipe("cut", "", blur=15, fit=(1200, 1200))
    assert reduction(recipe, (6000, 4000)) == 8
    # Most of such a strip is near an edge.
    assert reduction(replace(recipe, crop="40:1"), (6000, 4000)) == 1


def test_a_frame_is_cut_as_any_image(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:], duration=70)
    output, _ = done(tmp_path / "a.gif", tmp_path / "out" / "a.gif", SQUARE, "GIF")
    assert output.size == (40, 40)
    with Image.open(tmp_path / "out" / "a.gif") as image:
        assert getattr(image, "n_frames", 1) == 3


def test_it_needs_no_more_memory() -> None:
    header = Header(1, 6000, 4000, "RGB", True, "JPEG")
    assert memory_needed(header, "JPEG", SQUARE) <= memory_needed(
        header, "JPEG", replace(SQUARE, crop=None)
    )
