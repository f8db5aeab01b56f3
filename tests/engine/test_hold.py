"""A run that is held hands out nothing; what is in hand goes on."""

import pytest

from tests.engine import work
from tests.engine.test_faults import run_of
from tests.engine.test_run import make_run, of
from tests.invariants import check_json, check_stream
from tui_app.engine.spec import LOCAL_EXECUTORS, ExecutorKind, Limits, Task
from tui_app.engine.workforce import AHEAD
from tui_app.events import (
    Event,
    Outcome,
    RunFinished,
    RunHeld,
    RunReleased,
    TaskFailed,
    TaskFinished,
    TaskStarted,
    to_json,
)

every_executor = pytest.mark.parametrize("executor", LOCAL_EXECUTORS)


@every_executor
async def test_while_held_only_what_is_in_hand_is_worked_on(executor: ExecutorKind) -> None:
    run = make_run(work.nap, [0.01] * 30, executor=executor)
    events: list[Event] = []
    async for event in run.events():
        events.append(event)
        held = of(RunHeld, events)
        if isinstance(event, TaskStarted) and not held:
            run.hold()
            run.hold()
        if held and not of(RunReleased, events):
            since = events[events.index(held[0]) :]
            if len(of(TaskFinished, since)) == held[0].tasks:
                run.release()
                run.release()
    check_stream(events)
    for event in (*of(RunHeld, events), *of(RunReleased, events)):
        assert check_json(to_json(event)) == event
    (held_one,), (released,) = of(RunHeld, events), of(RunReleased, events)
    assert 1 <= held_one.tasks <= 2 * (1 + AHEAD)
    between = events[events.index(held_one) : events.index(released)]
    assert len(of(TaskFinished, between)) == held_one.tasks
    before = events[: events.index(released)]
    ended_before = len(of(TaskFinished, before)) - held_one.tasks
    assert len(of(TaskStarted, before)) == ended_before + held_one.tasks, "no other was begun"
    assert len(of(TaskFinished, events)) == 30
    assert of(RunFinished, events)[0].outcome is Outcome.OK


async def test_a_run_may_be_held_before_it_begins() -> None:
    run = make_run(work.double, [1, 2, 3])
    run.hold()
    events: list[Event] = []
    async for event in run.events():
        events.append(event)
        if isinstance(event, RunHeld):
            assert event.tasks == 0
            assert not of(TaskStarted, events)
            run.release()
    check_stream(events)
    assert len(of(RunHeld, events)) == 1
    assert len(of(TaskFinished, events)) == 3


async def test_a_run_that_is_held_can_be_cancelled() -> None:
    run = make_run(work.nap, [0.01] * 30, workers=1)
    events: list[Event] = []
    async for event in run.events():
        events.append(event)
        held = of(RunHeld, events)
        if isinstance(event, TaskStarted) and not held:
            run.hold()
        if held and len(of(TaskFinished, events[events.index(held[0]) :])) == held[0].tasks:
            run.cancel()
    check_stream(events, all_tasks=False)
    assert of(RunFinished, events)[0].outcome is Outcome.CANCELLED
    assert len(of(TaskFinished, events)) < 30


async def test_the_time_of_what_is_in_hand_goes_on_while_held() -> None:
    run = run_of([Task("stuck", work.nap, 60.0)], Limits(timeout=0.5), workers=1)
    events: list[Event] = []
    async for event in run.events():
        events.append(event)
        if isinstance(event, TaskStarted):
            run.hold()
    check_stream(events)
    (failed,) = of(TaskFailed, events)
    assert failed.error == "TimeoutError"
