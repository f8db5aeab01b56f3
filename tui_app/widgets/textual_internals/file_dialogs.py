"""The dialogs for a folder and for a script: the library's, as all of ours look and speak."""

from __future__ import annotations

import asyncio
import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.markup import escape
from textual.widget import Widget
from textual.widgets import Button, Input, Label, Static
from textual_fspicker import FileOpen, Filters, Icons, SelectDirectory
from textual_fspicker.base_dialog import Dialog, FileSystemPickerScreen
from textual_fspicker.file_dialog import FileFilter
from textual_fspicker.parts import CurrentDirectory, DirectoryNavigation
from textual_fspicker.safe_tests import is_dir

from tui_app.language import N_, _, counted
from tui_app.runs.formatting import safe
from tui_app.runs.request import count_images
from tui_app.script.script_file import why_not
from tui_app.system.background import aside

COUNT_DELAY = 0.15
"""Seconds on a folder until its images are counted."""

STYLE = """
FileSystemPickerScreen {
    align: center middle;

    Dialog {
        width: 95%;
        max-width: 100;
        height: 90%;
        padding: 0 1;
        background: $panel;
        border: round $primary;
        border-title-color: $foreground;
        border-title-background: $panel;
        border-subtitle-color: $text-error;
        border-subtitle-background: $panel;

        OptionList, OptionList:focus { background: $panel; background-tint: $panel 0%; }
    }
    CurrentDirectory { height: 1; border: none; padding: 0; text-style: bold; color: $primary; }
    DirectoryNavigation, DirectoryNavigation:focus {
        height: 1fr;
        border: none;
        padding: 0;
        scrollbar-size-vertical: 1;
    }
    DirectoryNavigation > .directory-navigation--size,
    DirectoryNavigation > .directory-navigation--time { color: $secondary; }
    #told { height: 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    .field { height: 1; }
    .field Label { width: 12; color: $text-muted; }
    .field Input { width: 1fr; }
    .field Input:blur { background: $background; }
    .field FileFilter { width: 24; margin-left: 1; }
    #choices { height: 1; margin: 1 0; }
    #choices Button { margin-right: 2; }
    #dialog-keys { height: 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
}
"""


def _icon(path: str | Path) -> Text:
    # Wide signs, such as the library's, have another width in each terminal.
    return Text("▶" if is_dir(Path(path)) else "")


Icons.set_picker(_icon)


class FilePicker(FileSystemPickerScreen):
    """What both dialogs have in common: where one is, the list, what is told, buttons and keys."""

    CSS: ClassVar[str] = STYLE
    SCOPED_CSS = False  # it is for both dialogs

    KEYS: ClassVar[str] = ""
    """The line of keys, in English."""

    @property
    def ERROR_PERMISSION_ERROR(self) -> str:  # type: ignore[override]  # noqa: N802 - the library's
        """Say that a folder may not be listed."""
        return _("no permission to list this folder")

    def fields(self) -> Iterator[Widget]:
        """Yield what is between the list and the buttons."""
        yield from ()

    def compose(self) -> ComposeResult:
        """Compose it as our dialogs are: compact, and with its keys below."""
        with Dialog() as dialog:
            dialog.border_title = escape(self._title)
            yield CurrentDirectory(markup=False)
            yield DirectoryNavigation(
                self._location, double_click_directories=self._double_click_directories
            )
            yield from self.fields()
            with Horizontal(id="choices"):
                select, cancel = str(self._select_button), str(self._cancel_button)
                yield Button(select, variant="primary", id="select", compact=True)
                yield Button(cancel, id="cancel", compact=True)
            yield Static(_(self.KEYS), id="dialog-keys", markup=False)

    def tell(self, sentence: str) -> None:
        """Tell in the frame what is wrong; nothing that was typed or chosen is lost."""
        self._set_error(escape(safe(sentence)))


