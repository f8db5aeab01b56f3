import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runs.factories import (
    begun,
    done,
    down,
    failed,
    logged,
    queued,
    run_started,
    said,
    skipped,
    stopped,
    up,
)
from tui_app.events import (
    Event,
    LoopBlocked,
    Outcome,
    ProcessExited,
    ProcessStarted,
    RunFinished,
    Stream,
    TaskFinished,
    TaskQueued,
    ThreadKind,
    ThreadStarted,
    Waiting,
    WaitKind,
)
from tui_app.runs.log import Level, Log
from tui_app.script.partial_line import PartialLine

Source = tuple[int, Stream, int | None]

TEXT = st.text(st.characters(exclude_characters="\r\n"), max_size=5)
SOURCES: list[Source] = [
    (pid, stream, thread) for pid in (7, 8) for stream in Stream for thread in (None, 1, 2)
]


def texts(log: Log) -> list[str]:
    return [line.text for line in log.lines]


def who(pid: int, thread: int | None) -> str:
    return f"W-{pid - 6}.{thread}" if thread else f"W-{pid - 6}"


def test_a_line_of_each_kind() -> None:
    log, whole = logged(
        [
            up(7, "W-1"),
            queued(1, "one.jpg"),
            queued(2, "two.jpg"),
            queued(3, "three.jpg"),
            begun(1, 7),
            said(7, "hello"),
            said(7, "careful", stream=Stream.STDERR),
            done(1, 7, width=80, height=60, out_width=8, out_height=6, bytes_in=900, bytes_out=90),
            failed(2, 7),
            skipped(3),
            down(7, -9),
        ]
    )
    assert [(line.who, line.level, line.text) for line in log.lines] == [
        ("W-1", Level.PROCESS, "started"),
        ("W-1", Level.STDOUT, "hello"),
        ("W-1", Level.STDERR, "careful"),
        ("W-1", Level.DONE, "one.jpg was processed in 0.50 s  80x60 → 8x6  900 B → 90 B"),
        ("W-1", Level.FAILED, "two.jpg failed in decode: it is damaged"),
        ("", Level.SKIPPED, "three.jpg was skipped: it exists"),
        ("W-1", Level.PROCESS, "was killed by SIGKILL"),
    ]
    assert whole == texts(log), "each is whole at once"


def test_what_a_stop_overtook_is_told_where_it_had_begun() -> None:
    """All others had not: of most of them nothing was told at all."""
    log, _ = logged([up(7, "W-1"), *map(queued, (1, 2)), begun(1, 7), stopped(1, 7), stopped(2)])
    assert [(line.level, line.text) for line in log.lines[1:]] == [
        (Level.SKIPPED, "1.jpg was stopped: cancelled")
    ]


def test_notes_stand_with_what_was_done() -> None:
    log, _ = logged([queued(1, "a.tif"), done(1, 7, notes=["only the first page", "no profile"])])
    assert texts(log) == ["a.tif was processed in 0.50 s (only the first page) (no profile)"]


def test_notes_about_a_run_stand_where_they_were_known() -> None:
    last = RunFinished(t=9.0, outcome=Outcome.OK, notes=["1 worker did all the work"])
    log, whole = logged([run_started(notes=["4 workers, not 8"]), up(7, "W-1"), last])
    assert [(line.t, line.pid, line.text) for line in log.lines] == [
        (0.0, None, "4 workers, not 8"),
        (0.1, 7, "started"),
        (9.0, None, "1 worker did all the work"),
    ]
    assert whole == texts(log)


def test_a_failure_before_any_step_names_none() -> None:
    log, _ = logged([queued(1, "a.jpg"), failed(1, None, "cannot be sent", step="")])
    assert texts(log) == ["a.jpg failed: cannot be sent"]
    assert log.lines[0].who == ""


def test_a_thread_is_told_by_its_number() -> None:
    log, _ = logged([up(7, "W-1"), queued(1), said(7, "x", thread=2), done(1, 7, thread=2)])
    assert [line.who for line in log.lines] == ["W-1", "W-1.2", "W-1.2"]


def test_a_process_that_never_greeted_is_told_by_its_pid() -> None:
    log, _ = logged([said(7, "x")])
    assert log.lines[0].who == "7"


