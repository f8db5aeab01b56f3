"""A check box that can be read without colour: Textual's own shows an X either way."""

from __future__ import annotations

from textual.widgets import Checkbox


class ReadableCheckbox(Checkbox):
    """A check box: X where it is on, blank where it is off."""

    def on_mount(self) -> None:
        """Shows how it begins."""
        self._mark()

    def watch_value(self) -> None:
        """Shows the change before Textual tells it."""
        self._mark()
        super().watch_value()

    def _mark(self) -> None:
        self.BUTTON_INNER = "X" if self.value else " "
