"""How well work scales: speed-up, efficiency, and the serial share. Numbers without units.

With `p` processors the work takes `T(p)` seconds; its speed-up is `S = T(1) / T(p)`.

Sources:
    Gene M. Amdahl: Validity of the single processor approach to achieving large scale computing
        capabilities. AFIPS Spring Joint Computer Conference, 1967, pages 483 to 485.
        https://doi.org/10.1145/1465482.1465560
    Alan H. Karp, Horace P. Flatt: Measuring parallel processor performance. Communications of the
        ACM 33 (5), 1990, pages 539 to 543. https://doi.org/10.1145/78607.78614
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """Several measurements of one thing: the median, the least and the most."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Return the spread of one value or more."""
        return cls(statistics.median(values), min(values), max(values))

    @property
    def width(self) -> float:
        """The distance of the most and the least."""
        return self.most - self.least


def efficiency(speed_up: float, processors: int) -> float:
    """Return the share of the processors that the speed-up makes use of; 1 is all of them."""
    return speed_up / processors


def karp_flatt(speed_up: float, processors: int) -> float | None:
    """Return the experimentally determined serial fraction of Karp and Flatt (1990).

    0 is perfect scaling, 1 is none. Below 0 the work scaled better than perfectly. Where it grows
    with the processors, overhead holds the work up, not a serial part.

    Returns:
        `None` for one processor: the fraction is not defined.
    """
    if processors < 2:
        return None
    return (1 / speed_up - 1 / processors) / (1 - 1 / processors)


def amdahl(serial: float, processors: float) -> float:
    """Return the speed-up by Amdahl's law (1967), with the share `serial` on one processor."""
    return 1 / (serial + (1 - serial) / processors)


def fitted_serial(speed_ups: Iterable[tuple[int, float]]) -> float | None:
    """Return the serial share, 0 to 1, of the curve of Amdahl's law that fits best.

    Best by least squares of `1 / S`, the time as a share of the sequential one: times are what was
    measured. Amdahl's law is linear there: `1/S - 1/p = serial * (1 - 1/p)`.

    Args:
        speed_ups: processors, and the speed-up with them.

    Returns:
        `None` where nothing was measured with more than one processor.
    """
    above = below = 0.0
    for processors, speed_up in speed_ups:
        left = 1 - 1 / processors
        above += left * (1 / speed_up - 1 / processors)
        below += left * left
    return min(1.0, max(0.0, above / below)) if below else None
