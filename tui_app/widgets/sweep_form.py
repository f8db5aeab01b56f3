"""A sweep's form: which work, with up to how many workers, how often, by which executors."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, Select

from tui_app.engine.machine import usable_cpus
from tui_app.images.samples import SAMPLES
from tui_app.language import N_, _, counted
from tui_app.runs.sweep import PARALLEL, WorkKind
from tui_app.runs.sweep_words import NAMES, WORKS
from tui_app.runs.sweep_work import SweepRequest
from tui_app.runs.wording import count_cpus
from tui_app.widgets.plan_form import (
    Choices,
    FormError,
    read_sources,
    read_workers,
    recipe_choices,
    say_choices,
    select_field,
)
from tui_app.widgets.speaker import Speaker
from tui_app.widgets.tick import Tick

MOST_ROUNDS = 99

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


class SweepForm(Vertical, Speaker):
    """The fields of a sweep. It posts `Changed` whenever one changes."""

    @dataclass
    class Changed(Message):
        """A field has changed."""

    @dataclass
    class RunWanted(Message):
        """Enter was pressed in a field."""

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
            yield Tick(value=request.images.exact, id="exact", compact=True)
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
                yield Tick(value=kind in request.executors, id=str(kind), compact=True)

    def on_mount(self) -> None:
        """Only what means something can be filled in."""
        self._offer_fields()

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
            self.query_one(f"#{kind}", Tick).label = Content(_(NAMES[kind]))
        self.query_one("#exact", Tick).label = Content(_("Exact"))
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
        work = WorkKind(str(self.query_one("#work", Select).value))
        images = self._request.images
        if work is WorkKind.IMAGES:
            sources = read_sources(self._value("source"))
            recipe = str(self.query_one("#recipe", Select).value)
            exact = self.query_one("#exact", Tick).value
            images = replace(images, sources=sources, recipe=recipe, exact=exact)
        return replace(
            self._request,
            work=work,
            images=images,
            most=read_workers(self._value("most")),
            rounds=_read_rounds(self._value("rounds")),
            executors=tuple(kind for kind in PARALLEL if self.query_one(f"#{kind}", Tick).value),
        )

    def _value(self, field: str) -> str:
        return self.query_one(f"#{field}", Input).value.strip()

    def _offer_fields(self) -> None:
        images = self.query_one("#work", Select).value == str(WorkKind.IMAGES)
        for field in OF_IMAGES:
            self.query_one(f"#{field}").disabled = not images

    @on(Input.Changed)
    @on(Select.Changed)
    @on(Tick.Changed)
    def tell_change(self, event: Message) -> None:
        """Tells that a field has changed."""
        event.stop()
        self._offer_fields()
        self.post_message(self.Changed())

    @on(Input.Submitted)
    def tell_enter(self, event: Input.Submitted) -> None:
        """Enter in a field starts the sweep."""
        event.stop()
        self.post_message(self.RunWanted())


def _works() -> Choices:
    return [(_(text), str(kind)) for kind, text in WORKS.items()]


def _read_rounds(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_ROUNDS:
        raise FormError(
            _("rounds: a whole number from 1 to {most}, not {text!r}").format(
                most=MOST_ROUNDS, text=text
            )
        )
    return int(text)
