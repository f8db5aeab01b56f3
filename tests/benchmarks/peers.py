"""Photographs by this product, beside the tutorial's script, libvips, and nothing but decoding.

Each recipe is also measured beside the same steps in plain Pillow.

    python -m tests.benchmarks.peers [--photographs DIR] [--runs N] [--small N] [--only RECIPE]
        [--python FILE]

Whole processes, one after another in rounds, medians of five; figures are ratios within one call:
of wall time, and of the CPU time of all processes that a way starts, however they are started.
Without a folder it takes the product's own sample photographs. libvips is measured where the Python
named by `--python` (by default this one) has pyvips: `pip install 'procession[benchmarks]'`.
Run by hand on a machine with nothing else to do; takes some minutes. Ends with 1 where a figure is
missed, or an output is.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from statistics import median

from PIL import Image

from tests.benchmarks.figures import Figure, print_figures
from tests.images.factories import job, psnr
from tui_app.engine.machine import usable_cpus
from tui_app.images.pipeline import process_image
from tui_app.images.recipe import Recipe
from tui_app.images.recipe_files import load_recipe
from tui_app.images.samples import SAMPLES, missing_samples, samples_folder
from tui_app.script.supervisor import PR_SET_CHILD_SUBREAPER

SCRIPTS = Path(__file__).parent / "scripts"
RECIPES = Path(str(files("tui_app.assets").joinpath("recipes")))
ENOUGH_DB = 49.5
MB = 1e6


@dataclass(frozen=True, slots=True)
class Way:
    """One way to do the work: what is run, and how many outputs it leaves."""

    name: str
    words: Sequence[str]
    outputs: int


@dataclass(frozen=True, slots=True)
class Took:
    """What one run took: seconds of wall time, and of CPU of all its processes."""

    wall: float
    cpu: float


def _cpu_of_children() -> float:
    """Seconds of CPU of all processes that have ended below this one.

    A fork server and its workers are nobody's children when the app has ended: they come to this
    process, which takes them in (Linux; elsewhere they are missing).
    """
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            break
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(way: Way, folder: Path) -> Took:
    """Runs it in an empty folder.

    Raises:
        SystemExit: It failed, or outputs are missing.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    words = [word.replace("{out}", str(folder)) for word in way.words]
    before, began = _cpu_of_children(), time.perf_counter()
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    wall = time.perf_counter() - began
    took = Took(wall, _cpu_of_children() - before)
    made = sum(
        1 for path in folder.rglob("*") if path.is_file() and ".procession" not in path.parts
    )
    if done.returncode or made != way.outputs:
        sys.exit(f"{way.name}: exit code {done.returncode}, {made} outputs\n{done.stderr[-2000:]}")
    return took


def in_rounds(ways: Sequence[Way], rounds: int, folder: Path) -> dict[str, list[Took]]:
    """Runs each way once a round, so that a machine that changes its pace favours none."""
    times: dict[str, list[Took]] = {way.name: [] for way in ways}
    for number in range(rounds + 1):
        for way in ways:
            took = timed(way, folder)
            # The first round only warms the disk's memory.
            if number:
                times[way.name].append(took)
    return times


def has_vips(python: str) -> bool:
    """Whether that Python has pyvips."""
    return not subprocess.run([python, "-c", "import pyvips"], capture_output=True).returncode


def ways(source: Path, python: str) -> Iterator[Way]:
    """The ways to do the tutorial's work on the photographs."""
    count = len(photographs(source))
    script = [sys.executable, str(SCRIPTS / "tutorial_pool.py"), str(source), "{out}"]
    yield Way("tutorial", script, count)
    product = [sys.executable, "-m", "tui_app", "batch", str(source), "-o", "{out}", "--headless"]
    yield Way("fast", product, count)
    yield Way("exact", [*product, "--exact"], count)
    for scale in ("final", "8"):
        decoding = [sys.executable, str(SCRIPTS / "decode_pool.py"), str(source), scale]
        yield Way(f"decode {scale}", decoding, 0)
    if has_vips(python):
        yield Way("vips", vips_words(source, "tutorial", python, "none"), count)


