import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runs.factories import (
    at,
    begun,
    done,
    down,
    ended,
    failed,
    queued,
    run_started,
    skipped,
    stopped,
    up,
    viewed,
)
from tui_app.events import (
    Event,
    Outcome,
    ProcessStarted,
    RunHeld,
    RunReleased,
    TaskFailed,
    TaskFinished,
    TaskRetried,
    TaskSkipped,
    TaskStarted,
)
from tui_app.runs.lanes import LONGEST_LANE, ProcessRow, RowState, Span
from tui_app.runs.phrases import status_sentence
from tui_app.runs.view import RunState, RunView, Snapshot


def rows(events: list[Event]) -> dict[str, ProcessRow]:
    return {row.name: row for row in viewed(events).snapshot().rows}


def test_before_a_run_there_is_nothing() -> None:
    assert RunView().snapshot() == Snapshot()
    assert RunView().snapshot(5.0).state is RunState.IDLE


def test_a_row_tells_what_a_process_does() -> None:
    events: list[Event] = [run_started(), up(7, "W-1"), up(8, "W-2"), queued(1, "a.jpg", 2.5)]
    events += [begun(1, 8), at(1, 8, "blur", 0.4)]
    waiting, working = viewed(events).snapshot().rows
    began = {event.pid: event.t for event in events if isinstance(event, ProcessStarted)}
    assert waiting == ProcessRow((7, None), "W-1", 0, since=began[7])
    assert waiting.state is RowState.WAITING
    taken = next(event.t for event in events if isinstance(event, TaskStarted))
    task: dict[str, Any] = {
        "task": 1,
        "label": "a.jpg",
        "weight": 2.5,
        "step": "blur",
        "fraction": 0.4,
    }
    under_way = [Span(taken, "a.jpg")]
    assert working == ProcessRow((8, None), "W-2", 1, spans=under_way, since=taken, **task)
    assert working.state is RowState.WORKING
    events += [done(1, 8), down(8, -9)]
    gone = rows(events)["W-2"]
    end = next(event.t for event in events if isinstance(event, TaskFinished))
    over: dict[str, Any] = {"tasks": 1, "exited": True, "exitcode": -9, "since": end}
    assert gone == ProcessRow((8, None), "W-2", 1, spans=[Span(taken, "a.jpg", end)], **over)
    assert gone.state is RowState.EXITED


def test_a_snapshot_stands_still_but_for_the_spans_of_its_rows() -> None:
    view = viewed([run_started(), up(7, "W-1"), queued(1)])
    (before,) = view.snapshot().rows
    view.add(begun(1, 7))
    (after,) = view.snapshot().rows
    assert (before.task, after.task) == (None, 1)
    assert before.spans is after.spans


def test_rows_stay_where_they_appeared() -> None:
    events: list[Event] = [run_started(), up(9, "W-1"), up(7, "W-2")]
    for task in range(1, 5):
        events += [
            queued(task),
            begun(task, 7 if task % 2 else 9),
            done(task, 7 if task % 2 else 9),
        ]
        assert [row.key[0] for row in viewed(events).snapshot().rows] == [9, 7]


def test_progress_of_another_task_changes_nothing() -> None:
    events: list[Event] = [run_started(), up(7, "W-1"), queued(1), queued(2), begun(1, 7)]
    events += [at(1, 7, "blur", 0.5), at(2, 7, "open", 0.0)]
    assert (rows(events)["W-1"].step, rows(events)["W-1"].fraction) == ("blur", 0.5)


def test_the_rows_of_threads_replace_their_process_s() -> None:
    events: list[Event] = [run_started(), up(7, "W-1"), queued(1), queued(2)]
    assert list(rows(events)) == ["W-1"]
    events += [begun(1, 7, thread=1), begun(2, 7, thread=2)]
    assert list(rows(events)) == ["W-1.1", "W-1.2"]
    assert {row.number for row in rows(events).values()} == {0, 1}
    events += [at(2, 7, "blur", 0.5, thread=2), done(1, 7, thread=1)]
    first, second = rows(events).values()
    assert (first.state, first.tasks) == (RowState.WAITING, 1)
    assert (second.state, second.step) == (RowState.WORKING, "blur")
    events += [done(2, 7, thread=2), down(7, -11)]
    assert {(row.state, row.exitcode) for row in rows(events).values()} == {(RowState.EXITED, -11)}
    assert [lane.name for lane in viewed(events).snapshot().rows] == ["W-1.1", "W-1.2"]


