"""Scripts with very many processes, as they might have been played."""

from tests.runs.factories import demo_started
from tests.screens.sample_demo import MAIN, said
from tui_app.events import (
    Event,
    Line,
    Outcome,
    ProcessExited,
    ProcessStarted,
    Resumed,
    RunFinished,
    TaskFailed,
    TaskFinished,
    TaskQueued,
    TaskStarted,
    Waiting,
    WaitKind,
)
from tui_app.summary import summarise

STARTING = 0.01
"""Seconds between two starts."""


def _begin(title: str) -> list[Event]:
    return [
        demo_started(run="cafe0007", title=title),
        ProcessStarted(t=0.0, pid=MAIN, parent=1, name="main"),
        Line(t=0.0, pid=MAIN, line=19),
    ]


def _call(number: int, name: str, start: float, seconds: float, *, fails: bool) -> list[Event]:
    pid, end = MAIN + number, start + seconds
    events: list[Event] = [
        ProcessStarted(t=start, pid=pid, parent=MAIN, name=name),
        TaskQueued(t=start, task=number, label="do_something()", weight=1.0),
        TaskStarted(t=start, task=number, pid=pid),
        said(start, pid, f"Sleeping for {seconds:g} second(s)..."),
        Waiting(t=start, pid=pid, kind=WaitKind.SLEEP, timeout=seconds, line=9),
        Resumed(t=end, pid=pid),
    ]
    if fails:
        reason = "ValueError: not this one"
        events.append(
            TaskFailed(
                t=end, task=number, pid=pid, seconds=seconds, error="ValueError", reason=reason
            )
        )
    else:
        events.append(TaskFinished(t=end, task=number, pid=pid, seconds=seconds))
    return [*events, ProcessExited(t=end + 0.005, pid=pid, exitcode=int(fails))]


def pool(workers: int, *, waits_for: int, fails: int = 0) -> list[Event]:
    """So many workers sleep at once; main waits for one of them, and one may fail."""
    events = _begin(f"{workers} workers")
    for number in range(1, workers + 1):
        events += _call(
            number, f"W-{number}", STARTING * number, 1.0 + number % 3 / 4, fails=number == fails
        )
    end = STARTING * workers + 1.6
    events += [
        Line(t=STARTING * workers, pid=MAIN, line=22),
        Waiting(t=STARTING * workers, pid=MAIN, kind=WaitKind.JOIN, object=f"W-{waits_for}"),
        Resumed(t=end, pid=MAIN),
        said(end, MAIN, f"Finished in {end:.2f} second(s)"),
        ProcessExited(t=end + 0.02, pid=MAIN, exitcode=0),
    ]
    return sorted(events, key=lambda event: event.t)


def one_after_another(processes: int, seconds: float) -> list[Event]:
    """Short processes, each joined before the next is started."""
    events, step = _begin(f"{processes} short processes"), seconds + STARTING
    for number in range(1, processes + 1):
        start, name = step * (number - 1), f"P-{number}"
        wait = Waiting(t=start + 0.001, pid=MAIN, kind=WaitKind.JOIN, object=name)
        events += [Line(t=start, pid=MAIN, line=22), wait]
        events += _call(number, name, start, seconds, fails=False)
        events.append(Resumed(t=start + seconds + 0.005, pid=MAIN))
    end = step * processes
    finished = said(end, MAIN, f"Finished in {end:.2f} second(s)")
    return [
        *sorted(events, key=lambda event: event.t),
        finished,
        ProcessExited(t=end + 0.02, pid=MAIN, exitcode=0),
    ]


def whole(events: list[Event]) -> list[Event]:
    """The events of a run to its end."""
    end = max(event.t for event in events)
    finished = RunFinished(t=end, outcome=Outcome.OK)
    summary = summarise([*events, finished]).to_dict()
    return [*events, RunFinished(t=end, outcome=Outcome.OK, summary=summary)]


def until(events: list[Event], t: float) -> list[Event]:
    """What has happened of them by then."""
    return [event for event in events if event.t <= t]


RUNS = {
    "sixteen_half_way": (until(pool(16, waits_for=1), 0.9), 0.9),
    "sixteen": (whole(pool(16, waits_for=1)), 0.0),
    "sixty_four_half_way": (until(pool(64, waits_for=40), 0.9), 0.9),
    "sixty_four": (whole(pool(64, waits_for=40, fails=17)), 0.0),
    "two_hundred_half_way": (until(one_after_another(200, 0.05), 6.0), 6.0),
    "two_hundred": (whole(one_after_another(200, 0.05)), 0.0),
}
"""Events, and the second at which they are looked at, by name."""
