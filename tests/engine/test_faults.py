"""Workers that die, hang or need too much: what is lost, what is tried again, what is told."""

import os
import random
import signal
from collections import Counter
from contextlib import aclosing, suppress
from multiprocessing import forkserver
from pathlib import Path

import pytest

from tests.engine import work
from tests.engine.test_run import THREADS, collect, every_method, lean_too, of
from tests.invariants import check_stream
from tui_app.engine.forkserver import prestart
from tui_app.engine.machine import StartMethod
from tui_app.engine.run import Run
from tui_app.engine.spec import ExecutorKind, Limits, Pool, RunSpec, Task
from tui_app.events import (
    Event,
    Outcome,
    ProcessExited,
    ProcessStarted,
    RunFinished,
    TaskFailed,
    TaskFinished,
    TaskProgress,
    TaskRetried,
    TaskSkipped,
    TaskStarted,
)

pytestmark = pytest.mark.slow


def run_of(
    tasks: list[Task],
    limits: Limits | None = None,
    *,
    method: StartMethod = StartMethod.FORKSERVER,
    executor: ExecutorKind = ExecutorKind.PROCESSES,
    workers: int = 2,
    lean: bool = False,
) -> Run:
    pool = Pool(executor, workers, method, lean)
    about = RunSpec(
        kind="test",
        title="",
        tasks=len(tasks),
        weight=len(tasks),
        pool=pool,
        limits=limits or Limits(),
    )
    return Run(tasks, about)


def naps(count: int, seconds: float = 0.05) -> list[Task]:
    return [Task(f"nap {number}", work.nap, seconds) for number in range(count)]


@every_method
@pytest.mark.parametrize(
    ("how", "error", "says", "deaths"),
    [
        ("SIGKILL", "SIGKILL", "was killed by SIGKILL", 5),
        ("SIGTERM", "SIGTERM", "was killed by SIGTERM", 5),
        ("SIGSEGV", "SIGSEGV", "was killed by SIGSEGV", 2),
        ("exit", "exit code 7", "exited with code 7", 2),
    ],
)
async def test_what_kills_its_worker_fails_by_its_signal_and_the_others_are_done(
    method: StartMethod, how: str, error: str, says: str, deaths: int
) -> None:
    events = await collect(run_of([Task("poison", work.die, how), *naps(20)], method=method))
    check_stream(events)
    (failed,) = of(TaskFailed, events)
    assert (failed.task, failed.error, failed.step) == (1, error, "die")
    assert says in failed.reason
    assert failed.pid is not None
    retried = of(TaskRetried, events)
    assert {(event.task, event.error, event.step) for event in retried} == {(1, error, "die")}
    # The last death is told as the end; the first was in company, and is no strike.
    assert len(retried) in (deaths - 1, deaths)
    assert sorted(event.task for event in of(TaskFinished, events)) == list(range(2, 22))
    codes = [event.exitcode for event in of(ProcessExited, events)]
    assert sum(code != 0 for code in codes) == len(retried) + 1
    assert of(RunFinished, events)[0].outcome is Outcome.FAILED


@lean_too
async def test_a_death_takes_nothing_from_the_other_workers(tmp_path: Path, lean: bool) -> None:
    folder = str(tmp_path)
    tasks = [Task("nap", work.meet_and_nap, folder), Task("poison", work.meet_and_die, folder)]
    events = await collect(run_of(tasks, lean=lean))
    check_stream(events)
    starts = Counter(event.task for event in of(TaskStarted, events))
    assert starts == {1: 1, 2: 3}
    assert [event.task for event in of(TaskFinished, events)] == [1]


async def test_a_suspect_is_tried_alone(tmp_path: Path) -> None:
    folder = str(tmp_path)
    poison = Task("poison", work.meet_and_die, folder)
    company = Task("company", work.meet_and_nap, folder)
    events = await collect(run_of([poison, company, *naps(11, 0.1)]))
    under_way: set[int] = set()
    tried = 0
    for event in events:
        if isinstance(event, TaskStarted):
            tried += event.task == 1
            assert tried < 2 or 1 not in under_way
            under_way.add(event.task)
            if event.task == 1 and tried > 1:
                assert under_way == {1}
        elif isinstance(event, TaskFinished | TaskRetried | TaskFailed):
            under_way.discard(event.task)
    assert tried == 3, "once in company, and twice alone"


async def test_a_worker_in_place_of_a_dead_one_has_its_name() -> None:
    events = await collect(run_of([Task("poison", work.die, "exit"), *naps(4)], workers=2))
    started = of(ProcessStarted, events)
    assert {event.name for event in started} <= {"W-1", "W-2"}
    assert len({event.pid for event in started}) == len(started) >= 3


async def test_a_worker_killed_from_outside_costs_nothing_but_time() -> None:
    run = run_of(naps(30, 0.1))
    events: list[Event] = []
    killed: set[int] = set()
    async with aclosing(run.events()) as stream:
        async for event in stream:
            events.append(event)
            if (
                isinstance(event, TaskProgress)
                and event.task in (3, 9, 15)
                and event.task not in killed
            ):
                killed.add(event.task)
                os.kill(event.pid, signal.SIGKILL)
    check_stream(events)
    assert len(of(TaskFinished, events)) == 30
    assert {event.task for event in of(TaskRetried, events)} == {3, 9, 15}
    assert of(RunFinished, events)[0].outcome is Outcome.OK


