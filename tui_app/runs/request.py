"""What a person asks of a batch, on the command line or in the form, before it is a plan."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

from tui_app.engine.spec import Limits
from tui_app.files.paths import is_file
from tui_app.images.discovery import is_image_name
from tui_app.images.errors import PlanError
from tui_app.images.plan import Plan
from tui_app.images.planner import make_plan
from tui_app.images.recipe import DEFAULT_RECIPE, Metadata, Recipe
from tui_app.images.recipe_changes import Steps, changed
from tui_app.images.recipe_files import load_recipe
from tui_app.images.samples import samples_folder
from tui_app.language import _
from tui_app.runs.header_readers import read_apart
from tui_app.stores.urls import is_url, scheme_of


@dataclass(frozen=True, slots=True)
class MaxFailures:
    """How many failures stop a run: a number of them, or a percentage of the tasks."""

    number: float
    percent: bool

    @classmethod
    def parse(cls, text: str) -> MaxFailures:
        """Read `20` or `5%`.

        Raises:
            ValueError: It is neither; the text is one sentence.
        """
        percent = text.endswith("%")
        try:
            number = float(text[:-1]) if percent else int(text)
        except ValueError:
            number = 0
        if not (0 < number <= 100 if percent else number >= 1):
            raise ValueError(
                _("a number of failures is such as 20 or 5%, not {text!r}").format(text=text)
            )
        return cls(number, percent)

    def of(self, tasks: int) -> int:
        """Return the number of failures, at least 1, that stops a run of so many tasks."""
        return max(1, math.ceil(tasks * self.number / 100)) if self.percent else int(self.number)


MOST_MEMORY = 10**18
"""Bytes: no machine has as much."""

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def parse_bytes(text: str) -> int:
    """Return the bytes of `4G`, `500M` or a number: decimal units, as they are shown.

    Raises:
        ValueError: It is none of these; the text is one sentence.
    """
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([KMGT]?)B?", text.strip().upper())
    size = float(found[1]) * _UNITS[found[2]] if found else 0
    if not 1 <= size <= MOST_MEMORY:
        raise ValueError(
            _("an amount of memory is such as 4G or 500M, not {text!r}").format(text=text)
        )
    return int(size)


MOST_PIXELS = 10**12
"""Pixels of an image: no machine has the memory for as many."""


def parse_pixels(text: str) -> int:
    """Return the pixels of `250M`, `250MP` or `250000000`.

    Raises:
        ValueError: It is none of these; the text is one sentence.
    """
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(?:([KMG])P?)?", text.strip().upper())
    pixels = float(found[1]) * _UNITS[found[2] or ""] if found else 0
    if not 1 <= pixels <= MOST_PIXELS:
        raise ValueError(
            _("a number of pixels is such as 250M or 250000000, not {text!r}").format(text=text)
        )
    return int(pixels)


def parse_share(text: str) -> float:
    """Return the share of `5%`, from 0 to less than 1.

    Raises:
        ValueError: It is none; the text is one sentence.
    """
    found = re.fullmatch(r"([0-9]{1,2}(?:\.[0-9]{1,4})?) ?%?", text.strip(), re.ASCII)
    if not found:
        raise ValueError(_("a share to save is such as 5%, not {text!r}").format(text=text))
    return float(found[1]) / 100


LONGEST_SIDE = 65_500
"""Pixels of a box's side: no JPEG has more."""


def parse_box(text: str) -> list[int]:
    """Return width and height of `1600x1200`, or of `1600`, which is as high as it is wide.

    Raises:
        ValueError: It is neither; the text is one sentence.
    """
    found = re.fullmatch(r"([0-9]{1,5})(?: ?[xX] ?([0-9]{1,5}))?", text)
    box = [int(found[1]), int(found[2] or found[1])] if found else [0]
    if not all(1 <= side <= LONGEST_SIDE for side in box):
        raise ValueError(
            _("a box is such as 1600x1200, in pixels up to {most}, not {text!r}").format(
                most=LONGEST_SIDE, text=text
            )
        )
    return box


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """Sources, an output and a recipe, as they were named.

    No source means the images of the current folder; where there are none, the samples, with the
    output in `processed` of the current folder.
    """

    sources: tuple[str, ...] = ()
    output: str | None = None
    recipe: str = DEFAULT_RECIPE
    steps: Steps = ()
    metadata: Metadata | None = None
    recursive: bool = False
    overwrite: bool = False
    keep_dates: bool = False
    fresh: bool = False
    exact: bool = False
    upright: bool = False
    timeout: float | None = None
    retries: int = 0
    max_failures: MaxFailures | None = None
    memory: int | None = None
    exclude: tuple[str, ...] = ()
    keep_structure: bool = False
    max_pixels: int | None = None
    name: str | None = None
    min_savings: float | None = None

    def limits(self, plan: Plan) -> Limits:
        """Return when an image, or the run of that plan, is given up."""
        failures = self.max_failures
        return Limits(
            timeout=self.timeout,
            retries=self.retries,
            failures=failures.of(len(plan.todo)) if failures is not None else None,
            memory=self.memory,
        )

    def resolved(self) -> BatchRequest:
        """Return the same request with its sources named."""
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
        """Return the recipe, with the steps, the metadata policy and the way that were asked for.

        Raises:
            RecipeError: There is no such recipe, its file is wrong, or the steps do not go with it.
        """
        recipe = changed(load_recipe(self.recipe), self.steps)
        return replace(
            recipe,
            metadata=self.metadata or recipe.metadata,
            upright=self.upright or recipe.upright,
            exact=self.exact,
        )

    def plan(self, stop: Callable[[], bool] = lambda: False) -> Plan:
        """Return the plan of a resolved request. It reads all headers, so it may take a while.

        Args:
            stop: Asked now and then; True gives the plan up.

        Raises:
            PlanError: The run cannot start.
            RecipeError: There is no such recipe, or its file is wrong.
        """
        named = (*self.sources, *((self.output,) if self.output else ()))
        if any(is_url(path) and scheme_of(path) == "memory" for path in named):
            raise PlanError(
                _("memory:// is a store of one process, and others do the images: name another")
            )
        return make_plan(
            self.sources,
            self.load_recipe(),
            output=self.output,
            recursive=self.recursive,
            overwrite=self.overwrite,
            keep_dates=self.keep_dates,
            fresh=self.fresh,
            exclude=self.exclude,
            keep_structure=self.keep_structure,
            max_pixels=self.max_pixels,
            name=self.name,
            min_savings=self.min_savings,
            headers=partial(read_apart, seconds=self.timeout, stop=stop),
            stop=stop,
        )


def images_here() -> bool:
    """Tell whether the current folder has an image in it.

    A folder that cannot be listed may have: the plan tells that it cannot be.
    """
    try:
        return next(_images_in(os.curdir), None) is not None
    except OSError:
        return True


def count_images(folder: str, most: int = 10_000) -> tuple[int, bool]:
    """Return how many images a folder has, and whether that is all.

    They are told by their names' endings. Of a large folder, only the first entries are looked at.

    Raises:
        OSError: It cannot be listed.
    """
    looked, images = 0, 0
    with os.scandir(folder) as entries:
        for entry in islice(entries, most + 1):
            looked += 1
            if looked <= most:
                images += _is_image(entry)
    return images, looked <= most


def _images_in(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        yield from (entry.path for entry in entries if _is_image(entry))


def _is_image(entry: os.DirEntry[str]) -> bool:
    name = entry.name
    return not name.startswith(".") and is_image_name(name) and is_file(Path(entry.path))
