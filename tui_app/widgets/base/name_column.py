"""The column with the names of processes: whole where there is room."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len

from tui_app.runs.formatting import safe, shorten
from tui_app.widgets.base.line_widget import fitted

LEAST_CELLS = 6
"""Cells that it always has."""

SHARE = 5
"""It has at most this part of a line: one of five cells."""


def longest_name(names: Iterable[str]) -> int:
    """Return how many cells the longest name has."""
    return max((cell_len(safe(name)) for name in names), default=0)


def name_cells(longest: int, width: int) -> int:
    """Return how many cells names get in lines of `width` cells."""
    return max(LEAST_CELLS, min(longest, width // SHARE))


def fitted_name(name: str, cells: int) -> str:
    """Return a name in exactly so many cells; of one that is longer, both ends."""
    return fitted(shorten(safe(name), cells), cells)
