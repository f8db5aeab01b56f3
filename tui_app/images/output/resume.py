"""What stands in the output folder before a run, and what that means for each image of a plan."""

import hashlib
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import cache, cached_property, partial
from os.path import relpath

from tui_app.files.error_words import reason
from tui_app.files.folder import Folder, Stamp, stamp_at
from tui_app.images.output.hidden import ForeignFileError, open_existing
from tui_app.images.output.journal import Journal
from tui_app.images.output.journal_lines import Begun, Failed, JournalError, JournalLine, Made
from tui_app.images.output.store_journal import StoreJournal
from tui_app.images.plan import Found, Item, Plan, Standing
from tui_app.images.recipe import NOTHING
from tui_app.images.reduction import way_of
from tui_app.language import N_, NN_, _, counted
from tui_app.stores.opening import store_of
from tui_app.stores.urls import is_url

PIXELS = 3
"""Rises when a recipe comes to give other pixels than before: outputs are then made again."""

_COPIED, _ANIMATED = "copied", "animated"
"""Of recipes that leave pixels as they are coded, which were encoded anew before; and of
animations, of which only the first frame was kept before."""

_STANDING_IN_WORDS = {
    Standing.NOTHING: "",
    Standing.DONE: N_("done already, on {date}"),
    Standing.BEGUN: N_("begun and not finished"),
    Standing.OLD_SOURCE: N_("its source has changed since"),
    Standing.OLD_RECIPE: N_("it was made in another way"),
    Standing.OTHER_RECIPE: N_("it was made by another recipe"),
    Standing.CHANGED: N_("its output was changed since it was made"),
    Standing.FOREIGN: N_("its output exists already"),
}


def describe_standing(item: Item) -> str:
    """Return in a few words what stands under an image's output; nothing where nothing does."""
    date = time.strftime("%Y-%m-%d %H:%M", time.localtime(item.done_at))
    return _(_STANDING_IN_WORDS[item.standing]).format(date=date)


_ALWAYS = ("blur", "fit", "grayscale", "sharpen", "format", "quality", "metadata")
"""Keys of a recipe that always count in its mark.

A later one counts where its value does something, so that what was made before it is still good."""

_ELSEWHERE = ("name", "title", "exact", "changes", "frames")
"""Fields that change no output, or are in the mark as the way that is taken and as `animated`."""


