from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color

from tui_app.images.thumbnail import Thumbnail
from tui_app.widgets.picture_view import half_blocks


def colour(pixels: bytes, at: int) -> Color:
    return Color.from_rgb(*pixels[3 * at : 3 * at + 3])


@given(st.integers(1, 7), st.integers(1, 7), st.data())
def test_each_cell_has_two_pixels_one_above_the_other(
    width: int, height: int, data: st.DataObject
) -> None:
    pixels = data.draw(st.binary(min_size=3 * width * height, max_size=3 * width * height))
    lines = half_blocks(Thumbnail(width, height, pixels, (width, height), 1))
    assert len(lines) == (height + 1) // 2
    for row, line in enumerate(lines):
        assert line.cell_length == width
        assert line.text == "▀" * width
        for column, segment in enumerate(line):
            assert segment.style is not None
            assert segment.style.color == colour(pixels, 2 * row * width + column)
            lower = (2 * row + 1) * width + column
            below = colour(pixels, lower) if 2 * row + 1 < height else None
            assert segment.style.bgcolor == below
