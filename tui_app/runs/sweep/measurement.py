"""One run of a sweep: how it is made, and what was measured."""

from __future__ import annotations

from dataclasses import dataclass

from tui_app.engine.spec import ExecutorKind
from tui_app.events import (
    Event,
    ProcessExited,
    RunFinished,
    RunStarted,
    TaskFailed,
    TaskQueued,
)
from tui_app.runs.disturbance import DisturbanceReader
from tui_app.runs.view import Failure, RunState


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One way to do the work: a line of the table, a mark of the plot."""

    executor: ExecutorKind
    workers: int


SEQUENTIAL = Cell(ExecutorKind.SEQUENTIAL, 1)
"""The cell that all others are measured against."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A run of a cell that has ended.

    Attributes:
        cell: how it was run.
        state: how it ended.
        wall: seconds from its start until its last worker was gone.
        cpu: seconds of CPU time of all its workers; `None` if no worker reported it.
        memory: bytes, the sum of its workers' peaks. They used no more at any moment. Pages that
            they share count in each; `None` if no worker reported it.
        failures: the tasks that failed.
        reason: why it was stopped.
        gil: whether a worker's interpreter had a global lock; `None` if no worker reported it.
        disturbed: whether others had the CPUs that it could have used.
    """

    cell: Cell
    state: RunState
    wall: float = 0.0
    cpu: float | None = None
    memory: int | None = None
    failures: tuple[Failure, ...] = ()
    reason: str = ""
    gil: bool | None = None
    disturbed: bool = False

    @property
    def ok(self) -> bool:
        """Whether all of the work was done, so that it can be compared."""
        return self.state is RunState.OK


class MeasurementReader:
    """Reads the events of one run of a cell."""

    def __init__(self, cell: Cell) -> None:
        self._cell = cell
        self._labels: dict[int, str] = {}
        self._failures: list[Failure] = []
        self._exits: list[ProcessExited] = []
        self._notes: list[str] = []
        self._cpus = DisturbanceReader()
        self.measurement: Measurement | None = None
        """What was measured; `None` before the run's end."""

    def add(self, event: Event) -> None:
        """Take one event."""
        self._cpus.add(event)
        match event:
            case RunStarted() if event.workers < self._cell.workers:
                self._notes += event.notes
            case TaskQueued():
                self._labels[event.task] = event.label
            case TaskFailed():
                label = self._labels.get(event.task, str(event.task))
                self._failures.append(Failure.of(event, label))
            case ProcessExited():
                self._exits.append(event)
            case RunFinished():
                self._notes += event.notes
                state = RunState(event.outcome)
                if state is RunState.OK and self._notes:
                    # With fewer workers than its cell has, it measures another cell.
                    state = RunState.FAILED
                cpu = [one.cpu for one in self._exits if one.cpu is not None]
                memory = [one.memory for one in self._exits if one.memory is not None]
                gil = [one.gil for one in self._exits if one.gil is not None]
                self.measurement = Measurement(
                    cell=self._cell,
                    state=state,
                    wall=event.t,
                    cpu=sum(cpu) if cpu else None,
                    memory=sum(memory) if memory else None,
                    gil=any(gil) if gil else None,
                    failures=tuple(self._failures),
                    reason=event.reason or "; ".join(self._notes),
                    disturbed=self._cpus.disturbance is not None,
                )
