"""The timing summary, each figure with what it means."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text
from textual import events
from textual.widgets import Static

from tui_app.runs.text import safe
from tui_app.runs.view import Snapshot
from tui_app.runs.wording import busy_words, outcome_sentence, summary_rows
from tui_app.widgets.palette import muted_style

TWO_COLUMNS = 76
"""Cells from which on the figures stand in two columns."""


class SummaryPanel(Static):
    """What a finished run came to."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._snapshot = Snapshot()

    def show(self, snapshot: Snapshot) -> None:
        """Shows this run's summary, or that there is none yet."""
        self._snapshot = snapshot
        self.update(self._table())

    def on_resize(self, event: events.Resize) -> None:
        """Uses the room that there is."""
        self.show(self._snapshot)

    def _table(self) -> Table | Text:
        snapshot, muted = self._snapshot, muted_style(self.app)
        if snapshot.summary is None:
            return Text(" The timing summary appears here when the run has ended.", muted)
        whole = Table.grid(padding=(0, 0, 0, 1))
        whole.add_row(Text(outcome_sentence(snapshot.kind, snapshot.summary), "bold"))
        rows = list(summary_rows(snapshot.kind, snapshot.summary))
        columns = 2 if self.size.width >= TWO_COLUMNS else 1
        height = -(-len(rows) // columns)
        figures = Table.grid(padding=(0, 2, 0, 0))
        names = max(len(name) for name, _, _ in rows)
        values = max(len(value) for _, value, _ in rows)
        for _ in range(columns):
            figures.add_column(style=muted, no_wrap=True, min_width=names)
            figures.add_column(style="bold", justify="right", no_wrap=True, min_width=values)
            figures.add_column(style=muted, no_wrap=True, overflow="ellipsis", ratio=1)
        for line in range(height):
            cells = [Text(safe(cell)) for row in rows[line::height] for cell in row]
            figures.add_row(*cells)
        whole.add_row(figures)
        whole.add_row(Text.assemble(("Busy  ", muted), "  ".join(busy_words(snapshot.summary))))
        if snapshot.failed:
            whole.add_row(Text("x lists what failed and why, r tries those again", "bold"))
        return whole
