"""What a sweep came to, as lines of plain text: without a screen, and after the app was left."""

from __future__ import annotations

from collections.abc import Iterator

from tui_app.language import _, counted
from tui_app.runs.phrases import count_cpus
from tui_app.runs.sweep.phrases import LEGEND, sentences, table
from tui_app.runs.sweep.plot import sweep_plot
from tui_app.runs.sweep.run import SweepRun

MOST_COLUMNS, PLOT_ROWS = 100, 18


def result_lines(run: SweepRun, columns: int) -> Iterator[str]:
    """Yield the table, the plot, and what they mean; nothing if nothing was measured."""
    sweep = run.sweep
    if not sweep.runs:
        return
    rounds = counted(sweep.rounds, "{n} round", "{n} rounds")
    yield run.title
    yield f"{count_cpus(sweep.cpus)}, {rounds}"
    yield ""
    told = table(sweep)
    yield from (told.header, *(row.text for row in told.rows), "")
    yield from map(_, LEGEND)
    yield ""
    if sweep.baseline is not None:
        for pieces in sweep_plot(sweep, min(MOST_COLUMNS, columns), PLOT_ROWS):
            yield "".join(text for text, _role in pieces).rstrip()
        yield ""
    yield from sentences(sweep)
