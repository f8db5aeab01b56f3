"""What a demo measured, as bars: while it runs and afterwards."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.widgets import Static

from tui_app.demos.measurements import Measured
from tui_app.language import _
from tui_app.runs.measurement_lines import MeasurementLine, drawn
from tui_app.widgets.base.palette import MUTED


class MeasurementsPanel(Static):
    """Horizontal bars with their numbers, or how often what was counted."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._measured: Measured | None = None

    def show(self, measured: Measured | None) -> None:
        """Shows what was measured so far; `None`: nothing yet."""
        if measured != self._measured or not self.content:
            self._measured = measured
            self._redraw()

    def on_resize(self, event: events.Resize) -> None:
        """Uses the room that there is."""
        self._redraw()

    def _redraw(self) -> None:
        if self._measured is None:
            self.update(Content.styled(_("What the demo measures appears here as it runs."), MUTED))
        else:
            lines = drawn(self._measured, self.size.width)
            self.update(Content("\n").join(_content(line) for line in lines))


def _content(line: MeasurementLine) -> Content:
    if line.whole or not line.label:
        return Content.styled(line.whole, MUTED)
    return Content.assemble(
        f"{line.label}  ",
        (f"{line.value}  ", "bold"),
        (line.bar, "$accent"),
        (f"  {line.aside}" if line.aside else "", MUTED),
    )
