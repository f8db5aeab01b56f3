"""A question for a path to save at, and then what was saved there."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from tui_app.screens.dialogs.choice import Answer, ChoiceDialog

from tui_app.language import N_, _
from tui_app.runs.formatting import safe
from tui_app.widgets.base.palette import MUTED


class SaveDialog(ModalScreen[None]):
    """Saves something at a path that is typed; a subclass says what, and saves it.

    Args:
        path: what stands in the field at first.
    """

    CSS_PATH = "save.tcss"

    TITLE_TEXT: ClassVar = N_("Save")
    """What stands on the box."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", show=False)]

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path

    def compose(self) -> ComposeResult:
        """Compose the path, and a line below."""
        with Vertical(id="save") as box:
            box.border_title = _(self.TITLE_TEXT)
            yield Input(self._path, id="save-path", compact=True)
            yield Static(self._help(), id="save-said", markup=False)

    def _help(self) -> Content:
        return Content.styled(_("enter saves it · escape leaves"), MUTED)

    @abstractmethod
    def write(self, typed: str, *, overwrite: bool) -> Sequence[Content]:
        """Save at a path; return the lines that say what was saved.

        Raises:
            FileExistsError: A file is there, and may be replaced if that is wanted.
            OSError, ValueError: It cannot be saved there; the text is one sentence.
        """

    async def save_it(self, typed: str, *, overwrite: bool) -> Sequence[Content]:
        """Save as `write` does; a subclass that takes its time does it beside the app."""
        return self.write(typed, overwrite=overwrite)

    @on(Input.Submitted)
    @work(exclusive=True)
    async def save(self, event: Input.Submitted) -> None:
        """Save it; ask first if a file would be replaced."""
        said = self.query_one("#save-said", Static)
        try:
            try:
                lines = await self.save_it(event.value, overwrite=False)
            except FileExistsError:
                if not await self._may_replace(event.value):
                    return
                lines = await self.save_it(event.value, overwrite=True)
        except (OSError, ValueError) as error:
            said.update(Content.styled(safe(f"✗ {error}"), "$error"))
            return
        self.query_one(Input).disabled = True
        said.update(Content("\n").join([*lines, Content.styled(_("escape closes"), MUTED)]))

    async def _may_replace(self, typed: str) -> bool:
        name = safe(typed.strip())

        def question() -> str:
            return _("There is a file {file} already. Replace it?").format(file=name)

        answers = (Answer("replace", N_("Replace"), "r"), Answer("keep", N_("Keep"), "k"))
        return await self.app.push_screen_wait(ChoiceDialog(question, answers)) == "replace"
