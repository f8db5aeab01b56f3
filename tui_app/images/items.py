"""What a plan is: its images, its output, and what is to be done."""

from collections.abc import Container
from dataclasses import dataclass, replace
from pathlib import Path

from tui_app.images.recipe import Recipe


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
        exists: Whether something stands under the output's name already.
    """

    root: str
    name: str
    suffix: str
    format: str
    width: int
    height: int
    bytes: int
    exists: bool

    @property
    def source(self) -> str:
        """Path of the file."""
        return str(Path(self.root, self.name))

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
        overwrite: Whether outputs that stand there are replaced.
        keep_dates: Whether outputs get their sources' dates.
        items: The images, the largest first, so that no long one runs alone at the end.
        ignored: How many other files were seen; they are no failures.
        notes: Plain sentences about what a person should know before the run.
    """

    output: str
    recipe: Recipe
    overwrite: bool
    keep_dates: bool
    items: tuple[Item, ...]
    ignored: int
    notes: tuple[str, ...]

    @property
    def todo(self) -> tuple[Item, ...]:
        """The images to be done."""
        return tuple(item for item in self.items if self.overwrite or not item.exists)

    @property
    def existing(self) -> tuple[Item, ...]:
        """The images left alone, because an output stands there and is not to be overwritten."""
        return () if self.overwrite else tuple(item for item in self.items if item.exists)

    def output_of(self, item: Item) -> str:
        """Return the path of an image's output."""
        return str(Path(self.output, item.name + item.suffix))

    def only(self, names: Container[str]) -> "Plan":
        """Return the plan for the images of these labels, to try failed ones again."""
        return replace(self, items=tuple(item for item in self.items if item.label in names))


FULL_SIZE_BYTES, SHRUNK_BYTES = 12, 6
"""Bytes a pixel at the worst moment: of a filter at full size, and of decoding and shrinking
(measured for RGB: FACTS, Images 14). A fourth channel costs a third more."""

WORKER_BYTES = 15_000_000
"""What a worker needs besides its image's pixels."""


def memory_needed(item: Item, recipe: Recipe) -> int:
    """Return about how many bytes an image needs at its worst; 0 where its size is not known."""
    pixels = item.width * item.height
    whole = recipe.blur > 0 or (recipe.sharpen > 0 and recipe.fit is None)
    return pixels * (FULL_SIZE_BYTES if whole else SHRUNK_BYTES) + WORKER_BYTES if pixels else 0


def temporary_folder(plan: Plan) -> str:
    """Return the hidden folder for files that are not yet whole."""
    return str(Path(plan.output, ".procession"))
