"""What a demo measured, as bars, while it runs and afterwards."""

from __future__ import annotations

from textual import events
from textual.content import Content

from tui_app.demos.measurements import Measured, MeasurementTable
from tui_app.language import _
from tui_app.runs.measurement_lines import MeasurementLine, measurement_lines
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.palette import MUTED


class MeasurementsPanel(PlainText):
    """Horizontal bars with their numbers."""

    _measured: Measured | None = None
    _caution = ""

    def show(self, measured: Measured | None, caution: str = "") -> None:
        """Show what was measured so far, and a sentence about times that are not sure, if any.

        Args:
            measured: the measurements; `None`: nothing yet.
            caution: why times are not sure; empty if they are.
        """
        if (measured, caution) != (self._measured, self._caution) or not self.content:
            self._measured, self._caution = measured, caution
            self._update()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the bars into the new width."""
        self._update()

    def _update(self) -> None:
        if self._measured is None:
            self.update(Content.styled(_("What the demo measures appears here as it runs."), MUTED))
        else:
            lines = [_content(one) for one in measurement_lines(self._measured, self.size.width)]
            if self._caution and isinstance(self._measured, MeasurementTable):
                lines += [Content(""), Content.styled(self._caution, "bold $warning")]
            self.update(Content("\n").join(lines))


def _content(line: MeasurementLine) -> Content:
    if not line.label:
        return Content.styled(line.sentence, MUTED)
    return Content.assemble(
        f"{line.label}  ",
        (f"{line.value}  ", "bold"),
        (line.bar, "$accent"),
        (f"  {line.note}" if line.note else "", MUTED),
    )