def test_partials_join_in_place() -> None:
    log, whole = logged(
        [
            said(7, "Working", partial=True, t=1.0),
            said(8, "another"),
            said(7, ".", partial=True, t=2.0),
            said(7, ".", partial=True, t=3.0),
        ]
    )
    assert texts(log) == ["Working..", "another"]
    assert whole == ["another"], "a line that is not whole is not given out"
    assert [line.text for line in log.add(said(7, " done", t=4.0))] == ["Working.. done"]
    assert texts(log) == ["Working.. done", "another"]
    assert log.lines[0].t == 1.0
    log.add(said(7, "next"))
    assert texts(log) == ["Working.. done", "another", "next"]


def test_what_is_not_ended_is_whole_when_its_process_is_gone() -> None:
    log, whole = logged(
        [
            up(7, "W-1"),
            said(7, "out", partial=True),
            said(7, "err", stream=Stream.STDERR, partial=True),
            said(8, "other", partial=True),
            down(7),
        ]
    )
    assert whole == ["started", "out", "err", "exited with code 0"]
    log.add(said(7, "a new process of the same number"))
    assert texts(log)[1:3] == ["out", "err"]


def test_of_a_progress_bar_the_present_state_stands_in_one_line() -> None:
    log, _ = logged([up(7, "W-1"), said(7, "copying", partial=True)])
    for number in range(3):
        log.add(said(7, f"\r{number} of 2", partial=True))
        assert texts(log) == ["started", f"{number} of 2"], "while it runs, too"
    log.add(said(7, " done\r", partial=True))
    assert texts(log)[1] == "2 of 2 done", "what was written is seen until it is written over"
    assert [line.text for line in log.add(said(7, "all copied"))] == ["all copied"]
    assert [line.text for line in log.add(said(7, "a line of DOS\r"))] == ["a line of DOS"]


def test_a_line_that_was_dropped_before_it_ended_begins_anew() -> None:
    log = Log(2)
    log.add(said(7, "a", partial=True))
    log.add(said(7, "b", partial=True))
    for number in range(3):
        log.add(said(8, str(number)))
    assert [line.text for line in log.add(said(7, "c"))] == ["c"]
    assert texts(log)[-1] == "c"


def test_what_nobody_ended_is_whole_when_the_run_is_over() -> None:
    log, _ = logged([said(7, "late", partial=True)])
    over = RunFinished(t=2.0, outcome=Outcome.OK)
    assert [line.text for line in log.add(over)] == ["late"]
    assert log.add(over) == []


def test_what_a_line_costs_grows_with_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    joined: list[int] = []

    class Counting(PartialLine):
        @property
        def text(self) -> str:
            joined.append(len(super().text))
            return super().text

    monkeypatch.setattr("tui_app.runs.log.PartialLine", Counting)
    log = Log()
    for _ in range(5_000):
        log.add(said(7, "dots", partial=True))
    assert texts(log) == ["dots" * 5_000]
    assert sum(joined) < 3 * 4 * 5_000


@given(st.lists(st.tuples(st.sampled_from(SOURCES), TEXT, st.booleans()), max_size=60))
def test_interleaved_sources_never_mix(said_: list[tuple[Source, str, bool]]) -> None:
    expected: dict[tuple[str, Level], list[str]] = {}
    open_: set[Source] = set()
    events: list[Event] = [up(7, "W-1"), up(8, "W-2")]
    for source, text, partial in said_:
        pid, stream, thread = source
        events.append(said(pid, text, stream=stream, partial=partial, thread=thread))
        lines = expected.setdefault((who(pid, thread), Level(stream)), [])
        if source in open_:
            lines[-1] += text
        else:
            lines.append(text)
        open_ = open_ | {source} if partial else open_ - {source}
    log, whole = logged([*events, down(7), down(8)])
    shown: dict[tuple[str, Level], list[str]] = {}
    for line in log.lines:
        if line.level is not Level.PROCESS:
            shown.setdefault((line.who, line.level), []).append(line.text)
    assert shown == expected
    assert sorted(whole) == sorted(texts(log)), "each line is given out once, when it is whole"


@given(st.integers(1, 50), st.integers(0, 120))
def test_the_oldest_are_dropped_and_counted(longest: int, count: int) -> None:
    log, whole = logged([said(7, str(number)) for number in range(count)], longest)
    assert len(log.lines) <= longest
    assert texts(log) == [str(number) for number in range(log.dropped, count)]
    assert count <= longest or len(log.lines) >= longest * 0.9 - 1, "no more than a tenth at once"
    assert len(whole) == count


