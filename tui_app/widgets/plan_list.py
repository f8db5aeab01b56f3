"""A plan to look at before it runs: what is found, what is made of it, what should be known."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical

from tui_app.images.plan import Item, Plan, Standing, UnusableSource
from tui_app.images.reduction import WAYS_IN_WORDS, way_of
from tui_app.language import _, counted, grouped
from tui_app.runs.formatting import byte_size, folder_title, safe, shorten
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.base.table import RowTable

MOST_ROWS = 200
"""Rows of the table: nobody reads 100,000 images, and the counts are above it."""

NAME_CELLS = 34


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

    _plan: Plan | None = None

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
        self._table.set_columns(
            (_("Image"), NAME_CELLS), (_("Pixels"), 11), (_("Size"), 7), (_("Becomes"), 16)
        )
        if self._plan is not None:
            self.show(self._plan)

    def show_sentence(self, sentence: str, *, wrong: bool = False) -> None:
        """Show in a plan's place that it is being made, or why (`wrong`) it cannot be."""
        self._plan = None
        self.set_class(wrong, "-wrong")
        self._head.update(safe(sentence))
        self._notes.update("")
        self._table.clear()

    def show(self, plan: Plan) -> None:
        """Show a plan."""
        self.show_sentence(_headline(plan))
        self._plan = plan
        self._notes.update(safe("; ".join(_notes(plan))))
        if self._table.columns:
            self._table.add_rows(_row(plan, item) for item in plan.items[:MOST_ROWS])
            self._table.add_rows(_unusable_row(flaw) for flaw in plan.flaws[:MOST_ROWS])


def _headline(plan: Plan) -> str:
    folder = folder_title(plan.output)
    todo = plan.todo
    if not todo:
        return _("Nothing to do → {folder}").format(folder=folder)
    return counted(
        len(todo),
        "{n} image, {megapixels} MP, {way} → {folder}",
        "{n} images, {megapixels} MP, {way} → {folder}",
        megapixels=grouped(sum(item.megapixels for item in todo)),
        way=_(WAYS_IN_WORDS[way_of(plan.recipe)]),
        folder=folder,
    )


def _notes(plan: Plan) -> Iterator[str]:
    yield from plan.notes
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
        Text(f"{item.format}, {_becomes(plan, item)}" if item.exists else item.format),
    )


def _unusable_row(flaw: UnusableSource) -> tuple[Text, Text, Text, Text]:
    name = Text(shorten(safe(flaw.name), NAME_CELLS))
    return name, Text(_("unreadable"), justify="right"), Text(), Text(_("fails"))


def _becomes(plan: Plan, item: Item) -> str:
    """Return a word for what happens to the file that has the output's name already."""
    if not plan.is_todo(item):
        return _("done") if item.standing is Standing.DONE else _("exists")
    return _("replaced") if item.standing.is_theirs else _("again")
