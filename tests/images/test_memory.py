from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.images.codec.formats import FORMATS
from tui_app.images.codec.headers import Header
from tui_app.images.memory import WORKER_BYTES, memory_needed
from tui_app.images.recipe import Recipe
from tui_app.images.recipe_files import load_recipe

BLURRED = Recipe("blurred", "", blur=15, fit=(1200, 1200))
SHRUNK = Recipe("shrunk", "", fit=(1200, 1200))
WHOLE = Recipe("whole", "")


def header(mode: str = "RGB", written: str = "JPEG", *, opaque: bool = True) -> Header:
    return Header(1, 6000, 4000, mode, opaque, written)


MEASURED = [
    # Bytes a pixel at the peak of a worker, by Pillow 13.
    (header("RGB", "JPEG"), "JPEG", BLURRED, True, 12.0),
    (header("RGB", "JPEG"), "JPEG", SHRUNK, True, 5.6),
    (header("L", "JPEG"), "JPEG", BLURRED, True, 3.0),
    (header("CMYK", "JPEG"), "JPEG", BLURRED, True, 12.0),
    (header("RGB", "PNG"), "PNG", BLURRED, False, 8.1),
    (header("RGBA", "PNG", opaque=False), "PNG", BLURRED, True, 16.0),
    (header("RGBA", "PNG", opaque=False), "PNG", BLURRED, False, 12.1),
    (header("LA", "PNG", opaque=False), "PNG", SHRUNK, True, 9.6),
    (header("I;16", "PNG"), "PNG", SHRUNK, True, 11.0),
    (header("F", "TIFF"), "TIFF", SHRUNK, True, 12.2),
    (header("RGB", "WEBP"), "WEBP", BLURRED, True, 16.1),
    (header("RGBA", "WEBP", opaque=False), "WEBP", WHOLE, True, 35.1),
    (header("RGB", "JPEG"), "AVIF", WHOLE, True, 31.1),
    (header("RGBA", "PNG", opaque=False), "JPEG2000", WHOLE, True, 52.8),
    (header("RGB", "JPEG2000"), "JPEG", SHRUNK, True, 19.4),
]


@pytest.mark.parametrize(("found", "written", "recipe", "exact", "peak"), MEASURED)
def test_no_image_needs_more_than_is_reckoned_with(
    found: Header, written: str, recipe: Recipe, exact: bool, peak: float
) -> None:
    reckoned = memory_needed(found, written, replace(recipe, exact=exact)) - WORKER_BYTES
    assert peak <= reckoned / 24e6 + 0.2
    assert reckoned / 24e6 <= 1.7 * peak


@given(st.sampled_from(sorted(FORMATS)), st.booleans(), st.booleans())
def test_what_is_transparent_needs_no_less(written: str, exact: bool, grey: bool) -> None:
    mode = "L" if grey else "RGB"
    recipe = replace(BLURRED, exact=exact)
    opaque = memory_needed(header(mode), written, recipe)
    assert memory_needed(header(mode, opaque=False), written, recipe) >= opaque


def test_a_copy_needs_the_file_twice_besides_its_pixels() -> None:
    small, large = (replace(header(), bytes=size) for size in (20_000_000, 70_000_000))
    one, other = (memory_needed(found, "JPEG", WHOLE) for found in (small, large))
    assert other - one == pytest.approx(100_000_000, abs=10)
    # A file that is mostly nothing is not read to its end.
    hole = replace(header(), bytes=10**15)
    assert memory_needed(hole, "JPEG", WHOLE) < 2e9


def test_of_an_unread_header_nothing_is_known() -> None:
    assert memory_needed(Header(9), "JPEG", load_recipe("web")) == 0


def test_an_animation_needs_what_its_frames_take_encoded() -> None:
    still = Header(1, 1000, 1000, "P", True, "GIF")
    small, large, endless = (replace(still, frames=count) for count in (2, 200, 10**9))
    needs = [memory_needed(found, "GIF", SHRUNK) for found in (still, small, large, endless)]
    assert needs == sorted(set(needs))
    # More than a gigabyte of frames is not written.
    assert needs[-1] < 2.5e9
    assert memory_needed(large, "JPEG", SHRUNK) == memory_needed(still, "JPEG", SHRUNK)
    first = replace(SHRUNK, frames="first")
    assert memory_needed(large, "GIF", first) == memory_needed(still, "GIF", first)
