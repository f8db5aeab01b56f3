"""The line on top: the name, the places to go, and what this machine has."""

from __future__ import annotations

import platform

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from tui_app.engine.machine import default_start_method, usable_cpus
from tui_app.language import _
from tui_app.runs.phrases import count_cpus
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.base.palette import muted_style, theme_style
from tui_app.widgets.base.strips import Piece, strip


def machine_sentence() -> str:
    """What this machine has, in a few words."""
    version = ".".join(platform.python_version_tuple()[:2])
    return f"{count_cpus(usable_cpus())} · Python {version} · {default_start_method()}"


class TopBar(Widget, Localized):
    """Names the mode that is shown; a click on another goes there.

    Args:
        modes: mode and title of each place, in English.
        current: the mode that is shown.
    """

    DEFAULT_CSS = "TopBar { height: 1; background: $panel; }"

    def __init__(self, modes: dict[str, str], current: str) -> None:
        super().__init__()
        self._modes, self._current = modes, current
        self._machine = ""

    def speak(self) -> None:
        """Says what this machine has."""
        self._machine = machine_sentence()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draws the line."""
        pieces: list[Piece] = [
            (" procession  ", theme_style(self.app, "primary") + Style(bold=True))
        ]
        for mode, title in self._modes.items():
            look = Style(bold=True, reverse=True) if mode == self._current else Style()
            pieces.append((f" {_(title)} ", look))
        used = sum(cell_len(text) for text, _ in pieces)
        room = self.size.width - used - 1
        if room >= len(self._machine):
            pieces.append((f"{self._machine:>{room}}", muted_style(self.app)))
        return strip(pieces, self.size.width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Goes to the mode that was clicked."""
        at = len(" procession  ")
        for mode, title in self._modes.items():
            cells = cell_len(_(title)) + 2
            if at <= event.x < at + cells and mode != self._current:
                self.app.switch_mode(mode)
            at += cells
