"""The plot of a sweep: speed-up against workers, the ideal line, Amdahl's curve, and the legend."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from tui_app.engine.spec import ExecutorKind
from tui_app.language import N_, _
from tui_app.runs.plot import AXIS, Marks, PlotArea, PlotLine, PlotText, plot
from tui_app.runs.sweep.result import Sweep
from tui_app.runs.sweep.scaling import Spread, amdahl

NAMES = {
    ExecutorKind.SEQUENTIAL: N_("Sequential"),
    ExecutorKind.THREADS: N_("Threads"),
    ExecutorKind.PROCESSES: N_("Processes"),
}
"""The names of the executors in the table and beside the plot."""

MARKS = {
    ExecutorKind.SEQUENTIAL: "◆",
    ExecutorKind.THREADS: "▲",
    ExecutorKind.PROCESSES: "●",
}

SHIFTS = {ExecutorKind.THREADS: -1, ExecutorKind.SEQUENTIAL: 0, ExecutorKind.PROCESSES: 1}
"""The executors in the order in which they are drawn, and cells to the side of each."""

IDEAL, AMDAHL = "ideal", "amdahl"
"""The roles of the plot's lines."""

HEADROOM = 1.12
"""The height of the plot, in heights of its highest point."""


def sweep_plot(sweep: Sweep, width: int, height: int) -> list[list[PlotText]]:
    """Return the plot of speed-up against workers, with its legend on top, in so many cells.

    The roles of the texts are the executors, `IDEAL`, `AMDAHL` and the plot's `AXIS`.
    """
    executors = {cell.executor for cell in sweep.cells}
    series = [
        Marks(str(kind), MARKS[kind], _speed_ups(sweep, kind), shift)
        for kind, shift in SHIFTS.items()
        if kind in executors
    ]
    most = max(cell.workers for cell in sweep.cells)
    tops = [spread.most for marks in series for _x, spread in marks.points]
    reach = max([float(sweep.processors(most)), *tops])
    lines = [PlotLine(IDEAL, partial(_processors, sweep))]
    serial = sweep.best_serial()
    if serial is not None:
        lines.append(PlotLine(AMDAHL, partial(_amdahl, sweep, serial), dotted=True))
    rows = plot(PlotArea(width, height - 1, most, reach * HEADROOM), lines, series)
    return [_legend([marks.role for marks in series], serial, width), *rows]


def _processors(sweep: Sweep, workers: float) -> float:
    return min(workers, sweep.cpus) if sweep.work.computes else workers


def _amdahl(sweep: Sweep, serial: float, workers: float) -> float:
    return amdahl(serial, _processors(sweep, workers))


def _speed_ups(sweep: Sweep, kind: ExecutorKind) -> list[tuple[int, Spread]]:
    return [
        (workers, statistics.speed_up)
        for workers, statistics in sweep.series(kind)
        if statistics.speed_up is not None
    ]


def _legend(roles: Sequence[str], serial: float | None, width: int) -> list[PlotText]:
    title, ideal = _("Speed-up"), _("ideal")
    pieces: list[PlotText] = [(f" {title}", AXIS)]
    entries = [(f"{MARKS[kind]} {_(NAMES[kind])}", str(kind)) for kind in NAMES if kind in roles]
    entries.append((f"⠒⠒ {ideal}", IDEAL))
    if serial is not None:
        entries.append((f"⠂⠂ Amdahl {percent(serial)}", AMDAHL))
    for text, role in entries:
        if sum(len(piece) for piece, _role in pieces) + len(text) + 2 > width:
            break
        pieces += [("  ", ""), (text, role)]
    return pieces


def percent(share: float) -> str:
    """Return a share as whole percents, such as `12%`; never `-0%`."""
    return f"{round(share * 100)}%"
