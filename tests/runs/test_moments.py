from hypothesis import given
from hypothesis import strategies as st

from tests.screens.sample_demo import joined
from tui_app.runs.moments import Moments
from tui_app.runs.view import RunState, RunView

EVENTS = joined()
MOMENTS = Moments.of(EVENTS)


def test_at_the_end_it_is_what_the_run_ended_with() -> None:
    whole = RunView()
    for event in EVENTS:
        whole.add(event)
    at_end = MOMENTS.view(MOMENTS.end)
    assert at_end.snapshot() == whole.snapshot()
    assert [line.text for line in at_end.log.lines] == [line.text for line in whole.log.lines]


@given(st.floats(0, MOMENTS.end, exclude_max=True))
def test_before_the_end_it_runs_and_knows_nothing_that_came_later(t: float) -> None:
    snapshot = MOMENTS.view(t).snapshot(t)
    assert snapshot.state is RunState.RUNNING
    assert snapshot.summary is None
    assert all(span.start <= t for row in snapshot.rows for span in row.spans)


@given(st.lists(st.sampled_from([-1, 1]), max_size=60), st.booleans())
def test_steps_pass_no_moment_over_and_stay_within(steps: list[int], waits: bool) -> None:
    stops = sorted({0.0, *MOMENTS.waits, MOMENTS.end}) if waits else MOMENTS.times
    at = len(stops) - 1
    t = MOMENTS.end
    for step in steps:
        at = max(0, min(len(stops) - 1, at + step))
        t = MOMENTS.step(t, step, waits=waits)
        assert t == stops[at]


def test_from_between_two_moments_one_goes_to_the_nearest_on_either_side() -> None:
    first, second = MOMENTS.times[3], MOMENTS.times[4]
    middle = (first + second) / 2
    assert MOMENTS.step(middle, 1) == second
    assert MOMENTS.step(middle, -1) == first