@given(
    st.integers(1, 20),
    st.lists(st.tuples(st.sampled_from(SOURCES), TEXT, st.booleans()), max_size=60),
)
def test_what_is_said_is_kept_under_its_own_name_however_much_is_dropped(
    longest: int, said_: list[tuple[Source, str, bool]]
) -> None:
    log = Log(longest)
    for pid, name in ((7, "W-1"), (8, "W-2")):
        log.add(up(pid, name))
    for (pid, stream, thread), text, partial in said_:
        log.add(said(pid, text, stream=stream, partial=partial, thread=thread))
        assert len(log.lines) <= longest
        own = [
            line.text
            for line in log.lines
            if (line.who, line.level) == (who(pid, thread), Level(stream))
        ]
        assert own[-1].endswith(text)


def test_a_tenth_is_dropped_at_once() -> None:
    log, whole = logged([said(7, str(number)) for number in range(101)], longest=100)
    assert (len(log.lines), log.dropped) == (91, 10)
    assert texts(log) == [str(number) for number in range(10, 101)]
    assert len(whole) == 101


def test_the_rest_of_a_dropped_line_is_a_line_of_its_own() -> None:
    log = Log(10)
    log.add(said(8, "lost ", partial=True))
    for number in range(10):
        log.add(said(7, str(number)))
    assert log.dropped == 1
    assert [line.text for line in log.add(said(8, "rest"))] == ["rest"]
    assert texts(log)[-1] == "rest"
    assert not any("lost" in text for text in texts(log))


@pytest.mark.parametrize("text", ["[red]x[/]", "\x1b[2J", "a\udcffb", ""])
def test_text_from_outside_is_kept_as_it_came(text: str) -> None:
    log, _ = logged([said(7, text)])
    assert texts(log) == [text]


def test_how_a_script_s_processes_start_and_end_is_told() -> None:
    log = Log()
    for event in (
        dataclasses.replace(run_started(0, kind="watch"), start_method="fork"),
        ProcessStarted(t=0.0, pid=1, parent=0, name="P-1", start_method="fork"),
        ProcessStarted(t=0.1, pid=2, parent=0, name="P-2", start_method="spawn"),
        ProcessStarted(t=0.2, pid=3, parent=0, name="P-3", start_method="spawn"),
        ProcessStarted(t=0.3, pid=4, parent=0, name="sleep", command="sleep 5"),
        TaskQueued(t=0.4, task=1, label="f(0) …", weight=1.0),
        TaskFinished(t=0.5, task=1, pid=1, seconds=0.1, result={"calls": 1200}),
        ProcessExited(t=0.6, pid=2, exitcode=-15, ended_by="terminate"),
        ProcessExited(t=0.7, pid=4, exitcode=None),
        ProcessExited(t=0.8, pid=1, exitcode=None),
    ):
        log.add(event)
    assert texts(log) == [
        "started",
        "started by spawn",
        "started",
        "started: sleep 5",
        "f(0) …: 1\N{NARROW NO-BREAK SPACE}200 calls ended after 0.10 s",
        "was ended by terminate()",
        "ended",
        "is gone",
    ]


def test_threads_are_named_and_of_tasks_only_who_blocks_the_loop_is_told() -> None:
    log, _ = logged(
        [
            up(7, "main"),
            ThreadStarted(t=1.0, pid=7, thread=1, name="Thread-1", kind=ThreadKind.THREAD),
            ThreadStarted(t=1.0, pid=7, thread=2, name="fetch(2)", kind=ThreadKind.ASYNCIO),
            Waiting(t=1.1, pid=7, thread=1, kind=WaitKind.EVENT, object="ready"),
            Waiting(t=1.2, pid=7, thread=1, kind=WaitKind.GIL, holder="main"),
            Waiting(t=1.2, pid=7, thread=2, kind=WaitKind.EVENT, object="ready"),
            LoopBlocked(t=1.3, pid=7, thread=2, line=12),
            Waiting(t=1.4, pid=7, thread=2, kind=WaitKind.TURN),
            LoopBlocked(t=1.5, pid=7, thread=2, line=12),
            LoopBlocked(t=1.6, pid=7, thread=2, line=13),
        ]
    )
    assert [(line.who, line.level, line.text) for line in log.lines][1:] == [
        ("main·Thread-1", Level.WAIT, "waits until the event ready is set"),
        ("main", Level.BLOCKED, "fetch(2) blocks the event loop (line 12)"),
        ("main", Level.BLOCKED, "fetch(2) blocks the event loop (line 13)"),
    ]
