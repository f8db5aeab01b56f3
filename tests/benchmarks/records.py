"""What records cost: while a batch runs, and when a very long one is opened.

    python -m tests.benchmarks.records [--events N] [--images N] [--pairs N]

Run by hand; takes minutes. Records a batch of N events as it might have been, opens it in a process
of its own as the screen does, and moves its cursor there. Then it runs batches of N small images,
with and without a record in turn. Ends with 1 where a figure was missed.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image

from tests.benchmarks.figures import Figure, print_figures
from tests.benchmarks.peers import Took, Way, timed
from tests.records.factories import EVENTS_OF_A_TASK, many_tasks
from tui_app.events import Event
from tui_app.files.append_file import AppendFile
from tui_app.records.recorder import AT_ONCE, Recorder
from tui_app.runs.view import RunView
from tui_app.script.supervisor import PR_SET_CHILD_SUBREAPER
from tui_app.system import gc_tuning

MOST_SECONDS, MOST_MEGABYTES, MOST_MOVE, MOST_COST = 3.0, 300.0, 100.0, 3.0

MOVES = 60

LINKS = 10_000
"""Names that one file gets: file systems allow some tens of thousands."""

OPEN = "--open"


def opening(path: Path, events: int) -> Iterator[Figure]:
    """Records so many events, and opens them in another process."""
    all_events = list(many_tasks(events // EVENTS_OF_A_TASK, workers=8))
    gc_tuning.go_on()
    gc_tuning.seldom()
    took = own_seconds(all_events, path)
    size = path.stat().st_size / 1e6
    said = f"{len(all_events):,} events, {size:.1f} MB"
    yield Figure("CPU of recording an event", took / len(all_events) * 1e6, None, "µs", said)
    del all_events
    words = [sys.executable, "-m", "tests.benchmarks.records", OPEN, str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    said = f"{found['cpu']:.2f} s of CPU; the load is {os.getloadavg()[0]:.1f}"
    yield Figure("opening", found["seconds"], MOST_SECONDS, "s", said)
    yield Figure("memory of the app", found["megabytes"], MOST_MEGABYTES, "MB", "at most")
    said = f"{found['slowest']}; of CPU at most {max(found['cpus']):.0f} ms"
    yield Figure("slowest move", max(found["moves"]), MOST_MOVE, "ms", said)
    mean = statistics.fmean(found["cpus"])
    said = f"of {len(found['moves'])}, with what is drawn; {mean:.0f} ms of CPU"
    yield Figure("mean move", statistics.fmean(found["moves"]), None, "ms", said)


async def opened(path: Path) -> dict[str, object]:
    """Opens a record on the screen, and moves by keys and by leaps."""
    from tui_app.screens.base.recorded import read_run
    from tui_app.screens.recorded import screen_of

    from tui_app.app import ProcessionApp
    from tui_app.records.reader import RecordFile

    gc_tuning.go_on()
    gc_tuning.seldom()
    began, cpu = time.perf_counter(), time.process_time()
    run = read_run(RecordFile.open(path))
    run.view.snapshot()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    moves: list[tuple[float, float, str]] = []
    app = ProcessionApp()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = screen_of(run)
        await app.push_screen(screen)
        await pilot.pause(1.0)
        chosen = random.Random(0)
        screen.action_go_to_start()
        for number in range(MOVES):
            name = ("event before", "next event", "start", "end", "leap")[number % 5]
            if name == "leap":
                # Far from all that was read before, and then one key.
                screen.action_go_to_start()
                screen.cursor.at = chosen.uniform(0, screen.cursor.end)
                await pilot.pause()
            began, worked = time.perf_counter(), time.process_time()
            match name:
                case "event before":
                    screen.action_move(-1)
                case "next event" | "leap":
                    screen.action_move(1)
                case "start":
                    screen.action_go_to_start()
                case "end":
                    screen.action_go_to_end()
            took = time.perf_counter() - began, time.process_time() - worked
            moves.append((1e3 * took[0], 1e3 * took[1], name))
            await pilot.pause()
    status = Path("/proc/self/status").read_text()
    peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return {
        "seconds": seconds,
        "cpu": cpu,
        "megabytes": int(peak) / 1e3,
        "moves": [one[0] for one in moves],
        "cpus": [one[1] for one in moves],
        "slowest": max(moves)[2],
    }


def make(folder: Path, files: int) -> None:
    """Makes a folder of small images; many names are links to one file."""
    folder.mkdir()
    for number in range(files):
        name = folder / f"image-{number:06}.jpg"
        if number % LINKS:
            name.hardlink_to(folder / f"image-{number // LINKS * LINKS:06}.jpg")
        else:
            Image.effect_mandelbrot((256, 192), (-2, -1, 1, 1), 60).save(name)


def batch(source: Path, images: int, home: Path, more: Sequence[str]) -> Took:
    """Runs a batch; returns the seconds that it took, and those of CPU of all its processes."""
    os.environ["XDG_STATE_HOME"] = str(home)
    words = ["batch", str(source), "-o", "{out}/o", "--headless", "--quiet", *more]
    return timed(Way("batch", (sys.executable, "-m", "tui_app", *words), images), home / "out")


def recording(folder: Path, images: int, pairs: int) -> Iterator[Figure]:
    """Runs batches with and without a record, in turn."""
    make(folder / "images", images)
    (folder / "state").mkdir()
    # What the batches leave behind comes to this process, and is counted.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    walls: list[float] = []
    cpus: list[float] = []
    alone: list[float] = []
    for number in range(pairs):
        both = {}
        for more in ([], ["--no-record"])[:: 1 if number % 2 else -1]:
            both[bool(more)] = batch(folder / "images", images, folder / "state", more)
        walls.append(both[False].wall / both[True].wall)
        cpus.append(both[False].cpu / both[True].cpu)
        alone.append(both[True].cpu)
    said = f"{images:,} images, {pairs} pairs, {statistics.median(alone):.1f} s of CPU without"
    for name, ratios in (("wall time", walls), ("CPU time", cpus)):
        more_percent = 100 * (statistics.median(ratios) - 1)
        spread = " ".join(f"{100 * (one - 1):+.1f}" for one in sorted(ratios))
        most = MOST_COST if name == "wall time" else None
        yield Figure(f"recording adds to {name}", more_percent, most, "%", f"{said}; {spread}")
    # What the recorder itself does with these events, by itself: no noise of workers is in it.
    (record,) = sorted((folder / "state" / "procession" / "records").glob("*.gz"))[-1:]
    yield own_cost(record, folder, statistics.median(alone))


def own_cost(record: Path, folder: Path, whole: float) -> Figure:
    """Records the events of a batch again, without the batch."""
    from tui_app.records.reader import RecordFile

    with RecordFile.open(record) as opened_:
        events = list(opened_.events())
    took = own_seconds(events, folder / "again")
    said = f"{took:.2f} s of CPU for {len(events):,} events"
    return Figure("the recorder's own share of CPU", 100 * took / whole, MOST_COST, "%", said)


def own_seconds(events: Sequence[Event], path: Path) -> float:
    """Records events; returns the seconds of CPU that this took, without those of their reader."""
    view = RunView()
    recorder = Recorder(lambda: AppendFile.create(path), lambda said: sys.exit(said), lambda: view)
    took = 0.0
    # The first event is written alone, the others so many at once: the view is never ahead.
    for start in range(1 - AT_ONCE, len(events), AT_ONCE):
        some = events[max(0, start) : start + AT_ONCE]
        for event in some:
            view.add(event)
        began = time.process_time()
        for event in some:
            recorder.add(event)
        took += time.process_time() - began
    recorder.close()
    return took


def main() -> int:
    """Measures, and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument(OPEN, type=Path)
    asked = parser.parse_args()
    if asked.open is not None:
        print(json.dumps(asyncio.run(opened(asked.open))))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        figures = opening(Path(folder) / "long.jsonl.gz", asked.events) if asked.events else ()
        missed = print_figures(figures)
        if asked.images:
            missed |= print_figures(recording(Path(folder), asked.images, asked.pairs))
    return missed


if __name__ == "__main__":
    sys.exit(main())
