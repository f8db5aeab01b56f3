"""Small tasks are sent several at a time, and none loses a word by it."""

import random
from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing, suppress

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine import work
from tests.engine.test_faults import run_of
from tests.engine.test_run import collect, every_executor, of
from tests.invariants import check_stream
from tui_app.engine.batching import MOST, TARGET, Batching
from tui_app.engine.slots import Slot
from tui_app.engine.spec import ExecutorKind, Limits, Task
from tui_app.events import (
    Event,
    Outcome,
    RunFinished,
    TaskFailed,
    TaskFinished,
    TaskProgress,
    TaskRetried,
    TaskSkipped,
    TaskStarted,
)

seconds = st.floats(1e-6, 100)


def small(count: int) -> list[Task]:
    return [Task(f"small {number}", work.double, number) for number in range(count)]


@given(st.lists(seconds, max_size=30), st.integers(0, 10_000), st.integers(1, 64))
def test_what_is_sent_at_once_is_worth_a_moment_and_never_all(
    took: list[float], waiting: int, workers: int
) -> None:
    pace = Batching()
    assert pace.share(waiting, workers) == 1
    for one in took:
        pace.learn(one)
    share = pace.share(waiting, workers)
    assert 1 <= share <= MOST
    assert share == 1 or share * 2 * workers <= waiting
    if took:
        assert share == 1 or share * min(took) <= TARGET * 1.001
        assert pace.at_once == MOST or (pace.at_once + 1) * max(took) >= TARGET * 0.999


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many tasks each call to a worker had."""
    counts: list[int] = []
    hand = Slot.hand

    def counted(slot: Slot, tasks: Sequence[tuple[int, bytes]]) -> bool:
        counts.append(len(tasks))
        return hand(slot, tasks)

    monkeypatch.setattr(Slot, "hand", counted)
    return counts


@every_executor
async def test_small_tasks_share_calls_and_each_tells_its_own_events(
    executor: ExecutorKind, calls: list[int]
) -> None:
    events = await collect(run_of(small(300), executor=executor))
    check_stream(events)
    assert sum(calls) == 300
    assert len(calls) < 150
    told = (TaskStarted, TaskProgress, TaskFinished)
    counts = Counter((type(event), event.task) for event in events if isinstance(event, told))
    assert counts == {(kind, number): 1 for kind in told for number in range(1, 301)}
    results = {event.task: event.result["number"] for event in of(TaskFinished, events)}
    assert results == {number + 1: 2 * number for number in range(300)}


async def test_large_tasks_go_one_by_one(calls: list[int]) -> None:
    await collect(run_of([Task(str(n), work.nap, 0.06) for n in range(12)]))
    assert set(calls) == {1}


async def test_a_failure_among_small_tasks_is_its_own() -> None:
    tasks = small(200)
    tasks[150] = Task("bad", work.fail, "raise")
    events = await collect(run_of(tasks, Limits(retries=1)))
    check_stream(events)
    assert [event.task for event in of(TaskRetried, events)] == [151]
    assert [event.task for event in of(TaskFailed, events)] == [151]
    assert len(of(TaskFinished, events)) == 199


@pytest.mark.slow
@pytest.mark.parametrize("how", ["SIGSEGV", "SIGKILL", "exit"])
async def test_what_kills_its_worker_among_small_tasks_is_found(how: str) -> None:
    tasks = small(400)
    tasks[250] = Task("poison", work.die, how)
    events = await collect(run_of(tasks))
    check_stream(events)
    failed = [(end.task, end.step, end.reason) for end in of(TaskFailed, events)]
    assert [end[:2] for end in failed] == [(251, "die")], failed
    assert Counter(event.task for event in of(TaskFinished, events)) == {
        number: 1 for number in range(1, 401) if number != 251
    }


@pytest.mark.slow
async def test_of_small_tasks_none_is_lost_or_told_twice_while_workers_are_killed() -> None:
    chance = random.Random(4)
    run = run_of([Task(str(n), work.nap, 0.004) for n in range(500)], workers=3)
    events: list[Event] = []
    kills = 0
    async with aclosing(run.events()) as stream:
        async for event in stream:
            events.append(event)
            if isinstance(event, TaskFinished) and kills < 8 and chance.random() < 0.05:
                # One that was killed just now may still be heard of.
                with suppress(psutil.NoSuchProcess):
                    psutil.Process(event.pid).kill()
                    kills += 1
    check_stream(events)
    assert kills == 8
    assert Counter(event.task for event in of(TaskFinished, events)) == dict.fromkeys(
        range(1, 501), 1
    )
    assert of(RunFinished, events)[0].outcome is Outcome.OK


async def test_a_long_task_among_small_ones_is_heard_of_at_once() -> None:
    tasks = small(400)
    tasks[300] = Task("long", work.nap, 60.0)
    run = run_of(tasks)
    skipped: list[TaskSkipped] = []
    async with aclosing(run.events()) as stream:
        async for event in stream:
            if isinstance(event, TaskProgress) and event.task == 301:
                run.cancel()
            if isinstance(event, TaskSkipped):
                skipped.append(event)
    assert "cancelled; it was under way" in [event.reason for event in skipped if event.task == 301]


@pytest.mark.slow
async def test_one_of_several_that_takes_too_long_costs_the_others_nothing() -> None:
    tasks = small(400)
    tasks[300] = Task("long", work.nap, 60.0)
    events = await collect(run_of(tasks, Limits(timeout=3.0)))
    check_stream(events)
    assert [(end.task, end.error) for end in of(TaskFailed, events)] == [(301, "TimeoutError")]
    assert len(of(TaskFinished, events)) == 399
