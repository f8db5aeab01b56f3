"""Runs and records for the tests."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.runs.factories import run_started
from tui_app.events import (
    Event,
    Outcome,
    Output,
    ProcessStarted,
    RunFinished,
    Stream,
    TaskFailed,
    TaskFinished,
    TaskProgress,
    TaskQueued,
    TaskStarted,
)
from tui_app.files.append_file import AppendFile
from tui_app.records.moments import moments_of
from tui_app.records.reader import RecordedRun, RecordFile
from tui_app.records.recorder import Recorder
from tui_app.runs.view import RunView, Snapshot

EVENTS_OF_A_TASK = 6


def many_tasks(tasks: int, workers: int = 3) -> Iterator[Event]:
    """A batch of so many tasks, of which each 50th fails."""
    yield run_started(tasks, float(tasks), workers=workers)
    for worker in range(workers):
        yield ProcessStarted(t=0.01, pid=100 + worker, parent=1, name=f"W-{worker + 1}")
    for task in range(tasks):
        t, pid = 0.1 + 0.01 * task, 100 + task % workers
        yield TaskQueued(t=t, task=task, label=f"photographs/{task:07}.jpg", weight=1.0)
        yield TaskStarted(t=t + 0.001, task=task, pid=pid)
        yield TaskProgress(t=t + 0.002, task=task, pid=pid, step="fit", fraction=0.5)
        # What was printed is heard a little late.
        yield TaskProgress(t=t + 0.005, task=task, pid=pid, step="save", fraction=0.9)
        yield Output(t=t + 0.004, pid=pid, stream=Stream.STDOUT, text=f"printed {task}")
        if task % 50:
            yield TaskFinished(t=t + 0.008, task=task, pid=pid, seconds=0.007)
        else:
            yield TaskFailed(
                t=t + 0.008, task=task, pid=pid, seconds=0.007, error="ImageError", reason="no"
            )
    yield RunFinished(t=0.2 + 0.01 * tasks, outcome=Outcome.FAILED)


def recorded(path: Path, *runs: Iterable[Event]) -> Path:
    """A record of these runs."""
    said: list[str] = []
    views: list[RunView] = [RunView()]
    recorder = Recorder(lambda: AppendFile.create(path), said.append, lambda: views[-1])
    for events in runs:
        views.append(RunView())
        for event in events:
            views[-1].add(event)
            recorder.add(event)
    recorder.close()
    assert not said
    return path


def events_of(path: Path) -> list[Event]:
    """All events of a record."""
    with RecordFile.open(path) as record:
        return list(record.events())


def snapshots(record: RecordFile, run: RecordedRun, times: Sequence[float]) -> list[Snapshot]:
    """The run at these moments."""
    moments = moments_of(record, run)
    return [moments.view(t).snapshot(t) for t in times]
