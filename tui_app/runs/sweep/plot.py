"""A sweep's plot: speed-up against workers, the ideal line, Amdahl's curve, and the legend."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from tui_app.engine.executors import ExecutorKind
from tui_app.language import N_, _
from tui_app.runs.plot import AXIS, Frame, Marks, Piece, PlotLine, plot
from tui_app.runs.sweep.result import Sweep
from tui_app.runs.sweep.scaling import Spread, amdahl

NAMES = {
    ExecutorKind.SEQUENTIAL: N_("Sequential"),
    ExecutorKind.THREADS: N_("Threads"),
    ExecutorKind.PROCESSES: N_("Processes"),
}
"""The executors, as they are called in the table and beside the plot."""

MARKS = {
    ExecutorKind.SEQUENTIAL: "◆",
    ExecutorKind.THREADS: "▲",
    ExecutorKind.PROCESSES: "●",
}
"""What each is drawn as."""

IDEAL, AMDAHL = "ideal", "amdahl"
"""The roles of the plot's lines."""

HEADROOM = 1.12
"""How much higher than its highest point the plot is."""


def drawn_plot(sweep: Sweep, width: int, height: int) -> list[list[Piece]]:
    """The plot of speed-up against workers in that many cells, its legend on top of it.

    Executors, `IDEAL`, `AMDAHL` and the plot's `AXIS` are the roles.
    """
    most = max(cell.workers for cell in sweep.cells)
    series = [
        Marks(str(kind), MARKS[kind], _speed_ups(sweep, kind), shift)
        for kind, shift in (
            (ExecutorKind.THREADS, -1),
            (ExecutorKind.SEQUENTIAL, 0),
            (ExecutorKind.PROCESSES, 1),
        )
        if any(cell.executor is kind for cell in sweep.cells)
    ]
    tops = [spread.most for marks in series for _x, spread in marks.points]
    reach = max(float(sweep.processors(most)), *tops) if tops else float(sweep.processors(most))

    lines = [PlotLine(IDEAL, partial(_processors, sweep))]
    serial = sweep.best_serial()
    if serial is not None:
        lines.append(PlotLine(AMDAHL, partial(_amdahl, sweep, serial), dotted=True))
    rows = plot(Frame(width, height - 1, most, reach * HEADROOM), lines, series)
    return [_plot_legend(sweep, [marks.role for marks in series], serial, width), *rows]


def _processors(sweep: Sweep, workers: float) -> float:
    return min(workers, sweep.cpus) if sweep.work.computes else workers


def _amdahl(sweep: Sweep, serial: float, workers: float) -> float:
    return amdahl(serial, _processors(sweep, workers))


def _speed_ups(sweep: Sweep, kind: ExecutorKind) -> list[tuple[int, Spread]]:
    return [
        (workers, figures.speed_up)
        for workers, figures in sweep.series(kind)
        if figures.speed_up is not None
    ]


def _plot_legend(
    sweep: Sweep, roles: Sequence[str], serial: float | None, width: int
) -> list[Piece]:
    title, ideal = _("Speed-up"), _("ideal")
    pieces: list[Piece] = [(f" {title}", AXIS)]
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
    """Whole percents; never minus nothing."""
    return f"{round(share * 100)}%"
