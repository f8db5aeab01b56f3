"""Answers that the facts of a run give to more than one question, and ideas of a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui_app.demos.catalogue import find_demo
from tui_app.demos.expected_times import Machine
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


def took(facts: Facts, _: Values) -> float | None:
    """Return the seconds that the script measured."""
    return facts.took


def expected_ideas(name: str, *wrong: Callable[[Values], float]) -> Callable[..., Sequence[float]]:
    """Make the ideas for a time: the seconds that the catalogue expects, and wrong ones."""

    def ideas(values: Values, machine: Machine) -> Sequence[float]:
        expected = find_demo(name).expected_seconds(machine, values)
        assert expected is not None
        return (expected, *(idea(values) for idea in wrong))

    return ideas


def lengths(values: Values) -> tuple[float, ...]:
    """Return a parameter `SECONDS` that is a list."""
    value = values["SECONDS"]
    assert isinstance(value, tuple)
    return value
