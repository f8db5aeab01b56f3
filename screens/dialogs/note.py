"""A note: what a teacher has written down about a demo, shown and changed."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import TextArea

from tui_app.demos.catalogue import Demo
from tui_app.demos.notes import LONGEST, Notes
from tui_app.files.error_words import told
from tui_app.language import _, counted, grouped
from tui_app.runs.formatting import safe
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.base.palette import MUTED
from tui_app.widgets.note_area import NoteArea

PAUSE = 0.3
"""Seconds without a key until the file is written."""

NEAR = 500
"""So many characters before the end it is said how many there are."""


class NoteDialog(ModalScreen[None], Localized):
    """A demo's note. Every change is taken at once, so that no way out of here loses one.

    Args:
        demo: whose note.
        notes: where the notes are kept.
    """

    CSS_PATH = "note.tcss"

    # Without priority, the text area would take escape, and only lose the focus.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+s", "close", show=False, priority=True)
    ]

    def __init__(self, demo: Demo, notes: Notes) -> None:
        super().__init__()
        self._demo, self._notes = demo, notes
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        """Compose the text, and a line below."""
        with Vertical(id="note"):
            yield NoteArea(self._notes.text(self._demo), LONGEST)
            yield PlainText(id="note-said")

    def on_mount(self) -> None:
        """Begin behind what is written."""
        area = self.query_one(NoteArea)
        area.focus()
        area.move_cursor(area.document.end)

    def update_texts(self) -> None:
        """Say what this is in the present language."""
        note = _("Note")
        title = Content(f"{note} · {self._demo.number} {self._demo.title()}")
        self.query_one("#note").border_title = title
        self._tell()

    @on(TextArea.Changed)
    def keep(self) -> None:
        """Take every change; write it when the typing pauses."""
        self._notes.keep(self._demo, self.query_one(NoteArea).text)
        self._tell()
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._save)

    def _save(self) -> None:
        """Write the note; if it cannot be written, say so."""
        try:
            self._notes.save()
        except OSError as error:
            self._say(_unwritten(error), "$error")

    @on(NoteArea.Refused)
    def tell_refused(self, event: NoteArea.Refused) -> None:
        """Say that what was typed or pasted does not fit."""
        sentence = counted(
            event.characters,
            "✗ not taken: {n} character more; there is room for {left}",
            "✗ not taken: {n} characters more; there is room for {left}",
            left=grouped(event.left),
        )
        self._say(sentence, "$error")

    def _tell(self) -> None:
        length = len(self.query_one(NoteArea).text)
        sentence = _("kept as you type · escape closes · ctrl+z undoes")
        if length > LONGEST - NEAR:
            of = _("{n} of {of}").format(n=grouped(length), of=grouped(LONGEST))
            sentence = f"{sentence} · {of}"
        self._say(sentence, MUTED)

    def _say(self, sentence: str, style: str) -> None:
        self.query_one("#note-said", PlainText).set_text(Content.styled(safe(sentence), style))

    def action_close(self) -> None:
        """Write the note, and close; if it cannot be written, that is said on the screen below."""
        try:
            self._notes.save()
        except OSError as error:
            self.app.notify(safe(_unwritten(error)), severity="error", markup=False)
        self.dismiss()


def _unwritten(error: OSError) -> str:
    sentence = _("✗ the note stays only until you leave: {reason}")
    return sentence.format(reason=told(error))
