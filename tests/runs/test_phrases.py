from dataclasses import replace

import pytest

from tests.runs.factories import (
    at,
    begun,
    demo_started,
    done,
    down,
    ended,
    failed,
    queued,
    run_started,
    skipped,
    stopped,
    up,
)
from tests.runs.factories import viewed as view_of
from tui_app.events import Event, Outcome, Waiting
from tui_app.language import THIN_SPACE
from tui_app.runs.phrases import (
    STATE_MARKS,
    busy_title,
    busy_words,
    count_tasks,
    failed_words,
    outcome_sentence,
    progress_sentence,
    status_sentence,
    summary_rows,
    task_title,
)
from tui_app.runs.view import RunState, Snapshot
from tui_app.summary import BusyShare, Summary

T = THIN_SPACE


@pytest.mark.parametrize(
    ("kind", "summary", "sentence"),
    [
        ("batch", Summary(tasks=15, ok=15), "15 of 15 images done, 0 failed"),
        ("batch", Summary(tasks=1, failed=1), "0 of 1 image done, 1 failed"),
        ("samples", Summary(tasks=2, ok=2), "2 of 2 photographs done, 0 failed"),
        ("odd", Summary(tasks=2, ok=1), "1 of 2 tasks done, 0 failed, 1 not done"),
        (
            "batch",
            Summary(tasks=9, ok=2, skipped=5, before=4),
            "6 of 9 images done, 4 of them before, 0 failed, 1 skipped, 2 not done",
        ),
        (
            "batch",
            Summary(tasks=12_000, ok=9_000, failed=1_000, skipped=1_500),
            f"9{T}000 of 12{T}000 images done, 1{T}000 failed, 1{T}500 skipped, 500 not done",
        ),
    ],
)
def test_the_outcome(kind: str, summary: Summary, sentence: str) -> None:
    assert outcome_sentence(kind, summary) == sentence


def test_every_state_has_a_mark_and_a_word() -> None:
    assert set(STATE_MARKS) == set(RunState)
    assert len({mark.split()[0] for mark in STATE_MARKS.values()}) == len(RunState)
    assert all(len(mark.split()) == 2 for mark in STATE_MARKS.values())


def test_what_a_task_is_called() -> None:
    kinds = ("batch", "samples", "")
    assert [count_tasks(kind, 1) for kind in kinds] == ["1 image", "1 photograph", "1 task"]
    assert [count_tasks(kind, 1204) for kind in kinds] == [
        f"1{T}204 images",
        f"1{T}204 photographs",
        f"1{T}204 tasks",
    ]
    assert [task_title(kind) for kind in kinds] == ["Image", "Photograph", "Task"]


def test_summary_rows_of_a_batch() -> None:
    summary = Summary(
        wall=10.0,
        work=16.0,
        tasks=20,
        ok=20,
        workers=2,
        cpus=2,
        speed_up=1.6,
        efficiency=0.8,
        slowest="big.jpg",
        slowest_seconds=2.5,
        megapixels=240.0,
        megapixels_per_second=24.0,
        bytes_in=80_000_000,
        bytes_out=4_000_000,
    )
    snapshot = Snapshot(kind="batch", summary=summary, tasks=20, at_once=2)
    assert list(summary_rows(snapshot)) == [
        ("Wall time", "10.00 s", "start to end"),
        ("Work", "16.00 s", "of all images"),
        ("Speed-up", "1.60 x", "work / wall time"),
        ("Efficiency", "80%", "speed-up / 2 CPUs"),
        ("Pace", "24 MP/s", "2.0 images/s"),
        ("Read", "80 MB", "written 4.0 MB"),
        ("Saved", "76 MB", "95% less"),
        ("Slowest", "2.50 s", "big.jpg"),
    ]


