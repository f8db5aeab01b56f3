"""The timing summary, each figure with what it means."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from tui_app.runs.text import safe
from tui_app.runs.view import Snapshot
from tui_app.runs.wording import outcome_sentence, summary_rows
from tui_app.widgets.palette import muted_style


class SummaryPanel(Static):
    """What a finished run came to."""

    def on_mount(self) -> None:
        """Says what will be here."""
        self.show(Snapshot())

    def show(self, snapshot: Snapshot) -> None:
        """Shows this run's summary, or that there is none yet."""
        muted = muted_style(self.app)
        text = Text(no_wrap=True, overflow="ellipsis")
        if snapshot.summary is None:
            text.append(" The timing summary appears here when the run has ended.", muted)
            self.update(text)
            return
        text.append(f" {outcome_sentence(snapshot.kind, snapshot.summary)}\n", "bold")
        rows = list(summary_rows(snapshot.kind, snapshot.summary))
        names = max(len(name) for name, _, _ in rows)
        values = max(len(value) for _, value, _ in rows)
        for name, value, meaning in rows:
            text.append(f" {name:<{names}}  ", muted)
            text.append(f"{value:>{values}}", "bold")
            text.append(f"  {safe(meaning)}\n", muted)
        text.right_crop(1)
        self.update(text)
