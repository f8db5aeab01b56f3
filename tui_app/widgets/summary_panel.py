"""The timing summary: each number with what it means."""

from __future__ import annotations

from collections.abc import Iterator

from textual import events
from textual.content import Content

from tui_app.language import _
from tui_app.runs.failure_groups import group_lines
from tui_app.runs.formatting import safe, shorten
from tui_app.runs.phrases import busy_title, busy_words, outcome_sentence, summary_rows
from tui_app.runs.view import Snapshot
from tui_app.widgets.base.line_widget import PlainText, fitted
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.base.palette import MUTED

MOST_GROUPS = 6
"""Groups of failures that are told; the last one is of all others."""

TWO_COLUMNS = 76
"""The least width, in cells, with two columns of numbers."""


class SummaryPanel(PlainText, Localized):
    """The summary of a finished run."""

    needed = 1
    """Rows of what is shown."""

    _snapshot = Snapshot()

    def show(self, snapshot: Snapshot) -> None:
        """Show a run's summary, or that there is none yet."""
        self._snapshot = snapshot
        self.update_texts()

    def shows(self, snapshot: Snapshot) -> bool:
        """Return whether this run's summary is shown."""
        return self._snapshot.summary == snapshot.summary

    def on_resize(self, event: events.Resize) -> None:
        """Fit the columns into the new width."""
        self.update_texts()

    def update_texts(self) -> None:
        """Show the summary in the present language."""
        lines = list(self._lines())
        self.needed = len(lines)
        self.update(Content("\n").join(lines))

    def _lines(self) -> Iterator[Content]:
        snapshot = self._snapshot
        if snapshot.summary is None:
            sentence = _("The timing summary appears here when the run has ended.")
            yield Content.styled(sentence, MUTED)
            return
        yield Content.styled(outcome_sentence(snapshot.kind, snapshot.summary), "bold")
        rows = list(summary_rows(snapshot))
        columns = 2 if self.size.width >= TWO_COLUMNS else 1
        height = -(-len(rows) // columns)
        names = max(len(row[0]) for row in rows)
        values = max(len(row[1]) for row in rows)
        cells = max(0, (self.size.width - 2) // columns - names - values - 4)
        for line in range(height):
            parts: list[tuple[str, str]] = []
            for name, value, meaning in rows[line::height]:
                text = fitted(shorten(safe(meaning), cells), cells)
                parts += [(f"{name:<{names}}  ", MUTED), (f"{value:>{values}}  ", "bold")]
                parts.append((f"{text} ", MUTED))
            yield Content.assemble(*parts)
        if busy := "  ".join(busy_words(snapshot.summary)):
            title = busy_title(snapshot)
            yield Content.assemble((f"{title:<{names}}  ", MUTED), busy)
        if snapshot.kind == "batch" and snapshot.reason:
            yield Content.styled(_("a goes on where it stopped"), "bold")
        if snapshot.failed:
            yield Content.styled(_("x lists what failed and why, r tries those again"), "bold")
            yield from self._failed()

    def _failed(self) -> Iterator[Content]:
        lines = list(group_lines(self._snapshot.failures, MOST_GROUPS))
        numbers = max((len(line[0]) for line in lines), default=0)
        steps = max((len(line[1]) for line in lines), default=0)
        for number, step, reason in lines:
            before = f"{number:>{numbers}}  {step:<{steps}}  "
            text = shorten(safe(reason), max(0, self.size.width - len(before)))
            yield Content.assemble((before, "bold"), (text, MUTED))
