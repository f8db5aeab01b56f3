"""The form of a sweep: which work, with up to how many workers, how often, by which executors."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Label, Select

from tui_app.images.samples import SAMPLES
from tui_app.language import N_, _, counted
from tui_app.runs.sweep.kinds import WorkKind
from tui_app.runs.sweep.phrases import WORKS
from tui_app.runs.sweep.plot import NAMES
from tui_app.runs.sweep.result import PARALLEL
from tui_app.runs.sweep.work import SweepRequest
from tui_app.widgets.base.form_fields import (
    Choices,
    Form,
    check_box,
    form_row,
    number_field,
    read_number,
    read_sources,
    read_workers,
    recipe_choices,
    select_field,
    text_field,
)

MOST_ROUNDS = 99

WRONG_ROUNDS = N_("rounds: a whole number from 1 to {most}, not {text!r}")

OF_IMAGES = ("source", "recipe", "exact")
"""The fields that are used only where images are the work."""


class SweepForm(Form):
    """The fields of a sweep."""

    LABELS: ClassVar = {
        "work": N_("Work"),
        "source": N_("Source"),
        "recipe": N_("Recipe"),
        "from": N_("1 to"),
        "most": N_("Workers"),
        "cpus": N_("here: {cpus}"),
        "rounds": N_("Rounds"),
        "executors": N_("Executors"),
        "sequential": N_("sequential, and"),
    }

    BOXES: ClassVar = {"exact": N_("Exact")} | {str(kind): NAMES[kind] for kind in PARALLEL}

    def __init__(self, request: SweepRequest) -> None:
        super().__init__()
        self._request = request

    def compose(self) -> ComposeResult:
        """Yield the fields, a line each."""
        request, choices = self._request, self.choices()
        yield form_row("work", select_field("work", choices["work"], str(request.work)))
        yield form_row("source", text_field("source", shlex.join(request.images.sources)))
        yield form_row(
            "recipe",
            select_field("recipe", choices["recipe"], request.images.recipe),
            check_box("exact", request.images.exact),
        )
        yield form_row(
            "most",
            Label(name="from", classes="words"),
            number_field("most", request.most),
            Label(name="cpus", classes="words"),
            Label(name="rounds", classes="second"),
            number_field("rounds", request.rounds),
        )
        yield form_row(
            "executors",
            Label(name="sequential", classes="words"),
            *(check_box(str(kind), kind in request.executors) for kind in PARALLEL),
        )

    def on_mount(self) -> None:
        """Disable the fields that are not used."""
        self.offer_fields()

    def choices(self) -> Mapping[str, Choices]:
        """Return the kinds of work and the recipes."""
        return {
            "work": [(_(text), str(kind)) for kind, text in WORKS.items()],
            "recipe": recipe_choices(self._request.images.recipe),
        }

    def update_texts(self) -> None:
        """Set all texts in the present language."""
        super().update_texts()
        self.query_one("#source", Input).placeholder = counted(
            len(SAMPLES), "{n} sample photograph", "{n} sample photographs"
        )

    @property
    def request(self) -> SweepRequest:
        """What the fields ask for.

        Raises:
            FormError: a field has a value that it cannot have.
        """
        work = WorkKind(self.chosen("work"))
        images = self._request.images
        if work is WorkKind.IMAGES:
            images = replace(
                images,
                sources=read_sources(self.typed("source")),
                recipe=self.chosen("recipe"),
                exact=self.checked("exact"),
            )
        return replace(
            self._request,
            work=work,
            images=images,
            most=read_workers(self.typed("most")),
            rounds=read_number(self.typed("rounds"), MOST_ROUNDS, WRONG_ROUNDS),
            executors=tuple(kind for kind in PARALLEL if self.checked(str(kind))),
        )

    @on(Select.Changed, "#work")
    def offer_fields(self) -> None:
        """Enable the fields that the chosen work uses, and no other."""
        images = self.chosen("work") == str(WorkKind.IMAGES)
        for field in OF_IMAGES:
            self.query_one(f"#{field}").disabled = not images
