"""A check box that can be read without colour."""

from __future__ import annotations

from textual.widgets import Checkbox


class ReadableCheckbox(Checkbox):
    """A check box with an X where it is on, and nothing where it is off."""

    def on_mount(self) -> None:
        """Show the value that it begins with."""
        self._show_value()

    def watch_value(self) -> None:
        """Show the new value before Textual posts `Changed`."""
        self._show_value()
        super().watch_value()

    def _show_value(self) -> None:
        self.BUTTON_INNER = "X" if self.value else " "
