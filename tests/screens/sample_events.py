"""A run as it might have been: events with fixed times and pids, for screens to show."""

from collections.abc import Iterator

from tui_app.events import (
    Event,
    Outcome,
    Output,
    ProcessExited,
    ProcessStarted,
    RunFinished,
    RunStarted,
    Stream,
    TaskFailed,
    TaskFinished,
    TaskProgress,
    TaskQueued,
    TaskStarted,
)
from tui_app.runs.log import Log
from tui_app.runs.resources import Usage
from tui_app.runs.view import RunView
from tui_app.summary import summarise

PIDS = (4121, 4122)
USAGE = {4121: Usage(98.0, 118_000_000), 4122: Usage(97.0, 104_000_000)}
NAMES = (
    "misty-mountains.jpg",
    "a-photograph-with-a-very-long-name-2024-07-14-at-the-lake-0413.jpg",
    "m[red]ark[/]up \x1b]0;evil\x07.jpg",
    "sunset-sea.jpg",
    "lighthouse.jpg",
    "\u202egpj.drawkcab.jpg",
    "underwater.jpg",
    "moonrise.jpg",
)


def started() -> RunStarted:
    return RunStarted(
        t=0.0,
        run="cafe0001",
        kind="batch",
        title="8 images → ~/photos/processed   tutorial: blur 15, fit 1200x1200",
        executor="processes",
        workers=2,
        start_method="forkserver",
        cpus=2,
        python="3.13.0",
        host="here",
        started_at="2026-01-01T12:00:00+00:00",
        tasks=len(NAMES),
        weight=24.0 * len(NAMES),
    )


def half_way() -> list[Event]:
    """Two workers, four images done, one failed, two under way; one worker has printed."""
    return [started(), *_beginning()]


def _beginning() -> Iterator[Event]:
    for pid, name in zip(PIDS, ("W-1", "W-2"), strict=True):
        yield ProcessStarted(t=0.05, pid=pid, parent=4100, name=name)
    for task, name in enumerate(NAMES, 1):
        yield TaskQueued(t=0.01, task=task, label=name, weight=24.0)
    for task, pid, start, end in ((1, 0, 0.1, 1.2), (2, 1, 0.1, 1.4), (3, 0, 1.2, 1.5)):
        yield TaskStarted(t=start, task=task, pid=PIDS[pid])
        yield from _ended(task, PIDS[pid], start, end)
    yield TaskStarted(t=1.4, task=4, pid=PIDS[1])
    yield Output(t=1.6, pid=PIDS[1], stream=Stream.STDERR, text="[b]libtiff[/b]: odd tag \x1b[31m")
    yield from _ended(4, PIDS[1], 1.4, 2.4)
    yield TaskStarted(t=1.5, task=5, pid=PIDS[0])
    yield from _ended(5, PIDS[0], 1.5, 2.6)
    yield TaskStarted(t=2.4, task=6, pid=PIDS[1])
    yield TaskProgress(t=2.5, task=6, pid=PIDS[1], step="blur", fraction=0.2)
    yield TaskStarted(t=2.6, task=7, pid=PIDS[0])
    yield TaskProgress(t=2.7, task=7, pid=PIDS[0], step="decode", fraction=0.0)


def _ended(task: int, pid: int, start: float, end: float) -> Iterator[Event]:
    seconds = end - start
    if task == 3:
        reason = "image file is truncated (1024 bytes not processed)"
        yield TaskFailed(
            t=end, task=task, pid=pid, seconds=seconds, error="E", reason=reason, step="decode"
        )
        return
    result = {
        "width": 6000,
        "height": 4000,
        "out_width": 1200,
        "out_height": 800,
        "megapixels": 24.0,
        "bytes_in": 8_100_000,
        "bytes_out": 96_000,
    }
    yield TaskFinished(t=end, task=task, pid=pid, seconds=seconds, result=result)


def whole() -> list[Event]:
    """The same run to its end."""
    events = half_way()
    events += _ended(6, PIDS[1], 2.4, 3.6)
    events.append(TaskStarted(t=3.6, task=8, pid=PIDS[1]))
    events += _ended(7, PIDS[0], 2.6, 3.7)
    events += _ended(8, PIDS[1], 3.6, 4.4)
    events += [ProcessExited(t=4.5, pid=pid, exitcode=0) for pid in PIDS]
    finished = RunFinished(t=4.55, outcome=Outcome.FAILED)
    summary = summarise([*events, finished]).to_dict()
    return [*events, RunFinished(t=4.55, outcome=Outcome.FAILED, summary=summary)]


def view_of(events: list[Event]) -> RunView:
    view = RunView(Log(label_width=32))
    for event in events:
        view.add(event)
    return view
