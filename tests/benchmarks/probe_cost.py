"""What the probe costs: each demo by plain `python` and played, wall time beside wall time.

    python tests/benchmarks/probe_cost.py [--rounds N] [NAME ...]

Run by hand. Prints the medians over the rounds, from the start of the script's interpreter to the
end of its last process, and says which cost more than 5 % and more than 100 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import aclosing

from tui_app.demos.catalogue import Demo, demos, find_demo
from tui_app.demos.demo_run import SAMPLES, DemoRun
from tui_app.engine.worker import NICENESS
from tui_app.events import RunFinished
from tui_app.images.samples import missing_samples, samples_folder

SHARE, SECONDS = 0.05, 0.1


def plain(demo: Demo, folder: str) -> float:
    """Seconds that plain `python` takes, as polite as a played script is."""
    began = time.monotonic()
    subprocess.run(
        [sys.executable, demo.script],
        cwd=folder,
        env={**os.environ, SAMPLES: str(samples_folder())},
        stdout=subprocess.DEVNULL,
        check=True,
        preexec_fn=lambda: os.nice(NICENESS) and None,
    )
    return time.monotonic() - began


async def played(demo: Demo, folder: str) -> float:
    """Seconds that the same script takes under the probe."""
    wall = 0.0
    async with aclosing(DemoRun(demo, folder=folder).events()) as events:
        async for event in events:
            if isinstance(event, RunFinished):
                assert event.outcome == "ok", event.reason
                wall = event.t
    return wall


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    chosen = [find_demo(name) for name in options.names] or list(demos())
    dear = 0
    print(f"{'demo':<24}{'plain':>9}{'played':>9}{'more':>10}{'ratio':>8}")
    for demo in chosen:
        if demo.of_photographs and missing_samples(samples_folder()):
            print(f"{demo.name:<24}no sample photographs: run `procession samples`")
            continue
        with tempfile.TemporaryDirectory() as folder:
            pairs = [
                (plain(demo, folder), asyncio.run(played(demo, folder)))
                for _ in range(options.rounds)
            ]
        before, after = (statistics.median(column) for column in zip(*pairs, strict=True))
        more = after - before
        mark = "  ✗" if more > max(SECONDS, SHARE * before) else ""
        dear += bool(mark)
        print(
            f"{demo.name:<24}{before:>7.3f} s{after:>7.3f} s{1000 * more:>+7.0f} ms"
            f"{after / before:>8.3f}{mark}"
        )
    print(f"{dear} of {len(chosen)} cost more than {SHARE:.0%} and {1000 * SECONDS:.0f} ms")


if __name__ == "__main__":
    main()
