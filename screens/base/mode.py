"""What all screens of a mode have in common: the line on top, the keys below, the list of keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar, Protocol, runtime_checkable

from textual.app import ComposeResult, SystemCommand
from textual.binding import ActiveBinding
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Button, Input
from tui_app.screens.base.app import BaseApp
from tui_app.screens.dialogs.help import HelpDialog

from tui_app.language import N_, _
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.textual_internals.keys_line import KeysLine
from tui_app.widgets.top_bar import TopBar

TITLES = {
    "home": N_("Home"),
    "demos": N_("Demos"),
    "batch": N_("Batch"),
    "sweep": N_("Sweep"),
    "watch": N_("Watch"),
    "runs": N_("Runs"),
}
"""The modes, in the order in which they are named on top."""

NARROW, MIDDLE, WIDE = 0, 116, 160
"""Columns from which on a screen has that class. Below `WIDE`, log lines beside facts are cut."""

SHORT, TALL = 0, 32
"""Rows from which on a screen has that class."""

NAMED_BELOW = {
    "Quit",
    "Keys",
    "Copy or quit",
    "Undo or suspend",
    "Command palette",
    "Focus Next",
    "Focus Previous",
}
"""Descriptions that the list of keys leaves out, as it names these keys itself."""


@runtime_checkable
class Commanding(Protocol):
    """A screen with commands of its own in the command palette."""

    def commands(self) -> Iterable[SystemCommand]:
        """Yield what the command palette has here."""
        ...


class ModeScreen(Screen[None], Localized):
    """A screen with the line on top and the keys below; `compose_body` is what is between.

    Descriptions of bindings are English, marked by `N_`. They are translated here for whoever shows
    them. A subclass with texts of its own says them in `update_texts`, after this class's.
    """

    MODE: ClassVar[str]

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares it as an instance's own
        (NARROW, "-narrow"),
        (MIDDLE, "-middle"),
        (WIDE, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(SHORT, "-short"), (TALL, "-tall")]  # noqa: RUF012 - likewise

    app: BaseApp

    def compose(self) -> ComposeResult:
        """Compose top, body and keys."""
        yield TopBar(self.app.titles, self.MODE)
        yield from self.compose_body()
        yield KeysLine(show_command_palette=self.MODE == "home", compact=True)

    def compose_body(self) -> ComposeResult:
        """Compose what this screen is for."""
        raise NotImplementedError

    @property
    def left(self) -> bool:
        """Whether the app is being left: what stood on the screen may be gone."""
        return not (self.app.is_running and self.is_attached)

    def on_screen_suspend(self) -> None:
        """Let go of a field as another place opens: who comes back presses keys, and types none."""
        if isinstance(self.focused, Input) and self not in self.app.screen_stack:
            self.set_focus(None)

    def update_texts(self) -> None:
        """Say the keys in the present language, and have everything drawn again."""
        self.refresh_bindings()
        for widget in self.query("*"):
            widget.refresh()

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """Textual's own, described in the present language."""
        return {key: _translated(active) for key, active in super().active_bindings.items()}

    def action_help(self) -> None:
        """List the keys that work here now."""
        keys: dict[str, list[str]] = {}
        for active in super().active_bindings.values():
            binding = active.binding
            own = binding.key in _own_keys(active.node)
            if active.enabled and own and binding.description not in NAMED_BELOW:
                shown = self.app.get_key_display(binding)
                displays = keys.setdefault(binding.description, [])
                if shown not in displays:
                    displays.append(shown)
        self.app.push_screen(HelpDialog([(" ".join(ks), text) for text, ks in keys.items()]))


def _own_keys(node: DOMNode) -> set[str]:
    """Return the keys that our classes and buttons declare, without those of Textual's classes."""
    ours = (
        kind
        for kind in type(node).__mro__
        if kind.__module__.startswith("tui_app.") or kind is Button
    )
    declared = (binding for kind in ours for binding in vars(kind).get("BINDINGS", ()))
    return {key for binding in declared for key in binding.key.split(",")}


def _translated(active: ActiveBinding) -> ActiveBinding:
    binding = active.binding
    binding = replace(binding, description=_(binding.description), tooltip=_(binding.tooltip))
    return active._replace(binding=binding, tooltip=_(active.tooltip))