async def test_workers_killed_at_random_lose_no_task() -> None:
    chance = random.Random(5)
    run = run_of([Task(str(n), work.double, n) for n in range(400)])
    events: list[Event] = []
    async with aclosing(run.events()) as stream:
        async for event in stream:
            events.append(event)
            if isinstance(event, TaskStarted) and chance.random() < 0.05:
                with suppress(ProcessLookupError):
                    os.kill(event.pid, signal.SIGKILL)
    check_stream(events)
    assert of(TaskFailed, events) == []
    results = {event.task: event.result["number"] for event in of(TaskFinished, events)}
    assert results == {number + 1: 2 * number for number in range(400)}
    assert of(ProcessExited, events)


@lean_too
async def test_an_idle_worker_that_dies_is_replaced(lean: bool) -> None:
    run = run_of([Task("nap", work.nap, 0.1), Task("long", work.nap, 1.0), *naps(2)], lean=lean)
    events: list[Event] = []
    async with aclosing(run.events()) as stream:
        async for event in stream:
            events.append(event)
            if isinstance(event, TaskFinished) and event.task == 4:
                os.kill(event.pid, signal.SIGKILL)
    check_stream(events)
    assert len(of(TaskFinished, events)) == 4
    exits = [event.exitcode for event in of(ProcessExited, events)]
    assert -signal.SIGKILL in exits


async def test_threads_that_die_together_are_tried_one_by_one() -> None:
    tasks = [Task("poison", work.die, "SIGKILL"), *naps(6, 0.2)]
    events = await collect(run_of(tasks, executor=THREADS))
    check_stream(events)
    assert [event.task for event in of(TaskFailed, events)] == [1]
    assert len(of(TaskFinished, events)) == 6


@lean_too
async def test_where_no_worker_can_be_started_the_run_says_so(
    monkeypatch: pytest.MonkeyPatch, lean: bool
) -> None:
    monkeypatch.setattr("tui_app.engine.slots.attach", work.refuse_to_start)
    events = await collect(run_of(naps(5), lean=lean))
    check_stream(events, all_tasks=False)
    finished = of(RunFinished, events)[0]
    assert (finished.outcome, finished.reason) == (
        Outcome.FAILED,
        "the workers could not be started: exited with code 1",
    )


@lean_too
async def test_where_the_machine_refuses_every_worker_the_run_says_why(
    monkeypatch: pytest.MonkeyPatch, lean: bool
) -> None:
    monkeypatch.setattr("tui_app.engine.slots.attach", work.be_refused)
    events = await collect(run_of(naps(5), lean=lean))
    check_stream(events, all_tasks=False)
    finished = of(RunFinished, events)[0]
    why = "no more processes or threads may be started"
    assert (finished.outcome, finished.reason) == (
        Outcome.FAILED,
        f"the workers could not be started: {why}",
    )
    assert not of(ProcessStarted, events), "who is refused does not dial"


@lean_too
@every_method
async def test_a_worker_that_is_refused_is_done_without_and_a_note_says_so(
    monkeypatch: pytest.MonkeyPatch, method: StartMethod, lean: bool
) -> None:
    monkeypatch.setattr("tui_app.engine.slots.attach", work.dial_late)
    events = await collect(run_of(naps(12), method=method, lean=lean))
    check_stream(events)
    assert len(of(TaskFinished, events)) == 12
    assert {event.name for event in of(ProcessStarted, events)} == {"W-1"}
    (note,) = of(RunFinished, events)[0].notes
    assert note == (
        "1 worker did all the work: no more could be started"
        " (no more processes or threads may be started)"
    )


@lean_too
async def test_a_fork_server_that_is_killed_costs_an_attempt(tmp_path: Path, lean: bool) -> None:
    tasks = [Task("kill", work.kill_server, str(tmp_path / "killed")), *naps(12, 0.1)]
    events = await collect(run_of(tasks, lean=lean))
    check_stream(events)
    assert len(of(TaskFinished, events)) == 13
    assert of(RunFinished, events)[0].outcome is Outcome.OK
    # Nobody can tell how its workers ended, and none of their tasks is suspected.
    assert None in [event.exitcode for event in of(ProcessExited, events)]
    assert {event.error for event in of(TaskRetried, events)} == {"WorkerGone"}


async def test_a_script_is_not_played_again_where_the_fork_server_is_killed(tmp_path: Path) -> None:
    prestart(StartMethod.FORKSERVER)
    server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    once = Limits(crashes=1, kills=1)
    task = Task("kill", work.kill_server, str(tmp_path / "killed"))
    events = await collect(run_of([task], once, workers=1))
    check_stream(events)
    (failed,) = of(TaskFailed, events)
    assert (failed.error, failed.reason) == ("WorkerGone", "its worker W-1 is gone")
    while forkserver._forkserver._forkserver_pid == server:  # type: ignore[attr-defined]
        prestart(StartMethod.FORKSERVER)  # which buries the one that was killed, when it is dead


