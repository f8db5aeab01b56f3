"""The app class of Textual with our driver, and with errors reported our own way."""

from __future__ import annotations

from textual.app import App
from textual.driver import Driver

from tui_app.widgets.textual_internals.driver import repaired


class RepairedApp(App[None]):
    """Base of the app. Textual's `_fatal_error` prints a traceback with every local variable."""

    def get_driver_class(self) -> type[Driver]:
        """Return the driver that Textual chooses, or our repaired one in its place."""
        return repaired(super().get_driver_class())

    def _fatal_error(self) -> None:
        self.handle_error(None if self._exit_renderables else self._exception)

    def handle_error(self, error: Exception | None) -> None:
        """End the app after an unhandled exception.

        Args:
            error: the first exception of all; `None` where it is reported already.
        """
        raise NotImplementedError

    def close_now(self, return_code: int) -> None:
        """End the app without a message, whatever was raised."""
        self._return_code = return_code
        self._close_messages_no_wait()