def test_a_lane_has_a_span_for_each_task() -> None:
    events: list[Event] = [run_started(), up(7, "W-1"), up(8, "W-2"), *map(queued, (1, 2, 3))]
    events += [begun(1, 7, 1.0), begun(2, 8, 1.1), done(1, 7, 2.0), begun(3, 7, 2.1)]
    events += [failed(2, 8, t=2.5)]
    first, second = viewed(events).snapshot().rows
    assert [(s.start, s.end, s.label, s.failed) for s in first.spans] == [
        (1.0, 2.0, "1.jpg", False),
        (2.1, None, "3.jpg", False),
    ]
    assert [(s.start, s.end, s.label, s.failed) for s in second.spans] == [
        (1.1, 2.5, "2.jpg", True)
    ]


def test_a_lane_forgets_its_oldest_spans() -> None:
    view = viewed([run_started(), up(7, "W-1")])
    for task in range(1, LONGEST_LANE + 2):
        for event in (queued(task), begun(task, 7, float(task)), done(task, 7, task + 0.5)):
            view.add(event)
    (lane,) = view.snapshot().rows
    assert LONGEST_LANE * 0.8 < len(lane.spans) <= LONGEST_LANE
    assert lane.spans[-1].start == LONGEST_LANE + 1
    assert all(span.end is not None for span in lane.spans)


def test_failures_are_listed_as_they_come() -> None:
    events: list[Event] = [run_started(), up(7, "W-1"), queued(1, "a.jpg"), queued(2, "b.jpg")]
    events += [begun(2, 7), failed(2, 7, "empty", step="open"), failed(1, None, "lost", step="")]
    assert [
        (f.task, f.label, f.step, f.error, f.reason) for f in viewed(events).snapshot().failures
    ] == [(2, "b.jpg", "open", "ImageError", "empty"), (1, "a.jpg", "", "ImageError", "lost")]


def test_a_retry_counts_from_nothing() -> None:
    first = ended(
        [
            *[run_started(2, 2.0), up(7, "W-1"), queued(1), queued(2), begun(1, 7)],
            *[failed(1, 7), begun(2, 7), done(2, 7), down(7)],
        ],
        Outcome.FAILED,
    )
    snapshot = viewed(first).snapshot()
    assert (snapshot.tasks, snapshot.ok, snapshot.failed, snapshot.ended) == (2, 1, 1, 2)
    assert snapshot.state is RunState.FAILED
    retry = [run_started(1, 1.0), up(9, "W-1"), queued(1), begun(1, 9), done(1, 9), down(9)]
    snapshot = viewed(ended(retry)).snapshot()
    assert (snapshot.tasks, snapshot.ok, snapshot.failed, snapshot.ended) == (1, 1, 0, 1)
    assert (snapshot.failures, snapshot.state) == ([], RunState.OK)


def test_the_eta_is_by_weight() -> None:
    events: list[Event] = [run_started(2, 40.0), up(7, "W-1"), queued(1, weight=10.0)]
    events += [queued(2, weight=30.0)]
    assert viewed(events).snapshot(1.0).eta is None, "nothing has begun"
    events += [begun(1, 7, 1.0)]
    assert viewed(events).snapshot(2.0).eta is None, "nothing is done"
    events += [at(1, 7, "blur", 0.5)]
    assert viewed(events).snapshot(2.0).eta == pytest.approx(7.0)
    events += [done(1, 7, 3.0)]
    snapshot = viewed(events).snapshot(3.0)
    assert snapshot.fraction == 0.25
    assert snapshot.tasks_per_second == pytest.approx(0.5)
    assert snapshot.eta == pytest.approx(6.0)


def test_the_eta_leaves_a_hold_out() -> None:
    events: list[Event] = [run_started(3, 30.0), up(7, "W-1")]
    events += [queued(task, weight=10.0) for task in (1, 2, 3)]
    events += [begun(1, 7, 1.0), done(1, 7, 3.0), begun(2, 7, 3.0)]
    assert viewed(events).snapshot(3.0).eta == pytest.approx(4.0)
    events += [RunHeld(t=3.0, tasks=1)]
    assert viewed(events).snapshot(60.0).eta == pytest.approx(4.0)
    events += [done(2, 7, 5.0)]
    assert viewed(events).snapshot(60.0).eta == pytest.approx(2.0)
    events += [RunReleased(t=60.0), begun(3, 7, 60.0)]
    assert viewed(events).snapshot(61.0).eta == pytest.approx(3.0)
    assert viewed(events).snapshot(61.0).tasks_per_second == pytest.approx(1 / 3)


