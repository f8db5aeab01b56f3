"""The pairs of demos that are worth seeing side by side, ready to be run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui_app.demos.catalogue import PHOTOGRAPHS
from tui_app.demos.variant import Variant, parse_variant
from tui_app.language import N_, _

MOST = 3
"""How many demos can be seen side by side."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Demos that are compared. `title` and `look` (what to look at) are marked by `N_`."""

    names: tuple[str, ...]
    title: str
    look: str

    @property
    def variants(self) -> tuple[Variant, ...]:
        """The demos, in the order in which they are played."""
        return tuple(parse_variant(name) for name in self.names)

    @property
    def heading(self) -> str:
        """Numbers and title in the present language: `2 and 5  In turn, or at once`."""
        first, second = (variant.demo.number for variant in self.variants)
        numbers = _("{first} and {second}").format(first=first, second=second)
        return f"{numbers:<10} {_(self.title)}"


READY: Sequence[Pair] = (
    Pair(
        ("two-calls", "process-joined"),
        N_("One after the other, or at once"),
        N_("Two bars in a row, then two under each other: the longest counts."),
    ),
    Pair(
        # The pool's calls take a second and a half, and both must do the same work.
        ("loop-joined:seconds=1.5", "pool-as-completed"),
        N_("A process for each call, or a pool of eight"),
        N_("Ten start at once; the pool's eight take ten calls in two rounds."),
    ),
    Pair(
        ("pool-completion-order", "pool-map-order"),
        N_("Results as they come, or in order"),
        N_("The bars are the same; see when main wakes up, and how often."),
    ),
    Pair(
        PHOTOGRAPHS,
        N_("Photographs one by one, or in a pool"),
        N_("Bars of solid work: here the CPUs are the limit."),
    ),
)
"""In the order of the course."""


def look_at(variants: Sequence[Variant]) -> str:
    """Return what to look at, in the present language; empty where they are no ready pair."""
    return next((_(pair.look) for pair in READY if pair.variants == tuple(variants)), "")
