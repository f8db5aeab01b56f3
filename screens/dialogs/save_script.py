"""Save as: a demo's text, saved as a script of one's own."""

from __future__ import annotations

import shlex
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from tui_app.screens.dialogs.choice import Answer, ChoiceDialog

from tui_app.demos.catalogue import Demo
from tui_app.demos.save_script import SaveError, file_name, save_script
from tui_app.language import N_, _
from tui_app.runs.formatting import safe
from tui_app.widgets.base.palette import MUTED


class SaveScriptDialog(ModalScreen[None]):
    """A question for a path to save at, and then where the script is and how to run it.

    Args:
        demo: the demo that the text is a copy of.
        text: what is saved.
    """

    CSS_PATH = "save_script.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", show=False)]

    def __init__(self, demo: Demo, text: str) -> None:
        super().__init__()
        self._demo, self._text = demo, text

    def compose(self) -> ComposeResult:
        """Compose the path, and a line below."""
        with Vertical(id="save") as box:
            box.border_title = _("Save as a script of your own")
            yield Input(file_name(self._demo), id="save-path", compact=True)
            yield Static(self._help(), id="save-said", markup=False)

    def _help(self) -> Content:
        return Content.styled(_("enter saves it · escape leaves"), MUTED)

    @on(Input.Submitted)
    @work(exclusive=True)
    async def save(self, event: Input.Submitted) -> None:
        """Save it; ask first if a file would be replaced."""
        said = self.query_one("#save-said", Static)
        try:
            try:
                path = save_script(self._demo, self._text, event.value)
            except FileExistsError:
                if not await self._may_replace(event.value):
                    return
                path = save_script(self._demo, self._text, event.value, overwrite=True)
        except SaveError as error:
            said.update(Content.styled(safe(f"✗ {error}"), "$error"))
            return
        self.query_one(Input).disabled = True
        word = shlex.quote(str(path))
        lines = (
            Content.styled(safe(_("Saved as {file}.").format(file=path.resolve())), "$success"),
            Content(_("Run it:")),
            Content(safe(f"  python {word}")),
            Content(safe(f"  procession watch {word}")),
            Content.styled(_("escape closes"), MUTED),
        )
        said.update(Content("\n").join(lines))

    async def _may_replace(self, typed: str) -> bool:
        name = safe(typed.strip())

        def question() -> str:
            return _("There is a file {file} already. Replace it?").format(file=name)

        answers = (Answer("replace", N_("Replace"), "r"), Answer("keep", N_("Keep"), "k"))
        return await self.app.push_screen_wait(ChoiceDialog(question, answers)) == "replace"
