"""A plan to look at before it runs: what is found, what becomes of it, what should be known."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import DataTable, Static

from tui_app.images.plan import Item, Plan, Standing, UnusableSource
from tui_app.images.reduction import WAYS_IN_WORDS, way_of
from tui_app.language import _, counted, grouped
from tui_app.runs.formatting import folder_title, safe, shorten, size
from tui_app.widgets.base.localized import Localized

MOST_ROWS = 200
"""Rows of the table: a plan of 100,000 images is for the counts above it, not for reading."""

NAME_CELLS = 34


class PlanList(Vertical, Localized):
    """Headline, notes and table of a plan; or why there is none."""

    DEFAULT_CSS = """
    PlanList {
        #plan-head { height: auto; padding: 0 1; text-style: bold; }
        #plan-notes { height: auto; max-height: 4; padding: 0 1; color: $text-warning; }
        DataTable { height: 1fr; overflow-x: hidden; background: transparent; }
        DataTable { scrollbar-size-vertical: 1; }
        &.-wrong #plan-head { color: $text-error; }
        &.-wrong DataTable { display: none; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._plan: Plan | None = None
        # Held, not looked up: a plan may come while this is being put up or taken down.
        self._head = Static("", id="plan-head", markup=False)
        self._notes = Static("", id="plan-notes", markup=False)
        self._table: DataTable[Text] = DataTable(cursor_type="row", cell_padding=1)

    def compose(self) -> ComposeResult:
        """The headline, the notes, the table."""
        yield from (self._head, self._notes, self._table)

    def speak(self) -> None:
        """Heads the columns, and shows the plan again: a table keeps its columns' heads."""
        table = self._table
        table.clear(columns=True)
        table.add_column(_("Image"), width=NAME_CELLS)
        table.add_column(_("Pixels"), width=11)
        table.add_column(_("Size"), width=7)
        table.add_column(_("Becomes"), width=16)
        if self._plan is not None:
            self.show(self._plan)

    def say(self, sentence: str, *, wrong: bool = False) -> None:
        """Shows a sentence in a plan's place: that it is being made, or why it cannot be."""
        self._plan = None
        self.set_class(wrong, "-wrong")
        self._head.update(safe(sentence))
        self._notes.update("")
        self._table.clear()

    def show(self, plan: Plan) -> None:
        """Shows a plan."""
        todo = plan.todo
        megapixels = sum(item.megapixels for item in todo)
        folder = folder_title(plan.output)
        if todo:
            head = counted(
                len(todo),
                "{n} image, {megapixels} MP, {way} → {folder}",
                "{n} images, {megapixels} MP, {way} → {folder}",
                megapixels=grouped(megapixels),
                way=_(WAYS_IN_WORDS[way_of(plan.recipe)]),
                folder=folder,
            )
        else:
            head = _("Nothing to do → {folder}").format(folder=folder)
        self.say(head)
        self._plan = plan
        notes = list(plan.notes)
        if plan.flaws:
            notes.append(
                counted(
                    len(plan.flaws),
                    "{n} file or folder cannot be looked into, and fails: {name}, {reason}",
                    "{n} files or folders cannot be looked into, and fail: {name}, {reason}, …",
                    name=plan.flaws[0].name,
                    reason=plan.flaws[0].reason,
                )
            )
        if plan.ignored:
            notes.append(
                counted(plan.ignored, "{n} other file left out", "{n} other files left out")
            )
        if len(plan.items) > MOST_ROWS:
            notes.append(
                _("the first {shown} of {all} are listed").format(
                    shown=MOST_ROWS, all=grouped(len(plan.items))
                )
            )
        self._notes.update(safe("; ".join(notes)))
        if self._table.columns:
            self._table.add_rows(_row(plan, item) for item in plan.items[:MOST_ROWS])
            self._table.add_rows(_flawed(flaw) for flaw in plan.flaws[:MOST_ROWS])


def _row(plan: Plan, item: Item) -> tuple[Text, Text, Text, Text]:
    pixels = f"{item.width}x{item.height}" if item.width else _("unreadable")
    becomes = item.format
    if item.exists:
        becomes = f"{item.format}, {_becomes(plan, item)}"
    return (
        Text(shorten(safe(item.name), NAME_CELLS)),
        Text(pixels, justify="right"),
        Text(size(item.bytes), justify="right"),
        Text(becomes),
    )


def _flawed(flaw: UnusableSource) -> tuple[Text, Text, Text, Text]:
    name = Text(shorten(safe(flaw.name), NAME_CELLS))
    return name, Text(_("unreadable"), justify="right"), Text(), Text(_("fails"))


def _becomes(plan: Plan, item: Item) -> str:
    """What becomes of what stands under an output's name, in a word."""
    if not plan.is_todo(item):
        return _("done") if item.standing is Standing.DONE else _("exists")
    return _("replaced") if item.standing.is_theirs else _("again")
