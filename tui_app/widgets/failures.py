"""What failed, by step and reason; a group opens to its names, and the reason is whole below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.coordinate import Coordinate
from textual.message import Message

from tui_app.language import _
from tui_app.runs.failure_groups import FailureGroup, FailureGroups, and_more
from tui_app.runs.formatting import safe, shorten
from tui_app.runs.phrases import count_tasks
from tui_app.runs.view import Failure, Snapshot
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.localized import Localized
from tui_app.widgets.base.table import RowTable

MOST_ROWS = 5_000
"""Rows of the table; further names are counted, and are in the log and in a report."""

MOST_REASON_ROWS = 3
"""Rows of the whole reason below the table."""

NAME_CELLS, STEP_CELLS, REASON_CELLS = 28, 9, 120

HEAD, REST = -1, -2
"""In the place of a failure's number in its group: the row of the group, and that of its rest."""

Place = tuple[int, int]
"""What a row shows: the number of its group, and that of the failure there, `HEAD` or `REST`."""


class Failures(Vertical, Localized):
    """The failures of a run, in groups; each group is in the place of its first failure."""

    DEFAULT_CSS = """
    Failures #reason { height: auto; min-height: 2; max-height: 3; padding: 0 1; }
    """

    @dataclass
    class Resized(Message):
        """A group was opened or closed: `needed` is another one."""

    _failures: Sequence[Failure] = ()
    _taken = 0
    """The failures that are in the groups."""
    _kind = ""

    def __init__(self) -> None:
        super().__init__()
        self._groups = FailureGroups()
        self._opened: set[int] = set()
        self._rows: list[Place] = []
        self._names: dict[int, int] = {}
        """How many names an opened group shows."""

    def compose(self) -> ComposeResult:
        """Yield the table, and the whole reason."""
        yield RowTable()
        yield PlainText(id="reason")

    def update_texts(self) -> None:
        """Head the columns, and list the failures again."""
        self.query_one(RowTable).set_columns(
            (_("Failed"), NAME_CELLS), (_("Step"), STEP_CELLS), (_("Reason"), REASON_CELLS)
        )
        self._rows = []
        self._list()

    def show(self, snapshot: Snapshot) -> None:
        """Take in the new failures; another run begins a new list."""
        if snapshot.failures is not self._failures:
            self._failures, self._taken, self._kind = snapshot.failures, 0, snapshot.kind
            self._groups, self._opened = FailureGroups(), set()
            self._clear()
            self._explain(None)
        if self._taken < len(self._failures):
            self._list()

    @property
    def needed(self) -> int:
        """Rows of the heading, of all groups and opened names, and of the reason below them."""
        return 1 + len(self._rows) + MOST_REASON_ROWS

    def focus_table(self) -> None:
        """Let the arrows move in the list, and enter open a group."""
        self.query_one(RowTable).focus()

    def _clear(self) -> None:
        self._rows = []
        self.query_one(RowTable).clear()

    def _list(self) -> None:
        """List what is new; only where that is not at the end, list all again."""
        table = self.query_one(RowTable)
        if not table.columns:
            return
        grown = {id(self._groups.take(one)) for one in self._failures[self._taken :]}
        self._taken = len(self._failures)
        wanted = list(islice(self._places(), MOST_ROWS + len(self._opened)))
        known, chosen = len(self._rows), self._place()
        if wanted[:known] != self._rows:
            self._clear()
            known = 0
        for row, place in enumerate(wanted[:known]):
            if place[1] < 0 and id(self._groups[place[0]]) in grown:
                for column, cell in enumerate(self._cells(place)):
                    table.update_cell_at(Coordinate(row, column), cell)
        for place in wanted[known:]:
            table.add_row(*self._cells(place))
        self._rows = wanted
        if not known and chosen in wanted:
            table.move_cursor(row=wanted.index(chosen))
        self._explain(self._place())

    def _places(self) -> Iterator[Place]:
        """Yield what the rows show."""
        left = MOST_ROWS - len(self._groups)
        for number, group in enumerate(self._groups):
            if len(group.failures) == 1:
                yield number, 0
                continue
            yield number, HEAD
            if number in self._opened:
                shown = self._names[number] = min(len(group.failures), max(1, left))
                yield from ((number, one) for one in range(shown))
                left -= shown
                if shown < len(group.failures):
                    yield number, REST

    def _cells(self, place: Place) -> tuple[Text, Text, Text]:
        group, number = self._groups[place[0]], place[1]
        step, reason = Text(group.step), Text(safe(group.reason))
        if number == HEAD:
            mark = "▼" if place[0] in self._opened else "▶"
            images = count_tasks(self._kind, len(group.failures))
            return Text(f"{mark} {images}", style="bold"), step, reason
        if number == REST:
            more = len(group.failures) - self._names[place[0]]
            return Text(f"  {and_more(more)}"), Text(), Text(_("see the log, or a report"))
        failure = group.failures[number]
        name = safe(failure.label)
        if len(group.failures) == 1:
            return Text(shorten(name, NAME_CELLS)), step, reason
        own = Text() if group.alike else Text(safe(failure.reason))
        return Text(f"  {shorten(name, NAME_CELLS - 2)}"), Text(), own

    def _place(self) -> Place | None:
        """Return what the row under the cursor shows."""
        row = self.query_one(RowTable).cursor_row
        return self._rows[row] if 0 <= row < len(self._rows) else None

    @on(RowTable.RowSelected)
    def open_group(self) -> None:
        """Open the group under the cursor to its names, or close it."""
        place = self._place()
        if place is None or len(self._groups[place[0]].failures) == 1:
            return
        if place[1] == HEAD:
            self._opened ^= {place[0]}
            self._clear()
            self._list()
            self.query_one(RowTable).move_cursor(row=self._rows.index(place))
            self.post_message(self.Resized())

    @on(RowTable.RowHighlighted)
    def explain_row(self) -> None:
        """Show the whole reason of the row under the cursor."""
        self._explain(self._place())

    def _explain(self, place: Place | None) -> None:
        text = ""
        if place is not None:
            group = self._groups[place[0]]
            failure = group.failures[max(0, place[1])]
            if place[1] >= 0:
                text = f"{safe(failure.label)}: {safe(failure.reason)}"
            else:
                text = _group_words(self._kind, group, opened=place[0] in self._opened)
        self.query_one("#reason", PlainText).set_text(text, layout=True)


def _group_words(kind: str, group: FailureGroup, *, opened: bool) -> str:
    key = _("enter closes their names") if opened else _("enter lists their names")
    tasks = count_tasks(kind, len(group.failures))
    return f"{tasks}: {safe(group.reason)}\n{key}"
