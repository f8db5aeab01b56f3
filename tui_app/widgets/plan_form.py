"""The plan's form: what to take, where to, by which recipe, with how many workers."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass, replace
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Label, Select

from tui_app.engine.executors import ExecutorKind
from tui_app.engine.machine import usable_cpus
from tui_app.engine.spec import Pool
from tui_app.images.recipe import Metadata, known_recipes
from tui_app.language import N_, _, grouped
from tui_app.runs.request import BatchRequest
from tui_app.runs.text import safe
from tui_app.runs.wording import count_cpus
from tui_app.widgets.speaker import Speaker
from tui_app.widgets.tick import Tick

MOST_WORKERS = 1_000

LABELS = {
    "source": N_("Source"),
    "output": N_("Output"),
    "recipe": N_("Recipe"),
    "executor": N_("Executor"),
    "workers": N_("Workers"),
    "metadata": N_("Metadata"),
}
"""What stands before each field."""

TICKS = {
    "exact": N_("Exact"),
    "recursive": N_("Recursive"),
    "overwrite": N_("Overwrite"),
    "keep-dates": N_("Keep dates"),
}
"""The check boxes."""

EXECUTORS = {
    ExecutorKind.PROCESSES: N_("processes"),
    ExecutorKind.THREADS: N_("threads"),
    ExecutorKind.SEQUENTIAL: N_("sequential"),
}

POLICIES = {Metadata.KEEP: N_("keep"), Metadata.PRIVATE: N_("private"), Metadata.STRIP: N_("strip")}

RECIPES = (
    N_("Full size, turned upright, place and names removed"),
    N_("Grayscale at full size"),
    N_("To send to people: 2048 pixels, no place, no serial numbers, no names"),
    N_("Thumbnails: 320 pixels, JPEG"),
    N_("The tutorial's: a strong blur, shrunk to fit"),
    N_("For a web page: 1920 pixels, crisp, small WebP files"),
)
"""The titles of the recipes that are shipped: their files are no Python."""

Choices = list[tuple[str, str]]
"""What a person may choose: how it is called, and its value."""


class FormError(ValueError):
    """A field that cannot be read; the text is one sentence."""


class PlanForm(Vertical, Speaker):
    """The fields of a batch. It posts `Changed` whenever one changes."""

    @dataclass
    class Changed(Message):
        """A field has changed."""

    @dataclass
    class SourceWanted(Message):
        """The folder dialog is wanted, at this folder."""

        folder: str

    @dataclass
    class RunWanted(Message):
        """Enter was pressed in a field."""

    def __init__(self, request: BatchRequest, pool: Pool, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._request, self._pool = request, pool

    def compose(self) -> ComposeResult:
        """The fields, a line each."""
        request = self._request
        with Horizontal():
            yield Label(name="source")
            yield Input(shlex.join(request.sources), id="source", compact=True)
            yield Button("", id="choose", compact=True)
        with Horizontal():
            yield Label(name="output")
            yield Input(request.output or "", id="output", compact=True)
        with Horizontal():
            yield Label(name="recipe")
            yield _select("recipe", self._recipes(), request.recipe)
            yield self._tick("exact")
        with Horizontal():
            yield Label(name="executor")
            yield _select("executor", _executors(), str(self._pool.executor))
            yield Label(name="workers", classes="second")
            yield Input(str(self._pool.workers), id="workers", type="integer", compact=True)
            yield Label(name="cpus", classes="note")
        with Horizontal():
            yield Label(name="metadata")
            yield _select("metadata", _policies(), str(request.metadata or ""))
            for tick in ("recursive", "overwrite", "keep-dates"):
                yield self._tick(tick)

    def _tick(self, field: str) -> Tick:
        ticked = getattr(self._request, field.replace("-", "_"))
        return Tick(value=ticked, id=field, compact=True)

    def speak(self) -> None:
        """Names the fields and what can be chosen; what is chosen stays."""
        for label in self.query(Label):
            of_cpus = _("of {cpus}").format(cpus=count_cpus(usable_cpus()))
            text = LABELS.get(label.name or "")
            label.update(of_cpus if text is None else _(text))
        for tick, text in TICKS.items():
            self.query_one(f"#{tick}", Tick).label = Content(_(text))
        button = self.query_one("#choose", Button)
        button.label = Content(_("Choose…"))
        self.query_one("#output", Input).placeholder = _("processed, in the source")
        choices = {"recipe": self._recipes(), "executor": _executors(), "metadata": _policies()}
        for field, options in choices.items():
            select: Select[str] = self.query_one(f"#{field}", Select)
            chosen = select.value
            with select.prevent(Select.Changed):
                select.set_options(options)
                select.value = chosen

    def _recipes(self) -> Choices:
        recipes = [(_(recipe.title), recipe.name) for recipe in known_recipes()]
        if self._request.recipe not in [name for _title, name in recipes]:
            recipes.append((safe(self._request.recipe), self._request.recipe))
        return recipes

    @property
    def request(self) -> BatchRequest:
        """What the fields ask for.

        Raises:
            FormError: the sources cannot be read: a quote has no end.
        """
        try:
            sources = tuple(_at_home(part) for part in shlex.split(self._value("source")))
        except ValueError as error:
            raise FormError(_("the source cannot be read: {error}").format(error=error)) from error
        metadata = self.query_one("#metadata", Select).value
        return replace(
            self._request,
            sources=sources,
            output=_at_home(self._value("output")) or None,
            recipe=str(self.query_one("#recipe", Select).value),
            metadata=Metadata(str(metadata)) if metadata else None,
            recursive=self.query_one("#recursive", Tick).value,
            overwrite=self.query_one("#overwrite", Tick).value,
            keep_dates=self.query_one("#keep-dates", Tick).value,
            exact=self.query_one("#exact", Tick).value,
            fresh=self._request.fresh,
        )

    @property
    def pool(self) -> Pool:
        """Who is to do the work.

        Raises:
            FormError: the workers are no number from 1 on.
        """
        text = self._value("workers")
        if not text.isdecimal() or not 1 <= int(text) <= MOST_WORKERS:
            raise FormError(
                _("workers: a whole number from 1 to {most}, not {text!r}").format(
                    most=grouped(MOST_WORKERS), text=text
                )
            )
        executor = ExecutorKind(str(self.query_one("#executor", Select).value))
        return Pool(executor, int(text), self._pool.start_method)

    def set_source(self, folder: str) -> None:
        """Puts a folder into the source field, and its own output folder with it."""
        self.query_one("#source", Input).value = shlex.quote(folder)
        self.query_one("#output", Input).value = ""

    def _value(self, field: str) -> str:
        return self.query_one(f"#{field}", Input).value.strip()

    @on(Input.Changed)
    @on(Select.Changed)
    @on(Tick.Changed)
    def tell_change(self, event: Message) -> None:
        """Tells that a field has changed."""
        event.stop()
        self.post_message(self.Changed())

    @on(Input.Submitted)
    def tell_enter(self, event: Input.Submitted) -> None:
        """Enter in a field starts what is planned."""
        event.stop()
        self.post_message(self.RunWanted())

    @on(Button.Pressed, "#choose")
    def ask_for_folder(self, event: Button.Pressed) -> None:
        """Asks for the folder dialog."""
        event.stop()
        sources = shlex.split(self._value("source")) if self._value("source") else []
        folder = _at_home(sources[0]) if sources else os.curdir
        self.post_message(self.SourceWanted(folder if Path(folder).is_dir() else os.curdir))


def _select(field: str, options: Choices, value: str) -> Select[str]:
    return Select(options, value=value, id=field, allow_blank=False, compact=True)


def _executors() -> Choices:
    return [(_(text), str(kind)) for kind, text in EXECUTORS.items()]


def _policies() -> Choices:
    own = (_("recipe's own"), "")
    return [own, *((_(text), str(policy)) for policy, text in POLICIES.items())]


def _at_home(path: str) -> str:
    """The path with a leading `~` read as a shell does."""
    return str(Path(path).expanduser()) if path.startswith("~") else path