def vips_words(source: Path, recipe: str, python: str, sharpening: str) -> list[str]:
    """The command that does a recipe's steps by libvips, in as many processes as there are CPUs."""
    script, file = SCRIPTS / "vips_pool.py", RECIPES / f"{recipe}.toml"
    return [python, str(script), str(source), "{out}", str(file), str(usable_cpus()), sharpening]


def recipe_ways(source: Path, recipe: str, python: str) -> Iterator[Way]:
    """One recipe by the product, and its steps in plain Pillow and by libvips."""
    count = len(photographs(source))
    product = [sys.executable, "-m", "tui_app", "batch", str(source), "-o", "{out}", "--headless"]
    yield Way(recipe, [*product, "--recipe", recipe], count)
    plain = [sys.executable, str(SCRIPTS / "plain_pool.py"), str(source), "{out}"]
    file = str(RECIPES / f"{recipe}.toml")
    yield Way(f"plain {recipe}", [*plain, file], count)
    if not has_vips(python):
        return
    for sharpening in ("own", "none") if load_recipe(recipe).sharpen else ("none",):
        words = vips_words(source, recipe, python, sharpening)
        yield Way(f"vips {recipe}, sharpening: {sharpening}", words, count)


def small_ways(source: Path) -> Iterator[Way]:
    """A batch of small images, and the same function mapped over them by a bare pool."""
    count = len(photographs(source))
    recipe = str(SCRIPTS / "small.toml")
    product = [sys.executable, "-m", "tui_app", "batch", str(source), "-o", "{out}"]
    yield Way("small", [*product, "--recipe", recipe, "--headless"], count)
    bare = [sys.executable, str(SCRIPTS / "bare_map.py"), str(source), "{out}", recipe]
    yield Way("bare map", bare, count)


def photographs(folder: Path) -> list[Path]:
    """The JPEGs in a folder."""
    return sorted(folder.glob("*.jpg"))


def make_small(folder: Path, source: Path, count: int) -> None:
    """Cuts so many images of 640x480 out of the photographs."""
    folder.mkdir()
    cut = []
    for file in photographs(source):
        with Image.open(file) as image:
            for number in range(16):
                x, y = (number % 4) * image.width // 5, number // 4 * image.height // 5
                cut.append(image.crop((x, y, x + 640, y + 480)))
    first = min(count, len(cut))
    for number in range(count):
        name = folder / f"{number:06}.jpg"
        if number < first:
            cut[number].save(name, quality=88)
        else:
            shutil.copyfile(folder / f"{number % first:06}.jpg", name)


def worst_psnr(source: Path, folder: Path) -> float:
    """The lowest PSNR of the fast way against the exact one, before encoding."""
    recipe = replace(load_recipe("tutorial"), format="png")
    worst = math.inf
    for file in photographs(source):
        found = [_pixels(file, folder / f"{exact}", recipe, exact=exact) for exact in (True, False)]
        worst = min(worst, psnr(*found))
    return worst


def _pixels(file: Path, folder: Path, recipe: Recipe, *, exact: bool) -> Image.Image:
    output = folder / file.name
    given = job(file, output, recipe, "PNG", overwrite=True, exact=exact)
    process_image(given, lambda step, fraction: None)
    with Image.open(output) as image:
        image.load()
    return image


def worker_peak(file: Path, folder: Path, more: Sequence[str]) -> float:
    """Bytes at most of the worker that does that one photograph."""
    shutil.rmtree(folder, ignore_errors=True)
    words = ["batch", str(file), "-o", str(folder), "--json", *more]
    done = subprocess.run(
        [sys.executable, "-m", "tui_app", *words], capture_output=True, text=True, check=True
    )
    events = [json.loads(line) for line in done.stdout.splitlines()]
    return float(max(event["memory"] for event in events if event["event"] == "process_exited"))


def ratios(
    name: str, times: dict[str, list[Took]], one: str, other: str, most: float | None
) -> Iterator[Figure]:
    """One way's time over another's, of wall and of CPU, beside what it may be at most."""
    for kind in ("wall", "cpu"):
        mine = [getattr(took, kind) for took in times[one]]
        theirs = [getattr(took, kind) for took in times[other]]
        pairs = [a / b for a, b in zip(mine, theirs, strict=True)]
        said = f"{median(mine):.2f} s / {median(theirs):.2f} s, {min(pairs):.2f}–{max(pairs):.2f}"
        yield Figure(f"{name}, {kind}", median(pairs), most, "x", said)


