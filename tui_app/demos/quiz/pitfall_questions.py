"""The pitfalls' questions, by demo; see `question.Question`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui_app.demos.expected_times import Machine
from tui_app.demos.measurements import CountSpread, Measured, MeasurementTable, Meter
from tui_app.demos.parameters import number
from tui_app.demos.quiz.answers import SLEEPING, sleepers_at_once, sleeping_lines
from tui_app.demos.quiz.question import Question, Unit, Values
from tui_app.script.facts import Facts
from tui_app.script.process_names import MAIN

ALIKE = 0.15
"""Times that differ by a smaller share count as the same."""

_MAIN_COUNTS = re.compile(r"as main counts: (\d+)")


def _measured(facts: Facts, name: str) -> Measured | None:
    meter = Meter(name)
    for event in facts.events:
        meter.add(event)
    return meter.measured()


def _times(facts: Facts, name: str, rows: int) -> list[float] | None:
    """Return the seconds of a demo's table; None while it has not all its rows."""
    table = _measured(facts, name)
    if not isinstance(table, MeasurementTable) or len(table.rows) < rows:
        return None
    seconds = [row.seconds for row in table.rows]
    return seconds if all(seconds) else None


def _whether_told(facts: Facts, _: Values) -> str | None:
    """Return whether the exit code has `told` of the error, or the script was `silent`."""
    code = facts.codes.get(MAIN)
    return None if code is None else "told" if code else "silent"


def _who_sleeps(facts: Facts, _: Values) -> str:
    """Return who prints `Sleeping for`: `main`, the `others`, or `nobody`."""
    who = facts.by(SLEEPING)
    return "nobody" if not who else "main" if set(who) == {MAIN} else "others"


def _things_taken(facts: Facts, _: Values) -> float:
    return float(len(facts.printed("Took ")))


def _main_counts(facts: Facts, _: Values) -> float | None:
    found = (_MAIN_COUNTS.search(text) for text in facts.texts())
    return next((float(one[1]) for one in found if one), None)


def _sums(facts: Facts, _: Values) -> str | None:
    """Return whether all sums are `right`, all the `same` and too small, or `spread`."""
    spread = _measured(facts, "lost-updates")
    if not isinstance(spread, CountSpread):
        return None
    if set(spread.counts) == {spread.right}:
        return "right"
    return "same" if len(set(spread.counts)) == 1 else "spread"


def _gain_of_many(facts: Facts, _: Values) -> float | None:
    times = _times(facts, "more-is-not-faster", 2)
    return times[0] / times[-1] if times else None


def _fastest(facts: Facts, _: Values) -> str | None:
    """Return what is fastest: `turn`, `threads` or `processes`; `same` if none is by much."""
    times = _times(facts, "threads-or-processes", 3)
    if times is None:
        return None
    if max(times) - min(times) < ALIKE * max(times):
        return "same"
    return ("turn", "threads", "processes")[times.index(min(times))]


def _longer_than_sleep(facts: Facts, _: Values) -> float | None:
    times = _times(facts, "sleeping-is-not-working", 2)
    return times[1] / times[0] if times else None


def _longer_ideas(values: Values, machine: Machine) -> Sequence[float]:
    calls = number(values, "CALLS")
    return (max(1.0, calls / machine.cpus), 1.0, calls, calls * machine.cpus)


def _cheaper_way(facts: Facts, _: Values) -> str | None:
    """Return which way to send is faster: `one` or `chunks`; `same` if neither is by much."""
    times = _times(facts, "too-small-tasks", 3)
    if times is None:
        return None
    one, chunks, _data = times
    if abs(one - chunks) < ALIKE * max(one, chunks):
        return "same"
    return "one" if one < chunks else "chunks"


def _after_cancel(facts: Facts, _: Values) -> str | None:
    """Return whether the call that main cancels `runs` to its end, or `stops`."""
    if facts.printed("Stopped sleeping"):
        return "stops"
    return "runs" if facts.printed("Done sleeping") else None


PITFALL_QUESTIONS: dict[str, Question] = {
    "map-not-read": Question(_whether_told),
    "no-main-guard": Question(sleeping_lines, Unit.COUNT, lambda *_: (0.0, 1.0, 2.0, 4.0)),
    "called-target": Question(_who_sleeps),
    "join-in-loop": Question(
        sleepers_at_once,
        Unit.COUNT,
        lambda values, machine: (1.0, number(values, "CALLS"), float(machine.cpus)),
        asked=lambda values, machine: number(values, "CALLS") > 1,
    ),
    "cannot-pickle": Question(_things_taken, Unit.COUNT, lambda *_: (0.0, 1.0, 2.0, 3.0)),
    "globals-not-shared": Question(
        _main_counts,
        Unit.COUNT,
        lambda values, machine: (0.0, number(values, "CALLS"), number(values, "WORKERS"), 1.0),
    ),
    "lost-updates": Question(_sums, asked=lambda values, machine: number(values, "WORKERS") > 1),
    "more-is-not-faster": Question(
        _gain_of_many,
        Unit.TIMES,
        lambda values, machine: (float(machine.cpus), 2.0 * machine.cpus, 1.0),
        of_computing=True,
    ),
    "threads-or-processes": Question(_fastest, of_computing=True),
    "sleeping-is-not-working": Question(
        _longer_than_sleep, Unit.TIMES, _longer_ideas, of_computing=True
    ),
    "too-small-tasks": Question(_cheaper_way, of_computing=True),
    "cancel-does-not-stop": Question(_after_cancel),
}
