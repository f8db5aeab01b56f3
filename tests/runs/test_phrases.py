import pytest

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
    up,
)
from tests.runs.factories import viewed as view_of
from tui_app.events import Event, Outcome
from tui_app.runs.phrases import (
    STATE_MARKS,
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
            "9,000 of 12,000 images done, 1,000 failed, 1,500 skipped, 500 not done",
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
        "1,204 images",
        "1,204 photographs",
        "1,204 tasks",
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
    assert list(summary_rows("batch", summary)) == [
        ("Wall time", "10.00 s", "start to end"),
        ("Work", "16.00 s", "of all images"),
        ("Speed-up", "1.60 x", "work / wall time"),
        ("Efficiency", "80%", "speed-up / 2 CPUs"),
        ("Pace", "24 MP/s", "2.0 images/s"),
        ("Read", "80 MB", "written 4.0 MB"),
        ("Slowest", "2.50 s", "big.jpg"),
    ]


def test_summary_rows_of_nothing_divide_by_nothing() -> None:
    assert [name for name, _, _ in summary_rows("batch", Summary())] == ["Wall time", "Work"]
    drawn = Summary(wall=1.0, work=1.0, bytes_out=5)
    assert ("Written", "5 B", "") in list(summary_rows("samples", drawn))


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
    assert start == "    0 of 1,200     0%   ETA  -:--"
    later = progress_sentence(view_of(half_way()).snapshot(2.5))
    assert later == "    1 of 1,200     0%   ETA 19:58"
    assert len(start) == len(later)
    whole = Snapshot(tasks=1200, ok=1200, fraction=1.0, summary=Summary())
    assert progress_sentence(whole) == "1,200 of 1,200   100%"


def test_failures_are_told_only_where_there_are_some() -> None:
    assert failed_words(Snapshot()) == ""
    assert failed_words(Snapshot(failed=1234)) == "1,234 failed"


def test_the_status_of_a_run_under_way() -> None:
    snapshot = view_of(half_way()).snapshot(3.0)
    assert status_sentence(snapshot) == (
        "● running  3.0 s   1 of 1,200 done, 1 running   0.5 images/s"
    )


def test_the_status_of_a_run_that_has_ended() -> None:
    events: list[Event] = [run_started(3, 3.0), up(7, "W-1"), queued(1), queued(2), queued(3)]
    events += [begun(1, 7), done(1, 7), begun(2, 7), failed(2, 7), skipped(3), down(7)]
    told = status_sentence(view_of(ended(events, Outcome.FAILED)).snapshot())
    assert told == ("✗ failed  10.0 s   1 of 3 done, 1 failed, 1 skipped   0.07 x · 4% of 2 CPUs")
    told = status_sentence(view_of(ended(events, Outcome.CANCELLED, "by hand")).snapshot())
    assert told == "■ cancelled  10.0 s   1 of 3 done, 1 failed, 1 skipped   by hand"


def test_the_status_before_a_run() -> None:
    assert status_sentence(Snapshot()) == "○ ready  0.0 s   0 of 0 done"
