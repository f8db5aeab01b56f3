"""One rule for all screens that play a script: the moment decides the layout.

Before a run, the question and the decisive lines share the screen. While it goes on, all lanes have
their row, and code and prints what is left. After it, the answer, the lanes, the decisive lines and
the prints that are asked about are seen together. What does not fit yields in this order: the
answer's third row, the fourth decisive line, prints between the first and the last. The bar on top
is there from 25 rows on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

WIDE = 116
"""Columns from which on code and facts stand beside each other."""

BAR_FROM = 25
"""Rows from which on there is a bar on top."""

LEAST_CODE, LEAST_PRINTS = 3, 3
"""Rows of code and of prints while a run goes on with many lanes."""

MOST_PRINTS = 10
"""Rows of prints that are kept free while a run goes on."""

LEAST_FACTS = 8
"""Rows of facts that somebody has called to the front; for them, lanes are folded."""


class Moment(StrEnum):
    """Where a played script is: not begun, under way, or ended."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Needs:
    """Rows that the parts of a screen would like to have.

    Attributes:
        fields: the fields of the parameters, 0 or 1.
        question: the question with its choices.
        reason: the answer's rows after the first, which is in the title: at most 2.
        code: of each decisive line, the most decisive first.
        prints: those that are quoted after the run.
        printed: all prints.
        lanes: one for each lane.
        called: whether somebody has called other facts than the prints to the front.
        presenting: whether a class sees it: no bar, no keys, and higher lanes if there is room.
    """

    fields: int = 0
    question: int = 0
    reason: int = 0
    code: Sequence[int] = ()
    prints: int = 0
    printed: int = 0
    lanes: int = 0
    called: bool = False
    presenting: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of each part, from top to bottom; 0: it is not shown.

    Attributes:
        facts: prints or other facts, with the row of tabs.
        lanes: with the axis.
        lane_rows: rows of each lane.
        beside: whether facts stand beside the code, and not below it.
    """

    bar: int = 0
    title: int = 1
    fields: int = 0
    reason: int = 0
    code: int = 0
    facts: int = 0
    lanes: int = 0
    question: int = 0
    status: int = 1
    keys: int = 1
    lane_rows: int = 1
    beside: bool = False

    @property
    def total(self) -> int:
        """All rows."""
        body = max(self.code, self.facts) if self.beside else self.code + self.facts
        others = self.bar + self.title + self.fields + self.reason + self.lanes + self.question
        return others + body + self.status + self.keys


def code_width(width: int) -> int:
    """Return how many columns the code has on a screen of so many columns."""
    return width if width < WIDE else 11 * width // 20


def stage_rows(moment: Moment, width: int, height: int, needs: Needs) -> Rows:
    """Return the rows of each part; together they fill the height, if that is 24 or more."""
    keys = 0 if needs.presenting else 1
    bar = int(height >= BAR_FROM and not needs.presenting)
    beside = width >= WIDE
    fixed = Rows(bar=bar, keys=keys, beside=beside)
    if moment is Moment.BEFORE:
        return _before(fixed, height, needs)
    lanes, lane_rows = _lanes(fixed, height, needs)
    room = height - bar - keys - 2 - lanes
    reason = fields = 0
    if moment is Moment.AFTER:
        reason = min(needs.reason, 2)
        while reason > 1 and room < reason + _body(beside, sum(needs.code), needs.prints):
            reason -= 1
        fields = int(room > reason + _body(beside, sum(needs.code), needs.prints))
    else:
        fields = int(room > 1 + _body(beside, LEAST_CODE, LEAST_PRINTS))
    fields = min(fields, needs.fields)
    body = max(0, room - reason - fields)
    code, facts = _code_and_facts(moment, body, beside, needs)
    return Rows(
        bar=bar,
        keys=keys,
        beside=beside,
        fields=fields,
        reason=min(reason, room),
        code=code,
        facts=facts,
        lanes=lanes,
        lane_rows=lane_rows,
    )


def _body(beside: bool, code: int, prints: int) -> int:
    """Rows of code and prints with the row of tabs."""
    return max(code, prints + 1) if beside else code + prints + 1


def _before(fixed: Rows, height: int, needs: Needs) -> Rows:
    room = height - fixed.bar - fixed.keys - 2
    fields = min(needs.fields, max(0, room))
    room -= fields
    question = 0 if needs.called and not fixed.beside else min(needs.question, max(0, room - 1))
    body = max(0, room - question)
    facts = 0
    if needs.called:
        facts = body if fixed.beside else body - min(body // 2, max(LEAST_CODE, body - 14))
    code = body if fixed.beside else body - facts
    return Rows(
        bar=fixed.bar,
        keys=fixed.keys,
        beside=fixed.beside,
        fields=fields,
        question=question,
        code=code,
        facts=facts,
    )


def _lanes(fixed: Rows, height: int, needs: Needs) -> tuple[int, int]:
    """Rows of all lanes with the axis, and of each one."""
    lanes = max(2, needs.lanes)
    if needs.presenting and 2 * lanes <= 2 * height // 5:
        return 2 * lanes + 1, 2
    reason = 1
    others = fixed.bar + fixed.keys + 3 + reason
    most = height - others - _body(fixed.beside, LEAST_CODE, LEAST_PRINTS)
    if needs.called:
        most = min(most, height - others - _body(fixed.beside, LEAST_CODE, LEAST_FACTS))
    return min(lanes, max(2, most)) + 1, 1


def _code_and_facts(moment: Moment, body: int, beside: bool, needs: Needs) -> tuple[int, int]:
    if beside:
        return body, body
    rest = max(0, body - 1)
    if needs.called:
        prints = rest - min(rest // 3, LEAST_CODE + 1)
    elif moment is Moment.DURING:
        prints = min(max(LEAST_PRINTS, rest // 2), MOST_PRINTS, rest)
    else:
        heights = list(needs.code) or [LEAST_CODE]
        code = sum(heights)
        if code + needs.prints > rest:
            # The fourth decisive line yields, and then prints between the first and the last.
            code = sum(heights[:3])
        prints = max(min(needs.prints, rest - code), min(2, needs.prints, rest))
        if rest > code + prints:
            prints = max(prints, min(rest - code, rest // 2, needs.printed))
        prints = max(0, min(prints, rest - 1))
    return rest - prints, prints + 1
