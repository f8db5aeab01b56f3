import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_app.events import (
    Event,
    Outcome,
    ProcessStarted,
    Resumed,
    RunFinished,
    RunStarted,
    ShortWaits,
    TaskFailed,
    TaskFinished,
    TaskQueued,
    TaskSkipped,
    TaskStarted,
    Waiting,
)
from tui_app.summary import Summary, summarise

SECONDS = st.floats(0.001, 100)


def started(tasks: int, workers: int = 2, cpus: int = 2) -> RunStarted:
    return RunStarted(
        t=0.0,
        run="r",
        kind="batch",
        title="t",
        executor="processes",
        workers=workers,
        start_method="spawn",
        cpus=cpus,
        python="3",
        host="h",
        started_at="2026-01-01T00:00:00+00:00",
        tasks=tasks,
        weight=1.0,
    )


@given(
    st.lists(st.tuples(SECONDS, st.integers(1, 3), st.sampled_from("ofs")), max_size=30),
    st.floats(0.01, 1000),
)
def test_the_figures_are_what_the_events_add_up_to(
    tasks: list[tuple[float, int, str]], wall: float
) -> None:
    events: list[Event] = [started(len(tasks))]
    events += [ProcessStarted(t=0.0, pid=pid, parent=9, name=f"W-{pid}") for pid in (1, 2, 3)]
    for number, (seconds, pid, end) in enumerate(tasks, 1):
        events.append(TaskQueued(t=0.0, task=number, label=f"i{number}", weight=1.0))
        if end == "o":
            result = {"megapixels": 2.0, "bytes_in": 10, "bytes_out": 1}
            events.append(TaskFinished(t=0.0, task=number, pid=pid, seconds=seconds, result=result))
        elif end == "f":
            events.append(
                TaskFailed(t=0.0, task=number, pid=pid, seconds=seconds, error="E", reason="r")
            )
        else:
            events.append(TaskSkipped(t=0.0, task=number, reason="there"))
    events.append(RunFinished(t=wall, outcome=Outcome.OK))
    summary = summarise(events)

    worked = [seconds for seconds, _, end in tasks if end != "s"]
    done = sum(end == "o" for _, _, end in tasks)
    assert summary.wall == wall
    assert summary.work == pytest.approx(sum(worked))
    assert (summary.ok, summary.failed + summary.skipped) == (done, len(tasks) - done)
    assert summary.left == 0
    assert summary.speed_up == pytest.approx(sum(worked) / wall)
    assert summary.efficiency == pytest.approx(summary.speed_up / 2)
    assert summary.slowest_seconds == max(worked, default=0.0)
    assert summary.megapixels == 2.0 * done
    assert (summary.bytes_in, summary.bytes_out) == (10 * done, done)
    assert sum(share.seconds for share in summary.processes) == pytest.approx(summary.work)
    assert sum(share.tasks for share in summary.processes) == len(worked)
    assert Summary.from_dict(summary.to_dict()) == summary


def test_a_run_without_work_has_no_ratios() -> None:
    summary = summarise([started(5), RunFinished(t=0.0, outcome=Outcome.CANCELLED)])
    assert (summary.speed_up, summary.efficiency, summary.left) == (0.0, 0.0, 5)


def test_threads_have_shares_of_their_own() -> None:
    events = [
        started(2),
        ProcessStarted(t=0.0, pid=7, parent=1, name="W-1"),
        TaskFinished(t=1.0, task=1, pid=7, seconds=1.0, thread=1),
        TaskFinished(t=1.0, task=2, pid=7, seconds=0.5, thread=2),
        RunFinished(t=1.0, outcome=Outcome.OK),
    ]
    shares = summarise(events).processes
    assert [(share.thread, share.share) for share in shares] == [(1, 1.0), (2, 0.5)]


def test_a_wait_is_no_work_and_a_sleep_is() -> None:
    events: list[Event] = [
        started(2),
        ProcessStarted(t=0.0, pid=1, parent=9, name="P-1"),
        TaskQueued(t=0.0, task=1, label="a", weight=1.0),
        Waiting(t=0.5, pid=1, kind="lock"),
        Resumed(t=1.0, pid=1),
        TaskStarted(t=1.0, task=1, pid=1),
        Waiting(t=2.0, pid=1, kind="lock"),
        Resumed(t=4.0, pid=1),
        Waiting(t=4.0, pid=1, kind="sleep", timeout=1.0),
        Resumed(t=5.0, pid=1),
        ShortWaits(t=5.5, pid=1, count=9, seconds=0.5),
        TaskFinished(t=6.0, task=1, pid=1, seconds=5.0),
        RunFinished(t=10.0, outcome=Outcome.OK),
    ]
    summary = summarise(events)
    assert summary.work == pytest.approx(2.5)
    assert summary.processes[0].share == pytest.approx(0.25)
    assert summary.slowest_seconds == 5.0
