"""The difference of two texts, line by line: what is removed, added, or in both."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

CONTEXT = 3
"""How many equal lines are shown before and after a change."""


class LineChange(StrEnum):
    """What became of a line. The value is its mark."""

    SAME = " "
    REMOVED = "−"
    ADDED = "+"
    GAP = "⋮"


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One line of the difference.

    Attributes:
        kind: What became of it; a gap stands for equal lines that are left out.
        old: Its number in the old text, from 1; None where it is not in it.
        new: Its number in the new text.
        text: The line with its end; empty for a gap.
    """

    kind: LineChange
    old: int | None
    new: int | None
    text: str


GAP = DifferenceLine(LineChange.GAP, None, None, "")


def difference(old: str, new: str) -> tuple[DifferenceLine, ...]:
    """Return every line of both texts, in order; removed lines before added ones."""
    return tuple(_rows(list(io.StringIO(old)), list(io.StringIO(new))))


def _rows(old: Sequence[str], new: Sequence[str]) -> Iterator[DifferenceLine]:
    for _, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if old[i1:i2] == new[j1:j2]:
            for i, j in zip(range(i1, i2), range(j1, j2), strict=True):
                yield DifferenceLine(LineChange.SAME, i + 1, j + 1, old[i])
            continue
        for i in range(i1, i2):
            yield DifferenceLine(LineChange.REMOVED, i + 1, None, old[i])
        for j in range(j1, j2):
            yield DifferenceLine(LineChange.ADDED, None, j + 1, new[j])


def near_changes(
    rows: Sequence[DifferenceLine], context: int = CONTEXT
) -> tuple[DifferenceLine, ...]:
    """Return the changed rows with some equal ones around them, and gaps between; else nothing."""
    shown: set[int] = set()
    for index, row in enumerate(rows):
        if row.kind is not LineChange.SAME:
            shown.update(range(index - context, index + context + 1))
    if not shown:
        return ()
    near: list[DifferenceLine] = []
    for is_shown, group in groupby(enumerate(rows), key=lambda pair: pair[0] in shown):
        near += [row for _, row in group] if is_shown else [GAP]
    return tuple(near)