@pytest.mark.parametrize(
    ("read", "written", "row"),
    [
        (1000, 1500, ("Grown", "500 B", "50% more")),
        (1000, 1000, ("Saved", "0 B", "0% less")),
        (1000, 10, ("Saved", "990 B", "99% less")),
    ],
)
def test_what_a_batch_saved_or_took_more(
    read: int, written: int, row: tuple[str, str, str]
) -> None:
    summary = Summary(wall=1.0, work=1.0, tasks=1, ok=1, bytes_in=read, bytes_out=written)
    assert row in list(summary_rows(Snapshot(kind="batch", summary=summary)))
    assert row not in list(summary_rows(Snapshot(kind="sweep", summary=summary)))


def test_summary_rows_of_nothing_divide_by_nothing() -> None:
    empty = Snapshot(kind="batch", summary=Summary())
    assert [name for name, _, _ in summary_rows(empty)] == ["Wall time", "Work"]
    drawn = Snapshot(kind="samples", summary=Summary(wall=1.0, work=1.0, bytes_out=5))
    assert ("Written", "5 B", "") in list(summary_rows(drawn))


PARALLEL = Summary(wall=1.2, work=10.3, tasks=10, ok=10, cpus=2, speed_up=8.59, efficiency=4.29)


@pytest.mark.parametrize(
    ("snapshot", "row", "status"),
    [
        (
            Snapshot(slept=True, at_once=10),
            ("At once", "10", "sleeping needs no CPU"),
            "✓ ended after 1.20 s   10 of 10 done   10 at once",
        ),
        (
            Snapshot(at_once=4),
            ("At once", "4", "tasks shared 2 CPUs"),
            "✓ ended after 1.20 s   10 of 10 done   4 at once",
        ),
        (
            Snapshot(at_once=1),
            ("At once", "1", "at most"),
            "✓ ended after 1.20 s   10 of 10 done   one at a time",
        ),
        (
            Snapshot(at_once=2),
            ("Speed-up", "8.59 x", "work / wall time"),
            "✓ ended after 1.20 s   10 of 10 done   8.59 x · 429% of 2 CPUs",
        ),
    ],
)
def test_efficiency_is_of_work_that_computes_with_a_cpu_for_each(
    snapshot: Snapshot, row: tuple[str, str, str], status: str
) -> None:
    told = replace(
        snapshot, state=RunState.OK, kind="demo", tasks=10, ok=10, elapsed=1.2, summary=PARALLEL
    )
    rows = list(summary_rows(told))
    assert row in rows
    assert [name for name, _, _ in rows].count("Efficiency") == (row[0] == "Speed-up")
    assert status_sentence(told) == status
    assert busy_title(told) == ("In a task" if snapshot.slept else "Busy")


def main_alone(outcome: Outcome) -> list[Event]:
    """A script that starts nothing: its main process is counted as its one task."""
    end = done(1, 5) if outcome is Outcome.OK else failed(1, 5)
    return ended([demo_started(), up(5, "main"), queued(1), begun(1, 5), end, down(5)], outcome)


@pytest.mark.parametrize(
    ("outcome", "status", "sentence"),
    [
        (Outcome.OK, "✓ ended after 10.0 s", "only the main process worked"),
        (Outcome.FAILED, "✗ failed after 10.0 s", "the main process failed"),
    ],
)
def test_a_main_process_alone_is_not_counted(outcome: Outcome, status: str, sentence: str) -> None:
    begun_only = view_of([demo_started(), up(5, "main")]).snapshot(0.4)
    assert status_sentence(begun_only) == "● running  0.4 s"
    assert progress_sentence(begun_only) == "0.4 s"
    snapshot = view_of(main_alone(outcome)).snapshot()
    assert snapshot.summary is not None
    assert status_sentence(snapshot) == status
    assert outcome_sentence("demo", snapshot.summary) == sentence
    assert "At once" not in [name for name, _, _ in summary_rows(snapshot)]
    # A batch of one image has one.
    assert "1 of 1 image done" in outcome_sentence("batch", replace(snapshot.summary, ok=1))


