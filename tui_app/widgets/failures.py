"""What failed: a row for each, and the whole reason of the chosen one below."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import DataTable, Static

from tui_app.language import _, counted
from tui_app.runs.formatting import safe, shorten
from tui_app.runs.view import Failure, Snapshot
from tui_app.widgets.base.localized import Localized

MOST_ROWS = 1_000
"""Rows of the table: what comes after is counted, and stands in the log and in a report."""

NAME_CELLS, REASON_CELLS = 28, 120
"""The columns have fixed widths, so that they stand still; a reason stands whole below."""


class Failures(Vertical, Localized):
    """The failures of a run, in the order in which they came."""

    DEFAULT_CSS = """
    Failures {
        DataTable { height: 1fr; overflow-x: hidden; background: transparent; }
        DataTable { scrollbar-size-vertical: 1; }
        #reason { height: auto; max-height: 3; padding: 0 1; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._failures: Sequence[Failure] = ()
        self._listed = 0

    def compose(self) -> ComposeResult:
        """The table, and the reason in full."""
        table: DataTable[Text] = DataTable(cursor_type="row", cell_padding=1)
        yield table
        yield Static("", id="reason", markup=False)

    def speak(self) -> None:
        """Heads the columns, and lists what there is again: a table keeps its columns' heads."""
        table: DataTable[Text] = self.query_one(DataTable)
        table.clear(columns=True)
        table.add_column(_("Failed"), width=NAME_CELLS)
        table.add_column(_("Step"), width=9)
        table.add_column(_("Reason"), width=REASON_CELLS)
        self._listed = 0
        self._list_new()

    def show(self, snapshot: Snapshot) -> None:
        """Lists what is new; a new run begins a new list."""
        table: DataTable[Text] = self.query_one(DataTable)
        if snapshot.failures is not self._failures:
            self._failures, self._listed = snapshot.failures, 0
            table.clear()
            self._explain(None)
        if table.columns:
            self._list_new()

    def _list_new(self) -> None:
        table: DataTable[Text] = self.query_one(DataTable)
        total = len(self._failures)
        for failure in self._failures[self._listed : MOST_ROWS]:
            name = shorten(safe(failure.label), NAME_CELLS)
            table.add_row(Text(name), Text(failure.step), Text(safe(failure.reason)))
        if total and not self._listed:
            self._explain(self._failures[0])
        self._listed = min(total, MOST_ROWS)

    @on(DataTable.RowHighlighted)
    def explain_row(self, event: DataTable.RowHighlighted) -> None:
        """Gives the whole reason of the row."""
        if event.cursor_row < len(self._failures):
            self._explain(self._failures[event.cursor_row])

    def _explain(self, failure: Failure | None) -> None:
        text = ""
        if failure is not None:
            text = f"{safe(failure.label)}: {safe(failure.reason)}"
            beyond = len(self._failures) - MOST_ROWS
            if beyond > 0:
                more = counted(
                    beyond,
                    "and {n} more: see the log, or a report",
                    "and {n} more: see the log, or a report",
                )
                text += f"\n{more}"
        self.query_one("#reason", Static).update(text)
