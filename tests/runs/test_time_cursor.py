"""The time cursor, on the events of runs that were recorded, and of one that fails."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runs.factories import demo_started
from tests.screens.sample_demo import joined
from tests.screens.test_stage import recorded
from tui_app.demos.catalogue import demos
from tui_app.events import (
    Event,
    Outcome,
    Output,
    ProcessExited,
    ProcessStarted,
    RunFinished,
    Stream,
    Waiting,
    WaitKind,
    from_json,
)
from tui_app.runs import time_cursor
from tui_app.runs.log import Log
from tui_app.runs.moments import Moments
from tui_app.runs.time_cursor import MOST_SPEED, TimeCursor
from tui_app.runs.view import RunState, RunView
from tui_app.summary import summarise

WATCHED = Path(__file__).parents[1] / "assets" / "streams" / "watch.jsonl"


def failed() -> list[Event]:
    """A script that says what is wrong, and ends with 1."""
    events: list[Event] = [
        demo_started(run="cafe0001", title="it fails"),
        ProcessStarted(t=0.0, pid=1, parent=0, name="main"),
        Waiting(t=0.1, pid=1, kind=WaitKind.SLEEP, timeout=1.0),
        Output(t=0.5, pid=1, stream=Stream.STDERR, text="ValueError: no"),
        ProcessExited(t=0.6, pid=1, exitcode=1),
    ]
    finished = RunFinished(t=0.7, outcome=Outcome.FAILED, reason="it ended with 1")
    summary = summarise([*events, finished]).to_dict()
    return [*events, RunFinished(t=0.7, outcome=Outcome.FAILED, reason="no", summary=summary)]


def watched() -> list[Event]:
    lines = WATCHED.read_text("utf-8").splitlines()
    return [event for event in map(from_json, lines) if event is not None]


RUNS = {
    **{str(number): recorded(demos()[number - 1]) for number in (7, 13, 15)},
    "failed": failed(),
    "watched": watched(),
}


def cursor_over(events: list[Event]) -> TimeCursor:
    cursor = TimeCursor()
    for event in events:
        cursor.add(event)
    return cursor


@pytest.mark.parametrize("name", RUNS)
def test_at_the_end_the_run_is_what_it_was(name: str) -> None:
    whole = RunView(Log())
    for event in RUNS[name]:
        whole.add(event)
    cursor = cursor_over(RUNS[name])
    cursor.go(cursor.end)
    assert cursor.at_end
    assert cursor.view is not None
    assert cursor.snapshot == whole.snapshot()
    assert [*cursor.view.log.lines] == [*whole.log.lines]


@pytest.mark.parametrize("name", RUNS)
@settings(max_examples=25)
@given(moves=st.lists(st.tuples(st.sampled_from([-7, -1, 1, 7]), st.booleans()), max_size=8))
def test_wherever_it_is_moved_it_knows_nothing_that_came_later(
    name: str, moves: list[tuple[int, bool]]
) -> None:
    cursor = cursor_over(RUNS[name])
    for steps, waits in moves:
        before = cursor.at if cursor.view is not None else cursor.end
        cursor.step(steps, waits=waits)
        assert 0.0 <= cursor.at <= cursor.end
        assert cursor.at >= before if steps > 0 else cursor.at <= before
        assert cursor.view is not None
        snapshot, again = cursor.snapshot, cursor.moments.view(cursor.at)
        assert snapshot == again.snapshot(cursor.at), "however one came there"
        assert (snapshot.state is RunState.RUNNING) is not cursor.at_end
        assert all(line.t <= cursor.at for line in cursor.view.log.lines)
        spans = [span for row in snapshot.rows for span in row.spans]
        assert all(span.start <= cursor.at for span in spans)


def test_where_nothing_happened_since_the_view_stays() -> None:
    cursor = cursor_over(joined())
    assert cursor.go(0.5)
    view = cursor.view
    assert not cursor.go(0.6)
    assert cursor.view is view
    assert cursor.snapshot.elapsed == 0.6
    assert cursor.go(1.06)


def test_the_present_of_a_held_run_is_later_than_its_last_event() -> None:
    cursor = cursor_over(joined()[:-12])
    last = cursor.moments.end
    cursor.reached = last + 2
    cursor.hold(last + 2)
    assert cursor.at_end
    cursor.step(1)
    assert cursor.at == last + 2
    cursor.step(-1)
    assert cursor.at == last


def test_from_after_the_end_the_step_back_is_the_one_before_the_end() -> None:
    cursor = cursor_over(joined())
    cursor.hold(cursor.end + 0.1)
    cursor.step(-1)
    assert cursor.at == Moments.of(joined()).times[-2]


def test_it_plays_again_in_real_time_slower_and_faster() -> None:
    cursor = cursor_over(joined())
    cursor.go(0.5)
    cursor.play(100.0)
    cursor.tick(100.1)
    assert cursor.at == pytest.approx(0.6)
    cursor.change_speed(2, 100.1)
    cursor.tick(100.2)
    assert cursor.at == pytest.approx(0.8)
    cursor.change_speed(0.25, 100.2)
    cursor.tick(100.4)
    assert cursor.at == pytest.approx(0.9)
    cursor.tick(200.0)
    assert cursor.at == cursor.end
    assert not cursor.plays
    cursor.play(300.0)
    assert (cursor.at, cursor.plays) == (0.0, True), "from the end it begins again"
    cursor.pause()
    assert not cursor.tick(301.0)
    assert cursor.at == 0.0


def test_speed_has_bounds() -> None:
    cursor = cursor_over(joined())
    for _time in range(10):
        cursor.change_speed(2, 0.0)
    assert cursor.speed == MOST_SPEED
    for _time in range(20):
        cursor.change_speed(0.5, 0.0)
    assert cursor.speed == 1 / MOST_SPEED


def test_of_too_many_events_it_keeps_a_part_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    events = joined()
    monkeypatch.setattr(time_cursor, "MOST_FOLDED", len(events))
    cursor = cursor_over(events)
    assert cursor.complete
    cursor.add(events[-1])
    assert not cursor.complete
    cursor.add(events[-1])
    cursor.add(events[0])
    assert cursor.complete, "another run begins"
