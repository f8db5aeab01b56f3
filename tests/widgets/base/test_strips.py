from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from tui_app.runs.formatting import safe
from tui_app.widgets.base.strips import bar, fitted, strip

TEXT = st.text(max_size=60).map(safe)


@given(st.lists(TEXT, max_size=5), st.integers(2, 120), st.integers(0, 80))
def test_a_line_has_exactly_its_width(texts: list[str], width: int, skip: int) -> None:
    line = strip([(text, Style()) for text in texts], width, Style(), skip=skip)
    assert line.cell_length == width
    assert cell_len(line.text) == width


@given(TEXT, st.integers(1, 60), st.booleans())
def test_a_cell_has_exactly_its_width(text: str, width: int, right: bool) -> None:
    assert cell_len(fitted(text, width, right=right)) == width


@given(st.floats(-1, 2), st.integers(0, 50))
def test_a_bar_has_exactly_its_width(fraction: float, width: int) -> None:
    done, rest = bar(fraction, width)
    assert len(done + rest) == width
