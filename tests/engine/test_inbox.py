"""The events that wait for a reader: their order, their end, and what happens when he is slow."""

import asyncio
from contextlib import aclosing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_app.engine.channel_server import ChannelServer
from tui_app.engine.inbox import MOST_EVENTS, Inbox
from tui_app.engine.run_clock import RunClock
from tui_app.events import Event, Outcome, Output, RunFinished, Stream, TaskQueued


def printed(t: float, pid: int = 1) -> Output:
    return Output(t=t, pid=pid, stream=Stream.STDOUT, text="")


async def read(inbox: Inbox, *events: Event) -> list[Event]:
    """What a reader gets of a run with these events, put in order."""

    async def drive() -> None:
        for event in events:
            inbox.add_in_order(event)
        inbox.finish(RunFinished(t=99.0, outcome=Outcome.OK))

    return [event async for event in inbox.events(drive, lambda: None)]


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(0, 90), st.integers(1, 3)), max_size=20))
def test_events_are_read_in_the_order_of_their_times(told: list[tuple[float, int]]) -> None:
    events = [printed(t, pid) for t, pid in told]
    *found, last = asyncio.run(read(Inbox(RunClock()), *events))
    assert found == sorted(events, key=lambda event: event.t)
    assert isinstance(last, RunFinished)


async def test_one_that_comes_too_late_gets_the_time_of_its_process() -> None:
    inbox = Inbox(RunClock())

    async def drive() -> None:
        inbox.add_in_order(printed(0.0))
        inbox.add_in_order(printed(0.001, pid=2))
        await asyncio.sleep(0.2)
        inbox.add_in_order(printed(0.0, pid=2))
        inbox.finish(RunFinished(t=1.0, outcome=Outcome.OK))

    found = [event.t async for event in inbox.events(drive, lambda: None)]
    assert found == [0.0, 0.001, 0.001, 1.0]


async def test_the_last_event_has_the_summary_of_all() -> None:
    inbox = Inbox(RunClock())
    *_rest, last = await read(inbox, TaskQueued(t=0.5, task=1, label="a", weight=1.0))
    assert isinstance(last, RunFinished)
    assert (last.summary["tasks"], last.summary["wall"]) == (1, 99.0)


async def test_a_slow_reader_pauses_the_server_until_he_has_read_half() -> None:
    inbox = Inbox(RunClock())
    told: list[str] = []

    class Paced(ChannelServer):
        def __init__(self) -> None: ...
        def pause(self) -> None:
            told.append("pause")

        def resume(self) -> None:
            told.append("resume")

    async def drive() -> None:
        for number in range(MOST_EVENTS + 10):
            inbox.add(printed(float(number)))
        assert inbox.full
        while inbox.full:
            await asyncio.sleep(0)
        inbox.finish(RunFinished(t=1e6, outcome=Outcome.OK))

    inbox.paces(Paced())
    async with aclosing(inbox.events(drive, lambda: None)) as events:
        read = 0
        async for _event in events:
            read += 1
            assert ("resume" in told) == (len(inbox._events) < MOST_EVENTS // 2)
    assert (told, read) == (["pause", "resume"], MOST_EVENTS + 11)


async def test_a_reader_who_leaves_has_the_run_end_first() -> None:
    inbox = Inbox(RunClock())
    left = asyncio.Event()
    ended = False

    async def drive() -> None:
        nonlocal ended
        inbox.add(printed(0.0))
        await left.wait()
        await asyncio.sleep(0.01)
        ended = True

    async with aclosing(inbox.events(drive, left.set)) as events:
        async for _event in events:
            break
    assert ended


async def test_what_goes_wrong_reaches_the_reader_and_a_run_runs_once() -> None:
    inbox = Inbox(RunClock())

    async def drive() -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        await anext(inbox.events(drive, lambda: None))
    with pytest.raises(AssertionError, match="once"):
        await anext(inbox.events(drive, lambda: None))
