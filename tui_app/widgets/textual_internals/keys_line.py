"""The line of keys at the bottom of a screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import ActiveBinding
from textual.screen import Screen
from textual.widgets import Button, Footer, Input
from textual.widgets._footer import FooterKey

MAIN = ("run", "cancel")
"""The actions that a screen is there for. Their key is always shown, and comes first."""

ALWAYS = ("screen.help", "quit")
"""The actions whose keys are always shown, too."""

PLACES = "go("
"""How actions begin that go to another place: the line on top names these as well."""


class KeysLine(Footer):
    """A footer with as many keys as fit, the more important ones first.

    It is composed again only when its keys change. Textual composes it again at every move of the
    focus and at each dialog, and then lays out and draws the whole screen.
    """

    _shown: tuple[object, ...] = ()

    def bindings_changed(self, screen: Screen[object]) -> None:
        """Show the keys that work now."""
        if screen is not self.screen or not screen.app.app_focus:
            return
        keys = tuple((active.binding, active.enabled, active.tooltip) for active in self._fitting())
        if keys != self._shown:
            self._shown = keys
            super().bindings_changed(screen)

    def on_resize(self, event: events.Resize) -> None:
        """Show as many keys as fit into another width."""
        self.bindings_changed(self.screen)

    def compose(self) -> ComposeResult:
        """Compose the keys that fit."""
        if not self._bindings_ready:
            return
        for active in self._fitting():
            binding = active.binding
            yield FooterKey(
                binding.key,
                self.app.get_key_display(binding),
                binding.description,
                binding.action,
                disabled=not active.enabled,
                tooltip=active.tooltip,
            ).data_bind(compact=Footer.compact)
        if (palette := self._palette()) is not None:
            binding = palette.binding
            yield FooterKey(
                binding.key,
                self.app.get_key_display(binding),
                binding.description,
                binding.action,
                classes="-command-palette",
                tooltip=binding.tooltip or binding.description,
            )

    def _palette(self) -> ActiveBinding | None:
        """Return the key of the command palette, where it is shown."""
        if not (self.show_command_palette and self.app.ENABLE_COMMAND_PALETTE):
            return None
        return self.screen.active_bindings.get(self.app.COMMAND_PALETTE_BINDING)

    def _width(self, active: ActiveBinding) -> int:
        """Return the cells of a key and what it does, with the space after it."""
        key = self.app.get_key_display(active.binding)
        return cell_len(key) + 1 + cell_len(active.binding.description) + 1

    def _fitting(self) -> Sequence[ActiveBinding]:
        """Return the keys for which there is room, in the order in which they are shown."""
        keys = list(self._keys())
        room = self.size.width or self.app.size.width
        if (palette := self._palette()) is not None:
            room -= self._width(palette) + 1
        kept: set[str] = set()
        for active in sorted(keys, key=self._rank):
            if (width := self._width(active)) <= room:
                room -= width
                kept.add(active.binding.action)
        return [active for active in keys if active.binding.action in kept]

    def _rank(self, active: ActiveBinding) -> int:
        """Return how early a key is given room: 0 is the first."""
        action = active.binding.action
        if action in MAIN or active.binding.key == "enter":
            return 0
        if action in ALWAYS:
            return 1
        if action.startswith(PLACES):
            return 4
        return 2 if active.node is self.screen else 3

    def _keys(self) -> Iterator[ActiveBinding]:
        """Yield the keys in the order in which they are shown, one for each action."""
        active = self.screen.active_bindings
        shown = [one for one in active.values() if one.binding.show]
        # The first is the screen's, and the last are the app's.
        shown.sort(key=lambda one: (one.node is not self.screen, one.node is self.app))
        main = list(self._main(active))
        told = {*MAIN, *(one.binding.action for one in main)}
        yield from main
        for one in shown:
            if one.binding.action not in told:
                told.add(one.binding.action)
                yield one

    def _main(self, active: dict[str, ActiveBinding]) -> Iterator[ActiveBinding]:
        """Yield what the screen is for, with the key that does it where the focus is now."""
        at_enter, focused = active.get("enter"), self.screen.focused
        main = next((one for one in active.values() if one.binding.action in MAIN), None)
        if at_enter is not None and at_enter.binding.show:
            yield at_enter
            if main is not None and main.binding.description != at_enter.binding.description:
                yield main
        elif main is not None:
            # Enter in a field, or on the button, does the same.
            if isinstance(focused, Input) or (isinstance(focused, Button) and focused.id == "run"):
                main = main._replace(binding=replace(main.binding, key="enter", key_display=None))
            yield main
