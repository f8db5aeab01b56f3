"""What `sharpen` does to each pixel."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from tests.images.factories import picture, psnr
from tui_app.images.sharpening import AS_UNSHARP_MASK, sharpened

sizes = st.tuples(st.integers(1, 9), st.integers(1, 9))


def by_hand(image: Image.Image, percent: int, x: int, y: int) -> float:
    """A pixel's value without any rounding; beyond the border the outermost pixel is repeated."""
    width, height = image.size

    def at(i: int, j: int) -> int:
        value = image.getpixel((min(max(i, 0), width - 1), min(max(j, 0), height - 1)))
        assert isinstance(value, int)
        return value

    weights = {-1: 0.25, 0: 0.5, 1: 0.25}
    soft = sum(a * b * at(x + i, y + j) for i, a in weights.items() for j, b in weights.items())
    return soft + (1 + AS_UNSHARP_MASK * percent / 100) * (at(x, y) - soft)


@given(size=sizes, percent=st.integers(0, 200), data=st.data())
def test_each_pixel_is_what_the_formula_says(
    size: tuple[int, int], percent: int, data: st.DataObject
) -> None:
    pixels = size[0] * size[1]
    image = Image.frombytes("L", size, data.draw(st.binary(min_size=pixels, max_size=pixels)))
    result = sharpened(image, percent)
    # Each of four blends cuts less than one level off, and the last one enlarges that.
    allowed = 4 * (1 + AS_UNSHARP_MASK * percent / 100)
    for x in range(size[0]):
        for y in range(size[1]):
            wanted = min(255.0, max(0.0, by_hand(image, percent, x, y)))
            found = result.getpixel((x, y))
            assert isinstance(found, int)
            assert abs(found - wanted) <= allowed


@given(size=sizes, value=st.integers(0, 255), percent=st.integers(0, 500))
def test_what_is_flat_stays_so(size: tuple[int, int], value: int, percent: int) -> None:
    image = Image.new("RGB", size, (value, 0, 255 - value))
    assert sharpened(image, percent).tobytes() == image.tobytes()


def test_nothing_is_wrapped_around_the_border() -> None:
    image = Image.new("L", (8, 8), 0)
    image.paste(255, (0, 0, 4, 8))
    result = sharpened(image, 100)
    assert result.getpixel((7, 4)) == 0
    assert result.getpixel((0, 4)) == 255


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "CMYK"])
def test_every_working_mode_is_sharpened(mode: str) -> None:
    image = picture((60, 40)).convert(mode)
    result = sharpened(image, 80)
    assert (result.mode, result.size) == (mode, image.size)
    assert result.tobytes() != image.tobytes()


@pytest.mark.parametrize(
    "smooth", [lambda image: image.resize((300, 200)), lambda image: image.reduce(2)]
)
def test_it_is_close_to_an_unsharp_mask(smooth: Callable[[Image.Image], Image.Image]) -> None:
    image = smooth(picture((900, 600)))
    mask = image.filter(ImageFilter.UnsharpMask(1, 60, 2))
    assert psnr(sharpened(image, 60), mask) > 40
