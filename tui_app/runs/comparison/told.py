"""What a comparison came to, as plain text: without a screen, and after the app was left."""

from __future__ import annotations

from collections.abc import Iterator

from tui_app.engine.machine import usable_cpus
from tui_app.runs.comparison.run import ComparisonRun
from tui_app.runs.comparison.table import Comparison, is_tutorial


def result_lines(run: ComparisonRun, columns: int) -> Iterator[str]:
    """Yield the table, in so many columns, and what it means."""
    comparison = Comparison(run.trials(), usable_cpus(), is_tutorial(run.variants))
    table = comparison.table(columns)
    yield from (table.header, *table.rows, *table.limits)
    yield ""
    yield from comparison.sentences()
