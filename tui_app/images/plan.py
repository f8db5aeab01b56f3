"""The plan of a batch: its images, its output folder, and what is to be done."""

import os
from array import array
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import accumulate
from typing import Self, overload

from tui_app.files.folder import Stamp
from tui_app.images.recipe import Recipe


class Standing(StrEnum):
    """What stands under an output's name before a run, by what the journal knows of it."""

    NOTHING = "nothing"
    """Nothing."""
    DONE = "done"
    """What would be made: from this source, by this recipe."""
    BEGUN = "begun"
    """Nothing, and a run that was stopped had begun it."""
    OLD_SOURCE = "old source"
    """An output of ours, made before its source changed."""
    OLD_RECIPE = "old recipe"
    """An output of ours, made in another way."""
    OTHER_RECIPE = "other recipe"
    """An output of ours, made by a recipe of another name."""
    CHANGED = "changed"
    """An output of ours, which somebody has changed since."""
    FOREIGN = "foreign"
    """Something that the journal does not know: somebody's own."""

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
        memory: Bytes that it needs at its worst, about; 0 where that is not known.
        animated: Whether its output is to have all frames of an animation.
        standing: What stands under the output's name already.
        done_at: When a `DONE` output was made, in seconds since 1970; else 0.
        there: Stamp of what stands there; None where nothing does.
        target: Path of its output from the output folder on; empty where it is `name` and `suffix`.
        tag: Number of what a source in a store was like when it was listed; 0 for a file.
    """

    root: str
    name: str
    suffix: str
    format: str
    width: int
    height: int
    bytes: int
    memory: int = 0
    animated: bool = False
    standing: Standing = Standing.NOTHING
    done_at: int = 0
    there: Stamp | None = None
    target: str = ""
    tag: int = 0

    @property
    def of(self) -> Stamp | None:
        """Stamp of a source in a store, as it was listed; None for a file of this machine."""
        return Stamp(self.bytes, self.tag) if self.tag else None

    @property
    def source(self) -> str:
        """Path or URL of the file."""
        return os.path.join(self.root, self.name)  # noqa: PTH118 - for 100,000 of them

    @property
    def output_name(self) -> str:
        """Path of its output from the output folder on."""
        return self.target or self.name + self.suffix

    @property
    def exists(self) -> bool:
        """Whether something stands under the output's name already."""
        return self.standing not in (Standing.NOTHING, Standing.BEGUN)

    @property
    def megapixels(self) -> float:
        """Millions of pixels; 0 where the header could not be read."""
        return self.width * self.height / 1e6


@dataclass(frozen=True, slots=True)
class Found:
    """What was found under the name of an output; the attributes are those of `Item`."""

    standing: Standing
    done_at: int = 0
    there: Stamp | None = None


@dataclass(frozen=True, slots=True)
class UnusableSource:
    """A source that nothing can be made of: it fails by its name, and is not tried.

    Attributes:
        name: A file or, with a slash at its end, a folder; from its source on.
        reason: Why, in one plain sentence.
        root: The folder that the name is relative to, where one is known.
    """

    name: str
    reason: str
    root: str = field(default="", compare=False)

    @property
    def path(self) -> str:
        """Path of the file or folder."""
        return os.path.join(self.root, self.name)  # noqa: PTH118


@dataclass(frozen=True, slots=True)
class _Packed:
    """What never changes of images, a column for each thing.

    Attributes:
        names: All names, one after another, with surrogates for bytes that are no UTF-8. Where an
            image has a target, that stands after its name and a null character.
        ends: Where each name ends.
        kinds: Root, suffix and format of each image, and whether it is animated: few different
            ones.
        numbers: Width, height, bytes, memory and tag of each image.
    """

    names: bytearray = field(default_factory=bytearray)
    ends: "array[int]" = field(default_factory=lambda: array("Q", [0]))
    kinds: list[tuple[str, str, str, bool]] = field(default_factory=list)
    numbers: "array[int]" = field(default_factory=lambda: array("Q"))


