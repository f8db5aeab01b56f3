"""The view, the log and the summary of a played script."""

from collections.abc import Iterable

from tui_app.events import (
    Deadlock,
    Event,
    Line,
    LoopBlocked,
    Outcome,
    Output,
    ProcessExited,
    ProcessStarted,
    Resumed,
    RunFinished,
    RunStarted,
    Stream,
    TaskFailed,
    TaskFinished,
    TaskQueued,
    TaskStarted,
    ThreadEnded,
    ThreadKind,
    ThreadStarted,
    UnseenThreads,
    Waiting,
    WaitKind,
)
from tui_app.runs.lanes import RowState, SpanKind
from tui_app.runs.view import RunView, Snapshot
from tui_app.runs.wait_words import wait_label
from tui_app.summary import summarise

STARTED = RunStarted(
    t=0.0,
    run="r",
    kind="demo",
    title="t",
    executor="script",
    workers=0,
    start_method="fork",
    cpus=2,
    python="3",
    host="h",
    started_at="2026-01-01T00:00:00+00:00",
    tasks=0,
    weight=0.0,
)

JOINED: list[Event] = [
    STARTED,
    ProcessStarted(t=0.0, pid=1, parent=9, name="main"),
    Line(t=0.1, pid=1, line=7),
    TaskQueued(t=0.1, task=1, label="nap(1)", weight=1.0),
    ProcessStarted(t=0.2, pid=2, parent=1, name="P-1"),
    TaskStarted(t=0.3, task=1, pid=2),
    Line(t=0.3, pid=1, line=9),
    Waiting(t=0.3, pid=1, kind=WaitKind.JOIN, object="P-1"),
    Output(t=0.4, pid=2, stream=Stream.STDOUT, text="Sleeping"),
    Waiting(t=0.4, pid=2, kind=WaitKind.SLEEP, timeout=1.0),
    Resumed(t=1.4, pid=2),
    TaskFinished(t=1.5, task=1, pid=2, seconds=1.2),
    ProcessExited(t=1.6, pid=2, exitcode=0),
    Resumed(t=1.6, pid=1),
    ProcessExited(t=1.7, pid=1, exitcode=0),
]


def finished(events: list[Event]) -> list[Event]:
    end = RunFinished(t=1.7, outcome=Outcome.OK)
    summary = summarise([*events, end]).to_dict()
    return [*events, RunFinished(t=1.7, outcome=Outcome.OK, summary=summary)]


def view(events: Iterable[Event]) -> Snapshot:
    run = RunView()
    for event in events:
        run.add(event)
    return run.snapshot()


def spans(snapshot: Snapshot, lane: int) -> list[tuple[float, float | None, str, str, str | None]]:
    return [
        (
            span.start,
            span.end,
            str(span.kind),
            span.label,
            wait_label(span.wait) if span.wait else None,
        )
        for span in snapshot.rows[lane].spans
    ]


def test_lanes_tell_work_sleep_and_wait_apart() -> None:
    snapshot = view(finished(JOINED))
    assert [lane.name for lane in snapshot.rows] == ["main", "P-1"]
    assert spans(snapshot, 0) == [
        (0.0, 0.3, "work", "", None),
        (0.3, 1.6, "wait", "", "join P-1"),
        (1.6, 1.7, "work", "", None),
    ]
    assert spans(snapshot, 1) == [
        (0.3, 0.4, "work", "nap(1)", None),
        (0.4, 1.4, "sleep", "nap(1)", "sleep 1 s"),
        (1.4, 1.5, "work", "nap(1)", None),
    ]
    assert snapshot.played
    assert (snapshot.ok, snapshot.tasks, snapshot.eta) == (1, 1, None)


def test_rows_say_who_sleeps_and_who_waits_on_what() -> None:
    at_sleep = view(JOINED[:10])
    main, child = at_sleep.rows
    assert (main.state, main.wait, main.since) == (RowState.BLOCKED, JOINED[7], 0.3)
    assert (child.state, child.wait, child.label) == (RowState.SLEEPING, JOINED[9], "nap(1)")
    assert at_sleep.line == 9
    assert (at_sleep.running, at_sleep.tasks) == (1, 1)
    assert at_sleep.rows[1].spans[-1].kind is SpanKind.SLEEP
    assert [row.state for row in view(JOINED).rows] == [RowState.EXITED] * 2
    assert view(JOINED[:5]).rows[1].state is RowState.WAITING


def test_a_child_that_is_killed_ends_its_span_badly() -> None:
    events: list[Event] = [
        *JOINED[:10],
        TaskFailed(t=0.9, task=1, pid=2, seconds=0.6, error="SIGKILL", reason="killed"),
        ProcessExited(t=0.9, pid=2, exitcode=-9),
    ]
    snapshot = view(events)
    assert snapshot.rows[1].spans[-1].end == 0.9
    assert snapshot.rows[1].spans[-1].failed
    assert snapshot.rows[1].exitcode == -9
    assert [failure.error for failure in snapshot.failures] == ["SIGKILL"]


