"""A person's settings, as a form."""

from __future__ import annotations

from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from tui_app.screens.base.app import BaseApp

from tui_app import language
from tui_app.files.error_words import reason
from tui_app.language import N_, _
from tui_app.runs.formatting import safe
from tui_app.settings import FILE, Settings
from tui_app.widgets.base.form_fields import FormError
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.base.palette import DARK, MUTED, PROJECTOR_DARK, PROJECTOR_LIGHT
from tui_app.widgets.settings_form import SettingsForm

KEYS = N_("enter saves · escape leaves")


class SettingsDialog(ModalScreen[None], Localized):
    """The form of the settings. Theme and language change as they are saved."""

    CSS_PATH = "settings.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False),
        Binding("ctrl+s", "save", show=False, priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._before = Settings.load()

    def compose(self) -> ComposeResult:
        """Compose the form, a sentence, and the keys."""
        projectors = {PROJECTOR_DARK.name, PROJECTOR_LIGHT.name}
        themes = [name for name in self.app.available_themes if name not in projectors]
        with Vertical(id="settings-box"):
            yield SettingsForm(self._before, themes, DARK.name)
            yield PlainText(id="settings-said")
            yield PlainText(id="settings-keys")

    def update_texts(self) -> None:
        """Head the box, and tell the keys and what to know in the present language."""
        self.query_one("#settings-box").border_title = _("Settings")
        self.query_one("#settings-keys", PlainText).update(Content.styled(_(KEYS), MUTED))
        told = _("Workers, recipe and drawings count at the latest from the next start.")
        self._say(told, MUTED)

    def _say(self, sentence: str, colour: str) -> None:
        said = Content.styled(safe(sentence), colour)
        self.query_one("#settings-said", PlainText).set_text(said, layout=True)

    @on(SettingsForm.RunWanted)
    def action_save(self) -> None:
        """Save the settings; show the chosen theme, and speak the chosen language."""
        try:
            settings = self.query_one(SettingsForm).settings()
            settings.write()
        except FormError as error:
            self._say(f"✗ {error}", "$error")
            return
        except OSError as error:
            self._say(f"✗ {FILE.path}: {reason(error)}", "$error")
            return
        self.dismiss()
        if settings.theme and settings.theme != self._before.theme:
            self.app.theme = settings.theme
        spoken = settings.language or language.locale_language()
        if spoken != language.present():
            cast("BaseApp", self.app).speak(spoken)
