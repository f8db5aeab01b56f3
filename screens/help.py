"""The keys of the screen below, and what they do."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_app.widgets.palette import MUTED

EVERYWHERE = (
    ("tab", "Next field or list"),
    ("↑ ↓ pgup pgdn", "Move in it"),
    ("ctrl+p", "Every command, by name"),
    ("ctrl+c", "Copy what is selected, else quit"),
    ("q, ctrl+q", "Quit"),
)


class HelpScreen(ModalScreen[None]):
    """Lists keys; any of escape, `?`, `q` and enter closes it.

    Args:
        keys: key and meaning, in the order in which they are listed.
    """

    CSS_PATH = "help.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "dismiss", "Close", show=False),
    ]

    def __init__(self, keys: list[tuple[str, str]]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """One list."""
        with VerticalScroll(id="keys") as scroll:
            scroll.border_title = "Keys"
            scroll.border_subtitle = "escape closes"
            yield Static(self._text(), markup=False)

    def _text(self) -> Content:
        rows = (*self._keys, ("", ""), *EVERYWHERE)
        lines = [Content.assemble((f"{key:>15}  ", "$accent"), meaning) for key, meaning in rows]
        note = "\nA line of the log: seconds since the start, process, what it wrote or did."
        return Content("\n").join([*lines, Content.styled(note, MUTED)])