def test_while_the_work_is_held_the_status_says_what_goes_on() -> None:
    events: list[Event] = [run_started(3, 3.0), up(7, "W-1"), queued(1), queued(2), queued(3)]
    events += [begun(1, 7, 1.0), RunHeld(t=2.0, tasks=2)]
    said = status_sentence(viewed(events).snapshot())
    assert said.endswith("0 of 3 done   held: 2 images in hand go on; H goes on")
    events += [done(1, 7), begun(2, 7, 2.1)]
    assert "held: 1 image in hand goes on; H" in status_sentence(viewed(events).snapshot())
    events += [done(2, 7, 3.0)]
    assert "held: nothing is in hand; H" in status_sentence(viewed(events).snapshot())
    released = [*events, RunReleased(t=4.0), begun(3, 7, 4.0)]
    assert "held" not in status_sentence(viewed(released).snapshot())
    assert "held" not in status_sentence(viewed(ended(events, Outcome.CANCELLED)).snapshot())


def test_what_is_skipped_is_no_work() -> None:
    events: list[Event] = [run_started(2, 40.0), up(7, "W-1"), queued(1, weight=30.0), skipped(1)]
    events += [queued(2, weight=10.0), begun(2, 7, 1.0), at(2, 7, "blur", 0.5)]
    snapshot = viewed(events).snapshot(2.0)
    assert snapshot.fraction == 0.5
    assert snapshot.eta == pytest.approx(1.0)


def test_of_nothing_but_skipped_work_all_is_done() -> None:
    events: list[Event] = [run_started(10, math.fsum([0.1] * 10)), up(7, "W-1")]
    for task in range(1, 11):
        events += [queued(task, weight=0.1), skipped(task)]
    assert viewed(ended(events)).snapshot().fraction == 1.0


def test_time_goes_on_by_the_reader_s_clock_and_stops_at_the_end() -> None:
    events: list[Event] = [run_started(1, 1.0), up(7, "W-1", 0.5), queued(1)]
    assert viewed(events).snapshot().elapsed == 0.5
    assert viewed(events).snapshot(3.0).elapsed == 3.0
    assert viewed(events).snapshot(0.1).elapsed == 0.5
    assert viewed(ended(events, t=4.0)).snapshot(99.0).elapsed == 4.0


@pytest.mark.parametrize("outcome", Outcome)
def test_the_end_tells_outcome_reason_and_summary(outcome: Outcome) -> None:
    snapshot = viewed(ended([run_started(0, 0.0)], outcome, "because")).snapshot()
    assert (snapshot.state, snapshot.reason) == (RunState(outcome), "because")
    assert snapshot.summary is not None
    assert snapshot.eta is None


def cancelled() -> list[Event]:
    """One of four is done; one was under way when the run was cancelled, two were in the queue."""
    events: list[Event] = [run_started(4, 4.0), up(7, "W-1"), *map(queued, (1, 2, 3, 4))]
    events += [begun(1, 7, 1.0), done(1, 7, 2.0), begun(2, 7, 2.0)]
    events += [stopped(2, 7), stopped(3), stopped(4), down(7, -9)]
    return ended(events, Outcome.CANCELLED, "cancelled")


def test_a_cancelled_run_is_as_far_as_it_came() -> None:
    assert viewed(cancelled()).snapshot().fraction == 0.25


def test_what_was_stopped_has_not_ended_and_is_not_skipped() -> None:
    snapshot = viewed(cancelled()).snapshot()
    assert (snapshot.ok, snapshot.skipped, snapshot.ended, snapshot.tasks) == (1, 0, 1, 4)
    assert snapshot.summary is not None
    assert (snapshot.summary.skipped, snapshot.summary.left) == (0, 3)
    assert "1 of 4 done, 3 not done   cancelled" in status_sentence(snapshot)


def test_what_an_earlier_run_did_is_done() -> None:
    events: list[Event] = [run_started(3, 3.0), up(7, "W-1"), *map(queued, (1, 2, 3))]
    events += [skipped(1, before=True), skipped(2), begun(3, 7), done(3, 7), down(7)]
    snapshot = viewed(ended(events)).snapshot()
    assert (snapshot.ok, snapshot.before, snapshot.skipped, snapshot.ended) == (1, 1, 2, 3)
    assert snapshot.summary is not None
    assert (snapshot.summary.done, snapshot.summary.left) == (2, 0)
    assert "2 of 3 done, 1 of them before, 1 skipped" in status_sentence(snapshot)


