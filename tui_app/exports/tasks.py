"""The tasks of a run as a table for other programs: a row for each, in the order of their ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any

from tui_app.events import (
    Event,
    ProcessStarted,
    TaskFailed,
    TaskFinished,
    TaskQueued,
    TaskRetried,
    TaskSkipped,
    TaskStarted,
)
from tui_app.runs.report import ReportRow, report_row


@dataclass(slots=True)
class TaskSoFar:
    """What is known of a task before its end; the columns of its row begin with these.

    Times are seconds of the run. `process` is the name of who worked on it. Of several attempts,
    `started` is the beginning of the latest. A script's tiny calls are told together: `calls` is
    how many they are.
    """

    task: int
    label: str
    queued: float
    started: float | None = None
    ended: float | None = None
    process: str = ""
    thread: int | None = None
    attempts: int = 0
    calls: int = 1


_OF_REPORTS = [field.name for field in fields(ReportRow) if field.name not in ("source", "output")]

COLUMNS = [*(field.name for field in fields(TaskSoFar)), *_OF_REPORTS]
"""The columns, in this order; those of a report of a batch mean the same there."""


def task_rows(events: Iterable[Event]) -> Iterator[dict[str, Any]]:
    """Yield the row of each task when it ends, and in the end those of tasks that did not."""
    names: dict[int, str] = {}
    waiting: dict[int, TaskSoFar] = {}
    for event in events:
        match event:
            case ProcessStarted():
                names[event.pid] = event.name
            case TaskQueued():
                waiting[event.task] = TaskSoFar(event.task, event.label, event.t)
            case TaskStarted() if standing := waiting.get(event.task):
                standing.started, standing.thread = event.t, event.thread
                standing.process = names.get(event.pid, str(event.pid))
                standing.attempts += 1
            case TaskRetried() if standing := waiting.get(event.task):
                standing.started = None
            case TaskFinished() | TaskFailed() | TaskSkipped():
                standing = waiting.pop(event.task, None)
                if standing is not None:
                    standing.ended = event.t
                    if isinstance(event, TaskFinished):
                        standing.calls = event.result.get("calls", 1)
                    yield _row(standing, report_row(event))
    for standing in waiting.values():
        yield _row(standing, ReportRow())


def _row(standing: TaskSoFar, ended: ReportRow) -> dict[str, Any]:
    row = asdict(standing) | asdict(ended)
    return {name: row[name] for name in COLUMNS}
