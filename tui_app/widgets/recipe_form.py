"""The form of a recipe: each of its values, and the name and title that it is saved by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label, Select

from tui_app.images.codec.formats import RECIPE_FORMATS
from tui_app.images.recipe import FRAMES, Recipe
from tui_app.images.recipe_changes import Steps, table_of
from tui_app.language import N_, _
from tui_app.runs.request import parse_box
from tui_app.widgets.base.form_fields import (
    Choices,
    Form,
    FormError,
    check_box,
    form_row,
    select_field,
    text_field,
)
from tui_app.widgets.plan_form import POLICIES
from tui_app.widgets.textual_internals.checkbox import ReadableCheckbox

EXAMPLES = {"crop": "1:1", "fit": "1600x1600", "blur": "15", "sharpen": "60", "quality": "82"}
"""What the fields show while they are empty."""

FRAMES_IN_WORDS = {"all": N_("all"), "first": N_("the first")}


class RecipeForm(Form):
    """The fields of a recipe.

    Args:
        recipe: the values that they have at first.
    """

    LABELS: ClassVar = {
        "crop": N_("Crop"),
        "fit": N_("Fit"),
        "blur": N_("Blur"),
        "sharpen": N_("Sharpen %"),
        "format": N_("Format"),
        "frames": N_("Frames"),
        "quality": N_("Quality"),
        "metadata": N_("Metadata"),
        "save-name": N_("Save as"),
        "title": N_("Title"),
    }

    BOXES: ClassVar = {
        "grayscale": N_("Grayscale"),
        "lossless": N_("Lossless"),
        "upright": N_("Upright"),
    }

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self._recipe = recipe

    def compose(self) -> ComposeResult:
        """Yield the fields, two in a line."""
        recipe, texts, choices = self._recipe, _texts(self._recipe), self.choices()
        policy = str(recipe.metadata)
        yield from (
            _row("crop", text_field("crop", texts["crop"]), "fit", text_field("fit", texts["fit"])),
            _row(
                "blur",
                text_field("blur", texts["blur"]),
                "sharpen",
                text_field("sharpen", texts["sharpen"]),
            ),
            _row(
                "format",
                select_field("format", choices["format"], recipe.format),
                "quality",
                text_field("quality", texts["quality"]),
            ),
            _row(
                "frames",
                select_field("frames", choices["frames"], recipe.frames),
                "metadata",
                select_field("metadata", choices["metadata"], policy),
            ),
            Horizontal(*(check_box(key, getattr(recipe, key)) for key in self.BOXES), id="boxes"),
            _row("save-name", text_field("save-name", ""), "title", text_field("title", "")),
        )

    def choices(self) -> Mapping[str, Choices]:
        """Return the formats, the frames and the policies for metadata."""
        return {
            "format": [(_("same") if key == "same" else key, key) for key in RECIPE_FORMATS],
            "frames": [(_(FRAMES_IN_WORDS[key]), key) for key in FRAMES],
            "metadata": [(_(text), str(policy)) for policy, text in POLICIES.items()],
        }

    def update_texts(self) -> None:
        """Set all texts in the present language."""
        super().update_texts()
        for field, example in EXAMPLES.items():
            told = _("such as {example}").format(example=example)
            self.query_one(f"#{field}", Input).placeholder = told
        self.query_one("#title", Input).placeholder = _("for the list of recipes")
        self._allow_quality()

    @on(ReadableCheckbox.Changed, "#lossless")
    def _allow_quality(self) -> None:
        """Let quality be set where there is any: not of what is lossless."""
        self.query_one("#quality", Input).disabled = self.checked("lossless")

    def fill(self, recipe: Recipe) -> None:
        """Put a recipe's values into the fields."""
        for field, text in _texts(recipe).items():
            self.query_one(f"#{field}", Input).value = text
        for field in ("format", "frames", "metadata"):
            self.query_one(f"#{field}", Select).value = str(getattr(recipe, field))
        for field in self.BOXES:
            self.query_one(f"#{field}", ReadableCheckbox).value = getattr(recipe, field)

    def steps(self, base: Recipe) -> Steps:
        """Return what the fields have that is not the value of a recipe; the policy is no step.

        Raises:
            FormError: the box of `fit` cannot be read. Other values are checked where they are
                taken.
        """
        before = table_of(base)
        return tuple(
            (key, value) for key, value in self._values().items() if value != before.get(key)
        )

    def _values(self) -> dict[str, Any]:
        """Return what is in the fields: None where a field says nothing."""
        fit = self.typed("fit")
        try:
            box = parse_box(fit) if fit else None
        except ValueError as error:
            raise FormError(str(error)) from error
        quality = "" if self.checked("lossless") else self.typed("quality")
        chosen = {key: self.chosen(key) for key in ("format", "frames")}
        return {
            "crop": self.typed("crop") or None,
            "fit": box,
            "blur": _number(self.typed("blur")),
            "sharpen": _number(self.typed("sharpen")),
            "quality": _number(quality),
            **{key: None if value == _USUAL[key] else value for key, value in chosen.items()},
            **{key: self.checked(key) or None for key in self.BOXES},
        }


_USUAL = {"format": "same", "frames": "all"}


def _row(
    first: str, one: Input | Select[str], second: str, other: Input | Select[str]
) -> Horizontal:
    return form_row(first, one, Label(name=second, classes="second"), other)


def _texts(recipe: Recipe) -> dict[str, str]:
    """Return the texts of the fields that are typed into."""
    return {
        "crop": recipe.crop or "",
        "fit": "x".join(map(str, recipe.fit or ())),
        "blur": f"{recipe.blur!r}".removesuffix(".0") if recipe.blur else "",
        "sharpen": str(recipe.sharpen or ""),
        "quality": str(recipe.quality or ""),
    }


def _number(text: str) -> object:
    """Return the number that a text is, or None if it is empty; what is no number as it is."""
    if not text:
        return None
    if text.isascii() and text.isdecimal():
        return int(text) or None
    try:
        return float(text)
    except ValueError:
        return text
