"""How well work scales: speed-up, efficiency, and what of it is serial. Pure figures, no units.

Of `p` processors the work takes `T(p)` seconds, and its speed-up is `S = T(1) / T(p)`.

Sources:
    Gene M. Amdahl: Validity of the single processor approach to achieving large scale computing
        capabilities. AFIPS Spring Joint Computer Conference, 1967, pages 483 to 485.
    Alan H. Karp, Horace P. Flatt: Measuring parallel processor performance. Communications of the
        ACM 33 (5), 1990, pages 539 to 543.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """Several measurements of one thing: the one in their middle, the least and the most."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The spread of these values, one at least."""
        return cls(statistics.median(values), min(values), max(values))

    @property
    def width(self) -> float:
        """How far apart they lie."""
        return self.most - self.least


def efficiency(speed_up: float, processors: int) -> float:
    """The share of the processors that the speed-up makes use of: 1 is all of them."""
    return speed_up / processors


def karp_flatt(speed_up: float, processors: int) -> float | None:
    """The experimentally determined serial fraction after Karp and Flatt (1990).

    0 is perfect scaling, 1 none at all; below 0 the work scaled better than perfectly. Where it
    grows with the processors, it is no serial part that holds the work up, but overhead.

    Returns:
        `None` for one processor, of which it says nothing.
    """
    if processors < 2:
        return None
    return (1 / speed_up - 1 / processors) / (1 - 1 / processors)


def amdahl(serial: float, processors: float) -> float:
    """The speed-up that Amdahl's law (1967) allows, where the share `serial` runs on one alone."""
    return 1 / (serial + (1 - serial) / processors)


def fitted_serial(speed_ups: Iterable[tuple[int, float]]) -> float | None:
    """The serial share, 0 to 1, of the curve of Amdahl's that fits best.

    Best by least squares of `1 / S`: that is the time, as a share of the sequential one, and times
    are what was measured. There Amdahl's law is linear: `1/S - 1/p = serial * (1 - 1/p)`.

    Args:
        speed_ups: processors, and the speed-up with so many.

    Returns:
        `None` where nothing was measured with more than one processor.
    """
    above = below = 0.0
    for processors, speed_up in speed_ups:
        left = 1 - 1 / processors
        above += left * (1 / speed_up - 1 / processors)
        below += left * left
    return min(1.0, max(0.0, above / below)) if below else None
