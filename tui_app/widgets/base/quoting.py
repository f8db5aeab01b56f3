"""What is quoted of a text that does not fit: the lines that count, with their neighbours."""

from __future__ import annotations

from collections.abc import Container, Sequence
from itertools import chain

from rich.cells import cell_len
from rich.style import Style

from tui_app.widgets.base.line_widget import Piece

CONTINUED = 4
"""Cells by which the rest of a wrapped line is indented, beside the line's own indentation."""


def chosen_lines(
    heights: Sequence[int], wanted: Sequence[int], rows: int, idle: Container[int] = ()
) -> list[int]:
    """Return the numbers of the lines that are shown, from 1 and in order.

    All lines if they fit; else the wanted ones, the first of them first, and then their neighbours,
    the nearest first. Always at least one line.

    Args:
        heights: rows that each line takes.
        wanted: numbers of the lines that count, the most important first.
        rows: rows that there are.
        idle: numbers of lines that come last, such as empty ones.
    """
    if sum(heights) <= rows:
        return list(range(1, len(heights) + 1))
    order = [number for number in wanted if 1 <= number <= len(heights)] or [1]
    near = _neighbours(order, len(heights))
    order += sorted(near, key=lambda number: number in idle)
    chosen: set[int] = set()
    room = rows
    for number in order:
        height = heights[number - 1]
        if number in chosen:
            continue
        if height > room and chosen:
            if number in wanted:
                continue
            break
        chosen.add(number)
        room -= height
    return sorted(chosen)


def _neighbours(lines: Sequence[int], count: int) -> list[int]:
    """All other lines, the nearest to these first; below before above, as one reads."""
    near = {
        number: min((abs(number - one), one > number) for one in lines)
        for number in range(1, count + 1)
    }
    return sorted((number for number in near if number not in lines), key=lambda n: (near[n], n))


def wrapped(pieces: Sequence[Piece], width: int) -> list[list[Piece]]:
    """Return a line of code in rows of at most `width` cells, broken at spaces where possible.

    Nothing of it is left out but the spaces at which it is broken.
    """
    text = "".join(part for part, _style in pieces)
    if cell_len(text) <= width or width < 2 * CONTINUED:
        return [list(pieces)]
    indent = len(text) - len(text.lstrip(" "))
    indent = min(indent + CONTINUED, width // 2)
    rows: list[list[Piece]] = []
    start, lead = 0, 0
    while start < len(text):
        end = _break(text, start, width - lead)
        row: list[Piece] = [(" " * lead, Style())] if lead else []
        row += _cut(pieces, start, end)
        rows.append(row)
        start = end
        while start < len(text) and text[start] == " ":
            start += 1
        lead = indent
    return rows


def _break(text: str, start: int, width: int) -> int:
    """Where the row that begins at `start` ends.

    At its last space, if that leaves no row half empty; else behind a sign; else where it is full.
    """
    end, cells = start, 0
    while end < len(text) and cells + cell_len(text[end]) <= width:
        cells += cell_len(text[end])
        end += 1
    if end == len(text):
        return end
    body = start + len(text[start:end]) - len(text[start:end].lstrip(" "))
    breaks = [at for at in range(body + 1, end + 1) if text[at] == " " or text[at - 1] in "(,[.="]
    spaces = [at for at in breaks if text[at] == " " and at - start >= width // 2]
    return max(spaces or breaks, default=max(end, start + 1))


def _cut(pieces: Sequence[Piece], start: int, end: int) -> list[Piece]:
    """The pieces of the characters from `start` to `end`."""
    found: list[Piece] = []
    at = 0
    for text, style in pieces:
        part = text[max(0, start - at) : max(0, end - at)]
        if part:
            found.append((part, style))
        at += len(text)
    return found


def quoted(count: int, wanted: Sequence[int], rows: int) -> list[int]:
    """Return which of `count` lines are shown in so many rows, from 0 and in order.

    The last and the first, then as many of the wanted ones as fit, then their neighbours.

    Args:
        count: how many lines there are.
        wanted: those that count, the most important first.
        rows: rows that there are.
    """
    if count <= rows:
        return list(range(count))
    ends = (count - 1, 0)
    near = (
        number + step
        for distance in range(1, rows + 1)
        for number in (*wanted, *ends)
        for step in (distance, -distance)
    )
    chosen: dict[int, None] = {}
    for number in chain(ends, wanted, near):
        if len(chosen) < rows and 0 <= number < count:
            chosen[number] = None
    return sorted(chosen)
