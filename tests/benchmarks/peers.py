"""Photographs by this product, beside the tutorial's script, libvips, and nothing but decoding.

Each recipe is also measured beside the same steps in plain Pillow.

    python -m tests.benchmarks.peers [--photographs DIR] [--runs N] [--small N] [--python FILE]

Whole processes, one after another in rounds, medians of five; figures are ratios within one call.
Without a folder it takes the product's own sample photographs. libvips is measured where the Python
named by `--python` (by default this one) has pyvips: `pip install 'procession[benchmarks]'`.
Run by hand on a machine with nothing else to do; takes some minutes. Ends with 1 where a figure is
missed, or an output is.
"""

from __future__ import annotations

import argparse
import json
import math
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


def timed(way: Way, folder: Path) -> float:
    """Runs it in an empty folder; returns wall seconds.

    Raises:
        SystemExit: It failed, or outputs are missing.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    words = [word.replace("{out}", str(folder)) for word in way.words]
    began = time.perf_counter()
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    took = time.perf_counter() - began
    made = sum(
        1 for path in folder.rglob("*") if path.is_file() and ".procession" not in path.parts
    )
    if done.returncode or made != way.outputs:
        sys.exit(f"{way.name}: exit code {done.returncode}, {made} outputs\n{done.stderr[-2000:]}")
    return took


def in_rounds(ways: Sequence[Way], rounds: int, folder: Path) -> dict[str, list[float]]:
    """Runs each way once a round, so that a machine that changes its pace favours none."""
    times: dict[str, list[float]] = {way.name: [] for way in ways}
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


def figures(source: Path, rounds: int, small: int, python: str, folder: Path) -> Iterator[Figure]:
    """Measures, and yields each figure beside what it may be at most."""
    out = folder / "out"
    times = in_rounds(list(ways(source, python)), rounds, out)

    def ratio(name: str, one: str, other: str, most: float | None) -> Figure:
        pairs = [a / b for a, b in zip(times[one], times[other], strict=True)]
        seconds = f"{median(times[one]):.2f} s / {median(times[other]):.2f} s"
        return Figure(
            name, median(pairs), most, "x", f"{seconds}, {min(pairs):.2f}–{max(pairs):.2f}"
        )

    yield ratio("fast, headless / the tutorial's pool script", "fast", "tutorial", 0.25)
    if "vips" in times:
        yield ratio("fast / libvips in as many processes", "fast", "vips", 1.0)
    yield ratio("fast / decoding by the final size alone", "fast", "decode final", 1.25)
    yield ratio("fast / decoding at an eighth alone", "fast", "decode 8", None)
    yield ratio("exact, headless / the tutorial's pool script", "exact", "tutorial", 1.06)
    for recipe in sorted({file.stem for file in RECIPES.glob("*.toml")} - {"tutorial"}):
        times |= in_rounds(list(recipe_ways(source, recipe, python)), rounds, out)
        yield ratio(f"{recipe} / plain Pillow in a pool", recipe, f"plain {recipe}", 1.1)
        for sharpening, most in (
            ("own", 1.0),
            ("none", None if load_recipe(recipe).sharpen else 1.0),
        ):
            vips = f"vips {recipe}, sharpening: {sharpening}"
            if vips in times:
                words = {"own": "with its own sharpen", "none": "that does not sharpen"}[sharpening]
                yield ratio(f"{recipe} / libvips {words}", recipe, vips, most)
    worst = worst_psnr(source, folder / "psnr")
    yield Figure("fast against exact, the worst PSNR", worst, None, "dB", "", least=ENOUGH_DB)
    largest = max(photographs(source), key=lambda file: math.prod(Image.open(file).size))
    pixels = math.prod(Image.open(largest).size) / 1e6
    for name, more, most in (("fast", [], 120), ("exact", ["--exact"], 330)):
        peak = worker_peak(largest, out, more) / MB
        yield Figure(f"peak of a worker, {name}", peak, most, "MB", f"{pixels:.0f} megapixels")
    if small:
        make_small(folder / "small", source, small)
        times |= in_rounds(list(small_ways(folder / "small")), rounds, out)
        yield ratio(f"{small:,} of 640x480 / a bare executor.map", "small", "bare map", 1.15)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--photographs", type=Path, help="a folder of JPEGs")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--small", type=int, default=10_000, help="how many small images; 0: none")
    parser.add_argument("--python", default=sys.executable, help="one that has pyvips")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        source = options.photographs or samples_folder()
        if options.photographs is None and missing_samples(source):
            print(f"drawing {len(SAMPLES)} samples first, once")
            subprocess.run([sys.executable, "-m", "tui_app", "samples", "--quiet"], check=True)
        found = figures(source, options.runs, options.small, options.python, Path(folder))
        return print_figures(found)


if __name__ == "__main__":
    sys.exit(main())
