from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui_app.runs.formatting import safe
from tui_app.widgets.base.name_column import (
    LEAST_CELLS,
    SHARE,
    fitted_name,
    longest_name,
    name_cells,
)

names = st.lists(st.text(alphabet=st.characters(codec="ascii"), max_size=40), max_size=6)


@given(names, st.integers(1, 200))
def test_names_are_whole_where_there_is_room_and_always_aligned(
    names: list[str], width: int
) -> None:
    cells = name_cells(longest_name(names), width)
    assert LEAST_CELLS <= cells <= max(LEAST_CELLS, width // SHARE)
    for name in names:
        column = fitted_name(name, cells)
        assert cell_len(column) == cells
        assert column.rstrip() == safe(name).rstrip() or len(safe(name)) > cells


def test_of_a_long_name_both_ends_are_seen() -> None:
    assert fitted_name("Consumer of queue 12", 10) == "Consu…e 12"
    assert fitted_name("Consumer of queue 12", name_cells(20, 100)) == "Consumer of queue 12"
