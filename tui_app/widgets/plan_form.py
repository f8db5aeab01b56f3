"""The plan's form: what to take, where to, by which recipe, with how many workers."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass, replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Label, Select

from tui_app.engine.executors import ExecutorKind
from tui_app.engine.machine import usable_cpus
from tui_app.engine.spec import Pool
from tui_app.images.recipe import Metadata
from tui_app.language import N_, _
from tui_app.runs.phrases import count_cpus
from tui_app.runs.request import BatchRequest
from tui_app.widgets.base.form_fields import (
    Choices,
    Fields,
    FormError,
    at_home,
    read_sources,
    read_workers,
    recipe_choices,
    say_choices,
    select_field,
)
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.textual_internals.checkbox import ReadableCheckbox

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


class PlanForm(Vertical, Fields, Localized):
    """The fields of a batch."""

    @dataclass
    class SourceWanted(Message):
        """The folder dialog is wanted, at this folder."""

        folder: str

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
            yield select_field("recipe", recipe_choices(request.recipe), request.recipe)
            yield self._tick("exact")
        with Horizontal():
            yield Label(name="executor")
            yield select_field("executor", _executors(), str(self._pool.executor))
            yield Label(name="workers", classes="second")
            yield Input(str(self._pool.workers), id="workers", type="integer", compact=True)
            yield Label(name="cpus", classes="note")
        with Horizontal():
            yield Label(name="metadata")
            yield select_field("metadata", _policies(), str(request.metadata or ""))
            for tick in ("recursive", "overwrite", "keep-dates"):
                yield self._tick(tick)

    def _tick(self, field: str) -> ReadableCheckbox:
        ticked = getattr(self._request, field.replace("-", "_"))
        return ReadableCheckbox(value=ticked, id=field, compact=True)

    def speak(self) -> None:
        """Names the fields and what can be chosen; what is chosen stays."""
        for label in self.query(Label):
            of_cpus = _("of {cpus}").format(cpus=count_cpus(usable_cpus()))
            text = LABELS.get(label.name or "")
            label.update(of_cpus if text is None else _(text))
        for tick, text in TICKS.items():
            self.query_one(f"#{tick}", ReadableCheckbox).label = Content(_(text))
        button = self.query_one("#choose", Button)
        button.label = Content(_("Choose…"))
        self.query_one("#output", Input).placeholder = _("processed, in the source")
        recipes = recipe_choices(self._request.recipe)
        choices = {"recipe": recipes, "executor": _executors(), "metadata": _policies()}
        for field, options in choices.items():
            say_choices(self.query_one(f"#{field}", Select), options)

    @property
    def request(self) -> BatchRequest:
        """What the fields ask for.

        Raises:
            FormError: the sources cannot be read: a quote has no end.
        """
        sources = read_sources(self.typed("source"))
        metadata = self.chosen("metadata")
        return replace(
            self._request,
            sources=sources,
            output=at_home(self.typed("output")) or None,
            recipe=self.chosen("recipe"),
            metadata=Metadata(metadata) if metadata else None,
            recursive=self.ticked("recursive"),
            overwrite=self.ticked("overwrite"),
            keep_dates=self.ticked("keep-dates"),
            exact=self.ticked("exact"),
            fresh=self._request.fresh,
        )

    @property
    def pool(self) -> Pool:
        """Who is to do the work.

        Raises:
            FormError: the workers are no number from 1 on.
        """
        workers = read_workers(self.typed("workers"))
        executor = ExecutorKind(self.chosen("executor"))
        return Pool(executor, workers, self._pool.start_method)

    def set_source(self, folder: str) -> None:
        """Puts a folder into the source field, and its own output folder with it."""
        self.query_one("#source", Input).value = shlex.quote(folder)
        self.query_one("#output", Input).value = ""

    @on(Button.Pressed, "#choose")
    def ask_for_folder(self, event: Button.Pressed) -> None:
        """Asks for the folder dialog."""
        event.stop()
        try:
            folder = next(iter(read_sources(self.typed("source"))), os.curdir)
        except FormError:
            folder = os.curdir
        at = folder if os.path.isdir(folder) else os.curdir  # noqa: PTH112 - of any name
        self.post_message(self.SourceWanted(at))


def _executors() -> Choices:
    return [(_(text), str(kind)) for kind, text in EXECUTORS.items()]


def _policies() -> Choices:
    own = (_("recipe's own"), "")
    return [own, *((_(text), str(policy)) for policy, text in POLICIES.items())]