def tutorial_figures(source: Path, rounds: int, python: str, folder: Path) -> Iterator[Figure]:
    """The tutorial's recipe, beside its script, libvips, and decoding alone."""
    times = in_rounds(list(ways(source, python)), rounds, folder / "out")
    yield from ratios(
        "fast, headless / the tutorial's pool script", times, "fast", "tutorial", 0.25
    )
    if "vips" in times:
        yield from ratios("fast / libvips in as many processes", times, "fast", "vips", 1.0)
    yield from ratios(
        "fast / decoding by the final size alone", times, "fast", "decode final", 1.25
    )
    yield from ratios("fast / decoding at an eighth alone", times, "fast", "decode 8", None)
    script = "exact, headless / the tutorial's pool script"
    yield from ratios(script, times, "exact", "tutorial", 1.06)
    worst = worst_psnr(source, folder / "psnr")
    yield Figure("fast against exact, the worst PSNR", worst, None, "dB", "", least=ENOUGH_DB)
    largest = max(photographs(source), key=lambda file: math.prod(Image.open(file).size))
    pixels = math.prod(Image.open(largest).size) / 1e6
    for name, more, most in (("fast", [], 120), ("exact", ["--exact"], 330)):
        peak = worker_peak(largest, folder / "out", more) / MB
        yield Figure(f"peak of a worker, {name}", peak, most, "MB", f"{pixels:.0f} megapixels")


def recipe_figures(
    recipe: str, source: Path, rounds: int, python: str, folder: Path
) -> Iterator[Figure]:
    """Another recipe, beside its steps in plain Pillow and by libvips."""
    times = in_rounds(list(recipe_ways(source, recipe, python)), rounds, folder / "out")
    plain = f"{recipe} / plain Pillow in a pool"
    yield from ratios(plain, times, recipe, f"plain {recipe}", 1.1)
    unsharpened = None if load_recipe(recipe).sharpen else 1.0
    for sharpening, words, most in (
        ("own", "with its own sharpen", 1.0),
        ("none", "that does not sharpen", unsharpened),
    ):
        vips = f"vips {recipe}, sharpening: {sharpening}"
        if vips in times:
            yield from ratios(f"{recipe} / libvips {words}", times, recipe, vips, most)


def small_figures(source: Path, rounds: int, count: int, folder: Path) -> Iterator[Figure]:
    """Small images, beside the same function mapped over them by a bare pool."""
    make_small(folder / "small", source, count)
    times = in_rounds(list(small_ways(folder / "small")), rounds, folder / "out")
    yield from ratios(f"{count:,} of 640x480 / a bare map", times, "small", "bare map", 1.05)


def figures(options: argparse.Namespace, source: Path, folder: Path) -> Iterator[Figure]:
    """Measures, and yields each figure beside what it may be at most."""
    rounds, only = options.runs, options.only
    if only in (None, "tutorial"):
        yield from tutorial_figures(source, rounds, options.python, folder)
    for recipe in sorted({file.stem for file in RECIPES.glob("*.toml")} - {"tutorial"}):
        if only in (None, recipe):
            yield from recipe_figures(recipe, source, rounds, options.python, folder)
    if options.small and only in (None, "small"):
        yield from small_figures(source, rounds, options.small, folder)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--photographs", type=Path, help="a folder of JPEGs")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", help="a recipe, or `small`, and nothing else")
    parser.add_argument("--small", type=int, default=10_000, help="how many small images; 0: none")
    parser.add_argument("--python", default=sys.executable, help="one that has pyvips")
    options = parser.parse_args(arguments)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        source = options.photographs or samples_folder()
        if options.photographs is None and missing_samples(source):
            print(f"drawing {len(SAMPLES)} samples first, once")
            subprocess.run([sys.executable, "-m", "tui_app", "samples", "--quiet"], check=True)
        return print_figures(figures(options, source, Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
