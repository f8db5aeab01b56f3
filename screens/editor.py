"""The editor: a demo's text, to be changed freely; what is played is this copy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import ContentSwitcher, Static, TextArea
from tui_app.screens.dialogs.save_script import SaveScriptDialog

from tui_app.demos.catalogue import Demo
from tui_app.demos.copies import Copies
from tui_app.language import N_, _
from tui_app.runs.formatting import safe
from tui_app.script.syntax_check import SyntaxProblem, flaw
from tui_app.widgets.code_area import CodeArea
from tui_app.widgets.demo_list import demo_title
from tui_app.widgets.difference_view import DifferenceView
from tui_app.widgets.textual_internals.keys_line import KeysLine

PAUSE = 0.3
"""Seconds without a key until Python reads what was typed, and it is remembered."""


class EditorScreen(ModalScreen[bool]):
    """An editor of the copy of a demo's text. Its result is whether to play that now.

    Every change goes into the copy at once, so that no way out of here loses one. It is modal
    because the app's keys are letters.

    Args:
        demo: whose text.
        copies: where the copy is kept.
        line: where the cursor begins, if Python can read the text.
    """

    CSS_PATH = "editor.tcss"

    # Textual's editing keeps its own keys (ctrl+d, ctrl+e, ctrl+k, …).
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r,f5", "run", N_("Run")),
        Binding("ctrl+s", "save", N_("Save as")),
        Binding("ctrl+t", "toggle_difference", N_("Difference")),
        Binding("ctrl+o", "reset", N_("Reset")),
        # Without priority, the text area would take escape, and only lose the focus.
        Binding("escape", "back", N_("Back"), priority=True),
    ]

    def __init__(self, demo: Demo, copies: Copies, line: int = 1) -> None:
        super().__init__()
        self._demo, self._copies, self._line = demo, copies, line
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        """Compose title, help, text or difference, what Python says, and keys."""
        yield Static(id="editor-title", markup=False)
        yield Static(
            _("What you type changes a copy, never the file. ctrl+z undoes, ctrl+y repeats."),
            id="editor-help",
            markup=False,
        )
        with ContentSwitcher(initial="editor-text", id="editor-body"):
            yield CodeArea(self._copies.text(self._demo), id="editor-text")
            with VerticalScroll(id="editor-difference"):
                yield DifferenceView()
        yield Static(id="editor-flaw", markup=False)
        yield KeysLine(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Show the text, with the cursor where Python stops, if it does, else at the line."""
        self.query_one(CodeArea).focus()
        self._tell_title()
        found = self._read()
        if found is not None:
            self.query_one(CodeArea).go_to(found)
        else:
            self.query_one(CodeArea).go_to_line(self._line)

    @on(TextArea.Changed)
    def keep(self) -> None:
        """Take every change into the copy; have Python read it when the typing pauses."""
        text = self.query_one(CodeArea).text
        if text == self._copies.text(self._demo):
            return
        self._copies.keep(self._demo, text)
        self._tell_title()
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._read)

    def _read(self) -> SyntaxProblem | None:
        """Mark what keeps Python from reading the text, and say it. Nothing is executed."""
        self._copies.save()
        found = flaw(self._copies.text(self._demo))
        self.query_one(CodeArea).problem = found
        said = "" if found is None else f"✗ {found.sentence}"
        self.query_one("#editor-flaw", Static).update(safe(said))
        return found

    def _tell_title(self) -> None:
        title = demo_title(self._demo, self._copies, margin=" ")
        self.query_one("#editor-title", Static).update(title)

    # Keys

    def action_run(self) -> None:
        """Go back and play the text; if Python cannot read it, go to where it stops."""
        found = self._read()
        if found is None:
            self.dismiss(True)
            return
        self._show("editor-text")
        self.query_one(CodeArea).go_to(found)

    def action_back(self) -> None:
        """Go back: from the difference to the text, from the text to the demo."""
        if self._shown == "editor-difference":
            self._show("editor-text")
        else:
            self._read()
            self.dismiss(False)

    def action_save(self) -> None:
        """Save the text as a script of one's own."""
        self.app.push_screen(SaveScriptDialog(self._demo, self._copies.text(self._demo)))

    def action_toggle_difference(self) -> None:
        """Show what is different from the demo's own text, or the text again."""
        if self._shown == "editor-difference":
            self._show("editor-text")
            return
        text = self._copies.text(self._demo)
        self.query_one(DifferenceView).show(self._demo.source, text)
        self._show("editor-difference")

    def action_reset(self) -> None:
        """Take the demo's own text again, as an edit that can be undone."""
        self._show("editor-text")
        self.query_one(CodeArea).change_to(self._copies.own(self._demo))

    def commands(self) -> Iterable[SystemCommand]:
        """Yield what the command palette has here."""
        yield SystemCommand(_("Run"), _("Play the text as it is now"), self.action_run)
        yield SystemCommand(_("Save as"), _("Save the text as a script"), self.action_save)
        yield SystemCommand(
            _("Difference"), _("What was changed in the demo"), self.action_toggle_difference
        )
        yield SystemCommand(_("Reset"), _("Take the demo's own text again"), self.action_reset)

    @property
    def _shown(self) -> str | None:
        return self.query_one("#editor-body", ContentSwitcher).current

    def _show(self, part: str) -> None:
        self.query_one("#editor-body", ContentSwitcher).current = part
        self.query_one(f"#{part}").focus()
