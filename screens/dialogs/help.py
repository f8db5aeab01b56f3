"""The keys of the screen below, and what they do."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from tui_app.language import N_, _
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.base.palette import MUTED

EVERYWHERE = (
    ("tab", N_("Next field or list")),
    ("↑ ↓ pgup pgdn", N_("Move in it")),
    ("ctrl+p", N_("Every command, by name")),
    ("ctrl+c", N_("Copy what is selected, else quit")),
    ("ctrl+z", N_("Pause, until fg in the shell")),
    ("q, ctrl+q", N_("Quit")),
)


class HelpDialog(ModalScreen[None], Localized):
    """A list of keys; any of escape, `?`, `q` and enter closes it.

    Args:
        keys: each key with its meaning in English, in the order of the list.
    """

    CSS_PATH = "help.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "dismiss", N_("Close"), show=False),
    ]

    def __init__(self, keys: list[tuple[str, str]]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """Compose one list."""
        with VerticalScroll(id="keys"):
            text = PlainText()
            # With its text set only at mounting, it would be drawn twice, and the screen below too.
            text.set_text(self._text())
            yield text

    def update_texts(self) -> None:
        """Say the list, and how to close it, in the present language."""
        scroll = self.query_one("#keys")
        scroll.border_title = _("Keys")
        scroll.border_subtitle = _("escape closes")
        self.query_one(PlainText).set_text(self._text(), layout=True)

    def _text(self) -> Content:
        rows = (*self._keys, ("", ""), *EVERYWHERE)
        lines = [Content.assemble((f"{key:>15}  ", "$accent"), _(meaning)) for key, meaning in rows]
        note = _("A line of the log: seconds since the start, process, what it wrote or did.")
        signs = _(
            "A lane: █ works, ▒ sleeps, ┄ waits, ✗ failed; • another lane has its colour, too."
        )
        notes = [Content.styled(f"\n{note}", MUTED), Content.styled(signs, MUTED)]
        return Content("\n").join([*lines, *notes])
