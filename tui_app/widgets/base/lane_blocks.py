"""What a lane's spans become in cells: one block for each, and a failure before all others."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style

from tui_app.language import _
from tui_app.runs.formatting import safe, shorten
from tui_app.runs.lanes import Span, SpanKind
from tui_app.runs.wait_words import blocked_labels, wait_label
from tui_app.widgets.base.line_widget import Piece

LABEL_CELLS = 14
"""A block of so many cells, or one where all of the name fits, shows its task's name."""

LABEL_AIR = 4
"""Cells of a wait's block that are left beside its words, at least."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time, in seconds, over a number of cells."""

    start: float
    end: float
    cells: int

    def cell(self, t: float) -> int:
        """Return the cell of a moment; outside the window it is below 0 or past the last one."""
        return math.floor((t - self.start) / (self.end - self.start) * self.cells + 1e-9)

    def moment(self, cell: int) -> float:
        """Return the second at which a cell begins."""
        return self.start + (self.end - self.start) * cell / self.cells


@dataclass(slots=True)
class Block:
    """A span in the cells from `left` to before `right`."""

    span: Span
    left: int
    right: int


def blocks(spans: Sequence[Span], window: Window, now: float) -> list[Block]:
    """Return the blocks of a lane, from left to right; none lies over another.

    Of many short spans in a cell, one or two are drawn. A failure always keeps the cells of its own
    time: what would lie there yields.

    Args:
        spans: in the order of time.
        window: the time that is drawn.
        now: seconds of the run; the end of a span that goes on.
    """
    drawn: list[Block] = []
    too_early = window.start
    first = bisect_left(spans, window.start, key=lambda span: span.end or math.inf)
    for span in spans[first:]:
        if span.start >= window.end:
            break
        end = span.end if span.end is not None else now
        if end <= too_early and not span.failed:
            continue
        left = max(0, window.cell(span.start))
        right = min(window.cells, max(left + 1, window.cell(end)))
        if span.failed:
            _yield_to(drawn, left)
            if drawn and drawn[-1].right >= right:
                continue  # it shares the mark of the failure before
        if drawn:
            left = max(left, drawn[-1].right)
            right = max(right, min(window.cells, left + 1))
        if left < right:
            drawn.append(Block(span, left, right))
            too_early = window.moment(right - 1)
    return drawn


def _yield_to(drawn: list[Block], left: int) -> None:
    """Cut off what reaches into the cells of a failure; earlier failures stay."""
    while drawn and drawn[-1].right > left and not drawn[-1].span.failed:
        if drawn[-1].left < left:
            drawn[-1].right = left
        else:
            drawn.pop()


def earlier_failures(spans: Sequence[Span], window: Window) -> str:
    """Return the mark of failures that lie before the window, with their number: `<2✗`."""
    first = bisect_left(spans, window.start, key=lambda span: span.end or math.inf)
    failed = sum(span.failed for span in spans[:first])
    return f"<{failed}✗" if failed else ""


def block_pieces(block: Block, style: Style, *, labelled: bool = True) -> Sequence[Piece]:
    """Return a block: work is solid, sleep is hatched, a wait is dotted, with its object.

    A task that blocks its event loop is dark, and says so. A thread without a call is empty.
    """
    span, cells = block.span, block.right - block.left
    if span.blocks is not None:
        words = _fitting(blocked_labels(span.blocks), cells - LABEL_AIR) if labelled else ""
        return [(_labelled("▓", words, cells), style)]
    if span.wait is not None:
        fill = {SpanKind.SLEEP: "▒", SpanKind.IDLE: " "}.get(span.kind, "┄")
        words = safe(wait_label(span.wait, cells - LABEL_AIR)) if labelled else ""
        if words and span.deadlocked:
            words = _("deadlock: {wait}").format(wait=words)
        return [(_labelled(fill, words, cells), style)]
    fill, first = ("▚", "✗") if span.failed else ("█", "▐")
    if cells == 1:
        return [("✗" if span.failed else fill, style)]
    name = safe(span.label) if labelled else ""
    # Half a cell of air before each task separates it from the one before.
    if not name or cells < min(LABEL_CELLS, cell_len(name) + 4):
        return [(first + fill * (cells - 1), style)]
    label = f" {shorten(name, cells - 4)} "
    before = max(0, cells - 1 - cell_len(label)) // 2
    after = max(0, cells - 1 - cell_len(label) - before)
    return [
        (first + fill * before, style),
        (label, style + Style(reverse=True)),
        (fill * after, style),
    ]


def _fitting(labels: Sequence[str], cells: int) -> str:
    return next((label for label in labels if cell_len(label) <= cells), "")


def _labelled(fill: str, words: str, cells: int) -> str:
    """Return a filled block with words in its middle; without them where they do not fit."""
    if not words or cells < cell_len(words) + LABEL_AIR:
        return fill * cells
    before = (cells - cell_len(words) - 2) // 2
    return f"{fill * before} {words} {fill * (cells - before - cell_len(words) - 2)}"


def over(pieces: Sequence[Piece], front: Sequence[Piece]) -> list[Piece]:
    """Return pieces with others in the place of their first cells."""
    room = sum(cell_len(text) for text, _style in front)
    rest: list[Piece] = []
    for text, style in pieces:
        kept = text
        while room and kept:
            room -= cell_len(kept[0])
            kept = kept[1:]
        # Of a wide character, half is left.
        rest.append((" " * -min(0, room) + kept, style))
        room = max(0, room)
    return [*front, *rest]
