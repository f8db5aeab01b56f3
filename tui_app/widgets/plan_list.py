"""A plan to look at before it runs: what is found, what is made of it, what should be known."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical

from tui_app.images.plan import Item, Plan, Standing, UnusableSource
from tui_app.images.planner import PlanFigures
from tui_app.images.recipe import Recipe
from tui_app.images.reduction import WAYS_IN_WORDS, Way, way_of
from tui_app.language import N_, _, counted, grouped, in_bytes
from tui_app.runs.formatting import byte_size, folder_title, safe, shorten
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.base.table import RowTable

MOST_ROWS = 200
"""Rows of the table: nobody reads 100,000 images, and the counts are above it."""

NAME_CELLS, BECOMES_CELLS = 26, 25

OPTIONS = {"--fresh": N_("Fresh"), "--overwrite": N_("Overwrite"), "-o": N_("Output")}
"""Options of the command line that sentences name, and what in the form does the same."""

_OPTION = re.compile(rf"(?<!\S)({'|'.join(OPTIONS)})(?![\w-])")


class PlanList(Vertical, Localized):
    """Headline, notes and table of a plan; or a sentence in its place."""

    DEFAULT_CSS = """
    PlanList {
        #plan-head { height: auto; padding: 0 1; text-style: bold; }
        #plan-notes { height: auto; max-height: 4; padding: 0 1; color: $text-warning; }
        &.-wrong #plan-head { color: $text-error; }
        &.-wrong RowTable { display: none; }
    }
    """

    _shown: tuple[Plan, PlanFigures] | None = None
    _estimate = ""

    def __init__(self) -> None:
        super().__init__()
        # Held here: a plan may come while the list is being mounted or removed.
        self._head = PlainText(id="plan-head")
        self._notes = PlainText(id="plan-notes")
        self._table = RowTable()

    def compose(self) -> ComposeResult:
        """Yield the headline, the notes, the table."""
        yield from (self._head, self._notes, self._table)

    def update_texts(self) -> None:
        """Head the columns, and show the plan again."""
        # The images are in the order of their pixels.
        pixels = _("Pixels")
        self._table.set_columns(
            (_("Image"), NAME_CELLS),
            (f"{pixels} ▼", 11),
            (_("Size"), 7),
            (_("Becomes"), BECOMES_CELLS),
        )
        if self._shown is not None:
            self.show(*self._shown)

    def show_sentence(self, sentence: str, *, wrong: bool = False) -> None:
        """Show in a plan's place that it is being made, or why (`wrong`) it cannot be."""
        self._shown, self._estimate = None, ""
        self.set_class(wrong, "-wrong")
        self._head.update(safe(for_form(sentence)))
        self._notes.update("")
        self._table.clear()

    def show(self, plan: Plan, figures: PlanFigures) -> None:
        """Show a plan, and what it comes to."""
        self.show_sentence(_headline(plan, figures))
        self._shown = plan, figures
        self._tell_notes()
        if self._table.columns:
            self._table.add_rows(_row(plan, item) for item in plan.items[:MOST_ROWS])
            self._table.add_rows(_unusable_row(flaw) for flaw in plan.flaws[:MOST_ROWS])

    @property
    def chosen(self) -> int:
        """The index of the chosen row in the plan; from the number of its images on, no image."""
        return max(0, self._table.cursor_row)

    def tell_estimate(self, sentence: str) -> None:
        """Tell what the outputs will take, before the notes; nothing where no plan is shown."""
        if self._shown is not None:
            self._estimate = sentence
            self._tell_notes()

    def _tell_notes(self) -> None:
        assert self._shown is not None
        notes = [self._estimate] if self._estimate else []
        self._notes.update(safe("; ".join([*notes, *_notes(*self._shown)])))


def _headline(plan: Plan, figures: PlanFigures) -> str:
    folder = folder_title(plan.output)
    if not figures.images:
        return _("Nothing to do → {folder}").format(folder=folder)
    parts = [counted(figures.images, "{n} image", "{n} images")]
    if figures.megapixels:
        parts += [f"{grouped(figures.megapixels)} MP", *_way(plan.recipe)]
        parts.append(_("about {bytes} of output").format(bytes=in_bytes(figures.likely)))
    return f"{', '.join(parts)} → {folder}"


def _way(recipe: Recipe) -> Iterator[str]:
    """Yield how it is computed, where a person can choose that."""
    way = way_of(recipe)
    if way is Way.FAST or recipe.exact:
        yield _(WAYS_IN_WORDS[way])


def for_form(sentence: str) -> str:
    """Return a sentence that names what is in the form, instead of the command line's options."""
    return _OPTION.sub(lambda found: f'"{_(OPTIONS[found[1]])}"', sentence)


def _notes(plan: Plan, figures: PlanFigures) -> Iterator[str]:
    if plan.recipe.changes:
        yield plan.recipe.heading
    for note in plan.notes:
        yield for_form(note)
    if figures.unreadable:
        yield counted(
            figures.unreadable,
            "{n} image cannot be read, and will fail",
            "{n} images cannot be read, and will fail",
        )
    if plan.flaws:
        yield counted(
            len(plan.flaws),
            "{n} file or folder cannot be looked into, and fails: {name}, {reason}",
            "{n} files or folders cannot be looked into, and fail: {name}, {reason}, …",
            name=plan.flaws[0].name,
            reason=plan.flaws[0].reason,
        )
    if plan.ignored:
        yield counted(plan.ignored, "{n} other file left out", "{n} other files left out")
    if len(plan.items) > MOST_ROWS:
        sentence = _("the first {shown} of {all} are listed")
        yield sentence.format(shown=MOST_ROWS, all=grouped(len(plan.items)))


def _row(plan: Plan, item: Item) -> tuple[Text, Text, Text, Text]:
    pixels = f"{item.width}x{item.height}" if item.width else _("unreadable")
    return (
        Text(shorten(safe(item.name), NAME_CELLS)),
        Text(pixels, justify="right"),
        Text(byte_size(item.bytes), justify="right"),
        Text(_output(plan, item)),
    )


def _unusable_row(flaw: UnusableSource) -> tuple[Text, Text, Text, Text]:
    name = Text(shorten(safe(flaw.name), NAME_CELLS))
    return name, Text(_("unreadable"), justify="right"), Text(), Text(_("fails"))


def _output(plan: Plan, item: Item) -> str:
    """Return the output's name, and what happens to the file that has it already."""
    name, state = safe(item.output_name), ""
    if item.exists:
        state = f", {_becomes(plan, item)}"
    return shorten(name, BECOMES_CELLS - cell_len(state)) + state


def _becomes(plan: Plan, item: Item) -> str:
    """Return a word for what happens to the file that has the output's name already."""
    if not plan.is_todo(item):
        return _("done") if item.standing is Standing.DONE else _("exists")
    replaced = item.standing.is_theirs or item.standing is Standing.OTHER_RECIPE
    return _("replaced") if replaced else _("again")
