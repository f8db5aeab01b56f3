"""A folder of a hundred thousand small images, without a screen, with few files open at once.

    python tests/benchmarks/many_files.py [--files N] [--few N] [--report] [--folder DIR]

Run by hand; takes minutes. Runs the command over FEW and over N images of 8x8 pixels at a limit of
256 open files, and again when all are done, and prints the memory of its main process at the end
and at most. Ends with 1 where the many cost more than 50 MB above the few at the end, or an image
was not done.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from PIL import Image

OPEN_FILES = 256
MOST_MORE = 50e6
LINKS = 10_000
"""Names that one file gets: file systems allow some tens of thousands."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run took: seconds, bytes of the main process, and how it ended."""

    files: int
    seconds: float
    at_end: int
    at_most: int
    code: int
    done: int
    said: str


def make(folder: Path, files: int) -> None:
    """Makes a folder of small images; many names are links to one file."""
    folder.mkdir()
    for number in range(files):
        name = folder / f"image-{number:06}.jpg"
        if number % LINKS:
            name.hardlink_to(folder / f"image-{number // LINKS * LINKS:06}.jpg")
        else:
            Image.new("RGB", (8, 8), (number // LINKS % 256, 90, 200)).save(name)


def measured(source: Path, output: Path, files: int, more: Sequence[str]) -> Figures:
    """Runs the command over a folder, and looks at its main process all the while."""
    words = ["batch", str(source), "-o", str(output), "--headless", *more]
    began = time.monotonic()
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(
            [sys.executable, "-m", "tui_app", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES)),
        ) as command,
    ):
        main = psutil.Process(command.pid)
        at_end = at_most = 0
        while command.poll() is None:
            try:
                at_end = main.memory_info().rss or at_end
            except psutil.Error:
                break
            at_most = max(at_most, at_end)
            time.sleep(0.02)
        code = command.wait()
        said.seek(0)
        last = "".join(said.readlines()[-3:])
    seconds = time.monotonic() - began
    done = sum(1 for entry in os.scandir(output) if entry.is_file())
    return Figures(files, seconds, at_end, at_most, code, done, last)


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--report", action="store_true", help="with a report, which is held too")
    parser.add_argument("--folder", type=Path, help="where the images are made; else in /tmp")
    options = parser.parse_args()
    print(
        f"{'files':>9}{'done':>9}{'code':>6}{'seconds':>9}{'each':>9}{'at end':>10}{'at most':>10}"
    )
    found = []
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        for files in (options.few, options.files):
            source = Path(folder, f"{files}")
            make(source, files)
            more = ["--report", str(Path(folder, f"{files}.json"))] if options.report else []
            for again in ("", "  (all done before)"):
                took = measured(source, Path(folder, f"{files}-out"), files, more)
                found.append(took)
                print(
                    f"{files:>9,}{took.done:>9,}{took.code:>6}{took.seconds:>9.1f}"
                    f"{1000 * took.seconds / files:>6.2f} ms{took.at_end / 1e6:>7.1f} MB"
                    f"{took.at_most / 1e6:>7.1f} MB{again}",
                    flush=True,
                )
                if took.code or took.done != files:
                    print(took.said)
    few, _few_again, *many = found
    more_bytes = max(took.at_end for took in many) - few.at_end
    print(f"the many cost {more_bytes / 1e6:.1f} MB more at the end than the few")
    lost = any(took.code or took.done != took.files for took in found)
    return int(lost or more_bytes > MOST_MORE)


if __name__ == "__main__":
    sys.exit(main())
