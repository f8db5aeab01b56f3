"""The line on top: the app's name, the modes, and what this machine has."""

from __future__ import annotations

import platform

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.strip import Strip

from tui_app.engine.machine import default_start_method, usable_cpus
from tui_app.language import _
from tui_app.runs.phrases import count_cpus
from tui_app.widgets.base.line_widget import LineWidget, Piece
from tui_app.widgets.base.palette import muted_style, theme_style

NAME = " procession  "

PARTED_BY = " · "
"""Between the words on the machine."""

AIR = 1
"""Cells that are free before them."""


def machine_sentence(python: str = "", start_method: str = "") -> str:
    """Return what this machine has, in a few words.

    Args:
        python: the version of the Python that works; empty: our own.
        start_method: how it starts processes; empty: as this program does.
    """
    version = ".".join((python or platform.python_version()).split(".")[:2])
    method = start_method or default_start_method()
    return PARTED_BY.join((count_cpus(usable_cpus()), f"Python {version}", method))


class TopBar(LineWidget):
    """Names the mode that is shown; a click on another one goes there.

    Args:
        modes: each mode with its English title.
        current: the mode that is shown.
    """

    DEFAULT_CSS = "TopBar { height: 1; background: $panel; }"

    def __init__(self, modes: dict[str, str], current: str) -> None:
        super().__init__()
        self._modes, self._current = modes, current
        self._python = self._start_method = ""

    def tell(self, python: str, start_method: str) -> None:
        """Name another Python and its way to start processes than this program's."""
        self._python, self._start_method = python, start_method
        self.redraw()

    def draw_line(self, y: int) -> Strip:
        """Return the line."""
        pieces: list[Piece] = [(NAME, theme_style(self.app, "primary") + Style(bold=True))]
        for mode, title in self._modes.items():
            style = Style(bold=True, reverse=True) if mode == self._current else Style()
            pieces.append((f" {_(title)} ", style))
        machine = machine_sentence(self._python, self._start_method).split(PARTED_BY)
        room = self.size.width - sum(cell_len(text) for text, _style in pieces) - 1
        # Of what does not fit, the first words tell most.
        while machine and len(PARTED_BY.join(machine)) + AIR > room:
            machine.pop()
        if machine:
            pieces.append((f"{PARTED_BY.join(machine):>{room}}", muted_style(self.app)))
        return self.line(pieces)

    async def on_click(self, event: events.Click) -> None:
        """Go to the mode that was clicked."""
        start = len(NAME)
        for mode, title in self._modes.items():
            end = start + cell_len(_(title)) + 2
            if start <= event.x < end and mode != self._current:
                await self.run_action(f"app.go('{mode}')")
            start = end
