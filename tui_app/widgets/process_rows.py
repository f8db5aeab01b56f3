"""A row for each process: what it uses, what it works on, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from tui_app.engine.exit_status import describe_exit, exit_name
from tui_app.language import _
from tui_app.runs.formatting import byte_size, safe, shorten
from tui_app.runs.lanes import ProcessRow, RowState
from tui_app.runs.phrases import count_tasks, task_title
from tui_app.runs.resources import Usage
from tui_app.runs.view import Snapshot
from tui_app.runs.wait_words import short_waits_words, wait_words
from tui_app.widgets.base.line_widget import LineView, Piece, bar, fitted
from tui_app.widgets.base.palette import muted_style, process_style, theme_style

WIDE = 66
"""The least width, in cells, with room for megapixels and a longer bar."""

NAME, PID, CPU, MEMORY, MEGAPIXELS, STEP = 6, 7, 4, 6, 6, 8
"""Cells of the columns. Between them, and at both ends, is one cell of air."""


class ProcessRows(LineView):
    """The processes of a run, in the order of their numbers."""

    _snapshot = Snapshot()
    _usage: Mapping[int, Usage] | None = None

    def show(self, snapshot: Snapshot, usage: Mapping[int, Usage]) -> None:
        """Show the rows of a run; `usage` is by pid."""
        self._snapshot, self._usage = snapshot, usage
        self.virtual_size = Size(self.size.width, 1 + max(1, len(snapshot.rows)))
        self.redraw()

    def draw_line(self, y: int) -> Strip:
        """Return the heading or a row."""
        index = y + self.scroll_offset.y - 1
        muted = muted_style(self.app)
        rows = self._snapshot.rows
        if index < 0:
            return self.line([(self._heading(), muted)])
        if index < len(rows):
            return self.line(self._pieces(rows[index], muted))
        if index == 0 and not self._snapshot.kind:
            hint = _("A row for each process will appear here.")
            return self.line([(f" {hint}", muted)])
        return self.line()

    def _columns(self) -> tuple[int, int, int]:
        """Return the cells of the task, of its megapixels, and of the bar."""
        width = self.scrollable_content_region.width
        weight, bar_width = (MEGAPIXELS, 12) if width >= WIDE else (0, 7)
        fixed = sum((1 + NAME, PID + 1, CPU + 1, MEMORY + 1, weight, STEP + 1, bar_width))
        return max(8, width - fixed - 1), weight, bar_width

    def _heading(self) -> str:
        task, weight, _bar_width = self._columns()
        name, memory = fitted(_("Name"), NAME), _("Mem")
        head = f" {name}{'PID':>{PID}} {'CPU':>{CPU}} {memory:>{MEMORY}} "
        if self._snapshot.played:
            return head + _("Doing")
        megapixels = fitted("MP ", weight, right=True) if weight else ""
        return head + fitted(task_title(self._snapshot.kind), task + 1) + megapixels + _("Step")

    def _pieces(self, row: ProcessRow, muted: Style) -> list[Piece]:
        pid, thread = row.key
        colour = process_style(self.app, row.number)
        usage = (self._usage or {}).get(pid)
        if row.state is RowState.EXITED or thread not in (None, 1):
            usage = None
        cpu = f"{usage.cpu:.0f}%" if usage and usage.cpu is not None else ""
        memory = byte_size(usage.memory).replace(" ", "") if usage else ""
        return [
            (f" {fitted(row.name, NAME)}", colour + Style(bold=True)),
            (f"{pid:>{PID}} {cpu:>{CPU}} {memory:>{MEMORY}} ", muted),
            *self._doing(row, colour, muted),
        ]

    def _doing(self, row: ProcessRow, colour: Style, muted: Style) -> list[Piece]:
        """Return what a process does, in all the columns that follow."""
        done = count_tasks(self._snapshot.kind, row.tasks)
        error = theme_style(self.app, "error")
        if row.state is RowState.EXITED:
            how = _("ended") if row.exitcode == 0 else describe_exit(row.exitcode)
            return [(how, muted if row.exitcode == 0 else error), (f", {done}", muted)]
        if row.wait is not None and row.deadlocked:
            words = _("deadlock: {wait}").format(wait=safe(wait_words(row.wait)))
            return [(words, error)]
        if row.wait is not None:
            doing = safe(f"{row.label} {wait_words(row.wait)}").strip()
            return [(doing, Style() if row.state is RowState.SLEEPING else muted)]
        if self._snapshot.played and row.state is RowState.WORKING:
            works = _("{task} works") if row.label else _("works")
            short = short_waits_words(row)
            return [(works.format(task=safe(row.label)), Style()), (short, muted)]
        task, weight, bar_width = self._columns()
        pieces: list[Piece] = []
        if row.deaths:
            deaths = f"†{row.deaths} {exit_name(row.died)}  "
            pieces.append((deaths, error))
            task = max(4, task - cell_len(deaths))
        if row.state is RowState.WAITING:
            return [*pieces, (_("waiting for work, {tasks} so far").format(tasks=done), muted)]
        label = shorten(safe(row.label), task)
        pieces.append((label + " " * (task - cell_len(label) + 1), Style()))
        if weight:
            pieces.append((f"{row.weight:5.1f} ", muted))
        filled, rest = bar(row.fraction, bar_width)
        return [
            *pieces,
            (f"{row.step[:STEP]:<{STEP + 1}}", Style()),
            (filled, colour),
            (rest, muted),
        ]
