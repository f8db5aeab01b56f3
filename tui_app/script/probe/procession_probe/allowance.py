"""How much may be told one by one: nobody could read a flood, and telling it would cost more."""

from __future__ import annotations

from time import monotonic

BURST, A_SECOND = 300.0, 100.0
"""How much may be told one by one at once, and how much a second it always may."""


class Allowance:
    """What may still be told one by one, of one kind."""

    def __init__(self) -> None:
        self._left = BURST
        self._at = 0.0

    def spend(self, count: int = 1) -> bool:
        """Return whether so much may be told one by one now; it is counted then."""
        now = monotonic()
        # While it comes faster, all of it is told together.
        self._left = min(BURST, self._left + max(0.0, (now - self._at) * A_SECOND - 1.0))
        self._at = now
        if count > self._left:
            return False
        self._left -= count
        return True
