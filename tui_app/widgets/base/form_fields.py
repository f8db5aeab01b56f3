"""Forms: fields that a person fills in, what is read from them, and the texts beside them."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Label, Select

from tui_app.engine.machine import most_workers, usable_cpus
from tui_app.images.recipe_files import known_recipes
from tui_app.language import N_, _, grouped
from tui_app.runs.formatting import safe
from tui_app.runs.phrases import count_cpus
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.textual_internals.checkbox import ReadableCheckbox

RECIPES = (
    N_("Pixels as they are, place and names removed"),
    N_("Grayscale at full size"),
    N_("To send to people: 2048 pixels, no place, no serial numbers, no names"),
    N_("Nothing, but for the steps that you add"),
    N_("Thumbnails: 320 pixels, JPEG"),
    N_("The tutorial's: a strong blur, shrunk to fit"),
    N_("For a web page: 1920 pixels, crisp, small WebP files"),
)
"""The titles of the shipped recipes, marked for translation here: their files are not Python."""

MOST_DIGITS = 18
"""Digits of a number that is read: Python refuses thousands."""

Choices = list[tuple[str, str]]
"""What can be chosen: a text and a value each."""


class FormError(ValueError):
    """A field that cannot be read; the text is one sentence."""


class Fields(Widget):
    """A container of fields that posts a message when one changes, and when enter is pressed.

    Name it after the container that lays the fields out: `class Row(Horizontal, Fields)`. Textual
    takes the styles of the first base only.
    """

    @dataclass
    class Changed(Message):
        """A field has changed."""

    @dataclass
    class RunWanted(Message):
        """Enter was pressed in a field."""

    @on(Input.Changed)
    @on(Select.Changed)
    @on(ReadableCheckbox.Changed)
    def tell_change(self, event: Message) -> None:
        """Post `Changed` in place of a field's own message."""
        event.stop()
        self.post_message(self.Changed())

    @on(Input.Submitted)
    def tell_enter(self, event: Input.Submitted) -> None:
        """Post `RunWanted` in place of an input's own message."""
        event.stop()
        self.post_message(self.RunWanted())

    def typed(self, field: str) -> str:
        """Return the text of an input, without spaces around it."""
        return self.query_one(f"#{field}", Input).value.strip()

    def chosen(self, field: str) -> str:
        """Return the value that is chosen in a selection."""
        return str(self.query_one(f"#{field}", Select).value)

    def checked(self, field: str) -> bool:
        """Return whether a box is checked."""
        return self.query_one(f"#{field}", ReadableCheckbox).value


class Form(Vertical, Fields, Localized):
    """Fields with texts that follow the language."""

    DEFAULT_CSS = """
    Form ReadableCheckbox > .toggle--button { background: $foreground 30%; color: $foreground; }
    Form ReadableCheckbox.-on > .toggle--button {
        background: $primary;
        color: $background;
        text-style: bold;
    }
    """

    LABELS: ClassVar[Mapping[str, str]]
    """The English text of each label, by its name; `{cpus}` stands for the CPUs of this machine."""

    BOXES: ClassVar[Mapping[str, str]]
    """The English text of each check box, by its id."""

    def choices(self) -> Mapping[str, Choices]:
        """Return what can be chosen in each selection, by its id, in the present language."""
        raise NotImplementedError

    def update_texts(self) -> None:
        """Set all texts in the present language; what is chosen stays, and is no change."""
        for label in self.query(Label):
            text = _(self.LABELS[label.name or ""])
            label.update(text.format(cpus=count_cpus(usable_cpus())))
        for field, text in self.BOXES.items():
            self.query_one(f"#{field}", ReadableCheckbox).label = Content(_(text))
        for field, options in self.choices().items():
            select = self.query_one(f"#{field}", Select)
            chosen = select.value
            with select.prevent(Select.Changed):
                select.set_options(options)
                select.value = chosen


def form_row(label: str, *fields: Widget) -> Horizontal:
    """Return fields in a line, after the label of that name."""
    return Horizontal(Label(name=label), *fields)


def text_field(field: str, text: str) -> Input:
    """Return a field for a text."""
    return Input(text, id=field, compact=True)


def number_field(field: str, number: int) -> Input:
    """Return a field for a whole number."""
    return Input(str(number), id=field, type="integer", compact=True)


def select_field(field: str, options: Choices, value: str) -> Select[str]:
    """Return a selection of one of the options."""
    return Select(options, value=value, id=field, allow_blank=False, compact=True)


def check_box(field: str, checked: bool) -> ReadableCheckbox:
    """Return a check box without a text."""
    return ReadableCheckbox(value=checked, id=field, compact=True)


def recipe_choices(present: str) -> Choices:
    """Return the known recipes, and the present one, too, where it is a file."""
    recipes = [(_(recipe.title), recipe.name) for recipe in known_recipes()]
    if present not in [name for _title, name in recipes]:
        recipes.append((safe(present), present))
    return recipes


def read_sources(text: str) -> tuple[str, ...]:
    """Return the sources in a field, read as a shell does.

    Raises:
        FormError: a quote has no end.
    """
    try:
        return tuple(expand_home(part) for part in shlex.split(text))
    except ValueError as error:
        raise FormError(_("the source cannot be read: {error}").format(error=error)) from error


def join_patterns(patterns: Iterable[str]) -> str:
    """Return patterns as they are typed into a field: quoted where they would be read otherwise."""
    unquoted = re.compile(r"""[^\s'"\\]+""")
    return " ".join(p if unquoted.fullmatch(p) else shlex.quote(p) for p in patterns)


def read_patterns(text: str) -> tuple[str, ...]:
    """Return the patterns in a field, read as a shell does.

    Raises:
        FormError: a quote has no end.
    """
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise FormError(_("the patterns cannot be read: {error}").format(error=error)) from error


def read_workers(text: str) -> int:
    """Return the number of workers in a field.

    Raises:
        FormError: it is not a whole number from 1 to `most_workers`.
    """
    wrong = N_("workers: a whole number from 1 to {most}, not {text!r}")
    return read_number(text, most_workers(), wrong)


def read_number(text: str, most: int, wrong: str) -> int:
    """Return the number in a field, from 1 to `most`.

    Raises:
        FormError: it is none; `wrong` is the English sentence, with `{most}` and `{text}`.
    """
    if not text.isdecimal() or len(text) > MOST_DIGITS or not 1 <= int(text) <= most:
        raise FormError(_(wrong).format(most=grouped(most), text=text))
    return int(text)


def expand_home(path: str) -> str:
    """Return a path with its leading `~` read as a shell does; unchanged where it is nobody's."""
    return os.path.expanduser(path)  # noqa: PTH111 - pathlib's raises where it is nobody's
