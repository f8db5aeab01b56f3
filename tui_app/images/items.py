"""What a plan is: its images, its output, and what is to be done."""

import os
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from tui_app.images.recipe import Recipe
from tui_app.images.reduction import reduction


class Standing(StrEnum):
    """What stands under an output's name before a run, by what the journal knows of it."""

    NOTHING = "nothing"
    """It is to be made."""
    DONE = "done"
    """What would be made: from this source, by this recipe."""
    BEGUN = "begun"
    """Made by a run that was stopped before it could say so."""
    OLD_SOURCE = "old source"
    """Made by us from a source that was another then."""
    OLD_RECIPE = "old recipe"
    """Made by us in another way."""
    CHANGED = "changed"
    """Made by us, and changed by somebody since."""
    FOREIGN = "foreign"
    """Nothing that the journal knows: somebody's own."""

    @property
    def is_theirs(self) -> bool:
        """Whether it is somebody's work, which only `--overwrite` replaces."""
        return self in (Standing.FOREIGN, Standing.CHANGED)


@dataclass(frozen=True, slots=True)
class Item:
    """One image of a plan. Small: a plan may hold 100,000.

    Attributes:
        root: The folder that the name is relative to.
        name: The file; with its folders, where folders within folders are searched.
        suffix: What its output's name has appended; empty where the format stays.
        format: Pillow format of the output.
        width: In pixels, before it is turned upright; 0 where the header could not be read.
        height: In pixels, as `width`.
        bytes: Size of the file.
        standing: What stands under the output's name already.
        done_at: Where that is done, when it was, in seconds since 1970.
    """

    root: str
    name: str
    suffix: str
    format: str
    width: int
    height: int
    bytes: int
    standing: Standing = Standing.NOTHING
    done_at: int = 0

    @property
    def source(self) -> str:
        """Path of the file."""
        return str(Path(self.root, self.name))

    @property
    def exists(self) -> bool:
        """Whether something stands under the output's name already."""
        return self.standing is not Standing.NOTHING

    @property
    def label(self) -> str:
        """What it is called in rows and logs."""
        return self.name

    @property
    def megapixels(self) -> float:
        """Millions of pixels, its weight; 0 where the header could not be read."""
        return self.width * self.height / 1e6


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do.

    Attributes:
        output: The output folder, from the root.
        recipe: What is done to each image.
        overwrite: Whether outputs are replaced that we did not make, or that were changed since.
        keep_dates: Whether outputs get their sources' dates.
        items: The images, the largest first, so that no long one runs alone at the end.
        ignored: How many other files were seen; they are no failures.
        notes: Plain sentences about what a person should know before the run.
        fresh: Whether what is done already is made again.
        exact: Whether images are computed the exact way, where there is a fast one.
    """

    output: str
    recipe: Recipe
    overwrite: bool
    keep_dates: bool
    items: tuple[Item, ...]
    ignored: int
    notes: tuple[str, ...]
    fresh: bool = False
    exact: bool = False

    def is_todo(self, item: Item) -> bool:
        """Tell whether an image is to be done; else what stands there stays."""
        if item.standing.is_theirs:
            return self.overwrite
        return self.fresh or item.standing is not Standing.DONE

    @property
    def todo(self) -> tuple[Item, ...]:
        """The images to be done."""
        return tuple(item for item in self.items if self.is_todo(item))

    @property
    def done(self) -> tuple[Item, ...]:
        """The images that need not be done, because they are."""
        return tuple(
            item for item in self.items if item.standing is Standing.DONE and not self.is_todo(item)
        )

    @property
    def existing(self) -> tuple[Item, ...]:
        """The images left alone, because somebody's own stands there and is not overwritten."""
        return tuple(
            item for item in self.items if item.standing.is_theirs and not self.is_todo(item)
        )

    def output_name(self, item: Item) -> str:
        """Return the name of an image's output, from the output folder on."""
        return item.name + item.suffix

    def folders(self, items: Iterable[Item]) -> tuple[str, ...]:
        """Return the folders that outputs of images go to: they mirror the sources."""
        inner = dict.fromkeys(os.path.dirname(item.name) for item in items)  # noqa: PTH120
        return tuple(str(Path(self.output, name)) for name in inner)

    def output_of(self, item: Item) -> str:
        """Return the path of an image's output."""
        return os.path.join(self.output, self.output_name(item))  # noqa: PTH118

    def only(self, names: Container[str]) -> "Plan":
        """Return the plan for the images of these labels, to try failed ones again."""
        return replace(self, items=tuple(item for item in self.items if item.label in names))


FULL_SIZE_BYTES, SHRUNK_BYTES = 12, 6
"""Bytes a pixel at the worst moment: of a filter at full size, and of decoding and shrinking
(measured for RGB: FACTS, Images 14). A fourth channel costs a third more."""

WORKER_BYTES = 15_000_000
"""What a worker needs besides its image's pixels."""


def memory_needed(item: Item, recipe: Recipe, *, exact: bool) -> int:
    """Return about how many bytes an image needs at its worst; 0 where its size is not known."""
    pixels = item.width * item.height
    reduced = reduction(recipe, exact, (item.width, item.height)) > 1
    whole = (recipe.blur > 0 and not reduced) or (recipe.sharpen > 0 and recipe.fit is None)
    return pixels * (FULL_SIZE_BYTES if whole else SHRUNK_BYTES) + WORKER_BYTES if pixels else 0


def temporary_folder(plan: Plan) -> str:
    """Return the hidden folder for files that are not yet whole."""
    return str(Path(plan.output, ".procession"))
