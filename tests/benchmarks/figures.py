"""Figures that are measured, beside what they may be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `most` or `least` is what it may be, where something is asked of it."""

    name: str
    value: float
    most: float | None
    unit: str
    said: str
    least: float | None = None

    @property
    def met(self) -> bool:
        """Whether it is as good as it is to be."""
        return (self.most is None or self.value <= self.most) and (
            self.least is None or self.value >= self.least
        )

    def __str__(self) -> str:
        """The figure as a line of a table."""
        asked = ""
        if self.most is not None:
            asked = f"at most {self.most:g}"
        elif self.least is not None:
            asked = f"at least {self.least:g}"
        mark = " " if self.met else "✗"
        return f"{mark} {self.name:<52} {self.value:>8.2f} {self.unit:<3} {asked:<14} {self.said}"


def print_figures(figures: Iterable[Figure]) -> int:
    """Prints each as it comes; returns 1 where one was missed, else 0."""
    missed = 0
    for figure in figures:
        print(str(figure).rstrip(), flush=True)
        missed += not figure.met
    return int(missed > 0)
