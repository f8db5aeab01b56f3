"""Every image that Pillow opens, as the README's table says: one row of `collection.py` each."""

import re
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.images.collection import INSIDE, ODD_IMAGES, OddImage
from tests.images.factories import COPIED, NOTHING, jobs, output_of, same_pixels
from tui_app.images.errors import ImageError
from tui_app.images.output.hidden import HIDDEN
from tui_app.images.pipeline import process_image
from tui_app.images.planner import make_plan
from tui_app.images.recipe import Recipe

SMALL = Recipe("small", "", blur=2, fit=(20, 20), sharpen=50)
CLOSE = 14
"""How far a pixel may lie from what it should be: JPEG, AVIF and DXT lose that much."""


def processed(odd: OddImage, folder: Path, recipe: Recipe) -> tuple[Image.Image, list[str]]:
    """The loaded output of an odd image, and what was said of it."""
    source = folder / odd.name
    source.write_bytes(odd.encoded())
    plan = make_plan([str(source)], recipe, output=str(folder / "out"))
    with jobs(plan) as ((_, job),):
        try:
            result = process_image(job, lambda step, fraction: None)
        finally:
            assert list((folder / "out" / HIDDEN).iterdir()) == []
    with Image.open(output_of(job)) as image:
        image.load()
    # Of what is copied, it is told how it is seen.
    across = orientation(image) > 4
    seen = image.size[::-1] if across else image.size
    assert seen == (result["out_width"], result["out_height"])
    notes = result["notes"]
    assert isinstance(notes, list)
    return image, notes


@pytest.mark.parametrize("odd", [odd for odd in ODD_IMAGES if odd.format], ids=lambda odd: odd.name)
def test_what_becomes_of_it(tmp_path: Path, odd: OddImage) -> None:
    output, notes = processed(odd, tmp_path, NOTHING)
    # Whatever a GIF is made from, it has a palette.
    mode = "RGB" if output.format == "GIF" else output.mode
    assert (output.format, mode, output.size) == (odd.format, odd.mode, odd.size)
    shown = output
    if output.mode == "P":
        shown = output.convert("RGBA" if output.has_transparency_data else "RGB")
    assert tuple(notes) == odd.notes
    for place, expected in zip(INSIDE, odd.shows, strict=False):
        pixel = shown.getpixel(place)
        found = pixel if isinstance(pixel, tuple) else (pixel,)
        assert found == pytest.approx(expected, abs=CLOSE), place


@pytest.mark.parametrize("odd", [odd for odd in ODD_IMAGES if odd.format], ids=lambda odd: odd.name)
def test_what_is_copied_shows_the_same(tmp_path: Path, odd: OddImage) -> None:
    output, notes = processed(odd, tmp_path, COPIED)
    assert output.format == odd.format
    if "its pixels were encoded anew" in notes:
        return
    assert output.format in ("JPEG", "PNG", "WEBP")
    with Image.open(BytesIO(odd.encoded())) as source:
        source.load()
        assert same_pixels(output, source)
        assert orientation(output) == orientation(source)


def orientation(image: Image.Image) -> int:
    """How an image is to be turned upright, as Pillow's `exif_transpose` does it."""
    told = int(image.getexif().get(0x0112, 1))
    return told if told in range(2, 9) else 1


@pytest.mark.parametrize("odd", [odd for odd in ODD_IMAGES if odd.format], ids=lambda odd: odd.name)
def test_it_can_be_blurred_and_shrunk(tmp_path: Path, odd: OddImage) -> None:
    output, _ = processed(odd, tmp_path, SMALL)
    assert max(output.size) == min(20, max(odd.size))
    assert min(output.size) >= 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "odd", [odd for odd in ODD_IMAGES if odd.failure], ids=lambda odd: odd.name
)
def test_why_it_fails(tmp_path: Path, odd: OddImage) -> None:
    for recipe in (NOTHING, COPIED):
        with pytest.raises(ImageError) as caught:
            processed(odd, tmp_path, recipe)
        assert re.fullmatch(odd.failure, str(caught.value)), caught.value


@pytest.mark.slow
@pytest.mark.as_pinned("pillow")
def test_every_format_that_pillow_opens_is_in_the_collection() -> None:
    Image.init()
    found = set()
    for odd in ODD_IMAGES:
        with suppress(Exception), Image.open(BytesIO(odd.encoded())) as image:
            found.add((image.format or "").upper())
    assert set(Image.OPEN) <= found | {"HEIF"}
