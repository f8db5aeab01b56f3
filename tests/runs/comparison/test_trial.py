from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runs.factories import begun, done, down, ended, queued, run_started, skipped, up
from tests.screens.sample_demo import joined, joining
from tui_app.events import Event, Outcome, Output, Stream, Waiting, WaitKind
from tui_app.runs.comparison.trial import Trial, TrialReader
from tui_app.runs.view import RunState


def read(events: Iterable[Event]) -> TrialReader:
    reader = TrialReader("it")
    for event in events:
        reader.add(event)
    return reader


def test_a_run_is_told_by_its_events() -> None:
    trial = read(joined()).trial()
    work = trial.work
    assert trial == Trial("it", RunState.OK, 1.12, work, at_once=2, slept=True, said=1.06)
    assert work == pytest.approx(2.04)
    assert trial.ok
    assert not trial.open


def test_a_run_under_way_has_the_time_of_whoever_looks() -> None:
    assert read([]).trial(5.0) == Trial("it")
    running = read(joining())
    assert running.trial(0.6) == Trial("it", RunState.RUNNING, wall=0.6)
    # Its own clock is never behind its events.
    assert running.trial().wall == pytest.approx(0.06)


def test_only_who_sleeps_has_slept() -> None:
    start: list[Event] = [run_started(1), up(7, "main"), queued(1), begun(1, 7)]
    join = Waiting(t=1.0, pid=7, kind=WaitKind.JOIN, object="P-1")
    sleep = Waiting(t=1.0, pid=7, kind=WaitKind.SLEEP, timeout=1.0)
    end: list[Event] = [done(1, 7), down(7)]
    assert not read(ended([*start, join, *end], Outcome.OK)).trial().slept
    assert read(ended([*start, sleep, *end], Outcome.OK)).trial().slept


def test_a_task_that_was_cut_short_was_at_once_with_others() -> None:
    events: list[Event] = [run_started(2), up(7, "P-1"), up(8, "P-2"), queued(1), queued(2)]
    events += [begun(1, 7), begun(2, 8), skipped(1), skipped(2)]
    trial = read(ended(events, Outcome.CANCELLED, "by hand")).trial()
    assert (trial.state, trial.reason, trial.at_once) == (RunState.CANCELLED, "by hand", 2)


def test_what_goes_to_stderr_or_is_no_time_is_not_its_time() -> None:
    def said(text: str, stream: Stream = Stream.STDOUT) -> list[Event]:
        return [run_started(0), Output(t=1.0, pid=7, stream=stream, text=text)]

    for events, time in (
        (said("Finished in 1.25 second(s)"), 1.25),
        (said("Finished in 13 seconds"), 13.0),
        (said("Finished in time"), None),
        (said("Finished in 1.25 second(s)", Stream.STDERR), None),
    ):
        assert read(ended(events, Outcome.OK)).trial().said == time


@given(st.floats(0.01, 1e4), st.floats(0.01, 1e4))
def test_times_as_fast_are_the_other_way_round_the_other_way_round(one: float, two: float) -> None:
    first, second = Trial("1", RunState.OK, one), Trial("2", RunState.OK, two)
    there, back = second.times_as_fast(first), first.times_as_fast(second)
    assert there is not None
    assert back is not None
    assert there * back == pytest.approx(1.0)
    assert first.times_as_fast(first) == 1.0


@pytest.mark.parametrize("state", [state for state in RunState if state is not RunState.OK])
def test_what_did_not_go_well_is_no_measurement(state: RunState) -> None:
    good, other = Trial("1", RunState.OK, 1.0), Trial("2", state, 1.0)
    assert good.times_as_fast(other) is None
    assert other.times_as_fast(good) is None
