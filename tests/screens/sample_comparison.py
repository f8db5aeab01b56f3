"""Runs of a comparison as they might have been: fixed times and pids."""

from collections.abc import Iterable
from dataclasses import replace

from tests.screens.sample_demo import MAIN, joined, joining, said
from tui_app.events import (
    Event,
    Outcome,
    ProcessExited,
    ProcessStarted,
    Resumed,
    RunFinished,
    RunStarted,
    TaskFinished,
    TaskQueued,
    TaskStarted,
    Waiting,
    WaitKind,
)
from tui_app.summary import summarise

FIRST = 4130
"""The pid of the first process that main starts."""


def _started() -> Event:
    started = joining()[0]
    assert isinstance(started, RunStarted)
    return replace(started, run="cafe0002", title="")


def _ended(
    events: Iterable[Event], t: float, outcome: Outcome = Outcome.OK, reason: str = ""
) -> list[Event]:
    events = [*events, RunFinished(t=t, outcome=outcome, reason=reason)]
    summary = summarise(events).to_dict()
    return [*events[:-1], RunFinished(t=t, outcome=outcome, reason=reason, summary=summary)]


def alone(*sleeps: tuple[float, float], said_at: float = 0.0) -> list[Event]:
    """Main alone; it sleeps for a second from each moment to the other."""
    events: list[Event] = [_started(), ProcessStarted(t=0.0, pid=MAIN, parent=1, name="main")]
    for start, end in sleeps:
        events.append(Waiting(t=start, pid=MAIN, kind=WaitKind.SLEEP, timeout=1.0))
        events.append(Resumed(t=end, pid=MAIN))
    end = max((end for _, end in sleeps), default=said_at) + 0.03
    return _ended(
        [
            *events,
            said(end, MAIN, f"Finished in {end - 0.05:.2f} seconds"),
            TaskQueued(t=0.0, task=1, label="demo.py", weight=1.0),
            TaskStarted(t=0.0, task=1, pid=MAIN),
            TaskFinished(t=end, task=1, pid=MAIN, seconds=end),
            ProcessExited(t=end, pid=MAIN, exitcode=0),
        ],
        end,
    )


def in_turn() -> list[Event]:
    """Demo 2: two sleeps, one after the other."""
    return alone((0.03, 1.03), (1.04, 2.04))


def at_once(
    processes: int,
    rounds: int,
    seconds: float,
    name: str,
    *,
    kind: WaitKind,
    what: str | None = None,
) -> list[Event]:
    """So many processes, each with so many tasks; main waits for them so."""
    sleeps = name == "P"
    events: list[Event] = [_started(), ProcessStarted(t=0.0, pid=MAIN, parent=1, name="main")]
    for number in range(processes):
        pid = FIRST + number
        events.append(ProcessStarted(t=0.1, pid=pid, parent=MAIN, name=f"{name}-{number + 1}"))
    events.append(Waiting(t=0.11, pid=MAIN, kind=kind, object=what))
    task = 0
    for turn in range(rounds):
        for number in range(processes):
            pid, task = FIRST + number, task + 1
            start, end = 0.12 + turn * seconds, 0.12 + (turn + 1) * seconds
            events.append(TaskQueued(t=0.11, task=task, label=f"do({task})", weight=1.0))
            events.append(TaskStarted(t=start, task=task, pid=pid))
            if sleeps:
                events.append(Waiting(t=start, pid=pid, kind=WaitKind.SLEEP, timeout=seconds))
                events.append(Resumed(t=end, pid=pid))
            events.append(TaskFinished(t=end, task=task, pid=pid, seconds=seconds))
    end = 0.15 + rounds * seconds
    events += [ProcessExited(t=end, pid=FIRST + n, exitcode=0) for n in range(processes)]
    events.append(Resumed(t=end, pid=MAIN))
    events.append(said(end, MAIN, f"Finished in {end - 0.05:.2f} seconds"))
    events.append(ProcessExited(t=end + 0.02, pid=MAIN, exitcode=0))
    return _ended(events, end + 0.02)


def failed() -> list[Event]:
    """Demo 5, whose main process exits with 3 before anything is done."""
    events = joining()[:2]
    return _ended(
        [*events, ProcessExited(t=0.4, pid=MAIN, exitcode=3)],
        0.4,
        Outcome.FAILED,
        "the script exited with 3",
    )


HALF_WAY = (in_turn(), joining())
DONE = (in_turn(), joined())
BROKEN = (in_turn(), failed(), joined())
MANY = (
    at_once(10, 1, 1.5, "P", kind=WaitKind.JOIN, what="P-1"),
    at_once(8, 2, 1.5, "P", kind=WaitKind.AS_COMPLETED),
)
PHOTOGRAPHS = (
    alone(said_at=13.57),
    at_once(2, 7, 0.97, "W", kind=WaitKind.RESULT, what="process_image(a.jpg)"),
)
