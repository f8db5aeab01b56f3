import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest

from tests.conftest import workers_left
from tests.engine import work
from tests.invariants import check_stream
from tui_app.engine.batching import MOST
from tui_app.engine.machine import StartMethod, start_methods
from tui_app.engine.resource_usage import has_gil
from tui_app.engine.run import Run
from tui_app.engine.scheduler import WINDOW
from tui_app.engine.spec import LOCAL_EXECUTORS, ExecutorKind, Pool, RunSpec, Task
from tui_app.engine.workforce import AHEAD
from tui_app.events import (
    Event,
    Outcome,
    Output,
    ProcessExited,
    ProcessStarted,
    RunFinished,
    RunStarted,
    TaskFailed,
    TaskFinished,
    TaskQueued,
    TaskSkipped,
    TaskStarted,
)

PROCESSES, THREADS, SEQUENTIAL = (
    ExecutorKind.PROCESSES,
    ExecutorKind.THREADS,
    ExecutorKind.SEQUENTIAL,
)
E = TypeVar("E", bound=Event)

every_method = pytest.mark.parametrize("method", start_methods())
every_executor = pytest.mark.parametrize("executor", LOCAL_EXECUTORS)
lean_too = pytest.mark.parametrize("lean", [False, True], ids=["pools", "lean"])


def make_run(
    function: Callable[..., Any],
    arguments: list[Any],
    *,
    executor: ExecutorKind = PROCESSES,
    method: StartMethod = StartMethod.FORKSERVER,
    workers: int = 2,
    lean: bool = False,
) -> Run:
    tasks = [Task(f"task {argument}", function, argument) for argument in arguments]
    pool = Pool(executor, workers, method, lean)
    spec = RunSpec(kind="test", title="a test", tasks=len(tasks), weight=len(tasks), pool=pool)
    return Run(tasks, spec)


async def collect(run: Run) -> list[Event]:
    async with aclosing(run.events()) as events:
        return [event async for event in events]


def of(kind: type[E], events: list[Event]) -> list[E]:
    return [event for event in events if isinstance(event, kind)]


@lean_too
@every_method
@every_executor
async def test_every_task_ends_once_with_its_result(
    executor: ExecutorKind, method: StartMethod, lean: bool
) -> None:
    numbers = list(range(20))
    run = make_run(work.double, numbers, executor=executor, method=method, lean=lean)
    events = await collect(run)
    check_stream(events)
    assert of(TaskFailed, events) == []
    results = {event.task: event.result["number"] for event in of(TaskFinished, events)}
    assert results == {number + 1: 2 * number for number in range(20)}
    started = of(RunStarted, events)[0]
    assert (started.executor, started.start_method) == (executor, method)
    assert started.workers == (1 if executor is SEQUENTIAL else 2)
    processes = of(ProcessStarted, events)
    assert {event.parent for event in processes} == {os.getpid()}
    assert len(processes) <= (2 if executor is PROCESSES else 1)
    assert [event.exitcode for event in of(ProcessExited, events)] == [0] * len(processes)
    finished = of(RunFinished, events)[0]
    assert finished.outcome is Outcome.OK


@pytest.mark.slow
@every_method
async def test_processes_work_at_the_same_time(method: StartMethod, tmp_path: Path) -> None:
    events = await collect(make_run(work.meet, [str(tmp_path)] * 2, method=method))
    check_stream(events)
    assert len({event.pid for event in of(TaskFinished, events)}) == 2


async def test_threads_work_at_the_same_time_in_one_process(tmp_path: Path) -> None:
    events = await collect(make_run(work.meet, [str(tmp_path)] * 2, executor=THREADS))
    check_stream(events)
    finished = of(TaskFinished, events)
    assert len({event.pid for event in finished}) == 1
    assert {event.thread for event in finished} == {1, 2}


async def test_sequential_tasks_do_not_overlap() -> None:
    events = await collect(make_run(work.nap, [0.01] * 5, executor=SEQUENTIAL))
    kinds = [type(e) for e in events if isinstance(e, TaskStarted | TaskFinished)]
    assert kinds == [TaskStarted, TaskFinished] * 5


async def test_results_come_as_they_are_ready() -> None:
    run = make_run(work.nap, [600.0, 0.05])
    finished = []
    async with aclosing(run.events()) as stream:
        async for event in stream:
            if isinstance(event, TaskFinished):
                finished.append(event.task)
                run.cancel()
    assert finished == [2]


