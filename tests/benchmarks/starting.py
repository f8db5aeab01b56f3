"""How long starting takes: until help stands, the first screen is drawn, the first image is begun.

    python -m tests.benchmarks.starting [--runs N] [--images N] [--size WxH]

Run by hand. Prints medians of whole processes, in seconds from the start of the process, beside
those of bare Python and of importing Textual: they tell how quick the machine is. What is compared
takes turns, so that a busy moment meets all of it; a first turn, which compiles, is not counted.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from statistics import median

from tests.commands import COMMAND, Marked, read_until, started
from tests.images.factories import picture
from tests.terminals import terminal

HOME_SAYS = b"see parallel Python run."
"""Stands on Home, the app's first screen."""


def whole(*words: str, where: Marked) -> float:
    """Seconds that a process takes from its start to its end."""
    began = time.monotonic()
    subprocess.run(words, env=where.env, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - began


def first_screen(where: Marked, folder: Path) -> float:
    """Seconds until Home's text has come to a terminal of 80x24."""
    with terminal() as seen:
        began = time.monotonic()
        with seen.start(where=where, cwd=folder):
            seen.wait_for(HOME_SAYS)
            return time.monotonic() - began


def first_image(where: Marked, folder: Path, output: Path) -> float:
    """Seconds until a batch without a screen has told that an image was begun."""
    words = ("batch", folder, "-o", output, "--headless", "--json")
    began = time.monotonic()
    with started(*words, where=where, cwd=folder) as process:
        read_until(process, "task_started", 1)
        return time.monotonic() - began


def main() -> int:
    """Measures, prints; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--images", type=int, default=15)
    parser.add_argument("--size", default="6000x4000")
    asked = parser.parse_args()
    width, height = map(int, asked.size.split("x"))
    with tempfile.TemporaryDirectory(prefix="procession-starting-") as name:
        place = Path(name)
        photographs = place / "photographs"
        photographs.mkdir()
        whole_picture = picture((width, height))
        for number in range(asked.images):
            whole_picture.save(photographs / f"{number:04}.jpg")
        where = environment(place)
        outputs = (place / f"out-{number}" for number in count())
        what: dict[str, Callable[[], float]] = {
            "python -c pass": lambda: whole(sys.executable, "-c", "pass", where=where),
            "import textual.app": lambda: whole(
                sys.executable, "-c", "import textual.app", where=where
            ),
            "procession --help": lambda: whole(*COMMAND, "--help", where=where),
            "first screen drawn": lambda: first_screen(where, photographs),
            "first image begun": lambda: first_image(where, photographs, next(outputs)),
        }
        times: dict[str, list[float]] = {title: [] for title in what}
        for turn in range(asked.runs + 1):
            for title, measure in what.items():
                took = measure()
                if turn:
                    times[title].append(took)
    for title, all_of_it in times.items():
        spread = f"{min(all_of_it):.3f} to {max(all_of_it):.3f}"
        print(f"{title:<20} {median(all_of_it):7.3f} s   {spread}")
    return 0


def environment(place: Path) -> Marked:
    """One in which nothing is remembered yet, and what Python compiles is kept."""
    homes = {f"XDG_{kind}_HOME": str(place / "home") for kind in ("CONFIG", "STATE", "DATA")}
    env = {**os.environ, **homes, "LC_ALL": "C.UTF-8"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return Marked(env)


if __name__ == "__main__":
    raise SystemExit(main())
