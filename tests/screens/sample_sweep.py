"""Sweeps as they might have been, on two CPUs: fixed times."""

from dataclasses import replace

from tests.screens.sample_events import half_way
from tui_app.engine.spec import ExecutorKind
from tui_app.events import Event, RunStarted
from tui_app.runs.sweep.kinds import WorkKind
from tui_app.runs.sweep.measurement import Cell, Measurement
from tui_app.runs.sweep.result import PARALLEL, Sweep, cells_of
from tui_app.runs.view import Failure, RunState

TITLE = "15 images   tutorial: blur 15, fit 1200x1200, same format, metadata kept"

WALLS = {
    ExecutorKind.SEQUENTIAL: (4.21,),
    ExecutorKind.THREADS: (4.25, 2.2, 2.21, 2.18),
    ExecutorKind.PROCESSES: (4.22, 2.16, 2.17, 2.2),
}
"""Seconds, with 1, 2, 3 and 4 workers."""

MEMORY = {
    ExecutorKind.SEQUENTIAL: (128e6,),
    ExecutorKind.THREADS: (128e6, 192e6, 241e6, 301e6),
    ExecutorKind.PROCESSES: (128e6, 240e6, 352e6, 449e6),
}
"""Bytes, likewise."""

SWINGS = (1.0, 1.03, 0.98)
"""How the repeats of a cell differ."""


def empty() -> Sweep:
    """A sweep of 15 images, before its first run."""
    return Sweep(WorkKind.IMAGES, cells_of(PARALLEL, (1, 2, 3, 4)), 3, 2)


def after(runs: int, sweep: Sweep | None = None) -> Sweep:
    """The sweep after so many runs that went well."""
    sweep = sweep or empty()
    for number, cell in list(enumerate(sweep.order()))[:runs]:
        wall = WALLS[cell.executor][cell.workers - 1]
        memory = MEMORY[cell.executor][cell.workers - 1]
        swing = SWINGS[number // len(sweep.cells)]
        # A worker more costs a little more, whatever it works on.
        cpu = 4.1 + 0.04 * cell.workers
        run = Measurement(cell, RunState.OK, wall * swing, cpu, round(memory))
        sweep = sweep.with_run(run)
    return sweep


def done() -> Sweep:
    """All 27 runs."""
    return after(27)


def with_failures() -> Sweep:
    """The same; a run of four processes failed, and so did another, by hostile names."""
    four = Cell(ExecutorKind.PROCESSES, 4)
    failure = Failure(7, "m[red]ark[/]up \x1b]0;evil\x07.jpg", "decode", "E", "it is [b]damaged")
    failed = Measurement(four, RunState.FAILED, 0.8, 1.0, 400_000_000, (failure,))
    runs = [failed if run.cell == four else run for run in done().runs]
    return replace(empty(), runs=tuple(runs))


def hopeless() -> Sweep:
    """Its first run failed."""
    failure = Failure(7, "broken.jpg", "open", "E", "not an image, or one of an unknown kind")
    cell = empty().cells[0]
    return empty().with_run(Measurement(cell, RunState.FAILED, 0.8, failures=(failure,)))


NOW = Cell(ExecutorKind.PROCESSES, 3)
"""The cell that runs in the middle of the first round."""


def half_way_through() -> tuple[Sweep, Cell, list[Event]]:
    """The first round has come to three processes, which have done some of their images."""
    sweep = empty()
    before = list(sweep.order()).index(NOW)
    first, *others = half_way()
    assert isinstance(first, RunStarted)
    return after(before), NOW, [replace(first, kind="sweep", workers=3), *others]
