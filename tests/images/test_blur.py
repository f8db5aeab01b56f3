"""The blur of a reduced image: its boxes spread what they are to spread."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from tests.images.factories import picture, psnr
from tui_app.images.blur import WIDEST, box_radius, fitted, smoothed
from tui_app.images.reduction import SMOOTH


@given(st.floats(0.01, 400))
def test_a_box_has_the_variance_that_it_is_asked_for(variance: float) -> None:
    radius = box_radius(variance)

    whole = int(radius)
    part = radius - whole
    squares = 2 * sum(x * x for x in range(1, whole + 1)) + 2 * part * (whole + 1) ** 2
    assert squares / (2 * radius + 1) == pytest.approx(variance, rel=1e-6)


@pytest.mark.parametrize("by", [2, 4, 8])
@pytest.mark.parametrize("radius", [SMOOTH, 2.4, 2.99, WIDEST, 5.0])
def test_a_reduced_image_is_blurred_and_enlarged_to_what_the_whole_one_gives(
    by: int, radius: float
) -> None:
    whole = picture((960, 640))
    size = (800, 533)
    reduced = whole.reduce(by)

    expected = whole.filter(ImageFilter.GaussianBlur(radius * by)).resize(size)
    blurred = smoothed(reduced, size, radius, by)
    found = fitted(blurred, size, (0, 0, *reduced.size), radius, by)

    assert psnr(expected, found) >= 45


def test_what_was_not_reduced_is_blurred_and_fitted_as_pillow_does() -> None:
    whole = picture((640, 480))

    blurred = smoothed(whole, (320, 240), 2.0, 1)
    found = fitted(blurred, (320, 240), (0, 0, 640, 480), 2.0, 1)

    expected = whole.filter(ImageFilter.GaussianBlur(2.0))
    assert blurred.tobytes() == expected.tobytes()
    expected.thumbnail((320, 240), Image.Resampling.BICUBIC)
    assert found.tobytes() == expected.tobytes()
