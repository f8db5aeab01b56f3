"""What failed: a row for each failure, and the whole reason of the chosen one below."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from tui_app.language import _, counted
from tui_app.runs.formatting import safe, shorten
from tui_app.runs.view import Failure, Snapshot
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.base.table import RowTable

MOST_ROWS = 1_000
"""Rows of the table; further failures are counted, and are in the log and in a report."""

MOST_REASON_ROWS = 3
"""Rows of the whole reason below the table."""

NAME_CELLS, STEP_CELLS, REASON_CELLS = 28, 9, 120


class Failures(Vertical, Localized):
    """The failures of a run, in the order in which they came."""

    DEFAULT_CSS = """
    Failures #reason { height: auto; max-height: 3; padding: 0 1; }
    """

    _failures: Sequence[Failure] = ()
    _listed = 0

    def compose(self) -> ComposeResult:
        """Yield the table, and the whole reason."""
        yield RowTable()
        yield PlainText(id="reason")

    def update_texts(self) -> None:
        """Head the columns, and list the failures again."""
        self.query_one(RowTable).set_columns(
            (_("Failed"), NAME_CELLS), (_("Step"), STEP_CELLS), (_("Reason"), REASON_CELLS)
        )
        self._listed = 0
        self._list_new()

    def show(self, snapshot: Snapshot) -> None:
        """List the new failures; another run begins a new list."""
        table = self.query_one(RowTable)
        if snapshot.failures is not self._failures:
            self._failures, self._listed = snapshot.failures, 0
            table.clear()
            self._explain(None)
        if table.columns:
            self._list_new()

    @property
    def needed(self) -> int:
        """Rows of the heading, of all failures, and of the reason below them."""
        return 1 + len(self._failures) + MOST_REASON_ROWS

    def _list_new(self) -> None:
        table = self.query_one(RowTable)
        for failure in self._failures[self._listed : MOST_ROWS]:
            name = shorten(safe(failure.label), NAME_CELLS)
            table.add_row(Text(name), Text(failure.step), Text(safe(failure.reason)))
        if self._failures and not self._listed:
            self._explain(self._failures[0])
        self._listed = min(len(self._failures), MOST_ROWS)

    @on(RowTable.RowHighlighted)
    def explain_row(self, event: RowTable.RowHighlighted) -> None:
        """Show the whole reason of the row under the cursor."""
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
        self.query_one("#reason", PlainText).update(text)
