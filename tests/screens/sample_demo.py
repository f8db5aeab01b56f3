"""Demo 5 as it might have been played: fixed times and pids, half-way and whole."""

from tests.runs.factories import demo_started
from tui_app.events import (
    Event,
    Line,
    Outcome,
    Output,
    ProcessExited,
    ProcessStarted,
    Resumed,
    RunFinished,
    Stream,
    TaskFinished,
    TaskQueued,
    TaskStarted,
    Waiting,
    WaitKind,
)
from tui_app.runs.resources import Usage
from tui_app.summary import summarise

MAIN, ONE, TWO = 4120, 4121, 4122
USAGE = {pid: Usage(0.0, 13_000_000) for pid in (MAIN, ONE, TWO)}


def said(t: float, pid: int, text: str) -> Output:
    return Output(t=t, pid=pid, stream=Stream.STDOUT, text=text)


def joining() -> list[Event]:
    """Both sleep, and main waits for the first of them."""
    events: list[Event] = [
        demo_started(run="cafe0005", title="5  process-joined: Started, and joined"),
        ProcessStarted(t=0.0, pid=MAIN, parent=1, name="main"),
        Line(t=0.03, pid=MAIN, line=19),
    ]
    for task, pid, name, t in ((1, ONE, "P-1", 0.04), (2, TWO, "P-2", 0.05)):
        events += [
            ProcessStarted(t=t, pid=pid, parent=MAIN, name=name),
            TaskQueued(t=t, task=task, label="do_something()", weight=1.0),
            TaskStarted(t=t, task=task, pid=pid),
            said(t, pid, "Sleeping for 1 second(s)..."),
            Waiting(t=t + 0.01, pid=pid, kind=WaitKind.SLEEP, timeout=1.0),
        ]
    return [
        *events,
        Line(t=0.06, pid=MAIN, line=22),
        Waiting(t=0.06, pid=MAIN, kind=WaitKind.JOIN, object="P-1"),
    ]


def joined() -> list[Event]:
    """The same to its end."""
    events = joining()
    for task, pid, t in ((1, ONE, 1.05), (2, TWO, 1.06)):
        events += [
            Resumed(t=t, pid=pid),
            said(t, pid, "Done sleeping..."),
            TaskFinished(t=t + 0.01, task=task, pid=pid, seconds=1.02),
            ProcessExited(t=t + 0.02, pid=pid, exitcode=0),
        ]
    events += [
        Resumed(t=1.09, pid=MAIN),
        said(1.1, MAIN, "Finished in 1.06 second(s)"),
        ProcessExited(t=1.12, pid=MAIN, exitcode=0),
    ]
    finished = RunFinished(t=1.12, outcome=Outcome.OK)
    summary = summarise([*events, finished]).to_dict()
    return [*events, RunFinished(t=1.12, outcome=Outcome.OK, summary=summary)]
