"""What the pitfalls' scripts let their pools do, as tasks for the engine's workers.

It is pure Python as in the scripts, so that the interpreter's lock shows. Workers import it, so it
imports nothing of the product.
"""

from __future__ import annotations

import time
from collections.abc import Callable


def compute(size: int, progress: Callable[[str, float], None]) -> None:
    """Add up `size` squares, as `compute` of the demo `more-is-not-faster` does."""
    sum(number * number for number in range(size))


def sleep(seconds: float, progress: Callable[[str, float], None]) -> None:
    """Sleep, as the tutorial's calls do."""
    time.sleep(seconds)
