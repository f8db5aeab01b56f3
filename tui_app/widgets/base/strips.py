"""What the widgets that draw their own lines have in common."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

Piece = tuple[str, Style]


def strip(pieces: Iterable[Piece], width: int, ground: Style, *, skip: int = 0) -> Strip:
    """A line of exactly `width` cells, from cell `skip` of the pieces on; … where more follows."""
    segments = [Segment(text, ground + style) for text, style in pieces if text]
    length = sum(cell_len(segment.text) for segment in segments)
    line = Strip(segments, length)
    if skip:
        line = line.crop(min(skip, length), length)
    if line.cell_length > width:
        return Strip([*line.crop(0, width - 1), Segment("…", ground)], width)
    return line.extend_cell_length(width, ground)


def fitted(text: str, width: int, *, right: bool = False) -> str:
    """The text in exactly `width` cells: cut, or filled with spaces at its end (or start)."""
    if right and cell_len(text) < width:
        return " " * (width - cell_len(text)) + text
    return set_cell_size(text, width)


def bar(fraction: float, width: int) -> tuple[str, str]:
    """The done and the open part of a bar of `width` cells, told apart without colour too."""
    done = min(width, max(0, round(fraction * width)))
    return "━" * done, "─" * (width - done)