def recipe_mark(plan: Plan, written: str, *, animated: bool = False) -> str:
    """Return a digest of all that decides what an output in a Pillow format is, but its source.

    `animated` tells whether it has all frames of an animation: earlier versions kept the first.
    """
    recipe = plan.recipe
    values = {
        key: value
        for key, value in asdict(recipe).items()
        if key in _ALWAYS or (key not in _ELSEWHERE and value != getattr(NOTHING, key))
    }
    if not recipe.copies:
        # Where pixels are worked on, they are turned upright anyway.
        values.pop("upright", None)
    if plan.min_savings is not None:
        values["min_savings"] = plan.min_savings
    way = way_of(plan.recipe)
    pixels: object = (PIXELS, _COPIED) if plan.recipe.copies else PIXELS
    pixels = (pixels, _ANIMATED) if animated else pixels
    text = repr((pixels, sorted(values.items()), written, plan.keep_dates, str(way)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def origins(plan: Plan) -> Callable[[Item], str]:
    """Return a function that gives an image's path from the output folder on.

    Where one of both is in a store, it is the image's own path or URL.
    """
    if is_url(plan.output):
        return lambda item: item.source
    from_output = cache(lambda root: relpath(root, plan.output))
    return lambda item: (
        item.source if is_url(item.root) else f"{from_output(item.root)}/{item.name}"
    )


def foretold(plan: Plan) -> Plan:
    """Return the plan with what stands now under the name of each output, and notes about it.

    A run looks again, when the output folder is its own.

    Raises:
        StoreError: The output is in a store that cannot be read.
    """
    if is_url(plan.output):
        return standing_in_store(plan)
    try:
        with open_existing(plan.output) as (root, hidden):
            return with_standing(plan, root, hidden.folder, hidden.notes)
    except OSError:
        return plan


def with_standing(
    plan: Plan, root: Folder, hidden: Folder | None, notes: tuple[str, ...] = ()
) -> Plan:
    """Return the plan with what stands under the name of each output, and notes about it.

    With a journal that cannot be read, every output that stands there counts as somebody's own.

    Args:
        plan: The plan.
        root: Its output folder.
        hidden: The hidden folder in it, with the journal; None where there is none.
        notes: Sentences about the hidden folder.
    """
    journal = None if hidden is None else Journal(hidden, root.status)
    return _standing(plan, lambda name: stamp_at(name, folder=root), journal, notes)


def standing_in_store(plan: Plan) -> Plan:
    """Return the plan with what stands in a store under the name of each output, and notes.

    Raises:
        StoreError: The store cannot be read.
    """
    store, name = store_of(plan.output)
    entries, _below = store.entries(name, recursive=True)
    stamps = {entry.name: entry.stamp for entry in entries}
    return _standing(plan, stamps.get, StoreJournal(plan.output), ())


def _standing(
    plan: Plan,
    there: Callable[[str], Stamp | None],
    journal: Journal | StoreJournal | None,
    notes: tuple[str, ...],
) -> Plan:
    """See `with_standing`; `there` returns the stamp of what stands under an output's name."""
    known = _Known(plan, there)
    said = list(notes)
    if journal is not None:
        why = _taken(known, journal)
        if why:
            known = _Known(plan, there)
            said.append(why)
        elif journal.unread:
            said.append(
                counted(
                    journal.unread,
                    "{n} line of the journal is torn or not ours: it is ignored",
                    "{n} lines of the journal are torn or not ours: they are ignored",
                )
            )
    found = replace(plan, items=plan.items.standing(known.found()))
    return replace(found, standings=(*said, *_notes(found)))


def _taken(known: "_Known", journal: Journal | StoreJournal) -> str:
    """Take all that a journal says; return why nothing of it counts, or nothing where it does."""
    try:
        for line in journal.lines():
            known.take(line)
    except JournalError:
        return _("the journal is of another version of procession: nothing counts as done before")
    except ForeignFileError:
        return _("the journal was not written by you alone, so nothing counts as done before")
    except OSError as error:
        return _("the journal cannot be read, so nothing counts as done before: {reason}").format(
            reason=reason(error)
        )
    return ""


class _Known:
    """What the journal's lines come to, for the outputs of a plan.

    Each line is compared at once and then forgotten: a journal may have 100,000 of them.
    """

    def __init__(self, plan: Plan, there: Callable[[str], Stamp | None]) -> None:
        self._plan, self._there = plan, there
        # A store's journal tells of an output only when that stands there.
        self._late = is_url(plan.output)
        self._origin = origins(plan)
        self._mark = cache(partial(recipe_mark, plan))
        count = len(plan.items)
        self._begun: set[int] = set()
        self._made = [Standing.FOREIGN] * count
        self._made_at = array("q", bytes(8 * count))
        # Standings before the last line of a making, which may have come to nothing.
        self._before: dict[int, Standing] = {}

    @cached_property
    def _places(self) -> dict[str, int]:
        """Place of the image of each output; most folders have no journal that needs them."""
        return {item.output_name: place for place, item in enumerate(self._plan.items)}

    def take(self, line: JournalLine) -> None:
        """Take the next line of the journal; the last that tells of what stands there counts."""
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
        item = self._plan.items[place]
        if self._there(item.output_name) == made.stamp:
            self._made[place] = self._compared(item, made)
            self._made_at[place] = made.at
        elif self._made[place] is Standing.FOREIGN:
            self._before[place] = Standing.FOREIGN
            self._made[place] = Standing.CHANGED

    def _compared(self, item: Item, made: Made) -> Standing:
        is_same = made.recipe == self._mark(item.format, animated=item.animated)
        # Lines of earlier versions do not have the name.
        if not is_same and made.by not in ("", self._plan.recipe.name):
            return Standing.OTHER_RECIPE
        of = item.of or stamp_at(item.source, follow=True)
        if made.source != self._origin(item) or of != made.of:
            return Standing.OLD_SOURCE
        return Standing.DONE if is_same else Standing.OLD_RECIPE

    def found(self) -> Iterator[Found]:
        """Yield what stands there now for each of the plan's images."""
        for place, item in enumerate(self._plan.items):
            there = self._there(item.output_name)
            begun = place in self._begun
            if there is None:
                yield Found(Standing.BEGUN if begun else Standing.NOTHING)
            elif begun and self._late and self._made[place].is_theirs:
                # Perhaps its worker died before the line. If it is another's, it is not replaced.
                yield Found(Standing.BEGUN)
            else:
                standing = self._made[place]
                at = self._made_at[place] if standing is Standing.DONE else 0
                yield Found(standing, at, there)


_MADE_AGAIN = {
    Standing.BEGUN: NN_(
        "{n} image begun before and not finished: made again",
        "{n} images begun before and not finished: made again",
    ),
    Standing.OLD_SOURCE: NN_(
        "{n} image whose source has changed since: made again",
        "{n} images whose sources have changed since: made again",
    ),
    Standing.OLD_RECIPE: NN_(
        "{n} image made in another way before: made again",
        "{n} images made in another way before: made again",
    ),
    Standing.OTHER_RECIPE: NN_(
        "{n} output of another recipe: replaced", "{n} outputs of another recipe: replaced"
    ),
}
_LEFT_ALONE = {
    Standing.FOREIGN: NN_(
        "{n} output left alone, not made by procession: --overwrite replaces it",
        "{n} outputs left alone, not made by procession: --overwrite replaces them",
    ),
    Standing.CHANGED: NN_(
        "{n} output left alone, changed since it was made: --overwrite replaces it",
        "{n} outputs left alone, changed since they were made: --overwrite replaces them",
    ),
}


def _notes(plan: Plan) -> Iterator[str]:
    if plan.done:
        yield counted(
            len(plan.done),
            "{n} image done already: --fresh makes it again",
            "{n} images done already: --fresh makes them again",
        )
    for items, told in ((plan.todo, _MADE_AGAIN), (plan.existing, _LEFT_ALONE)):
        standings = Counter(item.standing for item in items)
        for standing, (one, many) in told.items():
            if number := standings[standing]:
                yield counted(number, one, many)
