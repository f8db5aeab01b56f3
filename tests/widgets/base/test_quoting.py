from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from tui_app.widgets.base.quoting import chosen_lines, quoted, wrapped

HEIGHTS = st.lists(st.integers(1, 3), min_size=1, max_size=40)


@given(HEIGHTS, st.lists(st.integers(1, 40), max_size=6), st.integers(1, 60))
def test_what_is_chosen_fits_and_begins_with_what_counts(
    heights: list[int], wanted: list[int], rows: int
) -> None:
    lines = chosen_lines(heights, wanted, rows)
    assert lines == sorted(set(lines))
    assert lines
    taken = sum(heights[line - 1] for line in lines)
    assert taken <= rows or len(lines) == 1
    if sum(heights) <= rows:
        assert len(lines) == len(heights)
    there = list(dict.fromkeys(line for line in wanted if line <= len(heights)))
    if sum(heights[line - 1] for line in there) <= rows:
        assert set(there) <= set(lines)


def test_of_what_does_not_fit_the_neighbours_come_nearest_first() -> None:
    assert chosen_lines([1] * 20, [10], 3) == [9, 10, 11]
    assert chosen_lines([1] * 20, [10, 2], 2) == [2, 10]
    assert chosen_lines([1] * 20, [10, 2], 4) == [1, 2, 3, 10] or chosen_lines(
        [1] * 20, [10, 2], 4
    ) == [2, 3, 10, 11]


CODE = st.text(st.sampled_from("ab(= 	世"), max_size=120)


@given(CODE, st.integers(8, 60))
def test_a_wrapped_line_loses_nothing_but_the_spaces_where_it_is_broken(
    code: str, width: int
) -> None:
    middle = len(code) // 2
    rows = wrapped([(code[:middle], Style()), (code[middle:], Style(bold=True))], width)
    texts = ["".join(text for text, _style in row) for row in rows]
    assert "".join("".join(texts).split(" ")) == "".join(code.split(" "))
    assert all(cell_len(text) <= max(width, 2) for text in texts)


def test_it_is_broken_at_spaces_and_indented_further() -> None:
    line = "    futures = [executor.submit(do_something, seconds) for seconds in SECONDS]"
    rows = ["".join(text for text, _style in row) for row in wrapped([(line, Style())], 56)]
    assert rows == [
        "    futures = [executor.submit(do_something, seconds)",
        "        for seconds in SECONDS]",
    ]


@given(st.integers(1, 200), st.lists(st.integers(0, 199), max_size=6), st.integers(1, 30))
def test_of_many_lines_the_ends_are_quoted_and_as_many_as_fit(
    count: int, wanted: list[int], rows: int
) -> None:
    lines = quoted(count, wanted, rows)
    assert lines == sorted(set(lines))
    assert len(lines) == min(count, rows)
    assert count - 1 in lines
    assert rows == 1 or 0 in lines
    within = {number for number in wanted if number < count}
    assert len({0, count - 1, *within}) > rows or within <= set(lines)


def test_an_idle_line_is_quoted_where_it_is_wanted_or_nothing_else_is_left() -> None:
    assert chosen_lines([1] * 9, [5], 3, idle={4, 6}) == [3, 5, 7]
    assert chosen_lines([1] * 9, [5, 6], 3, idle={4, 6}) == [5, 6, 7]
    assert chosen_lines([1] * 4, [2], 3, idle={1}) == [2, 3, 4]
    assert chosen_lines([1] * 4, [2], 3, idle={1, 4}) == [1, 2, 3]
