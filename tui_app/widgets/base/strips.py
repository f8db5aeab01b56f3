"""Lines of a fixed width, made of texts with styles."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

Piece = tuple[str, Style]
"""A text and its style."""


def strip(pieces: Iterable[Piece], width: int, ground: Style, *, skip: int = 0) -> Strip:
    """Return a line of exactly `width` cells; it ends in … where the pieces are longer.

    Args:
        pieces: its texts with their styles.
        width: in cells.
        ground: the style below the pieces, and after them.
        skip: cells that are left out at the start.
    """
    segments = [Segment(text, ground + style) for text, style in pieces if text]
    length = sum(cell_len(segment.text) for segment in segments)
    line = Strip(segments, length)
    if skip:
        line = line.crop(min(skip, length), length)
    if line.cell_length > width:
        return Strip([*line.crop(0, width - 1), Segment("…", ground)], width)
    return line.extend_cell_length(width, ground)


def fitted(text: str, width: int, *, right: bool = False) -> str:
    """Return a text in exactly `width` cells: cut, or filled with spaces after (or before) it."""
    if right and cell_len(text) < width:
        return " " * (width - cell_len(text)) + text
    return set_cell_size(text, width)


def bar(fraction: float, width: int) -> tuple[str, str]:
    """Return the done and the open part of a bar; they differ without colour, too.

    Args:
        fraction: how much is done, from 0 to 1.
        width: of both parts together, in cells.
    """
    done = min(width, max(0, round(fraction * width)))
    return "━" * done, "─" * (width - done)