async def test_a_fork_server_that_is_killed_before_it_has_a_worker_is_started_again() -> None:
    pid = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    events = await collect(run_of(naps(4)))
    check_stream(events)
    assert len(of(TaskFinished, events)) == 4


async def test_where_the_current_folder_is_gone_the_run_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    events = await collect(run_of(naps(2)))
    check_stream(events, all_tasks=False)
    finished = of(RunFinished, events)[0]
    assert finished.outcome is Outcome.FAILED
    assert "the current folder is gone" in finished.reason


@pytest.mark.parametrize("executor", [ExecutorKind.PROCESSES, THREADS])
async def test_what_takes_too_long_is_killed_and_the_others_go_on(executor: ExecutorKind) -> None:
    tasks = [Task("stuck", work.nap, 60.0), *naps(8, 0.1)]
    events = await collect(run_of(tasks, Limits(timeout=3.0), executor=executor))
    check_stream(events)
    (failed,) = of(TaskFailed, events)
    assert (failed.task, failed.error, failed.step) == (1, "TimeoutError", "nap")
    assert "longer than 3 s" in failed.reason
    assert failed.seconds >= 3.0
    assert len(of(TaskFinished, events)) == 8
    if executor is ExecutorKind.PROCESSES:
        assert not of(TaskRetried, events)


async def test_what_takes_too_long_is_tried_again_if_asked() -> None:
    tasks = [Task("stuck", work.nap, 60.0), *naps(2)]
    events = await collect(run_of(tasks, Limits(timeout=2.0, retries=2)))
    check_stream(events)
    assert [event.task for event in of(TaskRetried, events)] == [1, 1]
    assert [event.task for event in of(TaskFailed, events)] == [1]


async def test_a_failure_is_tried_again_as_often_as_asked(tmp_path: Path) -> None:
    tasks = [
        Task("third time", work.fail_before, (str(tmp_path / "a"), 2)),
        Task("fourth time", work.fail_before, (str(tmp_path / "b"), 3)),
    ]
    events = await collect(run_of(tasks, Limits(retries=2)))
    check_stream(events)
    assert [event.task for event in of(TaskFinished, events)] == [1]
    assert [event.task for event in of(TaskFailed, events)] == [2]
    assert Counter(event.task for event in of(TaskRetried, events)) == {1: 2, 2: 2}


async def test_so_many_failures_stop_the_run() -> None:
    tasks = [Task("bad", work.fail, "raise")] * 3 + naps(100, 0.2)
    events = await collect(run_of(tasks, Limits(failures=3)))
    check_stream(events, all_tasks=False)
    finished = of(RunFinished, events)[0]
    assert (finished.outcome, finished.reason) == (Outcome.FAILED, "stopped after 3 failures")
    assert len(of(TaskFailed, events)) == 3
    assert of(TaskSkipped, events)


@pytest.mark.parametrize("cause", ["unsendable", "too large"])
async def test_no_worker_is_given_what_comes_after_one_failure_too_many(cause: str) -> None:
    first = (
        Task("large", work.double, 1, memory=10**15)
        if cause == "too large"
        # What has no name in a module cannot be pickled.
        else Task("unsendable", lambda argument, progress: None, 1)
    )
    tasks = [first, Task("nap", work.nap, 60)]
    events = await collect(run_of(tasks, Limits(failures=1, memory=10**9)))
    check_stream(events)
    assert [event.task for event in of(TaskFailed, events)] == [1]
    assert [event.task for event in of(TaskSkipped, events)] == [2]
    assert not of(ProcessStarted, events)


async def test_tasks_are_admitted_by_the_memory_that_they_need(tmp_path: Path) -> None:
    tasks = [Task("nap", work.nap, 0.05, memory=memory) for memory in (60, 60, 30)]
    # These end only where both are at work at once, beside a large one if there is one.
    tasks += [Task("meet", work.meet, str(tmp_path), memory=30) for _ in range(2)]
    events = await collect(run_of(tasks, Limits(memory=100), workers=3))
    check_stream(events)
    assert len(of(TaskFinished, events)) == 5
    held = most = 0
    for event in events:
        if isinstance(event, TaskStarted):
            held += tasks[event.task - 1].memory
        elif isinstance(event, TaskFinished):
            held -= tasks[event.task - 1].memory
        most = max(most, held)
    assert most <= 100


async def test_a_task_too_large_for_the_machine_fails_with_its_size() -> None:
    tasks = [Task("huge", work.nap, 0.0, memory=12_300_000_000), *naps(2)]
    events = await collect(run_of(tasks, Limits(memory=4_000_000_000)))
    check_stream(events)
    (failed,) = of(TaskFailed, events)
    assert (failed.error, failed.pid) == ("MemoryError", None)
    assert "12.3 GB" in failed.reason
    assert "4.0 GB" in failed.reason
    assert len(of(TaskFinished, events)) == 2
