"""A run that keeps all CPUs busy and tells so many things a second, in the app.

    python -m tests.benchmarks.burning [--seconds N] [--rate N] [--fps N]

It stands in the place of a batch, whose images would come as fast as the machine is; for
drawing.py.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from unittest.mock import patch

from PIL import Image

from tests.benchmarks import burning
from tui_app.app import run_app
from tui_app.engine.run import Run
from tui_app.engine.spec import Pool, RunSpec, Task
from tui_app.events import Event
from tui_app.runs.request import BatchRequest

TASK_SECONDS = 0.5


def burn(rate: float, progress: Callable[[str, float], None]) -> None:
    """Works all the time, and tells of it `rate` times a second: by lines, and by progress."""
    began, told = time.monotonic(), 0
    while (spent := time.monotonic() - began) < TASK_SECONDS:
        if told < spent * rate:
            told += 1
            if told % 2:
                print(f"line {told} of process {os.getpid()}, which works on and on")
            else:
                progress("burn", spent / TASK_SECONDS)
        sum(range(1000))


class BurningRun:
    """So many seconds of work for each worker of the pool, `rate` events a second in all."""

    def __init__(self, pool: Pool, seconds: float, rate: float) -> None:
        tasks = round(seconds / TASK_SECONDS) * pool.size
        spec = RunSpec(
            kind="batch", title=f"{tasks} tasks burn", tasks=tasks, weight=float(tasks), pool=pool
        )
        # The function of the module that workers can import, not of the one that is `__main__`.
        each = (
            Task(label=f"{number:06}.jpg", function=burning.burn, argument=rate / pool.size)
            for number in range(tasks)
        )
        self._run = Run(each, spec)

    def events(self) -> AsyncGenerator[Event, None]:
        """Runs."""
        return self._run.events()

    def cancel(self, reason: str = "") -> None:
        """Kills the workers now."""
        self._run.cancel(reason)


def main() -> int:
    """Opens the app at a plan; what is run then burns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=900.0)
    parser.add_argument("--rate", type=float, default=1000.0)
    parser.add_argument("--fps", type=int)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="burning-") as name:
        Image.new("RGB", (8, 8)).save(Path(name, "one.png"))
        pool = Pool()
        with patch(
            "tui_app.screens.batch.BatchRun",
            lambda *_: BurningRun(pool, options.seconds, options.rate),
        ):
            return run_app(BatchRequest(sources=(name,)), pool, fps=options.fps)


if __name__ == "__main__":
    sys.exit(main())
