"""What the pitfalls' scripts let their pools do, as tasks for the engine's workers.

Pure Python, as there, so that the interpreter's lock shows. Imported in workers: nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable


def compute(size: int, progress: Callable[[str, float], None]) -> None:
    """Adds `size` squares up: `compute` of the demo `more-is-not-faster`."""
    sum(number * number for number in range(size))


def sleep(seconds: float, progress: Callable[[str, float], None]) -> None:
    """Sleeps, as the tutorial's calls do."""
    time.sleep(seconds)
