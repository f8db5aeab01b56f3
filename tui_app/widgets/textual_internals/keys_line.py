"""The line of keys at the bottom of a screen."""

from __future__ import annotations

from textual.screen import Screen
from textual.widgets import Footer


class KeysLine(Footer):
    """A footer that is composed again only when its keys change.

    Textual composes it again at every move of the focus and at each dialog, and then lays out and
    draws the whole screen.
    """

    _shown: tuple[object, ...] = ()

    def bindings_changed(self, screen: Screen[object]) -> None:
        """Show the keys that work now."""
        if screen is not self.screen or not screen.app.app_focus:
            return
        keys = tuple(
            (active.binding, active.enabled, active.tooltip)
            for active in screen.active_bindings.values()
        )
        if keys != self._shown:
            self._shown = keys
            super().bindings_changed(screen)
