"""A recipe that is lossless loses nothing where its format can, and says so where it cannot."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.images.factories import NOTHING, job, picture
from tui_app.images.pipeline import process_image

LOSSLESS = replace(NOTHING, lossless=True)


def made(source: Path, output: Path, written: str, asked: str = "") -> list[str]:
    recipe = replace(LOSSLESS, format=asked or written.lower(), grayscale=False)
    result = process_image(job(source, output, recipe, written), lambda step, fraction: None)
    notes = result["notes"]
    assert isinstance(notes, list)
    return notes


@pytest.mark.parametrize("written", ["WEBP", "PNG", "TIFF"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_each_pixel_is_kept(written: str, mode: str, tmp_path: Path) -> None:
    image = Image.effect_noise((97, 61), 80).convert("RGB")
    image = Image.merge(
        mode, (*image.split(), *([picture((97, 61), "L")] if mode == "RGBA" else []))
    )
    image.save(tmp_path / "a.png")
    assert made(tmp_path / "a.png", tmp_path / "out" / "a", written) == []
    with Image.open(tmp_path / "out" / "a") as kept:
        pixels = kept.convert("RGBA"), image.convert("RGBA")
        # What nobody sees may have any colour.
        seen = [Image.alpha_composite(Image.new("RGBA", one.size), one) for one in pixels]
        assert seen[0].tobytes() == seen[1].tobytes()


def test_a_tiff_that_is_stored_as_a_jpeg_is_not_stored_so_again(tmp_path: Path) -> None:
    picture().save(tmp_path / "a.tif", compression="jpeg")
    recipe = replace(LOSSLESS, fit=(90, 90))
    process_image(job(tmp_path / "a.tif", tmp_path / "out" / "a", recipe, "TIFF"), lambda *_: None)
    with Image.open(tmp_path / "out" / "a") as made:
        assert made.info["compression"] == "tiff_adobe_deflate"


def test_of_a_format_that_always_loses_a_note_tells(tmp_path: Path) -> None:
    picture((400, 300)).save(tmp_path / "a.jpg", quality=95)
    for lossless, said in ((True, ["JPEG cannot be stored without loss"]), (False, [])):
        recipe = replace(NOTHING, fit=(200, 200), lossless=lossless)
        task = job(tmp_path / "a.jpg", tmp_path / f"out-{lossless}" / "a", recipe, "JPEG")
        assert process_image(task, lambda *_: None)["notes"] == said
    sizes = [(tmp_path / f"out-{one}" / "a").stat().st_size for one in (True, False)]
    assert sizes[0] > 1.5 * sizes[1], "little is lost"