@pytest.mark.filterwarnings("default::UserWarning")  # a forked worker has our filters
@every_method
@every_executor
async def test_whatever_a_worker_writes_is_an_event(
    executor: ExecutorKind, method: StartMethod, capfd: pytest.CaptureFixture[str]
) -> None:
    events = await collect(make_run(work.say, ["x"], executor=executor, method=method, workers=1))
    check_stream(events)
    pid = of(ProcessStarted, events)[0].pid
    output = of(Output, events)
    assert {event.pid for event in output} == {pid}
    said = {
        stream: "".join(e.text + "\n" * (not e.partial) for e in output if e.stream == stream)
        for stream in ("stdout", "stderr")
    }
    for text in ("print x", "write 1 x", "puts x", "echo x", "buffer x", "no newline x"):
        assert text in said["stdout"].splitlines()
    for text in ("print to stderr x", "write 2 x", "perror x: ", "logging x"):
        assert any(text in line for line in said["stderr"].splitlines()), text
    # A forked worker inherits pytest's own recording of warnings.
    if method is not StartMethod.FORK:
        assert "UserWarning: warning x" in said["stderr"].splitlines()
    # Told before the task's end, and nothing reaches this terminal.
    end = events.index(of(TaskFinished, events)[0])
    assert all(events.index(event) < end for event in output)
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
async def test_no_line_is_lost_of_many_and_the_reader_may_be_slow() -> None:
    run = make_run(work.print_lines, [8_000, 8_000])
    lines: Counter[int] = Counter()
    most = 0
    async with aclosing(run.events()) as events:
        async for event in events:
            most = max(most, len(run._inbox._events))
            if isinstance(event, Output):
                lines[event.pid] += 1
                if sum(lines.values()) % 1_000 == 0:
                    await asyncio.sleep(0.02)
    assert sum(lines.values()) == 16_000
    assert most < 15_000, "workers wait for a slow reader"


@pytest.mark.parametrize(
    ("how", "error", "reason", "step"),
    [
        ("raise", "ValueError", "first line", "think"),
        ("exit", "SystemExit", "3", "think"),
        ("stop", "StopIteration", "StopIteration", "think"),
        ("interrupt", "KeyboardInterrupt", "KeyboardInterrupt", "think"),
        ("custom", "OddError", "odd", "think"),
        ("silent", "RuntimeError", "RuntimeError", "think"),
    ],
)
@pytest.mark.parametrize("executor", [PROCESSES, THREADS])
async def test_a_task_that_fails_fails_alone(
    executor: ExecutorKind, how: str, error: str, reason: str, step: str
) -> None:
    run = make_run(work.fail, [how, how], executor=executor)
    events = await collect(run)
    check_stream(events)
    for event in of(TaskFailed, events):
        assert (event.error, event.reason, event.step) == (error, reason, step)
    finished = of(RunFinished, events)[0]
    assert finished.outcome is Outcome.FAILED
    assert finished.summary["failed"] == 2


@pytest.mark.parametrize("executor", [PROCESSES, THREADS])
async def test_a_result_that_is_no_plain_data_fails_its_task(executor: ExecutorKind) -> None:
    events = await collect(make_run(work.fail, ["unpicklable"], executor=executor))
    check_stream(events)
    (event,) = of(TaskFailed, events)
    assert "not JSON serializable" in event.reason
    assert event.pid is not None


async def test_a_task_that_cannot_be_sent_fails() -> None:
    run = make_run(work.double, [sys.stdout])
    events = await collect(run)
    check_stream(events)
    (event,) = of(TaskFailed, events)
    assert event.pid is None
    assert "could not be sent" in event.reason


async def test_a_task_that_cannot_be_unpickled_fails_alone() -> None:
    events = await collect(make_run(work.double, [work.Unreadable(), 2]))
    check_stream(events)
    (event,) = of(TaskFailed, events)
    assert (event.task, event.error) == (1, "RuntimeError")
    assert [end.task for end in of(TaskFinished, events)] == [2]


async def test_what_need_not_be_done_is_skipped() -> None:
    tasks = [Task("there", work.double, 1, skip="it is there"), Task("new", work.double, 2)]
    run = Run(tasks, RunSpec(kind="test", title="", tasks=2, weight=2))
    events = await collect(run)
    check_stream(events)
    assert [event.reason for event in of(TaskSkipped, events)] == ["it is there"]
    assert [event.task for event in of(TaskFinished, events)] == [2]


async def test_tasks_are_taken_only_as_they_are_needed() -> None:
    taken = 0

    def endless() -> Iterator[Task]:
        nonlocal taken
        while True:
            taken += 1
            yield Task("again", work.double, 1)

    run = Run(endless(), RunSpec(kind="test", title="", tasks=10_000, weight=1))
    most = WINDOW + MOST * (1 + AHEAD) * run.spec.pool.size
    async with aclosing(run.events()) as events:
        ended = 0
        async for event in events:
            ended += isinstance(event, TaskFinished)
            # As many again may have ended, and not be read yet.
            assert taken - ended <= 2 * most + 1
            if ended == 200:
                break
    assert not workers_left()


