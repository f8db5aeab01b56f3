"""Events for the tests, with what does not matter left out."""

from collections.abc import Iterable
from typing import Any

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
    TaskSkipped,
    TaskStarted,
)
from tui_app.runs.log import Log
from tui_app.runs.view import RunView
from tui_app.summary import summarise


def run_started(tasks: int = 3, weight: float = 3.0, **more: Any) -> RunStarted:
    values: dict[str, Any] = {
        "t": 0.0,
        "run": "r1",
        "kind": "batch",
        "title": "3 images → out",
        "executor": "processes",
        "workers": 2,
        "start_method": "forkserver",
        "cpus": 2,
        "python": "3.12.1",
        "host": "here",
        "started_at": "2026-01-01T00:00:00+00:00",
        "tasks": tasks,
        "weight": weight,
    }
    return RunStarted(**values | more)


def demo_started(**more: Any) -> RunStarted:
    """Of a demo: it has no workers of ours, and nobody knows its tasks."""
    values: dict[str, Any] = {
        "tasks": 0,
        "weight": 0.0,
        "kind": "demo",
        "executor": "script",
        "workers": 0,
        "start_method": "fork",
        "python": "3.13.0",
    }
    return run_started(**values | more)


def up(pid: int, name: str, t: float = 0.1) -> ProcessStarted:
    return ProcessStarted(t=t, pid=pid, parent=1, name=name)


def down(pid: int, exitcode: int | None = 0, t: float = 9.0) -> ProcessExited:
    return ProcessExited(t=t, pid=pid, exitcode=exitcode)


def queued(task: int, label: str = "", weight: float = 1.0) -> TaskQueued:
    return TaskQueued(t=0.0, task=task, label=label or f"{task}.jpg", weight=weight)


def begun(task: int, pid: int, t: float = 1.0, thread: int | None = None) -> TaskStarted:
    return TaskStarted(t=t, task=task, pid=pid, thread=thread)


def at(
    task: int, pid: int, step: str, fraction: float, t: float = 1.5, thread: int | None = None
) -> TaskProgress:
    return TaskProgress(t=t, task=task, pid=pid, step=step, fraction=fraction, thread=thread)


def done(
    task: int, pid: int, t: float = 2.0, thread: int | None = None, **result: Any
) -> TaskFinished:
    return TaskFinished(t=t, task=task, pid=pid, seconds=0.5, result=result, thread=thread)


def failed(
    task: int,
    pid: int | None,
    reason: str = "it is damaged",
    *,
    step: str = "decode",
    t: float = 2.0,
    thread: int | None = None,
) -> TaskFailed:
    return TaskFailed(
        t=t,
        task=task,
        pid=pid,
        seconds=0.25,
        error="ImageError",
        reason=reason,
        step=step,
        thread=thread,
    )


def skipped(task: int, reason: str = "it exists", *, before: bool = False) -> TaskSkipped:
    return TaskSkipped(t=2.0, task=task, reason=reason, before=before)


def stopped(task: int, pid: int | None = None) -> TaskSkipped:
    return TaskSkipped(t=2.0, task=task, reason="cancelled", pid=pid, stopped=True)


def said(
    pid: int,
    text: str,
    *,
    stream: Stream = Stream.STDOUT,
    partial: bool = False,
    thread: int | None = None,
    t: float = 1.0,
) -> Output:
    return Output(t=t, pid=pid, stream=stream, text=text, partial=partial, thread=thread)


def ended(
    events: Iterable[Event], outcome: Outcome = Outcome.OK, reason: str = "", t: float = 10.0
) -> list[Event]:
    """The events, and the end of their run with their own summary."""
    events = list(events)
    last = RunFinished(t=t, outcome=outcome, reason=reason)
    summary = summarise([*events, last]).to_dict()
    return [*events, RunFinished(t=t, outcome=outcome, reason=reason, summary=summary)]


def viewed(events: Iterable[Event]) -> RunView:
    view = RunView()
    for event in events:
        view.add(event)
    return view


def logged(events: Iterable[Event], longest: int = 1000) -> tuple[Log, list[str]]:
    """The log of these events, and the lines that it gave out as whole on the way."""
    log = Log(longest)
    whole = [line.text for event in events for line in log.add(event)]
    return log, whole