def test_who_sleeps_is_told_from_who_works() -> None:
    events = [demo_started(), up(5, "main"), up(7, "P-1"), up(8, "P-2"), queued(1), queued(2)]
    events += [begun(1, 7), begun(2, 8), Waiting(t=1.1, pid=7, kind="sleep", timeout=1.0)]
    snapshot = view_of(events).snapshot(1.5)
    assert status_sentence(snapshot) == "● running  1.5 s   0 of 2 done, 1 running, 1 sleeping"
    assert (snapshot.at_once, snapshot.slept) == (2, True)
    asleep = view_of([*events, Waiting(t=1.2, pid=8, kind="sleep", timeout=1.0)]).snapshot(1.5)
    assert status_sentence(asleep) == "● running  1.5 s   0 of 2 done, 2 sleeping"


def test_all_counts_of_a_run_that_was_cancelled_agree() -> None:
    events: list[Event] = [run_started(9, 9.0), up(7, "W-1"), *(queued(n) for n in range(1, 6))]
    events += [begun(1, 7), done(1, 7), skipped(2, before=True), skipped(3), failed(4, None)]
    events += [begun(5, 7), stopped(5, 7), down(7)]
    snapshot = view_of(ended(events, Outcome.CANCELLED, "cancelled")).snapshot()
    assert snapshot.summary is not None
    counts = "2 of 9{} done, 1 of them before, 1 failed, 1 skipped, 5 not done"
    assert counts.format("") in status_sentence(snapshot)
    assert outcome_sentence("batch", snapshot.summary) == counts.format(" images")
    assert progress_sentence(snapshot).startswith("4 of 9 ")  # 2 done, 1 failed, 1 skipped


def test_busy_shares_name_process_and_thread() -> None:
    shares = (BusyShare(7, None, "W-1", 3, 9.7, 0.97), BusyShare(8, 2, "W-2", 0, 0.0, 0.0))
    assert busy_words(Summary(processes=shares)) == ["W-1 97%", "W-2.2 0%"]


def half_way(tasks: int = 1200) -> list[Event]:
    events: list[Event] = [run_started(tasks, float(tasks)), up(7, "W-1"), queued(1), queued(2)]
    return [
        *events,
        begun(1, 7, 1.0),
        done(1, 7, 2.0),
        begun(2, 7, 2.0),
        at(2, 7, "blur", 0.5, 2.0),
    ]


def test_progress_has_a_fixed_width() -> None:
    start = progress_sentence(view_of(half_way()[:4]).snapshot())
    assert start == f"    0 of 1{T}200     0%   ETA  -:--"
    later = progress_sentence(view_of(half_way()).snapshot(2.5))
    assert later == f"    1 of 1{T}200     0%   ETA 19:58"
    assert len(start) == len(later)
    whole = Snapshot(tasks=1200, ok=1200, fraction=1.0, summary=Summary())
    assert progress_sentence(whole) == f"1{T}200 of 1{T}200   100%"


def test_failures_are_told_only_where_there_are_some() -> None:
    assert failed_words(Snapshot()) == ""
    assert failed_words(Snapshot(failed=1234)) == f"1{T}234 failed"


def test_the_status_of_a_run_under_way() -> None:
    snapshot = view_of(half_way()).snapshot(3.0)
    assert status_sentence(snapshot) == (
        f"● running  3.0 s   1 of 1{T}200 done, 1 running   0.5 images/s"
    )


def test_the_status_of_a_run_that_has_ended() -> None:
    events: list[Event] = [run_started(3, 3.0), up(7, "W-1"), queued(1), queued(2), queued(3)]
    events += [begun(1, 7), done(1, 7), begun(2, 7), failed(2, 7), skipped(3), down(7)]
    told = status_sentence(view_of(ended(events, Outcome.FAILED)).snapshot())
    assert told == ("✗ failed after 10.0 s   1 of 3 done, 1 failed, 1 skipped   one at a time")
    told = status_sentence(view_of(ended(events, Outcome.CANCELLED, "by hand")).snapshot())
    assert told == "■ cancelled after 10.0 s   1 of 3 done, 1 failed, 1 skipped   by hand"


def test_the_status_before_a_run() -> None:
    assert status_sentence(Snapshot()) == "○ ready"
