"""A row for each process: what it uses, what it has in hand, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_app.engine.exit_status import describe_exit, exit_name
from tui_app.language import _
from tui_app.runs.formatting import safe, shorten, size
from tui_app.runs.lanes import ProcessRow, RowState
from tui_app.runs.phrases import count_tasks, task_title
from tui_app.runs.resources import Usage
from tui_app.runs.view import Snapshot
from tui_app.runs.wait_words import wait_words
from tui_app.widgets.base.line_widget import LineWidget
from tui_app.widgets.base.palette import muted_style, process_style, theme_style
from tui_app.widgets.base.strips import Piece, bar, fitted, strip

WIDE = 66
"""Cells from which on there is room for megapixels and a longer bar."""


class ProcessRows(LineWidget, ScrollView):
    """The processes of a run, in the order of their numbers."""

    DEFAULT_CSS = """
    ProcessRows {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._snapshot = Snapshot()
        self._usage: Mapping[int, Usage] = {}

    def show(self, snapshot: Snapshot, usage: Mapping[int, Usage]) -> None:
        """Draws these rows from now on; `usage` is by pid."""
        self._snapshot, self._usage = snapshot, usage
        self.virtual_size = Size(self.size.width, 1 + max(1, len(snapshot.rows)))
        self.redraw()

    def draw_line(self, y: int) -> Strip:
        """Draws the heading or a row."""
        index = y + self.scroll_offset.y - 1
        ground = self.rich_style
        muted = muted_style(self.app)
        rows = self._snapshot.rows
        width = self.scrollable_content_region.width
        if index < 0:
            return strip([(self._heading(), muted)], width, ground)
        if not rows and index == 0:
            hint = _("A row for each process will appear here.")
            return strip([("" if self._snapshot.kind else f" {hint}", muted)], width, ground)
        if index >= len(rows):
            return Strip.blank(width, ground)
        return strip(self._pieces(rows[index], muted), width, ground)

    def _columns(self) -> tuple[int, int, int]:
        """The cells of what is in hand, of its megapixels, and of the bar."""
        width = self.scrollable_content_region.width
        wide = width >= WIDE
        weight, bar_width = (6, 12) if wide else (0, 7)
        fixed = 1 + 6 + 8 + 5 + 7 + weight + 9 + bar_width
        return max(8, width - fixed - 1), weight, bar_width

    def _heading(self) -> str:
        name, weight, _bar_width = self._columns()
        who, memory = fitted(_("Name"), 6), _("Mem")
        head = f" {who}{'PID':>7} {'CPU':>4} {memory:>6} "
        if self._snapshot.played:
            return head + _("Doing")
        mp = fitted("MP ", weight, right=True) if weight else ""
        return head + fitted(task_title(self._snapshot.kind), name + 1) + mp + _("Step")

    def _pieces(self, row: ProcessRow, muted: Style) -> list[Piece]:
        name, weight, bar_width = self._columns()
        pid, thread = row.key
        colour = process_style(self.app, row.number)
        usage = self._usage.get(pid) if row.state is not RowState.EXITED else None
        shown = usage is not None and thread in (None, 1)
        cpu = f"{usage.cpu:.0f}%" if usage and shown and usage.cpu is not None else ""
        memory = size(usage.memory).replace(" ", "") if usage and shown else ""
        pieces = [
            (f" {fitted(row.name, 6)}", colour + Style(bold=True)),
            (f"{pid:>7} {cpu:>4} {memory:>6} ", muted),
        ]
        done = count_tasks(self._snapshot.kind, row.tasks)
        if row.state is RowState.EXITED:
            how = _("gone") if row.exitcode == 0 else describe_exit(row.exitcode)
            look = muted if row.exitcode == 0 else theme_style(self.app, "error")
            return [*pieces, (how, look), (f", {done}", muted)]
        if row.wait is not None:
            doing = safe(f"{row.label} {wait_words(row.wait)}").strip()
            return [*pieces, (doing, Style() if row.state is RowState.SLEEPING else muted)]
        if self._snapshot.played and row.state is RowState.WORKING:
            works = _("{task} works") if row.label else _("works")
            return [*pieces, (works.format(task=safe(row.label)), Style())]
        if row.deaths:
            worst = f"†{row.deaths} {exit_name(row.died)}  "
            pieces.append((worst, theme_style(self.app, "error")))
            name = max(4, name - cell_len(worst))
        if row.state is RowState.WAITING:
            return [*pieces, (_("waiting for work, {tasks} so far").format(tasks=done), muted)]
        label = shorten(safe(row.label), name)
        pieces.append((label + " " * (name - cell_len(label) + 1), Style()))
        if weight:
            pieces.append((f"{row.weight:5.1f} ", muted))
        filled, open_part = bar(row.fraction, bar_width)
        return [*pieces, (f"{row.step[:8]:<9}", Style()), (filled, colour), (open_part, muted)]
