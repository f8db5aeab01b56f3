"""Two recorded runs on one time axis, and what was different in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from tui_app.screens.base.mode import ModeScreen
from tui_app.screens.base.recorded import OpenedRun

from tui_app.language import N_, _
from tui_app.records.differences import differences, trial_of
from tui_app.records.phrases import when
from tui_app.runs.comparison.table import Comparison
from tui_app.runs.formatting import safe, shorten
from tui_app.widgets.base.line_widget import PlainText, fitted
from tui_app.widgets.base.palette import MUTED
from tui_app.widgets.side_by_side import SideBySide
from tui_app.widgets.timeline import Timeline

ROOM = 4
"""Cells between the columns, and at both ends."""


class RecordedPairScreen(ModeScreen):
    """Shows two recorded runs as they ended; both records are closed with it.

    Args:
        first: the one that the other is compared with.
        second: the other one.
    """

    MODE = "runs"
    CSS_PATH = "recorded_pair.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", N_("Runs"))]

    def __init__(self, first: OpenedRun, second: OpenedRun) -> None:
        super().__init__()
        self._both = first, second

    def compose_body(self) -> ComposeResult:
        """Compose the timelines, and below them what was different."""
        yield SideBySide(id="timelines")
        yield PlainText(id="table")
        with VerticalScroll(id="told"):
            yield PlainText(id="notes")
        yield PlainText(id="status")

    def on_mount(self) -> None:
        """Make room for two timelines."""
        self.call_next(self._begin)

    async def _begin(self) -> None:
        await self.query_one(SideBySide).begin(2)
        self.query_one(SideBySide).query(Timeline).first().focus()
        self.call_after_refresh(self.draw)

    def on_unmount(self) -> None:
        """Close the records."""
        for one in self._both:
            one.record.close()

    def on_resize(self) -> None:
        """Lay everything out again."""
        self.call_after_refresh(self.draw)

    def update_texts(self) -> None:
        """Say everything in the present language."""
        super().update_texts()
        self.call_after_refresh(self.draw)

    def draw(self) -> None:
        """Draw both runs."""
        runs = [one.run.started for one in self._both]
        ends = [one.view.snapshot() for one in self._both]
        labels = [when(one.started_at, exactly=True) for one in runs]
        trials = [trial_of(label, end) for label, end in zip(labels, ends, strict=True)]
        self.query_one(SideBySide).show(trials, [one.title for one in runs], ends)
        comparison = Comparison(trials, runs[0].cpus)
        table = comparison.table(self.size.width - 2)
        lines = [Content.styled(table.header, MUTED), *(Content(safe(row)) for row in table.rows)]
        lines += [Content.styled(safe(limit), MUTED) for limit in table.limits]
        self.query_one("#table", PlainText).set_text(Content("\n").join(lines), layout=True)
        notes = [*self._rows(), *(Content(safe(one)) for one in comparison.sentences())]
        self.query_one("#notes", PlainText).set_text(Content("\n").join(notes), layout=True)
        sentence = _("two recorded runs on one time axis   esc goes back to all of them")
        self.query_one("#status", PlainText).set_text(f"○ {sentence}")

    def _rows(self) -> Iterator[Content]:
        """Yield what was different, a row each."""
        first, second = (one.run.started for one in self._both)
        rows = list(differences(first, second, *(one.view.snapshot() for one in self._both)))
        names = max((cell_len(name) for name, _both in rows), default=0)
        cells = max(1, (self.size.width - 2 - names - ROOM) // 2)
        for name, both in rows:
            one, other = (fitted(shorten(safe(text), cells), cells) for text in both)
            yield Content.assemble((fitted(name, names), MUTED), f"  {one}  {other}")

    def action_back(self) -> None:
        """Go back to the list."""
        self.dismiss()
