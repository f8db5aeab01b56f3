"""What stands in the output folder before a run, and what that means for each image of a plan."""

import hashlib
import os
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path

from tui_app.images.items import Item, Plan, Standing, temporary_folder
from tui_app.images.journal import (
    JOURNAL,
    Begun,
    JournalError,
    Made,
    Reader,
    Stamp,
    stamp,
)
from tui_app.images.opening import reason
from tui_app.images.reduction import way_of
from tui_app.language import N_, NN_, _, counted

PIXELS = 3
"""Rises when a recipe comes to give other pixels than before: outputs are then made again."""

_STANDING_IN_WORDS = {
    Standing.NOTHING: "",
    Standing.DONE: N_("done already, on {date}"),
    Standing.BEGUN: N_("begun and not finished"),
    Standing.OLD_SOURCE: N_("its source has changed since"),
    Standing.OLD_RECIPE: N_("it was made in another way"),
    Standing.CHANGED: N_("its output was changed since it was made"),
    Standing.FOREIGN: N_("its output exists already"),
}


def describe_standing(item: Item) -> str:
    """Return in a few words what stands under an image's output; nothing where nothing does."""
    date = time.strftime("%Y-%m-%d %H:%M", time.localtime(item.done_at))
    return _(_STANDING_IN_WORDS[item.standing]).format(date=date)


def recipe_mark(plan: Plan, written: str) -> str:
    """Return a digest of all that decides what an output is, besides its source.

    Args:
        plan: The plan.
        written: Pillow format of the output.
    """
    values = asdict(plan.recipe)
    # What a recipe is called changes nothing.
    del values["name"], values["title"]
    way = way_of(plan.recipe, plan.exact)
    text = repr((PIXELS, sorted(values.items()), written, plan.keep_dates, str(way)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def source_names(plan: Plan) -> Callable[[Item], str]:
    """Return what tells an image's path from the output folder on."""
    from_output = cache(lambda root: os.path.relpath(root, plan.output))
    return lambda item: f"{from_output(item.root)}/{item.name}"


def with_standing(plan: Plan) -> Plan:
    """Return the plan with what stands under the name of each output, and notes about it.

    A journal that cannot be read leaves every output that stands there somebody's own.
    """
    known = _Known(plan)
    notes: list[str] = []
    reader = Reader(Path(temporary_folder(plan), JOURNAL))
    try:
        for line in reader.lines():
            known.take(line)
        if reader.unread:
            notes.append(
                counted(
                    reader.unread,
                    "{n} line of the journal is torn or not ours: it is read past",
                    "{n} lines of the journal are torn or not ours: they are read past",
                )
            )
    except JournalError:
        known = _Known(plan)
        notes.append(
            _("the journal is of another version of procession: nothing counts as done before")
        )
    except OSError as error:
        known = _Known(plan)
        notes.append(
            _("the journal cannot be read, so nothing counts as done before: {reason}").format(
                reason=reason(error)
            )
        )
    found = replace(plan, items=plan.items.standing(known.standings()))
    return replace(found, notes=(*found.notes, *notes, *_notes(found)))


@dataclass
class _Known:
    """What the journal's lines come to, for the outputs of a plan.

    Each line is compared at once and then forgotten: a journal may have 100,000 of them.
    """

    plan: Plan
    _source: Callable[[Item], str] = field(init=False)
    _mark: Callable[[str], str] = field(init=False)
    _begun: dict[int, Stamp | None] = field(init=False, default_factory=dict)
    _made: list[Standing] = field(init=False)
    _made_at: "array[int]" = field(init=False)

    def __post_init__(self) -> None:
        self._source = source_names(self.plan)
        self._mark = cache(lambda written: recipe_mark(self.plan, written))
        count = len(self.plan.items)
        self._made, self._made_at = [Standing.FOREIGN] * count, array("q", bytes(8 * count))

    @cached_property
    def _places(self) -> dict[str, int]:
        """Where the image of each output is; most folders have no journal that asks."""
        return {self.plan.output_name(item): place for place, item in enumerate(self.plan.items)}

    def take(self, line: object) -> None:
        """Take one line of the journal; the later one counts."""
        place = self._places.get(getattr(line, "output", ""))
        if place is None:
            return
        if isinstance(line, Begun):
            self._begun[place] = line.over
            return
        self._begun.pop(place, None)
        if isinstance(line, Made):
            self._made[place] = self._compared(self.plan.items[place], line)
            self._made_at[place] = line.at

    def _compared(self, item: Item, made: Made) -> Standing:
        if stamp(self.plan.output_of(item)) != made.stamp:
            return Standing.CHANGED
        if made.source != self._source(item) or stamp(item.source, follow=True) != made.of:
            return Standing.OLD_SOURCE
        if made.recipe != self._mark(item.format):
            return Standing.OLD_RECIPE
        return Standing.DONE

    def standings(self) -> Iterator[tuple[Standing, int]]:
        """Yield what stands there now for each of the plan's images, and when it was done."""
        for place, item in enumerate(self.plan.items):
            there = stamp(self.plan.output_of(item))
            if there is None:
                standing = Standing.NOTHING
            # What stood there before it was begun still stands there: it never came to it.
            elif place in self._begun and self._begun[place] != there:
                standing = Standing.BEGUN
            else:
                standing = self._made[place]
            yield standing, self._made_at[place] if standing is Standing.DONE else 0


_MADE_AGAIN = (
    (
        Standing.BEGUN,
        NN_(
            "{n} image begun before and not finished: made again",
            "{n} images begun before and not finished: made again",
        ),
    ),
    (
        Standing.OLD_SOURCE,
        NN_(
            "{n} image whose source has changed since: made again",
            "{n} images whose sources have changed since: made again",
        ),
    ),
    (
        Standing.OLD_RECIPE,
        NN_(
            "{n} image made in another way before: made again",
            "{n} images made in another way before: made again",
        ),
    ),
)
_LEFT_ALONE = (
    (
        Standing.FOREIGN,
        NN_(
            "{n} output left alone, not made by procession: --overwrite replaces it",
            "{n} outputs left alone, not made by procession: --overwrite replaces them",
        ),
    ),
    (
        Standing.CHANGED,
        NN_(
            "{n} output left alone, changed since it was made: --overwrite replaces it",
            "{n} outputs left alone, changed since they were made: --overwrite replaces them",
        ),
    ),
)


def _notes(plan: Plan) -> Iterator[str]:
    if plan.done:
        yield counted(
            len(plan.done),
            "{n} image done already: --fresh makes it again",
            "{n} images done already: --fresh makes them again",
        )
    for items, told in ((plan.todo, _MADE_AGAIN), (plan.existing, _LEFT_ALONE)):
        standings = Counter(item.standing for item in items)
        for standing, (one, many) in told:
            if number := standings[standing]:
                yield counted(number, one, many)