def test_main_may_be_the_one_task_and_is_told_so_at_its_end() -> None:
    events: list[Event] = [
        STARTED,
        ProcessStarted(t=0.0, pid=1, parent=9, name="main"),
        Waiting(t=0.1, pid=1, kind=WaitKind.SLEEP, timeout=1.0),
        Resumed(t=1.1, pid=1),
        TaskQueued(t=0.0, task=1, label="one.py", weight=1.0),
        TaskStarted(t=0.0, task=1, pid=1),
        TaskFinished(t=1.7, task=1, pid=1, seconds=1.7),
        ProcessExited(t=1.7, pid=1, exitcode=0),
    ]
    snapshot = view(finished(events))
    assert [span[:3] for span in spans(snapshot, 0)] == [
        (0.0, 0.1, "work"),
        (0.1, 1.1, "sleep"),
        (1.1, 1.7, "work"),
    ]
    assert (snapshot.ok, snapshot.tasks, snapshot.rows[0].tasks) == (1, 1, 1)
    assert snapshot.summary is not None
    assert (snapshot.summary.work, snapshot.summary.wall, snapshot.summary.left) == (1.7, 1.7, 0)


def test_the_log_tells_waits_in_words_but_leaves_sleeps_to_the_prints() -> None:
    run = RunView()
    for event in JOINED:
        run.add(event)
    told = [(line.who, line.text) for line in run.log.lines]
    assert ("main", "waits in join() for P-1") in told
    assert ("P-1", "nap(1) ended after 1.20 s") in told
    assert not any("sleep" in text for _, text in told)


def started(thread: int, name: str, kind: ThreadKind, t: float = 0.2) -> ThreadStarted:
    return ThreadStarted(t=t, pid=1, thread=thread, name=name, kind=kind)


THREADS: list[Event] = [
    STARTED,
    ProcessStarted(t=0.0, pid=1, parent=9, name="main"),
    started(1, "Thread-1", ThreadKind.THREAD),
    started(2, "fetch(2)", ThreadKind.ASYNCIO),
    ProcessStarted(t=0.3, pid=2, parent=1, name="P-1"),
    Waiting(t=0.5, pid=1, thread=1, kind=WaitKind.LOCK, object="a", holder="main"),
    LoopBlocked(t=0.6, pid=1, thread=2, line=9),
    Resumed(t=0.9, pid=1, thread=1),
    Waiting(t=1.0, pid=1, thread=2, kind=WaitKind.TURN),
    Waiting(t=1.1, pid=1, thread=2, kind=WaitKind.TURN, holder="fetch(3)"),
    ThreadEnded(t=1.2, pid=1, thread=1, cpu=0.25),
    UnseenThreads(t=1.3, pid=1, kind=ThreadKind.THREAD, count=4),
    ProcessExited(t=1.5, pid=1, exitcode=1),
]


def test_threads_and_tasks_have_lanes_below_their_process() -> None:
    snapshot = view(THREADS)
    assert [(row.name, row.number) for row in snapshot.rows] == [
        ("main", 0),
        ("main·Thread-1", 0),
        ("main·fetch(2)", 0),
        ("P-1", 1),
    ]
    assert spans(snapshot, 1) == [
        (0.2, 0.5, "work", "", None),
        (0.5, 0.9, "wait", "", "lock a"),
        (0.9, 1.2, "work", "", None),
    ]
    main, thread, task, _child = snapshot.rows
    assert (thread.state, thread.cpu, thread.exitcode) == (RowState.EXITED, 0.25, None)
    assert task.exited, "its process has gone"
    assert main.unseen == {ThreadKind.THREAD: 4}


def test_a_task_that_blocks_its_loop_has_a_span_of_its_own() -> None:
    blocking = view(THREADS[:7]).rows[2]
    assert blocking.blocks
    assert blocking.spans[-1].blocks == THREADS[6]
    later = view(THREADS[:10]).rows[2]
    assert not later.blocks
    # What it waits for became known while it waited.
    assert [(span.start, span.end) for span in later.spans] == [(0.2, 0.6), (0.6, 1.0), (1.0, None)]
    assert later.wait == later.spans[-1].wait == THREADS[9]


def test_a_thread_that_waits_from_its_start_on_has_not_worked() -> None:
    wait = Waiting(t=0.2, pid=1, thread=1, kind=WaitKind.IDLE)
    row = view([*THREADS[:3], wait]).rows[1]
    assert [str(span.kind) for span in row.spans] == ["idle"]
    assert row.state is RowState.WAITING


def test_a_deadlock_marks_the_lanes_of_threads() -> None:
    waits = [{"pid": 1, "thread": "Thread-1", "kind": "lock", "object": "a"}]
    snapshot = view([*THREADS[:6], Deadlock(t=0.7, waits=waits)])
    assert snapshot.rows[1].deadlocked