class FolderDialog(FilePicker, SelectDirectory):
    """Asks for a folder, and tells how many images it has, and the folder under the cursor."""

    KEYS = N_("enter opens  backspace up  space selects  . hidden  esc cancels")

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "select_open", N_("Select"))]

    _at: Path | None = None
    """The folder under the cursor."""

    def __init__(self, location: str, title: str) -> None:
        select = _("Select this folder")
        super().__init__(location, title, select_button=select, cancel_button=_("Cancel"))

    def fields(self) -> Iterator[Widget]:
        """Yield the line about images."""
        yield Static(id="told", markup=False)

    @on(DirectoryNavigation.Changed)
    def count_in_another(self) -> None:
        """Look at the folder that was opened."""
        self._at = None
        self.count()

    @on(DirectoryNavigation.Highlighted)
    def count_under_cursor(self, event: DirectoryNavigation.Highlighted) -> None:
        """Look at the folder under the cursor, too."""
        self._at = event.path if event.path.name != os.pardir else None
        self.count()

    @work(exclusive=True, group="count")
    async def count(self) -> None:
        """Count the images of both folders in a thread, which nobody waits for."""
        await asyncio.sleep(COUNT_DELAY)
        here = self.query_one(DirectoryNavigation).location
        parts = [_("here: {images}").format(images=await _images_of(here))]
        self.query_one("#told", Static).update(parts[0])
        if self._at is not None:
            told = _("in {folder}: {images}")
            name = safe(self._at.name)
            parts.append(told.format(folder=name, images=await _images_of(self._at)))
            self.query_one("#told", Static).update("   ".join(parts))

    def action_select_open(self) -> None:
        """Take the folder that is open, as the button does."""
        self.dismiss(self.query_one(DirectoryNavigation).location)


async def _images_of(folder: Path) -> str:
    try:
        images, all_of_them = await aside(count_images, str(folder))
    except (OSError, ValueError):
        return _("cannot be listed")
    if all_of_them:
        return counted(images, "{n} image", "{n} images")
    return counted(images, "{n} image or more", "{n} images or more")


class ScriptDialog(FilePicker, FileOpen):
    """Asks for a script and its arguments; one that cannot be played is told, and not returned.

    Args:
        location: the folder to open.
        script: the name that is in the field at first.
        arguments: what the script was given last.
    """

    KEYS = N_("enter opens  backspace up  tab next field  . hidden  esc cancels")

    @property
    def ERROR_A_FILE_MUST_BE_CHOSEN(self) -> str:  # type: ignore[override]  # noqa: N802 - as above
        """Say that no file is named."""
        return _("choose a script first, or type its name")

    @property
    def ERROR_A_FILE_MUST_EXIST(self) -> str:  # type: ignore[override]  # noqa: N802 - as above
        """Say that there is no such file."""
        return _("there is no such file")

    def __init__(self, location: str, script: str = "", arguments: tuple[str, ...] = ()) -> None:
        self._scripts = Filters(
            (_("Python scripts"), lambda path: path.suffix.lower() in (".py", ".pyw")),
            (_("all files"), lambda _path: True),
        )
        super().__init__(
            location,
            _("Watch a script"),
            open_button=_("Play it"),
            cancel_button=_("Cancel"),
            filters=self._scripts,
            default_file=script or None,
        )
        self.arguments = arguments
        """What the script shall be given."""

    def fields(self) -> Iterator[Widget]:
        """Yield the name with the choice of what is listed, and the arguments."""
        name = Path(self._default_file or "").name
        yield Horizontal(
            Label(_("Script")),
            Input(name, suggester=self._suggest_path, compact=True, id="script"),
            FileFilter(self._scripts.selections, value=0, allow_blank=False, compact=True),
            classes="field",
        )
        yield Horizontal(
            Label(_("Arguments")),
            Input(shlex.join(self.arguments), compact=True, id="arguments"),
            classes="field",
        )

    def _should_return(self, candidate: Path) -> bool:
        try:
            self.arguments = tuple(shlex.split(self.query_one("#arguments", Input).value))
        except ValueError as error:
            self.tell(_("the arguments cannot be read: {error}").format(error=error))
            return False
        if not super()._should_return(candidate):
            return False
        if problem := why_not(str(candidate)):
            self.tell(problem)
        return not problem
