from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.widgets.base.stage_layout import LEAST_FACTS, Moment, Needs, Rows, stage_rows

HEIGHTS = st.lists(st.integers(1, 3), max_size=4)
NEEDS = st.builds(
    Needs,
    fields=st.integers(0, 1),
    question=st.integers(0, 10),
    reason=st.integers(0, 2),
    code=HEIGHTS,
    prints=st.integers(0, 8),
    printed=st.integers(0, 100),
    lanes=st.integers(0, 100),
    called=st.booleans(),
    presenting=st.booleans(),
)
MOMENTS = st.sampled_from(Moment)
TEN = Needs(fields=1, question=6, reason=2, code=(1, 1, 1, 1), prints=2, printed=21, lanes=11)
TWELVE = replace(TEN, lanes=12)


def parts(rows: Rows) -> list[int]:
    return [
        rows.bar,
        rows.title,
        rows.fields,
        rows.reason,
        rows.code,
        rows.facts,
        rows.lanes,
        rows.question,
        rows.status,
        rows.keys,
    ]


@given(MOMENTS, st.integers(80, 300), st.integers(24, 100), NEEDS)
def test_the_parts_fill_the_screen_in_every_moment(
    moment: Moment, width: int, height: int, needs: Needs
) -> None:
    rows = stage_rows(moment, width, height, needs)
    assert rows.total == height
    assert min(parts(rows)) >= 0
    assert rows.code >= 1
    assert rows.lanes == 0 or moment is not Moment.BEFORE


@given(MOMENTS, st.integers(80, 300), st.integers(24, 100), NEEDS)
def test_up_to_twelve_lanes_have_a_row_each(
    moment: Moment, width: int, height: int, needs: Needs
) -> None:
    rows = stage_rows(moment, width, height, replace(needs, called=False))
    if moment is not Moment.BEFORE:
        assert rows.lanes >= min(needs.lanes, 12) + 1
        assert rows.facts >= 1 + min(needs.prints, 2)


def test_thirty_lanes_have_a_row_each_on_a_large_screen() -> None:
    for moment in (Moment.DURING, Moment.AFTER):
        assert stage_rows(moment, 120, 40, replace(TEN, lanes=30)).lanes == 31
        assert stage_rows(moment, 120, 40, replace(TEN, lanes=64)).lanes == 31


def test_eleven_lanes_leave_room_for_all_that_counts() -> None:
    rows = stage_rows(Moment.AFTER, 80, 24, TEN)
    assert (rows.reason, rows.code, rows.facts, rows.lanes) == (2, 4, 3, 12)


def test_the_answers_third_row_yields_first_and_the_fourth_line_next() -> None:
    rows = stage_rows(Moment.AFTER, 80, 24, TWELVE)
    assert (rows.reason, rows.code, rows.facts, rows.lanes) == (1, 4, 3, 13)
    rows = stage_rows(Moment.AFTER, 80, 24, replace(TWELVE, prints=3))
    assert (rows.reason, rows.code, rows.facts, rows.lanes) == (1, 3, 4, 13)


def test_the_bar_is_there_where_a_row_more_is() -> None:
    for moment in Moment:
        assert stage_rows(moment, 80, 24, TEN).bar == 0
        assert stage_rows(moment, 80, 25, TEN).bar == 1
        assert stage_rows(moment, 80, 25, replace(TEN, presenting=True)).bar == 0


@given(st.integers(24, 60), NEEDS)
def test_lanes_stay_where_they_are_when_a_run_ends(height: int, needs: Needs) -> None:
    during = stage_rows(Moment.DURING, 80, height, needs)
    after = stage_rows(Moment.AFTER, 80, height, needs)
    assert (during.lanes, during.bar, during.lane_rows) == (after.lanes, after.bar, after.lane_rows)


@given(MOMENTS, st.integers(80, 300), st.integers(24, 100), NEEDS)
def test_facts_that_are_called_have_room(
    moment: Moment, width: int, height: int, needs: Needs
) -> None:
    rows = stage_rows(moment, width, height, replace(needs, called=True, presenting=False))
    assert rows.facts >= LEAST_FACTS - 1


@pytest.mark.parametrize("width", [80, 115])
def test_a_narrow_screen_has_facts_below_the_code(width: int) -> None:
    assert not stage_rows(Moment.DURING, width, 30, TEN).beside
    assert stage_rows(Moment.DURING, 116, 30, TEN).beside
