"""Fields that a person fills in: what a group of them tells, and how they are offered and read."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass

from textual import on
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Select

from tui_app.engine.machine import MOST_WORKERS
from tui_app.images.recipe import known_recipes
from tui_app.language import N_, _, grouped
from tui_app.runs.formatting import safe
from tui_app.widgets.textual_internals.checkbox import ReadableCheckbox

RECIPES = (
    N_("Full size, turned upright, place and names removed"),
    N_("Grayscale at full size"),
    N_("To send to people: 2048 pixels, no place, no serial numbers, no names"),
    N_("Thumbnails: 320 pixels, JPEG"),
    N_("The tutorial's: a strong blur, shrunk to fit"),
    N_("For a web page: 1920 pixels, crisp, small WebP files"),
)
"""The titles of the recipes that are shipped: their files are no Python."""

LONGEST_NUMBER = 18
"""Digits of a number that is read."""

Choices = list[tuple[str, str]]
"""What a person may choose: how it is called, and its value."""


class FormError(ValueError):
    """A field that cannot be read; the text is one sentence."""


class Fields(Widget):
    """Fields that tell when one changes, and when enter is pressed in one.

    Named after the container that lays them out: `class PlanForm(Vertical, Fields)`. Textual takes
    a widget's styles from the first class alone.
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
        """Tells that a field has changed."""
        event.stop()
        self.post_message(self.Changed())

    @on(Input.Submitted)
    def tell_enter(self, event: Input.Submitted) -> None:
        """Tells that what is filled in is to be run."""
        event.stop()
        self.post_message(self.RunWanted())

    def typed(self, field: str) -> str:
        """What stands in an input, without spaces around it."""
        return self.query_one(f"#{field}", Input).value.strip()

    def chosen(self, field: str) -> str:
        """The value of what is chosen in a selection."""
        return str(self.query_one(f"#{field}", Select).value)

    def ticked(self, field: str) -> bool:
        """Whether a box is checked."""
        return self.query_one(f"#{field}", ReadableCheckbox).value


def select_field(field: str, options: Choices, value: str) -> Select[str]:
    """A field of which one of the options is chosen."""
    return Select(options, value=value, id=field, allow_blank=False, compact=True)


def say_choices(select: Select[str], options: Choices) -> None:
    """Says a field's options anew; what is chosen stays, and is no change."""
    chosen = select.value
    with select.prevent(Select.Changed):
        select.set_options(options)
        select.value = chosen


def recipe_choices(present: str) -> Choices:
    """The recipes that are known, and the present one where it is none of them: a file."""
    recipes = [(_(recipe.title), recipe.name) for recipe in known_recipes()]
    if present not in [name for _title, name in recipes]:
        recipes.append((safe(present), present))
    return recipes


def read_sources(text: str) -> tuple[str, ...]:
    """The sources of a field, read as a shell does.

    Raises:
        FormError: they cannot be read: a quote has no end.
    """
    try:
        return tuple(at_home(part) for part in shlex.split(text))
    except ValueError as error:
        raise FormError(_("the source cannot be read: {error}").format(error=error)) from error


def read_workers(text: str) -> int:
    """The number of workers in a field.

    Raises:
        FormError: it is no number from 1 on.
    """
    wrong = N_("workers: a whole number from 1 to {most}, not {text!r}")
    return read_number(text, MOST_WORKERS, wrong)


def read_number(text: str, most: int, wrong: str) -> int:
    """The number in a field.

    Args:
        text: what stands in it.
        most: the largest that it may be; the smallest is 1.
        wrong: the English sentence where it is none, with `{most}` and `{text}`.

    Raises:
        FormError: it is none.
    """
    # Python reads no number of thousands of digits.
    if not text.isdecimal() or len(text) > LONGEST_NUMBER or not 1 <= int(text) <= most:
        raise FormError(_(wrong).format(most=grouped(most), text=text))
    return int(text)


def at_home(path: str) -> str:
    """The path with a leading `~` read as a shell does."""
    return os.path.expanduser(path)  # noqa: PTH111 - pathlib's raises where it is nobody's
