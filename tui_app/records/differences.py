"""Two recorded runs beside each other: what was different in them, as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from tui_app.events import RunStarted
from tui_app.language import _, counted
from tui_app.records.phrases import when
from tui_app.runs.comparison.trial import Trial
from tui_app.runs.view import Snapshot

Row = tuple[str, tuple[str, str]]
"""What is compared, and how it was in the one and the other."""


def trial_of(label: str, snapshot: Snapshot) -> Trial:
    """Return a run as a trial: as it ended, or as far as it is known."""
    summary = snapshot.summary
    return Trial(
        label,
        state=snapshot.state,
        wall=snapshot.elapsed,
        work=summary.work if summary else 0.0,
        at_once=snapshot.at_once,
        slept=snapshot.slept,
        reason=snapshot.reason,
    )


def differences(first: RunStarted, second: RunStarted, *ends: Snapshot) -> Iterator[Row]:
    """Yield what was different in how two runs were made, and in how many tasks came to what.

    Args:
        first: how the one began.
        second: how the other began.
        ends: both as they ended.
    """
    both = (first, second)
    rows: list[tuple[str, list[str]]] = [
        (_("What"), [one.title for one in both]),
        (_("When"), [when(one.started_at, exactly=True) for one in both]),
        (_("Machine"), [one.host for one in both]),
        (_("CPUs"), [str(one.cpus) for one in both]),
        (_("Python"), [one.python for one in both]),
        (_("Executor"), [one.executor for one in both]),
        (_("Workers"), [str(one.workers) for one in both]),
        (_("Processes"), [str(len(one.rows)) for one in ends]),
        (_("Start"), [one.start_method for one in both]),
        (_("Tasks"), [str(one.tasks) for one in ends]),
        (_("Failed"), [str(one.failed) for one in ends]),
        (_("Skipped"), [str(one.skipped) for one in ends]),
    ]
    for name, (one, other) in rows:
        if one != other:
            yield name, (one, other)
    if changed := _changed_lines(first.code, second.code):
        yield _("Code"), ("", counted(changed, "{n} line is another", "{n} lines are others"))


def _changed_lines(first: str, second: str) -> int:
    """Return how many lines of the second text are not in the first one at their place."""
    if first == second:
        return 0
    one, other = first.splitlines(), second.splitlines()
    same = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return max(len(one), len(other)) - sum(block.size for block in same) or 1
