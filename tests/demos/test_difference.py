import io

from hypothesis import given
from hypothesis import strategies as st

from tests.demos.factories import texts
from tui_app.demos.difference import DifferenceLine, LineChange, difference


@given(texts, texts)
def test_the_rows_give_back_both_texts(old: str, new: str) -> None:
    rows = difference(old, new, context=1_000)
    if old == new:
        assert rows == ()
        return
    in_old = [row for row in rows if row.kind in (LineChange.SAME, LineChange.REMOVED)]
    in_new = [row for row in rows if row.kind in (LineChange.SAME, LineChange.ADDED)]
    assert "".join(row.text for row in in_old) == old
    assert "".join(row.text for row in in_new) == new
    assert [row.old for row in in_old] == list(range(1, len(in_old) + 1))
    assert [row.new for row in in_new] == list(range(1, len(in_new) + 1))


@given(texts, texts, st.integers(0, 4))
def test_what_is_near_the_changes_makes_the_new_text_of_the_old(
    old: str, new: str, context: int
) -> None:
    near = difference(old, new, context)
    assert (near == ()) == (old == new)
    assert applied(old, near) == new
    equal = sum(row.kind is LineChange.SAME for row in near)
    assert equal <= 2 * context * sum(
        row.kind in (LineChange.ADDED, LineChange.REMOVED) for row in near
    )


def applied(old: str, rows: tuple[DifferenceLine, ...]) -> str:
    """What becomes of the text when each row is done to it; lines between them stay."""
    lines, at, made = list(io.StringIO(old)), 0, list[str]()
    for row in rows:
        if row.kind is LineChange.GAP:
            continue
        between = row.new - 1 - len(made) if row.new else (row.old or 0) - 1 - at
        made += lines[at : at + between]
        at += between
        if row.kind is not LineChange.ADDED:
            assert lines[at] == row.text
            at += 1
        if row.kind is not LineChange.REMOVED:
            made.append(row.text)
    return "".join([*made, *lines[at:]])


def test_gaps_stand_where_equal_lines_are_left_out() -> None:
    old = "".join(f"{n}\n" for n in range(20))
    near = difference(old, old.replace("10\n", "ten\n"), 1)
    assert "".join(row.kind for row in near) == "⋮ −+ ⋮"
    assert [(row.old, row.new) for row in near if row.text] == [
        (10, 10),
        (11, None),
        (None, 11),
        (12, 12),
    ]
