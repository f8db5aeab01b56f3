"""A demo's text on the screen: its fields, its copy in the editor, and its repaired text."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on, work
from textual.app import SystemCommand
from tui_app.screens.base.script import ScriptScreen
from tui_app.screens.demo_text import DemoText
from tui_app.screens.dialogs.choice import Answer, ChoiceDialog
from tui_app.screens.dialogs.save_script import SaveScriptDialog
from tui_app.screens.editor import EditorScreen

from tui_app.demos.catalogue import Demo
from tui_app.demos.parameters import ParameterError
from tui_app.language import N_, _
from tui_app.script.syntax_check import flaw
from tui_app.widgets.code_view import CodeView
from tui_app.widgets.parameter_fields import ParameterFields


class DemoTextScreen(ScriptScreen):
    """Shows a demo's text, which can be changed by fields and in the editor, repaired and saved."""

    shown: DemoText
    """The demo that is shown, and its text."""

    @property
    def demo(self) -> Demo:
        """The demo that is shown."""
        return self.shown.demo

    async def show_demo(self, demo: Demo) -> None:
        """Show a demo: its code and its lesson, nothing run yet."""
        raise NotImplementedError

    def show_changes(self) -> None:
        """Show what depends on the text."""
        raise NotImplementedError

    async def show_text(self) -> None:
        """Show the text, its parameters, and what depends on it."""
        await self.shown.show()
        self.show_changes()

    @on(ParameterFields.Changed)
    def follow_fields(self) -> None:
        """Write what the fields have into the text, and show it."""
        if not self.busy:
            self._take_fields()

    def _take_fields(self) -> bool:
        """Write the fields into the text; return whether they could be. If not, it is said."""
        try:
            if self.shown.take_fields():
                self.show_changes()
        except ParameterError as error:
            self.show_status(f"✗ {error}")
            return False
        self.tell_status()
        return True

    def source(self) -> str | None:
        """Return the text to be played; `None`, and said so, if a field or the text is wrong."""
        if not self._take_fields():
            return None
        found = flaw(self.shown.text)
        if found is None:
            return self.shown.text
        self.show_status(_("✗ {flaw}; e opens the editor there").format(flaw=found.sentence))
        return None

    # Keys

    @work
    async def action_edit(self) -> None:
        """Open the editor on the text; what is typed there is what is played here."""
        self._take_fields()
        shown = self.query_one(CodeView).highlighted if self.in_past else None
        line = shown or min(self.decisive_lines(), default=1)
        run = await self.app.push_screen_wait(EditorScreen(self.demo, self.shown.copies, line))
        await self.show_text()
        if run:
            self.action_run()

    @work
    async def action_reset(self) -> None:
        """Take the demo's own text again; ask first, if more than values would be lost."""
        if self.shown.values is None:
            answers = (Answer("reset", N_("Reset"), "r"), Answer("keep", N_("Keep"), "k"))
            if await self.app.push_screen_wait(ChoiceDialog(_reset_question, answers)) != "reset":
                return
        self.shown.copies.reset(self.demo)
        await self.show_demo(self.demo)

    def action_save(self) -> None:
        """Save the text as a script of one's own."""
        if self._take_fields():
            self.app.push_screen(SaveScriptDialog(self.demo, self.shown.text))

    async def action_swap(self, _mend: bool) -> None:
        """Show the mended text instead of the broken one or the reverse, and the difference."""
        self.shown.copies.swap(self.demo)
        await self.show_text()
        self.action_show_tab("difference")

    def commands(self) -> Iterable[SystemCommand]:
        """Yield what the command palette has here."""
        if self.busy:
            return
        yield SystemCommand(_("Edit"), _("Edit a copy of the demo's text"), self.action_edit)
        yield SystemCommand(_("Save as"), _("Save the text as a script"), self.action_save)
        yield SystemCommand(
            _("Changes"),
            _("What was changed in the demo"),
            lambda: self.action_show_tab("difference"),
        )
        yield SystemCommand(_("Reset"), _("Take the demo's own text again"), self.action_reset)


def _reset_question() -> str:
    return _("Take the demo's own text again? Your changes to it are lost.")
