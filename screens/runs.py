"""Runs: the recorded runs as a list, to open, compare, pin and delete."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input
from tui_app.screens.base.mode import ModeScreen
from tui_app.screens.base.recorded import OpenedRun, read_run
from tui_app.screens.dialogs.choice import Answer, ChoiceDialog
from tui_app.screens.dialogs.export import ExportDialog
from tui_app.screens.recorded import screen_of
from tui_app.screens.recorded_pair import RecordedPairScreen

from tui_app.files.error_words import told
from tui_app.language import N_, _, counted
from tui_app.records.errors import RecordError
from tui_app.records.phrases import PIN, state_words, title_words, when
from tui_app.records.reader import RecordFile
from tui_app.records.store import Heading, headings
from tui_app.runs.formatting import byte_size, duration, safe, shorten
from tui_app.system.background import aside
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.table import RowTable
from tui_app.widgets.demo_chooser import SearchField

MARK = "▸"
"""What marks a run that is to be compared."""

MARKS, WHEN, STATE, TIME = 2, 16, 13, 8
"""Cells of the columns; the last one has what is left."""

LEAST_TITLE = 20


class RunsScreen(ModeScreen):
    """The list of recorded runs, the latest first.

    Args:
        file: a record that is opened at once, from wherever it is.
    """

    MODE = "runs"
    CSS_PATH = "runs.tcss"
    AUTO_FOCUS = "RowTable"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", N_("Open")),
        Binding("slash", "search", N_("Search"), key_display="/"),
        Binding("space", "mark", N_("Mark")),
        Binding("x", "compare", N_("Compare")),
        Binding("p", "pin", N_("Pin")),
        Binding("X", "export", N_("Export"), key_display="X"),
        Binding("delete,backspace", "delete", N_("Delete"), key_display="del"),
        Binding("escape", "end_search", N_("End search"), show=False),
    ]

    def __init__(self, file: Path | None = None) -> None:
        super().__init__()
        self._file = file
        self._all: Sequence[Heading] | None = None
        self._shown: Sequence[Heading] = ()
        self._marked: list[str] = []
        """The ids of the runs that are to be compared, two at most."""

    def compose_body(self) -> ComposeResult:
        """Compose the search field, the list and the status."""
        yield SearchField(id="find", compact=True, select_on_focus=False)
        yield RowTable()
        yield PlainText(id="status")

    def on_mount(self) -> None:
        """Open the file that was asked for."""
        if self._file is not None:
            self.open_file(self._file)

    def on_screen_resume(self) -> None:
        """Look which runs there are now."""
        self.look_again()

    def on_resize(self) -> None:
        """Give the titles the new room."""
        self.call_after_refresh(self._list)

    def update_texts(self) -> None:
        """Say everything in the present language."""
        super().update_texts()
        self.query_one(SearchField).placeholder = _("a word of what was run, or when; escape ends")
        self._list()

    # The list

    @work(exclusive=True, group="look", exit_on_error=True)
    async def look_again(self) -> None:
        """Read what there is, in a thread."""
        self._all = await aside(lambda: list(headings()))
        if not self.left:
            self._list()

    def _list(self) -> None:
        """List those that the search leaves, and stay at the run under the cursor."""
        table, chosen = self.query_one(RowTable), self._chosen
        words = self.query_one(SearchField).value.casefold().split()
        self._shown = [one for one in self._all or () if _has(one, words)]
        title = max(LEAST_TITLE, self.size.width - MARKS - WHEN - STATE - TIME - 11)
        table.set_columns(
            ("", MARKS),
            (_("When"), WHEN),
            (_("State"), STATE),
            (_("Time"), TIME),
            (_("What"), title),
        )
        for one in self._shown:
            table.add_row(*self._cells(one))
        ids = [one.kept.id for one in self._shown]
        if chosen is not None and chosen.kept.id in ids:
            table.move_cursor(row=ids.index(chosen.kept.id))
        self._tell()
        self.refresh_bindings()

    def _cells(self, one: Heading) -> tuple[Text, ...]:
        mark = MARK if one.kept.id in self._marked else " "
        pin = PIN if one.pinned else " "
        return (
            Text(f"{mark}{pin}"),
            Text(when(one.started_at)),
            Text(state_words(one)),
            Text(f"{duration(one.seconds):>{TIME}}"),
            Text(safe(title_words(one)), overflow="ellipsis", no_wrap=True),
        )

    @property
    def _chosen(self) -> Heading | None:
        """The run under the cursor."""
        row = self.query_one(RowTable).cursor_row
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def _tell(self) -> None:
        if self._all is None:
            said = _("looking…")
        elif not self._all:
            said = _("no run is recorded yet: whatever you run is recorded from now on")
        elif not self._shown:
            said = _("no run has this   esc shows all")
        else:
            said = counted(
                len(self._shown),
                "{n} run, {size}   enter opens it   space marks it, x compares two",
                "{n} runs, {size}   enter opens one   space marks it, x compares two",
                size=byte_size(sum(one.bytes for one in self._shown)),
            )
        self.query_one("#status", PlainText).set_text(f"○ {said}")

    # Opening

    @work(exclusive=True, group="open", exit_on_error=True)
    async def open_file(self, *files: Path) -> None:
        """Open a record; two: beside each other."""
        self.query_one("#status", PlainText).set_text(_("○ opening…"))
        opened: list[OpenedRun] = []
        try:
            for file in files:
                opened.append(await aside(_read, file))  # noqa: PERF401 - some may be open already
        except (RecordError, OSError) as error:
            for one in opened:
                one.record.close()
            said = told(error) if isinstance(error, OSError) else str(error)
            self.notify(safe(said), severity="error", markup=False)
            self._tell()
            return
        if self.left or not self.is_current:
            # Whoever has gone elsewhere meanwhile does not want it there.
            for one in opened:
                one.record.close()
        elif len(opened) == 1:
            self.app.push_screen(screen_of(opened[0]))
        else:
            self.app.push_screen(RecordedPairScreen(*opened))

    @on(RowTable.RowSelected)
    def action_open(self) -> None:
        """Open the run under the cursor."""
        if (chosen := self._chosen) is not None:
            self.open_file(chosen.kept.path)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell whether a key means something now."""
        match action:
            case "end_search":
                return self.is_mounted and self.query_one(SearchField).display
            case "compare":
                return len(self._marked) == 2
            case "open" | "mark" | "pin" | "export" | "delete":
                return self.is_mounted and self._chosen is not None
        return True

    def action_search(self) -> None:
        """Open the search."""
        field = self.query_one(SearchField)
        # At once: what is typed next belongs to it, however soon it comes.
        field.display = True
        self.set_focus(field)
        self.refresh_bindings()

    @on(Input.Changed)
    def search_as_typed(self) -> None:
        """List the runs that have these words."""
        self._list()

    @on(Input.Submitted)
    def choose_found(self) -> None:
        """Leave the search open, and go to the list."""
        self.query_one(RowTable).focus()

    def action_end_search(self) -> None:
        """Close the search, and list all runs."""
        field = self.query_one(SearchField)
        field.display, field.value = False, ""
        self.set_focus(self.query_one(RowTable))
        self.refresh_bindings()

    def action_mark(self) -> None:
        """Mark a run to be compared, or take its mark away; of three the oldest mark goes."""
        if (chosen := self._chosen) is not None:
            if chosen.kept.id in self._marked:
                self._marked.remove(chosen.kept.id)
            else:
                self._marked = [*self._marked[-1:], chosen.kept.id]
            self._list()

    def action_compare(self) -> None:
        """Show the two marked runs beside each other, the older one first."""
        files = [one.kept.path for one in self._all or () if one.kept.id in self._marked]
        self.open_file(*reversed(files))

    def action_pin(self) -> None:
        """Have the run stay, or no more."""
        if (chosen := self._chosen) is not None:
            try:
                chosen.kept.pin(not chosen.pinned)
            except OSError as error:
                self.notify(safe(told(error)), severity="error", markup=False)
            self.look_again()

    def action_export(self) -> None:
        """Ask for a file, and export the run."""
        if (chosen := self._chosen) is not None:
            self.app.push_screen(ExportDialog(chosen.kept.path, chosen.kind))

    def action_delete(self) -> None:
        """Ask whether to delete the run."""
        if (chosen := self._chosen) is None:
            return
        if chosen.growing:
            self.notify(_("This run goes on: stop it first."), markup=False)
            return

        def take(answer: str | None) -> None:
            if answer == "delete":
                try:
                    chosen.kept.remove()
                except OSError as error:
                    self.notify(safe(told(error)), severity="error", markup=False)
                self.look_again()

        answers = (Answer("delete", N_("Delete"), "d"), Answer("no", N_("Keep it"), "n"))
        self.app.push_screen(ChoiceDialog(partial(_question, chosen), answers), take)


def _read(file: Path) -> OpenedRun:
    record = RecordFile.open(file)
    try:
        return read_run(record)
    except BaseException:
        record.close()
        raise


def _has(one: Heading, words: Sequence[str]) -> bool:
    """Tell whether all these words are in what the list says of a run."""
    about = (one.kept.id, one.kind, when(one.started_at), state_words(one), one.title)
    text = " ".join(about).casefold()
    return all(word in text for word in words)


def _question(one: Heading) -> str:
    title = shorten(safe(one.title), 60)
    if one.pinned:
        return _("Delete this run? It is pinned.\n{title}").format(title=title)
    return _("Delete this run?\n{title}").format(title=title)