@every_method
@every_executor
async def test_cancel_kills_and_says_what_was_not_done(
    executor: ExecutorKind, method: StartMethod
) -> None:
    # Whoever waited for the work would not come to an end in time.
    run = make_run(work.nap, [600.0] * 100, executor=executor, method=method)
    events: list[Event] = []
    cancelled = False
    async with aclosing(run.events()) as stream:
        async for event in stream:
            events.append(event)
            if isinstance(event, TaskStarted) and not cancelled:
                cancelled = True
                run.cancel()
    check_stream(events, all_tasks=False)
    finished = of(RunFinished, events)[0]
    assert (finished.outcome, finished.reason) == (Outcome.CANCELLED, "cancelled")
    assert finished.summary["ok"] == 0
    skipped = of(TaskSkipped, events)
    assert {event.reason for event in skipped} <= {
        "cancelled; it was under way",
        "cancelled; it had not begun",
    }
    assert all((event.pid is None) == ("not begun" in event.reason) for event in skipped)
    assert -signal.SIGKILL in [event.exitcode for event in of(ProcessExited, events)]


async def test_a_run_may_be_cancelled_before_it_begins() -> None:
    run = make_run(work.double, [1, 2, 3])
    run.cancel("not wanted")
    events = await collect(run)
    check_stream(events, all_tasks=False)
    finished = of(RunFinished, events)[0]
    assert (finished.outcome, finished.reason) == (Outcome.CANCELLED, "not wanted")


async def test_whoever_stops_iterating_cancels() -> None:
    run = make_run(work.nap, [30.0, 30.0])
    async with aclosing(run.events()) as events:
        async for event in events:
            if isinstance(event, TaskStarted):
                break
    assert not workers_left()


async def test_a_reader_that_fails_leaves_nothing_behind() -> None:
    run = make_run(work.nap, [30.0, 30.0])

    async def read() -> None:
        async with aclosing(run.events()) as events:
            async for event in events:
                if isinstance(event, TaskStarted):
                    raise RuntimeError("reader")

    with pytest.raises(RuntimeError, match="reader"):
        await read()
    assert not workers_left()


async def test_a_worker_is_polite_and_light() -> None:
    events = await collect(make_run(work.inspect, [None], workers=1))
    result = of(TaskFinished, events)[0].result
    assert result["nice"] >= min(19, psutil.Process().nice() + 10)
    assert result["stdin"] == result["fd 0"] == ""


async def test_queued_tasks_are_told_with_their_weight() -> None:
    tasks = [Task("heavy", work.double, 1, weight=24.0)]
    events = await collect(Run(tasks, RunSpec(kind="test", title="", tasks=1, weight=24.0)))
    (queued,) = of(TaskQueued, events)
    assert (queued.label, queued.weight) == ("heavy", 24.0)


# What workers cost

HELD = 300_000_000


@pytest.mark.slow
@every_executor
async def test_workers_tell_what_they_cost(executor: ExecutorKind) -> None:
    tasks = [Task("burn", work.burn, 0.1)] * 3 + [Task("hold", work.hold, HELD)]
    pool = Pool(executor, 2, StartMethod.FORKSERVER)
    spec = RunSpec(kind="test", title="", tasks=len(tasks), weight=1.0, pool=pool)
    events = await collect(Run(tasks, spec))
    exits = of(ProcessExited, events)
    assert sum(event.cpu or 0.0 for event in exits) >= 0.3
    assert max(event.memory or 0 for event in exits) >= HELD


@every_method
async def test_a_workers_peak_is_its_own_and_not_its_parents(method: StartMethod) -> None:
    if method is StartMethod.FORK:
        pytest.skip("a forked worker has what its parent had")
    here = bytearray(b"x") * HELD
    events = await collect(make_run(work.double, [1], method=method))
    (gone,) = of(ProcessExited, events)
    assert gone.memory is not None
    assert 1_000_000 < gone.memory < len(here)


@every_executor
async def test_of_the_interpreters_lock_the_worker_is_asked(executor: ExecutorKind) -> None:
    pool = Pool(executor, 1, StartMethod.FORKSERVER)
    for task, gil in ((work.double, has_gil()), (work.pretend_without_gil, False)):
        spec = RunSpec(kind="test", title="", tasks=1, weight=1.0, pool=pool)
        events = await collect(Run([Task("one", task, 1)], spec))
        assert [event.gil for event in of(ProcessExited, events)] == [gil]


async def test_who_ended_no_task_tells_no_cost() -> None:
    events = await collect(make_run(work.die, ["exit"]))
    told = {(event.cpu, event.memory, event.gil) for event in of(ProcessExited, events)}
    assert told == {(None, None, None)}
