"""The difference of two texts, line by line: what is removed, added, or in both."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

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


def difference(old: str, new: str, context: int = CONTEXT) -> tuple[DifferenceLine, ...]:
    """Return the lines that differ, removed ones before added ones, with equal ones around them.

    Return nothing where the texts are the same.

    Args:
        old: The old text.
        new: The new text.
        context: How many equal lines are shown before and after a change. Gaps stand for others.
    """
    return tuple(_lines(list(io.StringIO(old)), list(io.StringIO(new)), context))


def _lines(old: Sequence[str], new: Sequence[str], context: int) -> Iterator[DifferenceLine]:
    at = 0
    groups = list(SequenceMatcher(None, old, new).get_grouped_opcodes(context))
    for group in groups:
        if group[0][1] > at:
            yield GAP
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                for i, j in zip(range(i1, i2), range(j1, j2), strict=True):
                    yield DifferenceLine(LineChange.SAME, i + 1, j + 1, old[i])
                continue
            for i in range(i1, i2):
                yield DifferenceLine(LineChange.REMOVED, i + 1, None, old[i])
            for j in range(j1, j2):
                yield DifferenceLine(LineChange.ADDED, None, j + 1, new[j])
        at = group[-1][2]
    if groups and at < len(old):
        yield GAP
