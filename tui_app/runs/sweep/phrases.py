"""A sweep in words: its table, and what it means; the same with and without a screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui_app.engine.spec import ExecutorKind
from tui_app.language import N_, _, counted
from tui_app.runs.disturbance import OWN_RUN
from tui_app.runs.formatting import byte_size, clock
from tui_app.runs.phrases import count_cpus, count_workers
from tui_app.runs.sweep.kinds import WorkKind
from tui_app.runs.sweep.measurement import Cell
from tui_app.runs.sweep.plot import MARKS, NAMES, percent
from tui_app.runs.sweep.result import PARALLEL, CellStatistics, Gain, Sweep
from tui_app.runs.view import RunState

WORKS = {
    WorkKind.IMAGES: N_("images: open, compute and save them"),
    WorkKind.COMPUTING: N_("computing: pure Python"),
    WorkKind.SLEEPING: N_("sleeping: waits, as for a network"),
}
"""The kinds of work, as they are offered."""

UNSTEADY = 0.2
"""A spread of the repeats above this share of their median is mentioned."""

FULL_SHARE = 0.8
"""A share of a CPU below this is mentioned: other programs disturbed the work."""

LISTED_FAILURES = 3


@dataclass(frozen=True, slots=True)
class SweepRow:
    """A line of the table; `now`: its cell runs now."""

    cell: Cell
    text: str
    failed: bool = False
    now: bool = False


@dataclass(frozen=True, slots=True)
class SweepTable:
    """Lines in columns of fixed widths."""

    header: str
    rows: tuple[SweepRow, ...]


def cell_title(cell: Cell) -> str:
    """Return a cell in a few words: `Processes, 2 workers`."""
    name = _(NAMES[cell.executor])
    if cell.executor is ExecutorKind.SEQUENTIAL:
        return name
    return f"{name}, {count_workers(cell.workers)}"


# The table

_NAME_CELLS = 12
_COLUMNS = (
    (N_("Workers"), 7),
    (N_("Wall s"), 6),
    (N_("Spread s"), 11),
    (N_("CPU s"), 6),
    (N_("Speed-up"), 8),
    (N_("Effic."), 5),
    (N_("Serial"), 6),
    (N_("Memory"), 7),
)
"""The headings, and the least width in cells of each column."""

LEGEND = (
    N_("Medians; Spread is the least and the most wall time. CPU is of all workers."),
    N_("Effic.: speed-up / CPUs at work. Serial: what does not scale (Karp-Flatt)."),
    N_("Memory: the peaks of all workers added, shared pages counted in each."),
)
"""What the headings mean."""


def table(sweep: Sweep, now: Cell | None = None) -> SweepTable:
    """Return the statistics so far; `now` is the cell that runs."""
    heads = [_(head) for head, _cells in _COLUMNS]
    widths = [max(len(head), cells) for head, (_head, cells) in zip(heads, _COLUMNS, strict=True)]

    def line(name: str, values: Sequence[str]) -> str:
        columns = zip(values, widths, strict=False)
        cells = "".join(f" {value:>{width}}" for value, width in columns)
        return f"{name:<{_NAME_CELLS}}{cells}".rstrip()

    rows = []
    for cell in sweep.cells:
        mark = "▶" if cell == now else MARKS[cell.executor]
        found, failed = sweep.statistics(cell), sweep.failed_runs(cell)
        values = [str(cell.workers), *(_values(found) if found else ())]
        text = line(f"{mark} {_(NAMES[cell.executor])}", values)
        if failed and found:
            text += " ✗"
        elif failed:
            words = counted(len(failed), "{n} run did not go well", "{n} runs did not go well")
            text += f"  ✗ {words}"
        rows.append(SweepRow(cell, text, failed=bool(failed), now=cell == now))
    title = _("Executor")
    return SweepTable(line(f"  {title}", heads), tuple(rows))


def _values(found: CellStatistics) -> Iterator[str]:
    wall = found.wall
    yield _number(wall.median)
    digits = _digits(wall.most)
    yield f"{wall.least:.{digits}f}–{wall.most:.{digits}f}"
    yield "-" if found.cpu is None else _number(found.cpu)
    yield "-" if found.speed_up is None else f"{found.speed_up.median:.2f} x"
    yield "-" if found.efficiency is None else percent(found.efficiency)
    yield "-" if found.serial is None else percent(found.serial)
    yield "-" if found.memory is None else byte_size(found.memory)


def _digits(value: float) -> int:
    return 2 if value < 100 else 1 if value < 1000 else 0


def _number(value: float) -> str:
    return f"{value:.{_digits(value)}f}"


# What it means


def sentences(sweep: Sweep) -> Iterator[str]:
    """Yield what the statistics say; nothing before there are any."""
    yield from _failures(sweep)
    if sweep.runs and sweep.baseline is None:
        yield _("The sequential run did not go well: there is nothing to compare with.")
        return
    for kind in reversed(PARALLEL):
        gain = sweep.gain(kind)
        if gain is not None and sweep.is_sure(kind):
            yield _gain_sentence(sweep, gain)
        elif gain is not None:
            sentence = _("{executor}: not judged, as too many runs were disturbed.")
            yield sentence.format(executor=_(NAMES[kind]))
    yield from _serial(sweep)
    share = sweep.share_of_cpu()
    if sweep.beside and sweep.work.computes:
        yield OWN_RUN.unsure()
    elif sweep.disturbed_runs:
        yield counted(
            len(sweep.runs),
            "Other programs had the CPUs during {some} of {n} run. Run it again when it is quiet.",
            "Other programs had the CPUs during {some} of {n} runs. Run it again when it is quiet.",
            some=sweep.disturbed_runs,
        )
    elif share is not None and share < FULL_SHARE:
        sentence = _(
            "The machine was busy: the sequential runs had a CPU for {share} of their time only;"
            " other programs, or the disk, had the rest. Run it again when it is quiet."
        )
        yield sentence.format(share=percent(share))
    elif sweep.rounds == 1:
        yield _("One round: how far the times spread is not known.")
    elif sweep.widest() > UNSTEADY:
        sentence = _(
            "The times are not steady: in one line of the table they differ by up to {share}."
            " Run it again, with more rounds."
        )
        yield sentence.format(share=percent(sweep.widest()))


def _serial(sweep: Sweep) -> Iterator[str]:
    """Yield the serial share for the executor that scales best, if it gained anything."""
    best = sweep.best_executor()
    serial = sweep.best_serial()
    gain = sweep.gain(best) if best is not None and sweep.is_sure(best) else None
    if serial is not None and gain is not None and gain.best > 1:
        sentence = _("{executor}: by Amdahl's law about {serial} of the work is serial.")
        yield sentence.format(serial=percent(serial), executor=_(NAMES[gain.executor]))


def _failures(sweep: Sweep) -> Iterator[str]:
    """Yield which runs failed and why; a failure that came in several runs is named once."""
    failed = [run for run in sweep.runs if run.state is RunState.FAILED]
    if not failed:
        return
    known = {f"{f.label}: {f.reason}": None for run in failed for f in run.failures}
    for text in list(known)[:LISTED_FAILURES]:
        yield f"✗ {text}"
    if len(known) > LISTED_FAILURES:
        more = len(known) - LISTED_FAILURES
        yield "✗ " + counted(more, "{n} more failure", "{n} more failures")
    for reason in {run.reason: None for run in failed if run.reason}:
        yield f"✗ {reason}"
    yield counted(
        len(failed),
        "{n} run failed: without all of the work done it is not comparable, and left out.",
        "{n} runs failed: without all of the work done they are not comparable, and left out.",
    )


def _gain_sentence(sweep: Sweep, gain: Gain) -> str:
    name, best = gain.executor, gain.best
    if best == 1:
        sentence = _("{executor}: more workers gain nothing here.")
        if sweep.widest() > UNSTEADY:
            sentence = _("{executor}: no gain is larger than the spread of the times.")
        if name is ExecutorKind.THREADS and sweep.work is WorkKind.COMPUTING and sweep.has_gil:
            sentence = _(
                "{executor}: more workers gain nothing: one interpreter computes at a time (GIL)."
            )
        elif sweep.cpus == 1 and sweep.work.computes:
            sentence = _("{executor}: more workers gain nothing: {cpus}.")
    elif best == gain.most:
        sentence = _("{executor}: {times} as fast with {workers}, the most that were tried.")
        if best < max(cell.workers for cell in sweep.cells):
            sentence = _("{executor}: {times} as fast with {workers}, the most tried so far.")
        elif not sweep.work.computes and best > sweep.cpus:
            sentence = _("{executor}: {times} as fast with {workers}: sleeping needs no CPU.")
    elif best == sweep.cpus and sweep.work.computes:
        sentence = _("{executor}: {times} as fast; beyond {workers} nothing is gained: {cpus}.")
    else:
        sentence = _("{executor}: {times} as fast; beyond {workers} nothing is gained.")
    return sentence.format(
        executor=_(NAMES[name]),
        workers=count_workers(best),
        times=f"{gain.speed_up:.2f} x",
        cpus=count_cpus(sweep.cpus),
    )


def progress_words(sweep: Sweep, cell: Cell) -> str:
    """Return which run of how many this is, and about how long the rest takes.

    The words have a fixed width.
    """
    total = sweep.runs_in_all
    number = f"{len(sweep.runs) + 1:>{len(str(total))}}"
    words = _("run {number} of {total}: {cell}").format(
        number=number, total=total, cell=cell_title(cell)
    )
    left = sweep.seconds_left()
    if left is None:
        return words
    return "   ".join([words, _("about {time} left").format(time=clock(left))])
