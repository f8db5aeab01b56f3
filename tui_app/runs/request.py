"""What a person asks of a batch, on the command line or in the form, before it is a plan."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tui_app.images.discovery import image_suffixes
from tui_app.images.paths import is_file
from tui_app.images.plan import Plan, make_plan
from tui_app.images.recipe import DEFAULT_RECIPE, Metadata, Recipe, load_recipe
from tui_app.images.samples import samples_folder


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """Sources, an output and a recipe, as they were named.

    No source means the images of the current folder; where there are none, the samples, with the
    output in `processed` of the current folder.
    """

    sources: tuple[str, ...] = ()
    output: str | None = None
    recipe: str = DEFAULT_RECIPE
    metadata: Metadata | None = None
    recursive: bool = False
    overwrite: bool = False
    keep_dates: bool = False
    fresh: bool = False

    def resolved(self) -> BatchRequest:
        """The same request with its sources named."""
        if self.sources:
            return self
        if images_here():
            return replace(self, sources=(os.curdir,))
        return replace(self, sources=(str(samples_folder()),), output=self.output or "processed")

    @property
    def of_samples(self) -> bool:
        """Whether the sources are the sample photographs, which may have to be made first."""
        return self.sources == (str(samples_folder()),)

    def load_recipe(self) -> Recipe:
        """The recipe, with the metadata policy that was asked for.

        Raises:
            RecipeError: there is no such recipe, or its file is wrong.
        """
        recipe = load_recipe(self.recipe)
        return recipe if self.metadata is None else replace(recipe, metadata=self.metadata)

    def plan(self, stop: Callable[[], bool] = lambda: False) -> Plan:
        """The plan of a resolved request. Reads every image's header, so it may take a while.

        Args:
            stop: asked now and then; a plan that is not wanted any more ends early.

        Raises:
            PlanError: the run could not start.
            RecipeError: there is no such recipe, or its file is wrong.
        """
        return make_plan(
            self.sources,
            self.load_recipe(),
            output=self.output,
            recursive=self.recursive,
            overwrite=self.overwrite,
            keep_dates=self.keep_dates,
            fresh=self.fresh,
            stop=stop,
        )


def images_here() -> bool:
    """Whether the current folder has an image in it."""
    with os.scandir() as entries:
        return any(
            Path(entry.name).suffix.lower() in image_suffixes()
            and not entry.name.startswith(".")
            and is_file(Path(entry.path))
            for entry in entries
        )