class Items(Sequence[Item]):
    """Images, packed: 100,000 take 8 MB, and 40 MB as `Item`s. Each is unpacked when asked for."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self._packed = packed = _Packed()
        self._standings: list[Standing] = []
        self._found = array("q")
        kinds: dict[tuple[str, str, str, bool], tuple[str, str, str, bool]] = {}
        for item in items:
            names = f"{item.name}\0{item.target}" if item.target else item.name
            packed.names.extend(names.encode("utf-8", "surrogatepass"))
            packed.ends.append(len(packed.names))
            kind = item.root, item.suffix, item.format, item.animated
            packed.kinds.append(kinds.setdefault(kind, kind))
            packed.numbers.extend((item.width, item.height, item.bytes, item.memory, item.tag))
            self._standings.append(item.standing)
            self._found.extend(_numbers(item))
        self._places: Sequence[int] = range(len(packed.kinds))

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self._places)

    def __iter__(self) -> Iterator[Item]:
        """Yield each image."""
        return map(self._unpacked, self._places)

    @overload
    def __getitem__(self, which: int) -> Item: ...
    @overload
    def __getitem__(self, which: slice) -> Self: ...
    def __getitem__(self, which: int | slice) -> Item | Self:
        """Return one image, or some."""
        if isinstance(which, slice):
            return self._of(self._places[which])
        return self._unpacked(self._places[which])

    def __eq__(self, other: object) -> bool:
        """Tell whether another sequence has the same images in the same order."""
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def _unpacked(self, place: int) -> Item:
        packed = self._packed
        names = packed.names[packed.ends[place] : packed.ends[place + 1]]
        name, _null, target = names.decode("utf-8", "surrogatepass").partition("\0")
        root, suffix, written, animated = packed.kinds[place]
        width, height, size, memory, tag = packed.numbers[5 * place : 5 * place + 5]
        done_at, *there = self._found[3 * place : 3 * place + 3]
        return Item(
            root,
            name,
            suffix,
            written,
            width,
            height,
            size,
            memory,
            animated,
            self._standings[place],
            done_at,
            Stamp(*there) if there != _NOTHING else None,
            target,
            tag,
        )

    @property
    def roots(self) -> set[str]:
        """Roots of the images."""
        return {self._packed.kinds[place][0] for place in self._places}

    def _of(self, places: Iterable[int]) -> Self:
        """Return these of the packed images, without packing them again."""
        some = type(self)()
        some._packed, some._standings, some._found = self._packed, self._standings, self._found
        some._places = array("Q", places)
        return some

    def largest_first(self) -> Self:
        """Return them by their pixels; images of the same size keep their order."""
        numbers = self._packed.numbers
        pixels = array("Q", map(int.__mul__, numbers[::5], numbers[1::5]))
        return self._of(sorted(self._places, key=lambda place: -pixels[place]))

    def of_standing(self, wanted: Callable[[Standing], bool]) -> Self:
        """Return those with a wanted standing."""
        chosen = {standing for standing in Standing if wanted(standing)}
        return self._of(place for place in self._places if self._standings[place] in chosen)

    def standing(self, found: Iterable[Found]) -> Self:
        """Return them with what was found under each output's name."""
        others = self._of(self._places)
        others._standings, others._found = self._standings[:], self._found[:]
        for place, one in zip(self._places, found, strict=True):
            others._standings[place] = one.standing
            others._found[3 * place : 3 * place + 3] = array("q", _numbers(one))
        return others


_NOTHING = [-2, -2]
"""Numbers in a stamp's place where nothing stands."""


def _numbers(found: Item | Found) -> tuple[int, ...]:
    """Return the numbers to pack: when it was done, and its stamp."""
    return (found.done_at, *(_NOTHING if found.there is None else found.there))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do.

    Attributes:
        output: The output folder, from the root or as a URL.
        recipe: What is done to each image.
        overwrite: Whether outputs are replaced that we did not make, or that were changed since.
        keep_dates: Whether outputs get their sources' dates.
        items: The images, the largest first, so that no long one runs alone at the end.
        ignored: Number of other files that were seen; they are no failures.
        remarks: Plain sentences about what was found, and what will become of it.
        fresh: Whether what is done already is made again.
        flaws: Sources that nothing can be made of.
        standings: Plain sentences about what stands in the output folder already.
        max_pixels: Pixels of the largest image that is opened; None: as many as Pillow opens.
        min_savings: Share of a source's bytes that encoding anew has to save, else the source's are
            kept; None: whatever it saves.
    """

    output: str
    recipe: Recipe
    overwrite: bool
    keep_dates: bool
    items: Items
    ignored: int
    remarks: tuple[str, ...]
    fresh: bool = False
    flaws: tuple[UnusableSource, ...] = ()
    standings: tuple[str, ...] = ()
    max_pixels: int | None = None
    min_savings: float | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """Plain sentences that a person should read before the run."""
        return (*self.remarks, *self.standings)

    @property
    def count(self) -> int:
        """Number of images, with the unusable sources."""
        return len(self.items) + len(self.flaws)

    def is_todo(self, item: Item) -> bool:
        """Tell whether an image is to be done; otherwise what stands there stays."""
        return self._replaces(item.standing)

    def _replaces(self, standing: Standing) -> bool:
        if standing.is_theirs or standing is Standing.OTHER_RECIPE:
            return self.overwrite
        return self.fresh or standing is not Standing.DONE

    @property
    def todo(self) -> Items:
        """The images to be done."""
        return self.items.of_standing(self._replaces)

    @property
    def done(self) -> Items:
        """The images that are done already and not made again."""
        return self.items.of_standing(lambda s: s is Standing.DONE and not self.fresh)

    @property
    def existing(self) -> Items:
        """The images left alone, because somebody's own stands there and is not overwritten."""
        return self.items.of_standing(lambda s: s.is_theirs and not self.overwrite)

    @property
    def of_other_recipes(self) -> Items:
        """The images whose outputs there were made by a recipe of another name."""
        return self.items.of_standing(lambda s: s is Standing.OTHER_RECIPE)

    def output_of(self, item: Item) -> str:
        """Return the path of an image's output."""
        return os.path.join(self.output, item.output_name)  # noqa: PTH118

    def mirrored(self, items: Iterable[Item]) -> dict[str, set[str]]:
        """Return the folders that outputs of images go to, with those on the way, and their models.

        The folders are named from the output folder on; the empty name is that folder itself. The
        models are the folders of the sources, which each of them is to be like.
        """
        found: dict[str, set[str]] = {}
        seen: set[tuple[str, str, str]] = set()
        for item in items:
            inner = os.path.dirname(item.name)  # noqa: PTH120
            to = os.path.dirname(item.target) if item.target else inner  # noqa: PTH120
            if (item.root, inner, to) in seen:
                continue
            seen.add((item.root, inner, to))
            found.setdefault("", set()).add(item.root)
            for way in accumulate(filter(None, to.split("/")), "{}/{}".format):
                model = way if to == inner else inner
                found.setdefault(way, set()).add(os.path.join(item.root, model))  # noqa: PTH118
        return found

    def only(self, names: Container[str]) -> "Plan":
        """Return the plan for the images of these names, to try failed ones again."""
        return replace(
            self,
            items=Items(item for item in self.items if item.name in names),
            flaws=tuple(flaw for flaw in self.flaws if flaw.name in names),
        )
