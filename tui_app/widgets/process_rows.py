"""A row for each process: what it uses, what it works on, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from tui_app.engine.exit_status import describe_exit, exit_name
from tui_app.events import MOST_PIDS
from tui_app.language import _
from tui_app.runs.formatting import byte_size, safe, shorten
from tui_app.runs.lanes import ProcessRow, RowState
from tui_app.runs.phrases import count_tasks, task_title
from tui_app.runs.resources import Usage
from tui_app.runs.view import Snapshot
from tui_app.runs.wait_words import (
    blocked_words,
    short_waits_words,
    unseen_words,
    wait_words,
)
from tui_app.widgets.base.line_widget import LineView, Piece, bar, fitted
from tui_app.widgets.base.name_column import fitted_name, longest_name, name_cells
from tui_app.widgets.base.palette import muted_style, process_style, theme_style

WIDE = 66
"""The least width, in cells, with room for megapixels and a longer bar."""

PID, CPU, MEMORY, MEGAPIXELS, STEP = 7, 4, 6, 6, 8
"""Cells of the columns. Between them, and at both ends, is one cell of air."""

HOST = 9
"""Cells for the host of a cluster's worker, in the place of CPU and memory, which nobody measures
there: one is left to the name. Of a longer host, the end is shown."""

_MORE_NAME = CPU + 1 + MEMORY - HOST
"""Cells that the name of a cluster's worker has more than another one."""


class ProcessRows(LineView):
    """The processes of a run, in the order of their numbers."""

    _snapshot = Snapshot()
    _usage: Mapping[int, Usage] | None = None
    _longest_name = 0

    def show(self, snapshot: Snapshot, usage: Mapping[int, Usage]) -> None:
        """Show the rows of a run; `usage` is by pid."""
        self._snapshot, self._usage = snapshot, usage
        self._longest_name = longest_name(row.name for row in snapshot.rows)
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
        name = 1 + self._name_cells
        fixed = sum((name, PID + 1, CPU + 1, MEMORY + 1, weight, STEP + 1, bar_width))
        return max(8, width - fixed - 1), weight, bar_width

    @property
    def _name_cells(self) -> int:
        return name_cells(self._longest_name, self.scrollable_content_region.width)

    def _heading(self) -> str:
        task, weight, _bar_width = self._columns()
        name, memory = fitted(_("Name"), self._name_cells), _("Mem")
        head = f" {name}{'PID':>{PID}} {'CPU':>{CPU}} {memory:>{MEMORY}} "
        if any(row.host for row in self._snapshot.rows):
            name = fitted(_("Name"), self._name_cells + _MORE_NAME)
            host = fitted(_("Host"), HOST)
            head = f" {name}{'PID':>{PID}} {host} "
        if self._snapshot.played:
            return head + _("Doing")
        megapixels = fitted("MP ", weight, right=True) if weight else ""
        return head + fitted(task_title(self._snapshot.kind), task + 1) + megapixels + _("Step")

    def _pieces(self, row: ProcessRow, muted: Style) -> list[Piece]:
        pid, thread = row.key
        colour = process_style(self.app, row.number)
        if row.host:
            bold = colour + Style(bold=True)
            host = safe(row.host)
            host = host if cell_len(host) <= HOST else f"…{host[-HOST + 1 :]}"
            return [
                (f" {fitted_name(row.name, self._name_cells + _MORE_NAME)}", bold),
                (f"{pid % MOST_PIDS:>{PID}} {fitted(host, HOST)} ", muted),
                *self._doing(row, colour, muted),
            ]
        usage = (self._usage or {}).get(pid)
        if row.state is RowState.EXITED or thread not in (None, 1) or row.kind is not None:
            usage = None
        cpu = f"{usage.cpu:.0f}%" if usage and usage.cpu is not None else ""
        memory = byte_size(usage.memory).replace(" ", "") if usage else ""
        return [
            (f" {fitted_name(row.name, self._name_cells)}", colour + Style(bold=True)),
            (f"{pid if row.kind is None else '':>{PID}} {cpu:>{CPU}} {memory:>{MEMORY}} ", muted),
            *self._doing(row, colour, muted),
        ]

    def _doing(self, row: ProcessRow, colour: Style, muted: Style) -> list[Piece]:
        """Return what a process does, in all the columns that follow."""
        done = count_tasks(self._snapshot.kind, row.tasks)
        error = theme_style(self.app, "error")
        if row.kind is not None and row.state is RowState.EXITED:
            if not row.cpu:
                return [(_("ended"), muted)]
            return [(_("ended, {seconds} s on a CPU").format(seconds=f"{row.cpu:.2f}"), muted)]
        if row.blocks and (blocked := row.spans[-1].blocks) is not None:
            return [(safe(blocked_words(blocked)), error)]
        if row.state is RowState.EXITED:
            well = row.exitcode == 0 or (row.exitcode is None and row.program)
            how = _("ended") if well else describe_exit(row.exitcode)
            done = "" if row.program else f", {done}"
            return [(how, muted if well else error), (f"{done}{unseen_words(row)}", muted)]
        if row.wait is not None and row.deadlocked:
            words = _("deadlock: {wait}").format(wait=safe(wait_words(row.wait)))
            return [(words, error)]
        if row.wait is not None:
            doing = safe(f"{row.label} {wait_words(row.wait)}").strip()
            return [(doing, Style() if row.state is RowState.SLEEPING else muted)]
        if row.program and row.state is RowState.WORKING:
            return [(_("runs {command}").format(command=safe(row.program)), Style())]
        if self._snapshot.played and row.state is RowState.WORKING:
            works = _("{task} works") if row.label else _("works")
            short = short_waits_words(row) + unseen_words(row)
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