def test_what_was_cancelled_under_way_was_not_done() -> None:
    row = rows(cancelled())["W-1"]
    assert (row.state, row.label, row.tasks) == (RowState.EXITED, "", 1)
    (lane,) = viewed(cancelled()).snapshot().rows
    assert [span.end for span in lane.spans] == [2.0, 2.0]


WEIGHTS = st.lists(st.floats(0.01, 100) | st.just(0.1) | st.just(1.0), min_size=1, max_size=25)


@pytest.mark.slow
@given(WEIGHTS, st.data())
def test_shares_stay_within_bounds_and_counts_are_those_of_the_events(
    weights: list[float], data: st.DataObject
) -> None:
    total = math.fsum(weights)
    view = viewed([run_started(len(weights), total), up(7, "W-1"), up(8, "W-2")])
    events: list[Event] = []
    t = 0.5

    def add(event: Event) -> None:
        events.append(event)
        view.add(event)
        snapshot = view.snapshot(t)
        assert 0 <= snapshot.fraction <= 1
        assert snapshot.eta is None or 0 <= snapshot.eta < math.inf
        assert snapshot.ok == sum(isinstance(e, TaskFinished) for e in events)
        assert snapshot.failed == sum(isinstance(e, TaskFailed) for e in events)
        assert snapshot.skipped == sum(isinstance(e, TaskSkipped) for e in events)
        assert snapshot.ended <= snapshot.tasks
        assert sum(row.tasks for row in snapshot.rows) == snapshot.ok + snapshot.failed

    ends: list[Callable[[int, int], Event]] = [
        lambda task, pid: done(task, pid, t),
        lambda task, pid: failed(task, pid, t=t),
    ]
    for task, weight in enumerate(weights, 1):
        add(queued(task, weight=weight))
        if data.draw(st.booleans()):
            add(skipped(task))
            continue
        pid = data.draw(st.sampled_from([7, 8]))
        add(begun(task, pid, t))
        for fraction in sorted(data.draw(st.lists(st.floats(0.01, 1) | st.just(0.0), max_size=3))):
            t += 0.1
            add(at(task, pid, "blur", fraction, t))
        t += 0.1
        add(data.draw(st.sampled_from(ends))(task, pid))
    assert view.snapshot(t).fraction == pytest.approx(1.0), "everything has ended"


def test_a_worker_in_place_of_a_dead_one_has_its_row_and_lane() -> None:
    view = viewed(
        [
            run_started(),
            up(11, "W-1"),
            up(12, "W-2"),
            queued(1),
            begun(1, 11, 1.0),
            TaskRetried(t=2.0, task=1, pid=11, seconds=1.0, error="SIGKILL", reason="killed"),
            down(11, -9, 2.0),
            up(13, "W-1", 2.1),
            begun(1, 13, 2.2),
        ]
    )
    snapshot = view.snapshot(3.0)
    assert [row.name for row in snapshot.rows] == ["W-1", "W-2"]
    row = snapshot.rows[0]
    assert (row.key, row.deaths, row.died, row.label) == ((13, None), 1, -9, "1.jpg")
    spans = snapshot.rows[0].spans
    assert [(span.start, span.end, span.failed) for span in spans] == [
        (1.0, 2.0, True),
        (2.2, None, False),
    ]
    assert (snapshot.failed, snapshot.running) == (0, 1)


def test_the_log_says_that_a_task_is_tried_again_and_keeps_its_name() -> None:
    view = viewed(
        [
            run_started(),
            up(11, "W-1"),
            queued(1),
            begun(1, 11, 1.0),
            TaskRetried(
                t=2.0, task=1, pid=11, seconds=1.0, error="E", reason="its worker died", step="blur"
            ),
            down(11, -9, 2.0),
            up(13, "W-1", 2.1),
            begun(1, 13, 2.2),
            done(1, 13, 3.0),
        ]
    )
    texts = [line.text for line in view.log.lines]
    assert "1.jpg is tried again: its worker died in blur" in texts
    assert any(text.startswith("1.jpg was processed") for text in texts)


def test_of_its_oldest_spans_a_lane_keeps_the_failures() -> None:
    view = viewed([run_started(), up(7, "W-1")])
    for task in range(1, LONGEST_LANE + 1000):
        end: Event = done(task, 7, t=task + 0.5)
        if task in (3, 400):
            end = failed(task, 7, t=task + 0.5)
        for event in (queued(task), begun(task, 7, float(task)), end):
            view.add(event)
    (lane,) = view.snapshot().rows
    assert [span.start for span in lane.spans if span.failed] == [3.0, 400.0]
    starts = [span.start for span in lane.spans]
    assert starts == sorted(starts)
    assert len(lane.spans) <= LONGEST_LANE
