"""What a plan is: its images, its output, and what is to be done."""

import os
from array import array
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Self, overload

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
    """One image of a plan.

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
        return os.path.join(self.root, self.name)  # noqa: PTH118 - for 100,000 of them

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
class _Packed:
    """What is known of images and never changes, a column for each thing.

    Attributes:
        names: All names, one after another. They may hold surrogates (bytes that are no UTF-8).
        ends: Where each name ends in it.
        kinds: Of each image root, suffix and format: few that are different.
        numbers: Of each image width, height and bytes.
    """

    names: bytearray = field(default_factory=bytearray)
    ends: "array[int]" = field(default_factory=lambda: array("Q", [0]))
    kinds: list[tuple[str, str, str]] = field(default_factory=list)
    numbers: "array[int]" = field(default_factory=lambda: array("Q"))


class Items(Sequence[Item]):
    """Images, packed: 100,000 take 8 MB, which as `Item`s take 40. Each is unpacked when asked for.

    Args:
        items: The images.
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self._packed = packed = _Packed()
        self._standings: list[Standing] = []
        self._done_at = array("q")
        kinds: dict[tuple[str, str, str], tuple[str, str, str]] = {}
        for item in items:
            packed.names.extend(item.name.encode("utf-8", "surrogatepass"))
            packed.ends.append(len(packed.names))
            kind = item.root, item.suffix, item.format
            packed.kinds.append(kinds.setdefault(kind, kind))
            packed.numbers.extend((item.width, item.height, item.bytes))
            self._standings.append(item.standing)
            self._done_at.append(item.done_at)
        self._places: Sequence[int] = range(len(packed.kinds))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._places)

    def __iter__(self) -> Iterator[Item]:
        """Yield each."""
        return map(self._unpacked, self._places)

    @overload
    def __getitem__(self, which: int) -> Item: ...
    @overload
    def __getitem__(self, which: slice) -> Self: ...
    def __getitem__(self, which: int | slice) -> Item | Self:
        """Return one, or some."""
        if isinstance(which, slice):
            return self._of(self._places[which])
        return self._unpacked(self._places[which])

    def __eq__(self, other: object) -> bool:
        """Tell whether the same images are in another sequence, in the same order."""
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def __repr__(self) -> str:
        """Return them as they could be written down."""
        return f"Items({list(self)!r})"

    def _unpacked(self, place: int) -> Item:
        packed = self._packed
        name = packed.names[packed.ends[place] : packed.ends[place + 1]]
        root, suffix, written = packed.kinds[place]
        width, height, size = packed.numbers[3 * place : 3 * place + 3]
        return Item(
            root,
            name.decode("utf-8", "surrogatepass"),
            suffix,
            written,
            width,
            height,
            size,
            self._standings[place],
            self._done_at[place],
        )

    def _of(self, places: Iterable[int]) -> Self:
        """Return these of the packed images, without packing them again."""
        some = type(self)()
        some._packed, some._standings, some._done_at = self._packed, self._standings, self._done_at
        some._places = array("Q", places)
        return some

    def largest_first(self) -> Self:
        """Return them by their pixels; those of the same size as they are."""
        numbers = self._packed.numbers
        pixels = array("Q", map(int.__mul__, numbers[::3], numbers[1::3]))
        return self._of(sorted(self._places, key=lambda place: -pixels[place]))

    def of_standing(self, wanted: Callable[[Standing], bool]) -> Self:
        """Return those under whose output's name such a thing stands."""
        chosen = {standing for standing in Standing if wanted(standing)}
        return self._of(place for place in self._places if self._standings[place] in chosen)

    def standing(self, found: Iterable[tuple[Standing, int]]) -> Self:
        """Return them with another `standing` and `done_at`: one pair for each."""
        others = self._of(self._places)
        others._standings, others._done_at = self._standings[:], self._done_at[:]
        for place, (standing, done_at) in zip(self._places, found, strict=True):
            others._standings[place], others._done_at[place] = standing, done_at
        return others


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
    items: Items
    ignored: int
    notes: tuple[str, ...]
    fresh: bool = False
    exact: bool = False

    def is_todo(self, item: Item) -> bool:
        """Tell whether an image is to be done; else what stands there stays."""
        return self._replaces(item.standing)

    def _replaces(self, standing: Standing) -> bool:
        if standing.is_theirs:
            return self.overwrite
        return self.fresh or standing is not Standing.DONE

    @property
    def todo(self) -> Items:
        """The images to be done."""
        return self.items.of_standing(self._replaces)

    @property
    def done(self) -> Items:
        """The images that need not be done, because they are."""
        return self.items.of_standing(
            lambda standing: standing is Standing.DONE and not self._replaces(standing)
        )

    @property
    def existing(self) -> Items:
        """The images left alone, because somebody's own stands there and is not overwritten."""
        return self.items.of_standing(
            lambda standing: standing.is_theirs and not self._replaces(standing)
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
        return replace(self, items=Items(item for item in self.items if item.label in names))


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
