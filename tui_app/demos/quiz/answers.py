"""Answers that the facts of a run give to more than one question."""

from __future__ import annotations

from tui_app.demos.quiz.question import Values
from tui_app.events import WaitKind
from tui_app.script.facts import Facts, most_at_once

SLEEPING = "Sleeping for"


def sleeping_lines(facts: Facts, _: Values) -> float:
    """Return how many lines say that somebody sleeps."""
    return float(len(facts.printed(SLEEPING)))


def sleepers_at_once(facts: Facts, _: Values) -> float | None:
    """Return how many sleep at the same time, at most; None where nobody does."""
    return float(most_at_once(facts.stretches(WaitKind.SLEEP))) or None
