"""What stands in the output folder before a run, and what that means for each image of a plan."""

import hashlib
import os
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import cache, cached_property

from tui_app.files.error_words import reason
from tui_app.files.folder import Folder, Stamp, stamp_at
from tui_app.images.output.hidden import find
from tui_app.images.output.journal import (
    Begun,
    Failed,
    ForeignJournalError,
    JournalError,
    JournalReader,
    Line,
    Made,
)
from tui_app.images.plan import Found, Item, Plan, Standing
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


def foretold(plan: Plan) -> Plan:
    """Return the plan with what stands now under the name of each output, and notes about it.

    A run looks again, when the output folder is its own.
    """
    try:
        root = Folder.open(plan.output)
    except OSError:
        return plan
    with root:
        hidden = find(root)
        try:
            return with_standing(plan, root, hidden.folder, hidden.notes)
        finally:
            if hidden.folder is not None:
                hidden.folder.close()


def with_standing(
    plan: Plan, root: Folder, hidden: Folder | None, notes: tuple[str, ...] = ()
) -> Plan:
    """Return the plan with what stands under the name of each output, and notes about it.

    A journal that cannot be read leaves every output that stands there somebody's own.

    Args:
        plan: The plan.
        root: Its output folder.
        hidden: The hidden folder in it, with the journal; None where there is none.
        notes: What there is to say of the hidden folder.
    """
    known = _Known(plan, root)
    said = list(notes)
    if hidden is not None:
        reader = JournalReader(hidden, root.status)
        why = _taken(known, reader)
        if why:
            known = _Known(plan, root)
            said.append(why)
        elif reader.unread:
            said.append(
                counted(
                    reader.unread,
                    "{n} line of the journal is torn or not ours: it is read past",
                    "{n} lines of the journal are torn or not ours: they are read past",
                )
            )
    found = replace(plan, items=plan.items.standing(known.found()))
    return replace(found, standings=(*said, *_notes(found)))


def _taken(known: "_Known", reader: JournalReader) -> str:
    """Take all that a journal says; return why nothing of it counts, or nothing where it does."""
    try:
        for line in reader.lines():
            known.take(line)
    except JournalError:
        return _("the journal is of another version of procession: nothing counts as done before")
    except ForeignJournalError:
        return _("the journal was not written by you alone, so nothing counts as done before")
    except OSError as error:
        return _("the journal cannot be read, so nothing counts as done before: {reason}").format(
            reason=reason(error)
        )
    return ""


@dataclass
class _Known:
    """What the journal's lines come to, for the outputs of a plan.

    Each line is compared at once and then forgotten: a journal may have 100,000 of them.
    """

    plan: Plan
    root: Folder
    _source: Callable[[Item], str] = field(init=False)
    _mark: Callable[[str], str] = field(init=False)
    _begun: set[int] = field(init=False, default_factory=set)
    _made: list[Standing] = field(init=False)
    _before: dict[int, Standing] = field(init=False, default_factory=dict)
    """What it was before the last line of its making, which may have come to nothing."""
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

    def take(self, line: Line) -> None:
        """Take one line of the journal; of those that tell of what stands there the last counts."""
        place = self._places.get(line.output)
        if place is None:
            return
        match line:
            case Begun():
                self._begun.add(place)
                self._before.pop(place, None)
            case Made():
                self._begun.discard(place)
                self._take_made(place, line)
            case Failed():
                self._begun.discard(place)
                self._made[place] = self._before.pop(place, self._made[place])

    def _take_made(self, place: int, made: Made) -> None:
        item = self.plan.items[place]
        if self._there(item) == made.stamp:
            self._made[place] = self._compared(item, made)
            self._made_at[place] = made.at
        elif self._made[place] is Standing.FOREIGN:
            self._before[place] = Standing.FOREIGN
            self._made[place] = Standing.CHANGED

    def _there(self, item: Item) -> Stamp | None:
        return stamp_at(self.plan.output_name(item), folder=self.root)

    def _compared(self, item: Item, made: Made) -> Standing:
        if made.source != self._source(item) or stamp_at(item.source, follow=True) != made.of:
            return Standing.OLD_SOURCE
        if made.recipe != self._mark(item.format):
            return Standing.OLD_RECIPE
        return Standing.DONE

    def found(self) -> Iterator[Found]:
        """Yield what stands there now for each of the plan's images."""
        for place, item in enumerate(self.plan.items):
            there = self._there(item)
            if there is None:
                yield Found(Standing.BEGUN if place in self._begun else Standing.NOTHING)
            else:
                standing = self._made[place]
                at = self._made_at[place] if standing is Standing.DONE else 0
                yield Found(standing, at, there)


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
