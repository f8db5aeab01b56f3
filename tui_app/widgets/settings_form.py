"""The form of a person's settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Input

from tui_app.engine.machine import usable_cpus
from tui_app.images.recipe import DEFAULT_RECIPE
from tui_app.language import LANGUAGES, N_, _
from tui_app.runs.formatting import safe
from tui_app.settings import MOST_RECORDS, MOST_RECORDS_MEGABYTES, Settings
from tui_app.terminal.output import MOST_FPS, default_fps
from tui_app.widgets.base.form_fields import (
    Choices,
    Form,
    check_box,
    form_row,
    number_field,
    read_number,
    read_workers,
    recipe_choices,
    select_field,
    text_field,
)

WRONG_FPS = N_("drawings a second: a whole number from 1 to {most}, not {text!r}")
WRONG_RECORDS = N_("recorded runs: a whole number from 1 to {most}, not {text!r}")
WRONG_MEGABYTES = N_("MB of recorded runs: a whole number from 1 to {most}, not {text!r}")


class SettingsForm(Form):
    """The fields of the settings; what a lesson keeps there is not among them.

    Args:
        settings: the values that they have at first.
        themes: the names of the themes that can be chosen.
        theme: the theme that is usual, where the settings name none of them.
    """

    LABELS: ClassVar = {
        "theme": N_("Theme"),
        "language": N_("Language"),
        "recipe": N_("Recipe of a batch"),
        "workers": N_("Workers"),
        "fps": N_("Drawings a second"),
        "records_kept": N_("Recorded runs: at most"),
        "records_megabytes": N_("and in MB"),
    }

    BOXES: ClassVar = {"ask_before_demos": N_("Ask before each demo")}

    def __init__(self, settings: Settings, themes: Sequence[str], theme: str) -> None:
        super().__init__()
        self._settings, self._themes = settings, themes
        self._recipe = settings.recipe or DEFAULT_RECIPE
        chosen = settings.theme or theme
        self._theme = chosen if chosen in themes else theme

    def compose(self) -> ComposeResult:
        """Yield the fields, a line each."""
        settings, choices = self._settings, self.choices()
        workers, fps = (str(number or "") for number in (settings.workers, settings.fps))
        yield form_row("theme", select_field("theme", choices["theme"], self._theme))
        yield form_row(
            "language", select_field("language", choices["language"], settings.language or "")
        )
        yield form_row("recipe", select_field("recipe", choices["recipe"], self._recipe))
        yield form_row("workers", text_field("workers", workers))
        yield form_row("fps", text_field("fps", fps))
        yield form_row("records_kept", number_field("records_kept", settings.records_kept))
        yield form_row(
            "records_megabytes", number_field("records_megabytes", settings.records_megabytes)
        )
        yield check_box("ask_before_demos", settings.ask_before_demos)

    def choices(self) -> Mapping[str, Choices]:
        """Return the themes, the languages and the recipes."""
        return {
            "theme": [(safe(name), name) for name in self._themes],
            "language": [
                (_("as the system's"), ""),
                *((title, name) for name, title in LANGUAGES.items()),
            ],
            "recipe": recipe_choices(self._recipe),
        }

    def update_texts(self) -> None:
        """Set all texts in the present language."""
        super().update_texts()
        told = _("empty: {number}")
        for field, usual in (("workers", usable_cpus()), ("fps", default_fps())):
            self.query_one(f"#{field}", Input).placeholder = told.format(number=usual)

    def settings(self) -> Settings:
        """Return the settings in the fields.

        Raises:
            FormError: A number cannot be read.
        """
        workers, fps, recipe = self.typed("workers"), self.typed("fps"), self.chosen("recipe")
        kept, megabytes = self.typed("records_kept"), self.typed("records_megabytes")
        return replace(
            self._settings,
            theme=self.chosen("theme"),
            language=self.chosen("language") or None,
            recipe=None if recipe == DEFAULT_RECIPE else recipe,
            workers=read_workers(workers) if workers else None,
            fps=read_number(fps, MOST_FPS, WRONG_FPS) if fps else None,
            records_kept=read_number(kept, MOST_RECORDS, WRONG_RECORDS),
            records_megabytes=read_number(megabytes, MOST_RECORDS_MEGABYTES, WRONG_MEGABYTES),
            ask_before_demos=self.checked("ask_before_demos"),
        )
