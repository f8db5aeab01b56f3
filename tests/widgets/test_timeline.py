import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from tests.screens.sample_demo import joined
from tests.screens.sample_events import half_way, view_of, whole
from tui_app.runs.moments import Moments
from tui_app.widgets.base.lane_blocks import Window
from tui_app.widgets.timeline import NAME_CELLS, Timeline, live_end, ticks

SECONDS = st.floats(0, 100_000)


@given(SECONDS, st.floats(0.01, 10_000), st.integers(1, 300))
def test_ticks_stand_in_the_window_and_do_not_touch(
    start: float, length: float, cells: int
) -> None:
    window = Window(start, start + length, cells)
    end = -1
    for cell, text in ticks(window):
        assert cell > end
        assert cell + len(text) < cells
        end = cell + len(text)


@given(SECONDS, SECONDS)
def test_the_live_edge_is_ahead_of_now_and_never_goes_back(one: float, other: float) -> None:
    early, late = sorted((one, other))
    assert live_end(early) >= early
    assert live_end(early) <= live_end(late)


@given(st.floats(0, 1), st.integers(1, 200))
def test_a_moment_in_the_window_has_a_cell(share: float, cells: int) -> None:
    window = Window(5.0, 15.0, cells)
    assert 0 <= window.cell(5.0 + 10.0 * share) <= cells
    assert window.cell(4.0) < 0 <= window.cell(5.0)


class TimelineApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Timeline()


def drawn(timeline: Timeline) -> list[str]:
    return [timeline.render_line(y).text for y in range(timeline.size.height)]


@pytest.mark.parametrize("width", [20, 80, 200])
async def test_lanes_show_overlap_and_failure(width: int) -> None:
    app = TimelineApp()
    async with app.run_test(size=(width, 4)) as pilot:
        timeline = app.query_one(Timeline)
        timeline.show(view_of(whole()).snapshot())
        await pilot.pause()
        first, second, axis = drawn(timeline)[:3]
        assert first.startswith(" W-1")
        assert second.startswith(" W-2")
        assert "✗" in first
        assert "✗" not in second
        # Both start at the left: they worked at once.
        assert first[NAME_CELLS : NAME_CELLS + 8].strip()
        assert second[NAME_CELLS : NAME_CELLS + 8].strip()
        assert "╵0" in axis
        assert not any("\x1b" in line for line in (first, second))


async def test_zoom_and_pan_stay_within_the_run() -> None:
    app = TimelineApp()
    async with app.run_test(size=(80, 4)) as pilot:
        timeline = app.query_one(Timeline)
        timeline.focus()
        timeline.show(view_of(half_way()).snapshot(2.9))
        await pilot.pause()
        whole_window = timeline.window
        for key in ("plus", "plus", "left", "left", "left", "right", "minus"):
            await pilot.press(key)
            window = timeline.window
            assert 0 <= window.start < window.end <= whole_window.end + 1e-9
        await pilot.press("0")
        assert timeline.window == whole_window


async def test_a_moment_is_marked_on_an_axis_that_stands_still() -> None:
    app = TimelineApp()
    async with app.run_test(size=(80, 6)) as pilot:
        timeline = app.query_one(Timeline)
        moments = Moments.of(joined())
        axes = []
        for t in (0.06, 0.5, 0.52, 1.0):
            timeline.show(moments.view(t).snapshot(t), whole=moments.end)
            await pilot.pause()
            *lanes, axis = (row for row in drawn(timeline) if row.strip())
            column = axis.index("▲")
            assert column == timeline._names + timeline.window.cell(t)
            assert all(not lane[column + 1 :].strip() for lane in lanes), "nothing came later"
            axes.append((timeline.window, axis.replace("▲", "╵")))
        assert len({window for window, _axis in axes}) == 1
        assert "0.4 s" in axes[0][1]
        timeline.focus()
        await pilot.press("plus", "plus", "plus")
        for t in (0.06, 1.0):
            timeline.show(moments.view(t).snapshot(t), whole=moments.end)
            assert timeline.window.start <= t <= timeline.window.end, "it is kept in sight"
        timeline.show(moments.view(moments.end).snapshot())
        await pilot.pause()
        assert not any("▲" in row or "│" in row for row in drawn(timeline))
