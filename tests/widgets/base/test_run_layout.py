"""Who has how many rows while a batch runs."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tui_app.widgets.base.run_layout import LEAST_LOG, MOST_LANES, RunNeeds, run_rows


def needs(workers: int, tasks: int) -> RunNeeds:
    return RunNeeds(2 + workers, 2 + workers, tasks + 2 * workers, workers)


NEEDS = st.builds(needs, st.integers(1, 64), st.integers(0, 100_000))
HEIGHTS = st.integers(18, 100)


@given(HEIGHTS, NEEDS, st.booleans())
def test_the_parts_fill_the_height_and_none_is_lost(
    height: int, wanted: RunNeeds, beside: bool
) -> None:
    rows = run_rows(height, wanted, beside=beside)
    body = max(rows.table, rows.log) if beside else rows.table + rows.log
    assert body + rows.lanes == height
    assert rows.log >= LEAST_LOG
    assert rows.table >= 3
    assert 1 <= rows.lane_rows <= 5
    seen = (rows.lanes - 1) // rows.lane_rows
    assert seen == min(wanted.lanes, MOST_LANES)


@given(HEIGHTS, NEEDS, st.integers(1, 40))
def test_the_lanes_stand_still_whatever_is_called_to_the_front(
    height: int, wanted: RunNeeds, table: int
) -> None:
    before = run_rows(height, wanted, beside=False)
    after = run_rows(height, replace(wanted, table=table), beside=False)
    assert (before.lanes, before.lane_rows) == (after.lanes, after.lane_rows)


@given(HEIGHTS, NEEDS)
def test_the_table_of_processes_has_no_empty_row(height: int, wanted: RunNeeds) -> None:
    assert run_rows(height, wanted, beside=False).table <= wanted.table


@given(HEIGHTS, NEEDS, st.booleans())
def test_where_rows_would_stay_empty_the_lanes_are_higher(
    height: int, wanted: RunNeeds, beside: bool
) -> None:
    rows = run_rows(height, wanted, beside=beside)
    spare = rows.log - max(wanted.log, wanted.processes if beside else 0)
    assert rows.lane_rows == 5 or spare < rows.lanes


def test_two_workers_on_a_desk_and_over_ssh() -> None:
    desk = run_rows(33, needs(2, 200), beside=False)
    assert (desk.table, desk.lanes, desk.lane_rows, desk.log) == (4, 7, 3, 22)
    few = run_rows(33, needs(2, 8), beside=False)
    assert (few.table, few.lanes, few.lane_rows, few.log) == (4, 11, 5, 18)
    ssh = run_rows(19, needs(2, 200), beside=False)
    assert (ssh.table, ssh.lanes, ssh.lane_rows, ssh.log) == (4, 5, 2, 10)
