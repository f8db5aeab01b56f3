"""A batch while its workers are killed at random: what is lost, and what it costs.

    python -m tests.benchmarks.killing [IMAGES [SECONDS_BETWEEN_KILLS]]

Two of the images are poison: a stand-in for a crash in a C library kills whoever opens them. Ends
with how many things went wrong: an image that ended otherwise than it had to, an output that
differs from an undisturbed run's, a temporary file that was left.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from PIL import Image

from tests.invariants import check_stream
from tui_app.engine.machine import StartMethod, usable_cpus
from tui_app.engine.spec import ExecutorKind, Pool
from tui_app.events import (
    Event,
    ProcessExited,
    ProcessStarted,
    TaskFailed,
    TaskFinished,
    TaskQueued,
    TaskRetried,
)
from tui_app.images.job import ImageJob
from tui_app.images.pipeline import process_image
from tui_app.images.plan import Plan
from tui_app.images.planner import make_plan
from tui_app.images.recipe_files import load_recipe
from tui_app.runs.batch import BatchRun

POISON = ("poison-1.jpg", "poison-2.jpg")
DEATHS = {"SIGSEGV"}


def process_or_die(job: ImageJob, progress: Callable[[str, float], None]) -> Any:
    """One image, as the product does it; poison dies as a crash in a decoder would."""
    if Path(job.source).name in POISON:
        progress("decode", 0.0)
        os.kill(os.getpid(), signal.SIGSEGV)
    return process_image(job, progress)


def make_images(folder: Path, count: int) -> None:
    """So many photographs' worth of noise, of two megapixels each, and the poison."""
    noise = Image.effect_mandelbrot((1600, 1200), (-2, -1.2, 1, 1.2), 60).convert("RGB")
    for number in range(count):
        noise.rotate(number).save(folder / f"image-{number:04}.jpg")
    for name in POISON:
        noise.save(folder / name)


async def play(plan: Plan, every: float | None) -> list[Event]:
    """Runs the plan, killing a random worker so often."""
    pool = Pool(ExecutorKind.PROCESSES, usable_cpus(), StartMethod.FORKSERVER)
    events: list[Event] = []
    alive: set[int] = set()
    chance = random.Random(1)

    async def kill() -> None:
        while every is not None:
            await asyncio.sleep(every)
            if alive:
                # One that is dead already may not have been told of yet.
                with suppress(ProcessLookupError):
                    os.kill(chance.choice(sorted(alive)), signal.SIGKILL)

    killer = asyncio.create_task(kill())
    with patch("tui_app.runs.batch.do_image", process_or_die):
        async with aclosing(BatchRun(plan, pool).events()) as stream:
            async for event in stream:
                events.append(event)
                if isinstance(event, ProcessStarted):
                    alive.add(event.pid)
                elif isinstance(event, ProcessExited):
                    alive.discard(event.pid)
    killer.cancel()
    check_stream(events)
    return events


def digests(folder: str) -> dict[str, str]:
    """Each output's SHA-256."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in Path(folder).iterdir()
        if path.is_file()
    }


def main(words: Sequence[str] = ()) -> int:
    """Runs undisturbed and disturbed, and compares; returns how many things went wrong."""
    count = int(words[0]) if words else 300
    every = float(words[1]) if words[1:] else 0.5
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source")
        source.mkdir()
        make_images(source, count)
        recipe = replace(load_recipe("tutorial"), exact=True)
        outputs = {}
        for name, pace in (("undisturbed", None), ("disturbed", every)):
            plan = make_plan([str(source)], recipe, output=str(Path(folder, name)))
            began = time.perf_counter()
            events = asyncio.run(play(plan, pace))
            took = time.perf_counter() - began
            outputs[name] = digests(plan.output)
            labels = {e.task: e.label for e in events if isinstance(e, TaskQueued)}
            failed = {labels[e.task]: e for e in events if isinstance(e, TaskFailed)}
            done = sum(isinstance(e, TaskFinished) for e in events)
            exits = Counter(e.exitcode for e in events if isinstance(e, ProcessExited))
            print(f"{name}: {took:.1f} s")
            print(f"  done {done} of {count}")
            print(f"  failed { ({label: e.reason for label, e in failed.items()}) }")
            print(f"  attempts lost {sum(isinstance(e, TaskRetried) for e in events)}")
            print(f"  workers' exit codes {dict(exits)}")
            left = [path.name for path in Path(plan.output).rglob("*.part")]
            print(f"  outputs {len(outputs[name])}, temporary files left {len(left)}")
            if (done, len(outputs[name]), left) != (count, count, []):
                wrong.append(f"{name}: not all were done, or something was left")
            if sorted(failed) != sorted(POISON) or {e.error for e in failed.values()} != DEATHS:
                wrong.append(f"{name}: not just the poison failed, by its signal")
        if outputs["undisturbed"] != outputs["disturbed"]:
            wrong.append("the outputs differ from the undisturbed run's")
    print("\n".join(wrong) or "just the poison failed, the outputs are byte for byte the same")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
