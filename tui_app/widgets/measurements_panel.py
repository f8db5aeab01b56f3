"""What a demo measured, as bars, while it runs and afterwards."""

from __future__ import annotations

from textual import events
from textual.content import Content

from tui_app.demos.measurements import Measured
from tui_app.language import _
from tui_app.runs.measurement_lines import MeasurementLine, measurement_lines
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.palette import MUTED


class MeasurementsPanel(PlainText):
    """Horizontal bars with their numbers."""

    _measured: Measured | None = None

    def show(self, measured: Measured | None) -> None:
        """Show what was measured so far; `None`: nothing yet."""
        if measured != self._measured or not self.content:
            self._measured = measured
            self._update()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the bars into the new width."""
        self._update()

    def _update(self) -> None:
        if self._measured is None:
            self.update(Content.styled(_("What the demo measures appears here as it runs."), MUTED))
        else:
            lines = measurement_lines(self._measured, self.size.width)
            self.update(Content("\n").join(_content(line) for line in lines))


def _content(line: MeasurementLine) -> Content:
    if not line.label:
        return Content.styled(line.sentence, MUTED)
    return Content.assemble(
        f"{line.label}  ",
        (f"{line.value}  ", "bold"),
        (line.bar, "$accent"),
        (f"  {line.note}" if line.note else "", MUTED),
    )
