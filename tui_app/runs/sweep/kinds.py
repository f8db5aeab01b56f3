"""What a person may ask of a sweep. Help needs it, so it imports nothing that works."""

from enum import StrEnum

ROUNDS = 5
"""How often each cell is run: an odd number, so that one of the runs is the median."""


class WorkKind(StrEnum):
    """The kind of work that is repeated."""

    IMAGES = "images"
    COMPUTING = "computing"
    SLEEPING = "sleeping"

    @property
    def computes(self) -> bool:
        """Whether it needs CPUs, so that more workers than CPUs gain nothing."""
        return self is not WorkKind.SLEEPING
