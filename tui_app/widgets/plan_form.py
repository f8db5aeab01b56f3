"""The plan's form: what to take, where to, by which recipe, with how many workers."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass, replace
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Button, Input, Label, Select

from tui_app.engine.executors import ExecutorKind
from tui_app.engine.machine import usable_cpus
from tui_app.engine.spec import Pool
from tui_app.images.recipe import Metadata, known_recipes
from tui_app.runs.request import BatchRequest
from tui_app.runs.text import safe
from tui_app.widgets.tick import Tick

MOST_WORKERS = 1_000


class FormError(ValueError):
    """A field that cannot be read; the text is one sentence."""


class PlanForm(Vertical):
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
        recipes = [(recipe.title, recipe.name) for recipe in known_recipes()]
        if request.recipe not in [name for _, name in recipes]:
            recipes.append((safe(request.recipe), request.recipe))
        with Horizontal():
            yield Label("Source")
            yield Input(shlex.join(request.sources), id="source", compact=True)
            yield Button("Choose…", id="choose", compact=True)
        with Horizontal():
            yield Label("Output")
            yield Input(
                request.output or "",
                id="output",
                compact=True,
                placeholder="processed, in the source",
            )
        with Horizontal():
            yield Label("Recipe")
            yield Select(
                recipes, value=request.recipe, id="recipe", allow_blank=False, compact=True
            )
        with Horizontal():
            yield Label("Executor")
            kinds = [(str(kind), str(kind)) for kind in reversed(ExecutorKind)]
            yield Select(
                kinds,
                value=str(self._pool.executor),
                id="executor",
                allow_blank=False,
                compact=True,
            )
            yield Label("Workers", classes="second")
            yield Input(str(self._pool.workers), id="workers", type="integer", compact=True)
            yield Label(f"of {usable_cpus()} CPUs", classes="note")
        with Horizontal():
            yield Label("Metadata")
            policies = [("recipe's own", ""), *((str(m), str(m)) for m in Metadata)]
            yield Select(
                policies,
                value=request.metadata or "",
                id="metadata",
                allow_blank=False,
                compact=True,
            )
            yield Tick("Recursive", request.recursive, id="recursive", compact=True)
            yield Tick("Overwrite", request.overwrite, id="overwrite", compact=True)
            yield Tick("Keep dates", request.keep_dates, id="keep-dates", compact=True)

    @property
    def request(self) -> BatchRequest:
        """What the fields ask for.

        Raises:
            FormError: the sources cannot be read: a quote has no end.
        """
        try:
            sources = tuple(_at_home(part) for part in shlex.split(self._value("source")))
        except ValueError as error:
            raise FormError(f"the source cannot be read: {error}") from error
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
        )

    @property
    def pool(self) -> Pool:
        """Who is to do the work.

        Raises:
            FormError: the workers are no number from 1 on.
        """
        text = self._value("workers")
        if not text.isdecimal() or not 1 <= int(text) <= MOST_WORKERS:
            raise FormError(f"workers: a whole number from 1 to {MOST_WORKERS:,}, not {text!r}")
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


def _at_home(path: str) -> str:
    """The path with a leading `~` read as a shell does."""
    return str(Path(path).expanduser()) if path.startswith("~") else path
