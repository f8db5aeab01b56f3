"""`--min-savings`: what is hardly smaller is not worth another encoding."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.images.factories import NOTHING, TUTORIAL, job, output_of, picture
from tui_app.images.output.resume import recipe_mark
from tui_app.images.pipeline import process_image
from tui_app.images.plan import Items, Plan
from tui_app.images.recipe import Metadata, Recipe

AGAIN = replace(NOTHING, quality=85)
"""Encodes anew, and does nothing else."""

PLACE = 0x8825


def photo(path: Path, *, private: bool = False, orientation: int = 1, quality: int = 85) -> Path:
    exif = Image.Exif()
    exif[0x0112] = orientation
    if private:
        exif.get_ifd(PLACE)[1] = "N"
        exif.get_ifd(PLACE)[2] = (52.0, 31.0, 7.0)
    Image.effect_noise((240, 160), 40).convert("RGB").save(path, quality=quality, exif=exif)
    return path


def made(
    source: Path, recipe: Recipe, least: float | None, written: str = "JPEG"
) -> tuple[bytes, str, int]:
    """The output's bytes, what is said of it, and the bytes that are reported."""
    output = source.parent / f"out-{len(list(source.parent.iterdir()))}" / source.name
    task = replace(
        job(source, output, recipe, written),
        min_savings=least,
    )
    result = process_image(task, lambda step, fraction: None)
    notes = result["notes"]
    assert isinstance(notes, list)
    size = result["bytes_out"]
    assert isinstance(size, int)
    return output_of(task).read_bytes(), "; ".join(notes), size


def test_what_is_hardly_smaller_keeps_its_source_s_bytes_and_says_so(tmp_path: Path) -> None:
    source = photo(tmp_path / "a.jpg")
    data, said, size = made(source, AGAIN, 0.05)
    assert data == source.read_bytes()
    assert size == len(data)
    assert said.startswith("its source's bytes were kept: anew it would save ")
    anew, said, _size = made(source, AGAIN, None)
    assert (anew != source.read_bytes(), said) == (True, "")


def test_what_saves_enough_is_encoded_anew(tmp_path: Path) -> None:
    source = photo(tmp_path / "a.jpg", quality=98)
    data, said, size = made(source, AGAIN, 0.05)
    assert (size < 0.95 * source.stat().st_size, said) == (True, "")
    assert data == made(source, AGAIN, None)[0]


@pytest.mark.parametrize("format_", ["PNG", "WEBP", "TIFF", "GIF"])
def test_other_formats_keep_theirs_too(format_: str, tmp_path: Path) -> None:
    source = tmp_path / f"a.{format_.lower()}"
    picture().save(source, format_)
    data, _said, _size = made(source, AGAIN, 0.99, format_)
    assert data == source.read_bytes()


@pytest.mark.parametrize("policy", [Metadata.PRIVATE, Metadata.STRIP])
def test_privacy_wins_over_savings(policy: Metadata, tmp_path: Path) -> None:
    source = photo(tmp_path / "a.jpg", private=True)
    data, said, size = made(source, replace(AGAIN, metadata=policy), 0.05)
    assert "its coded pixels were kept, and metadata removed" in said
    assert size == len(data) < source.stat().st_size
    with Image.open(source) as before, Image.open(output_of_bytes(tmp_path, data)) as after:
        assert PLACE in before.getexif()
        assert PLACE not in after.getexif()
        assert before.tobytes() == after.tobytes()


def output_of_bytes(folder: Path, data: bytes) -> Path:
    (folder / "made").write_bytes(data)
    return folder / "made"


def test_where_metadata_cannot_be_taken_out_of_the_coded_file_it_is_encoded_anew(
    tmp_path: Path,
) -> None:
    source = tmp_path / "a.tif"
    picture().save(source, compression="tiff_lzw", description="by A. Person")
    data, said, _size = made(source, replace(AGAIN, metadata=Metadata.STRIP), 0.99, "TIFF")
    assert "metadata had to be removed, though" in said
    assert b"A. Person" not in data


@pytest.mark.parametrize(
    "change",
    [
        {"grayscale": True},
        {"blur": 0.5},
        {"fit": (200, 200)},
        {"crop": "1:1"},
        {"sharpen": 10},
    ],
)
def test_a_step_on_the_pixels_is_never_left_out(change: dict[str, object], tmp_path: Path) -> None:
    source = photo(tmp_path / "a.jpg")
    recipe = replace(AGAIN, **change)  # type: ignore[arg-type]
    data, said, _size = made(source, recipe, 0.99)
    assert (data, said) == (made(source, recipe, None)[0], "")


def test_a_box_that_is_large_enough_is_no_step(tmp_path: Path) -> None:
    source = photo(tmp_path / "a.jpg")
    assert made(source, replace(AGAIN, fit=(240, 160)), 0.99)[0] == source.read_bytes()


def test_another_format_and_a_turn_that_is_asked_for_are_made(tmp_path: Path) -> None:
    source = photo(tmp_path / "a.jpg", orientation=6)
    assert made(source, AGAIN, 0.99)[0] == source.read_bytes()
    data = made(source, replace(AGAIN, upright=True), 0.99)[0]
    with Image.open(output_of_bytes(tmp_path, data)) as turned:
        assert turned.size == (160, 240)
    assert made(source, replace(AGAIN, format="webp"), 0.99, "WEBP")[0][:4] == b"RIFF"


def test_an_animation_is_kept_whole_or_as_its_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")]
    source = tmp_path / "a.webp"
    frames[0].save(source, save_all=True, append_images=frames[1:], duration=100)
    data, said, _size = made(source, AGAIN, 0.99, "WEBP")
    assert data == source.read_bytes()
    assert "source's bytes were kept" in said
    assert made(source, replace(AGAIN, frames="first"), 0.99, "WEBP")[0] != source.read_bytes()


def test_outputs_are_made_again_where_another_share_is_asked_for() -> None:
    def mark(recipe: Recipe, least: float | None) -> str:
        plan = Plan("/out", recipe, False, False, Items(), 0, (), min_savings=least)
        return recipe_mark(plan, "JPEG")

    assert len({mark(TUTORIAL, least) for least in (None, 0.0, 0.05)}) == 3
