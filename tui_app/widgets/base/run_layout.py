"""Who has how many rows while a batch runs, and after it: the table, the log, the lanes.

The lanes stand still: their rows depend on nothing that changes within a run. What is called to the
front of the table has the rows that it needs, and the log has the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_LANES = 8
"""Lanes that are seen at once; the others are scrolled to."""

HIGH_LANE, HIGHEST_LANE = 3, 5
"""Rows of a lane where there is room; and where rows of the log would stay empty."""

LEAST_TABLE, LEAST_LOG = 3, 4
"""Rows that the table, with its row of tabs, and the log keep on any screen."""


@dataclass(frozen=True, slots=True)
class RunNeeds:
    """Rows that the parts would like to have.

    Attributes:
        table: what is at the front of the table, with the row of tabs.
        processes: the table of processes, with the row of tabs, whether or not it is at the front.
        log: the lines that the run will have, about.
        lanes: one for each process.
    """

    table: int = LEAST_TABLE
    processes: int = LEAST_TABLE
    log: int = 0
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class RunRows:
    """Rows of each part; those of the lanes are with the axis, and `lane_rows` are of one lane."""

    table: int
    log: int
    lanes: int
    lane_rows: int


def run_rows(height: int, needs: RunNeeds, *, beside: bool) -> RunRows:
    """Return the rows of each part; together they fill the height.

    Args:
        height: rows for all three.
        needs: what each would like to have.
        beside: whether the log stands beside the table, and not below it.
    """
    least = LEAST_LOG if beside else LEAST_LOG + LEAST_TABLE
    seen = max(1, min(needs.lanes, MOST_LANES, height - least - 1))
    lane_rows = HIGHEST_LANE
    while lane_rows > 1 and not _leaves_enough(height, seen, lane_rows, needs, beside):
        lane_rows -= 1
    lanes = seen * lane_rows + 1
    body = max(0, height - lanes)
    if beside:
        return RunRows(body, body, lanes, lane_rows)
    table = min(body, max(LEAST_TABLE, min(needs.table, body - LEAST_LOG)))
    return RunRows(table, body - table, lanes, lane_rows)


def _leaves_enough(height: int, lanes: int, lane_rows: int, needs: RunNeeds, beside: bool) -> bool:
    """Tell whether table and log still have what they need; for high lanes, half will do."""
    rest = height - lanes * lane_rows - 1
    log = needs.log if lane_rows > HIGH_LANE else min(needs.log, height // 2)
    if beside:
        return rest >= max(needs.processes, log)
    return rest - needs.processes >= max(LEAST_LOG, log)
