"""The form of a batch: which images, where to, by which recipe, with how many workers."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Label, Select

from tui_app.engine.spec import ExecutorKind, Pool
from tui_app.images.recipe import Metadata
from tui_app.images.recipe_changes import Steps
from tui_app.language import N_, _
from tui_app.runs.request import BatchRequest
from tui_app.widgets.base.form_fields import (
    Choices,
    Form,
    FormError,
    check_box,
    expand_home,
    form_row,
    join_patterns,
    number_field,
    read_patterns,
    read_sources,
    read_workers,
    recipe_choices,
    select_field,
    text_field,
)

EXECUTORS = {
    ExecutorKind.PROCESSES: N_("processes"),
    ExecutorKind.THREADS: N_("threads"),
    ExecutorKind.SEQUENTIAL: N_("sequential"),
    ExecutorKind.DASK: N_("a Dask cluster"),
}

POLICIES = {Metadata.KEEP: N_("keep"), Metadata.PRIVATE: N_("private"), Metadata.STRIP: N_("strip")}


EXAMPLES = {"exclude": "*-small.*", "name": "{stem}-{width}{ext}"}
"""What the fields for patterns show while they are empty."""


class PlanForm(Form):
    """The fields of a batch."""

    LABELS: ClassVar = {
        "source": N_("Source"),
        "output": N_("Output"),
        "exclude": N_("Exclude"),
        "name": N_("Name"),
        "recipe": N_("Recipe"),
        "executor": N_("Executor"),
        "scheduler": N_("Scheduler"),
        "workers": N_("Workers"),
        "cpus": N_("of {cpus}"),
        "metadata": N_("Metadata"),
    }

    BOXES: ClassVar = {
        "exact": N_("Exact"),
        "fresh": N_("Fresh"),
        "recursive": N_("Recursive"),
        "overwrite": N_("Overwrite"),
        "keep-dates": N_("Keep dates"),
    }

    @dataclass
    class SourceWanted(Message):
        """The folder dialog is wanted, at this folder."""

        folder: str

    @dataclass
    class EditWanted(Message):
        """The dialog for the recipe's values is wanted."""

    def __init__(self, request: BatchRequest, pool: Pool) -> None:
        super().__init__()
        self._request, self._pool = request, pool

    def compose(self) -> ComposeResult:
        """Yield the fields, a line each."""
        request, choices = self._request, self.choices()
        button = Button("", id="choose", compact=True)
        yield form_row("source", text_field("source", shlex.join(request.sources)), button)
        yield form_row(
            "output",
            text_field("output", request.output or ""),
            check_box("fresh", request.fresh),
        )
        yield form_row(
            "exclude",
            text_field("exclude", join_patterns(request.exclude)),
            Label(name="name", classes="second"),
            text_field("name", request.name or ""),
        )
        yield form_row(
            "recipe",
            select_field("recipe", choices["recipe"], request.recipe),
            Button("", id="edit", compact=True),
            check_box("exact", request.exact),
        )
        yield form_row(
            "executor",
            select_field("executor", choices["executor"], str(self._pool.executor)),
            Label(name="workers", classes="second"),
            number_field("workers", self._pool.workers),
            Label(name="cpus", classes="note"),
        )
        scheduler = form_row("scheduler", text_field("scheduler", self._pool.cluster.address))
        scheduler.id = "cluster"
        scheduler.display = self._pool.executor is ExecutorKind.DASK
        yield scheduler
        yield form_row(
            "metadata",
            select_field("metadata", choices["metadata"], str(request.metadata or "")),
            check_box("recursive", request.recursive),
            check_box("overwrite", request.overwrite),
            check_box("keep-dates", request.keep_dates),
        )

    def choices(self) -> Mapping[str, Choices]:
        """Return the recipes, the executors and the policies for metadata."""
        policies = [(_(text), str(policy)) for policy, text in POLICIES.items()]
        return {
            "recipe": recipe_choices(self._request.recipe),
            "executor": [(_(text), str(kind)) for kind, text in EXECUTORS.items()],
            "metadata": [(_("recipe's own"), ""), *policies],
        }

    def update_texts(self) -> None:
        """Set all texts in the present language."""
        super().update_texts()
        self.query_one("#choose", Button).label = Content(_("Choose…"))
        self.query_one("#edit", Button).label = Content(_("Edit…"))
        self.query_one("#output", Input).placeholder = _("processed, in the source")
        told = _("such as tcp://host:8786; empty: workers of this machine")
        self.query_one("#scheduler", Input).placeholder = told
        for field, example in EXAMPLES.items():
            told = _("such as {example}").format(example=example)
            self.query_one(f"#{field}", Input).placeholder = told

    @property
    def request(self) -> BatchRequest:
        """What the fields ask for.

        Raises:
            FormError: the sources or the patterns cannot be read: a quote has no end.
        """
        metadata = self.chosen("metadata")
        return replace(
            self._request,
            sources=read_sources(self.typed("source")),
            output=expand_home(self.typed("output")) or None,
            exclude=read_patterns(self.typed("exclude")),
            name=self.typed("name") or None,
            recipe=self.chosen("recipe"),
            metadata=Metadata(metadata) if metadata else None,
            recursive=self.checked("recursive"),
            overwrite=self.checked("overwrite"),
            keep_dates=self.checked("keep-dates"),
            exact=self.checked("exact"),
            fresh=self.checked("fresh"),
        )

    @property
    def pool(self) -> Pool:
        """The workers that the fields ask for.

        Raises:
            FormError: their number is not a whole number in the range.
        """
        executor = ExecutorKind(self.chosen("executor"))
        return replace(
            self._pool,
            executor=executor,
            workers=read_workers(self.typed("workers")),
            cluster=replace(self._pool.cluster, address=self.typed("scheduler")),
        )

    @on(Select.Changed, "#executor")
    def show_scheduler(self) -> None:
        """Show the field for a cluster's scheduler where a cluster does the work."""
        self.query_one("#cluster").display = self.chosen("executor") == ExecutorKind.DASK

    def set_source(self, folder: str) -> None:
        """Put a folder into the source field; its output folder is the usual one again."""
        self.query_one("#source", Input).value = shlex.quote(folder)
        self.query_one("#output", Input).value = ""

    def set_recipe(self, recipe: str, steps: Steps, metadata: Metadata | None) -> None:
        """Choose a recipe, with other values than its own."""
        self._request = replace(self._request, recipe=recipe, steps=steps, upright=False)
        select = self.query_one("#recipe", Select)
        with select.prevent(Select.Changed):
            select.set_options(self.choices()["recipe"])
            select.value = recipe
        with select.prevent(Select.Changed):
            self.query_one("#metadata", Select).value = str(metadata or "")
        self.post_message(self.Changed())

    @on(Button.Pressed, "#edit")
    def ask_for_edit(self, event: Button.Pressed) -> None:
        """Ask for the dialog for the recipe's values."""
        event.stop()
        self.post_message(self.EditWanted())

    @on(Button.Pressed, "#choose")
    def ask_for_folder(self, event: Button.Pressed) -> None:
        """Ask for the folder dialog, at the first source where that is a folder."""
        event.stop()
        try:
            folder = next(iter(read_sources(self.typed("source"))), os.curdir)
        except FormError:
            folder = os.curdir
        at = folder if os.path.isdir(folder) else os.curdir  # noqa: PTH112 - of any name
        self.post_message(self.SourceWanted(at))
