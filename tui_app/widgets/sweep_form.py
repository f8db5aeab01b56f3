"""A sweep's form: which work, with up to how many workers, how often, by which executors."""

from __future__ import annotations

import shlex
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label, Select

from tui_app.engine.machine import usable_cpus
from tui_app.images.samples import SAMPLES
from tui_app.language import N_, _, counted
from tui_app.runs.phrases import count_cpus
from tui_app.runs.sweep.phrases import WORKS
from tui_app.runs.sweep.plot import NAMES
from tui_app.runs.sweep.result import PARALLEL, WorkKind
from tui_app.runs.sweep.work import SweepRequest
from tui_app.widgets.base.form_fields import (
    Choices,
    Fields,
    read_number,
    read_sources,
    read_workers,
    recipe_choices,
    say_choices,
    select_field,
)
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.textual_internals.checkbox import ReadableCheckbox

MOST_ROUNDS = 99

WRONG_ROUNDS = N_("rounds: a whole number from 1 to {most}, not {text!r}")

LABELS = {
    "work": N_("Work"),
    "source": N_("Source"),
    "recipe": N_("Recipe"),
    "most": N_("Workers"),
    "rounds": N_("Rounds"),
    "executors": N_("Executors"),
}
"""What stands before each field."""

OF_IMAGES = ("source", "recipe", "exact")
"""The fields that mean something only where images are the work."""


class SweepForm(Vertical, Fields, Localized):
    """The fields of a sweep."""

    def __init__(self, request: SweepRequest, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._request = request

    def compose(self) -> ComposeResult:
        """The fields, a line each."""
        request = self._request
        with Horizontal():
            yield Label(name="work")
            yield select_field("work", _works(), str(request.work))
        with Horizontal():
            yield Label(name="source")
            yield Input(shlex.join(request.images.sources), id="source", compact=True)
        with Horizontal():
            yield Label(name="recipe")
            recipe = request.images.recipe
            yield select_field("recipe", recipe_choices(recipe), recipe)
            yield ReadableCheckbox(value=request.images.exact, id="exact", compact=True)
        with Horizontal():
            yield Label(name="most")
            yield Label(name="from", classes="words")
            yield Input(str(request.most), id="most", type="integer", compact=True)
            yield Label(name="cpus", classes="words")
            yield Label(name="rounds", classes="second")
            yield Input(str(request.rounds), id="rounds", type="integer", compact=True)
        with Horizontal():
            yield Label(name="executors")
            yield Label(name="sequential", classes="words")
            for kind in PARALLEL:
                yield ReadableCheckbox(value=kind in request.executors, id=str(kind), compact=True)

    def on_mount(self) -> None:
        """Only what means something can be filled in."""
        self.offer_fields()

    def speak(self) -> None:
        """Names the fields and what can be chosen; what is chosen stays."""
        words = {
            "from": _("1 to"),
            "cpus": _("here: {cpus}").format(cpus=count_cpus(usable_cpus())),
            "sequential": _("sequential, and"),
        }
        for label in self.query(Label):
            name = label.name or ""
            label.update(words[name] if name in words else _(LABELS[name]))
        for kind in PARALLEL:
            self.query_one(f"#{kind}", ReadableCheckbox).label = Content(_(NAMES[kind]))
        self.query_one("#exact", ReadableCheckbox).label = Content(_("Exact"))
        self.query_one("#source", Input).placeholder = counted(
            len(SAMPLES), "{n} sample photograph", "{n} sample photographs"
        )
        say_choices(self.query_one("#work", Select), _works())
        recipes = recipe_choices(self._request.images.recipe)
        say_choices(self.query_one("#recipe", Select), recipes)

    @property
    def request(self) -> SweepRequest:
        """What the fields ask for.

        Raises:
            FormError: a field has a value that it cannot have.
        """
        work = WorkKind(self.chosen("work"))
        images = self._request.images
        if work is WorkKind.IMAGES:
            sources = read_sources(self.typed("source"))
            recipe = self.chosen("recipe")
            exact = self.ticked("exact")
            images = replace(images, sources=sources, recipe=recipe, exact=exact)
        return replace(
            self._request,
            work=work,
            images=images,
            most=read_workers(self.typed("most")),
            rounds=read_number(self.typed("rounds"), MOST_ROUNDS, WRONG_ROUNDS),
            executors=tuple(kind for kind in PARALLEL if self.ticked(str(kind))),
        )

    @on(Select.Changed, "#work")
    def offer_fields(self) -> None:
        """Lets only what means something be filled in."""
        images = self.chosen("work") == str(WorkKind.IMAGES)
        for field in OF_IMAGES:
            self.query_one(f"#{field}").disabled = not images


def _works() -> Choices:
    return [(_(text), str(kind)) for kind, text in WORKS.items()]
