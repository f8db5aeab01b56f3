import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from tests.screens.sample_demo import joined, joining
from tests.screens.sample_events import half_way, view_of, whole
from tui_app.runs.comparison.trial import Trial
from tui_app.runs.view import Snapshot
from tui_app.widgets.side_by_side import (
    FEWEST_LANES,
    MOST_LANE_ROWS,
    SideBySide,
    rows_of_a_lane,
    share_rows,
)
from tui_app.widgets.timeline import Timeline, common_scale

WANTED = st.lists(st.integers(1, 40), min_size=2, max_size=3)


@given(WANTED, st.integers(0, 60))
def test_rows_are_shared_fairly(wanted: list[int], room: int) -> None:
    rows = share_rows(wanted, room)
    assert all(FEWEST_LANES <= given <= want for given, want in zip(rows, wanted, strict=True))
    assert sum(rows) <= max(room, len(wanted) * FEWEST_LANES)
    if sum(rows) < room:
        assert rows == wanted
    # Whoever has less than it wants has as much as anybody, but for the last row.
    for given_rows, want in zip(rows, wanted, strict=True):
        assert given_rows == want or given_rows >= max(rows) - 1


@given(st.integers(1, 40), st.integers(0, 60))
def test_lanes_are_as_high_as_there_is_room_for_all(lanes: int, room: int) -> None:
    rows = rows_of_a_lane(lanes, room)
    assert 1 <= rows <= MOST_LANE_ROWS
    assert rows == 1 or rows * lanes <= room
    assert rows == MOST_LANE_ROWS or (rows + 1) * lanes > room, "no half of the room is empty"


class TwoApp(App[None]):
    def compose(self) -> ComposeResult:
        yield SideBySide()


def drawn(timeline: Timeline) -> list[str]:
    return [timeline.render_line(y).text for y in range(timeline.size.height)]


async def test_a_moment_is_the_same_column_in_all_of_them() -> None:
    snapshots = [view_of(whole()).snapshot(), view_of(joining()).snapshot(0.6), Snapshot()]
    app = TwoApp()
    async with app.run_test(size=(80, 16)) as pilot:
        panel = app.query_one(SideBySide)
        await panel.begin(3)
        panel.show([Trial(name) for name in "abc"], ["", "", ""], snapshots)
        await pilot.pause()
        timelines = list(app.query(Timeline))
        windows = [timeline.window for timeline in timelines]
        assert windows[0] == windows[1] == windows[2]
        assert windows[0].end == 4.55, "the longest of them decides"
        # Only the last one has an axis, in round steps.
        assert not any("╵" in line for one in timelines[:2] for line in drawn(one))
        assert "╵0" in drawn(timelines[2])[-1]
        # Names are as wide in all, so a block at 0 begins in the same cell.
        starts = [drawn(one)[0].find("▐") for one in timelines[:1]] + [
            drawn(timelines[1])[0].find("█")
        ]
        assert abs(starts[0] - starts[1]) <= 2


def test_the_scale_grows_in_steps_and_never_cuts_a_run() -> None:
    ended = view_of(whole()).snapshot()
    view = view_of(half_way())
    ends = [common_scale([ended, view.snapshot(now / 10)]).end for now in range(29, 120)]
    assert ends == sorted(ends)
    assert all(end >= max(4.55, now / 10) for end, now in zip(ends, range(29, 120), strict=True))
    assert len(set(ends)) < 12, "in steps"
    assert common_scale([ended, ended]).end == ended.elapsed
    assert common_scale([Snapshot(), Snapshot()]).end == 1.0


async def test_on_a_common_scale_there_is_nothing_to_zoom() -> None:
    app = TwoApp()
    async with app.run_test(size=(80, 16)) as pilot:
        panel = app.query_one(SideBySide)
        await panel.begin(2)
        snapshots = [view_of(joined()).snapshot(), view_of(joined()).snapshot()]
        panel.show([Trial("a"), Trial("b")], ["", ""], snapshots)
        await pilot.pause()
        timeline = app.query(Timeline).first()
        timeline.focus()
        before = timeline.window
        await pilot.press("plus", "left", "right")
        assert timeline.window == before


async def test_lanes_that_have_no_room_are_told() -> None:
    app = TwoApp()
    async with app.run_test(size=(80, 6)) as pilot:
        panel = app.query_one(SideBySide)
        await panel.begin(2)
        snapshots = [view_of(joined()).snapshot(), view_of(joined()).snapshot()]
        panel.show([Trial("a"), Trial("b")], ["", ""], snapshots)
        await pilot.pause()

        def titles() -> list[str]:
            return [str(title.render()) for title in app.query(".title")]

        assert all("of 3 lanes, ↓ for more" in title for title in titles())
        await pilot.resize_terminal(80, 20)
        await pilot.pause()
        assert not any("of 3 lanes" in title for title in titles())


@pytest.mark.parametrize(("height", "filled"), [(12, 1), (30, 2)])
async def test_lanes_grow_with_the_screen(height: int, filled: int) -> None:
    app = TwoApp()
    async with app.run_test(size=(80, height)) as pilot:
        panel = app.query_one(SideBySide)
        await panel.begin(2)
        snapshots = [view_of(joined()).snapshot(), view_of(joined()).snapshot()]
        panel.show([Trial("a"), Trial("b")], ["", ""], snapshots)
        await pilot.pause()
        rows = [line for line in drawn(app.query(Timeline).first()) if "█" in line or "▒" in line]
        assert len(rows) == filled * len(snapshots[0].rows)
        named = [line for line in rows if line[:7].strip()]
        assert len(named) == len(snapshots[0].rows), "each lane has its name once"
