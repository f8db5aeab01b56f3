"""The line of keys at the bottom of a screen."""

from __future__ import annotations

from textual.screen import Screen
from textual.widgets import Footer


class KeysLine(Footer):
    """Textual's footer, made anew only where it would show something else.

    Textual makes it anew at every move of the focus, and when a dialog opens above it or closes:
    each time the screen is laid out and drawn again.
    """

    _made_of: tuple[object, ...] = ()

    def bindings_changed(self, screen: Screen[object]) -> None:
        """Shows the keys that work now."""
        if screen is not self.screen or not screen.app.app_focus:
            return
        shown = tuple(
            (active.binding, active.enabled, active.tooltip)
            for active in screen.active_bindings.values()
        )
        if shown != self._made_of:
            self._made_of = shown
            super().bindings_changed(screen)
