"""Odd and broken images, each through the plan and a worker under a time limit.

    python tests/benchmarks/odd_images.py [--variants N] [--seed N] [--limit SECONDS] [FOLDER ...]

Run by hand. Takes the files of the folders, whatever they are called, or without a folder the
test's own collection (`tests/images/collection.py`), and N broken variants of them: cut off, with
changed bytes, with other numbers in the header. What Pillow itself can load (`Image.open(file)`,
`load()`) must come out by three recipes in turn, and everything else must be a failure with a name.
Ends with 1 where that was not so.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue

from PIL import Image

from tests.images.collection import ODD_IMAGES
from tests.images.factories import jobs, output_of
from tui_app.images.errors import ImageError, PlanError
from tui_app.images.output.hidden import HIDDEN
from tui_app.images.pipeline import process_image
from tui_app.images.planner import make_plan
from tui_app.images.recipe import Metadata, Recipe

RECIPES = (
    Recipe("blurred", "", blur=2, fit=(400, 400)),
    Recipe("stripped", "", format="webp", fit=(400, 400), metadata=Metadata.STRIP),
    Recipe("grey", "", format="jpeg", grayscale=True, metadata=Metadata.PRIVATE),
)
MEMORY = 4 * 2**30
"""Bytes of address space that a worker may have: this machine is others' too."""
RUN = "odd"


class Verdict(StrEnum):
    """What became of one file. Only the first three are as they should be."""

    DONE = "done"
    FAILED = "named failure"
    RULED = "named failure by rule, though Pillow loads it"
    NOT_LOADED = "done, though Pillow does not load it"
    LOST = "named failure, though Pillow loads it"
    UNEXPECTED = "unexpected exception"
    DIED = "death of the worker"
    HUNG = "hang"
    LEFT = "something left behind"


GOOD = {Verdict.DONE, Verdict.FAILED, Verdict.RULED}

RULES = (
    "PostScript is a program for a printer, not an image",
    "pixels a side, and this is",
)
"""What a decided rule says."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a worker tells of one file: how far it is, or how it ended."""

    at: str
    text: str = ""


def work(inbox: Connection) -> None:
    """A worker: takes files by name, tells of Pillow first, then of us."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        while (given := inbox.recv()) is not None:
            file, recipe = given
            inbox.send(Told("pillow", loaded(file)))
            inbox.send(processed(file, recipe, Path(folder, "out")))


def loaded(file: str) -> str:
    """Why Pillow cannot load a file; nothing where it can."""
    try:
        with Image.open(file) as image:
            image.load()
    except Exception as error:  # noqa: BLE001 - whatever it raises is the answer
        return type(error).__name__
    return ""


def processed(file: str, recipe: Recipe, output: Path) -> Told:
    """What becomes of a file in a plan of its own."""
    try:
        plan = make_plan([file], recipe, output=str(output))
        with jobs(plan, RUN) as ((_, job),):
            try:
                result = process_image(job, lambda step, fraction: None)
                told = Told("done", "; ".join(result["notes"]))  # type: ignore[arg-type]
                with Image.open(output_of(job)) as image:
                    image.load()
                    if image.size != (result["out_width"], result["out_height"]):
                        return Told("unexpected", f"the output is {image.size}")
                output_of(job).unlink()
            finally:
                hidden = output / HIDDEN
                if not list(hidden.iterdir()):
                    hidden.rmdir()
                if list(output.iterdir()):
                    told = Told("left", "in the output folder")
    except (ImageError, PlanError) as error:
        return Told("failed", str(error))
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        return Told("unexpected", f"{type(error).__name__}: {error}")
    return told


class Worker:
    """A worker process, replaced where it dies or hangs."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("forkserver")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def verdict(self, file: str, recipe: Recipe) -> tuple[Verdict, str]:
        """What becomes of a file, and why."""
        self._ours.send((file, recipe))
        pillow = None
        while True:
            if not self._ours.poll(self._limit):
                return Verdict.HUNG, self._replaced(pillow)
            try:
                told = self._ours.recv()
            except EOFError:
                return Verdict.DIED, self._replaced(pillow)
            if told.at != "pillow":
                return judge(told, not pillow), told.text
            pillow = told.text

    def _replaced(self, pillow: str | None) -> str:
        self._process.kill()
        self._process.join()
        where = "in Pillow's own load" if pillow is None else "in ours"
        text = f"{where}, exit code {self._process.exitcode}"
        self._start()
        return text

    def leave(self) -> None:
        """Ends the process."""
        self._ours.send(None)
        self._process.join()


def judge(told: Told, loads: bool) -> Verdict:
    """Whether what became of a file is as it should be, by whether Pillow loads it."""
    match told.at:
        case "done":
            return Verdict.DONE if loads else Verdict.NOT_LOADED
        case "failed" if not loads:
            return Verdict.FAILED
        case "failed":
            return Verdict.RULED if any(rule in told.text for rule in RULES) else Verdict.LOST
        case "left":
            return Verdict.LEFT
    return Verdict.UNEXPECTED


def variants(
    whole: Sequence[Path], number: int, chance: random.Random, folder: Path
) -> Iterator[Path]:
    """The files themselves, and broken variants of them in a folder."""
    yield from whole
    some = [file for file in whole if file.stat().st_size]
    for at in range(number):
        file = chance.choice(some)
        how = chance.choice((cut, flipped, flipped, sized))
        variant = folder / f"{at:05} {how.__name__} {file.name}"
        variant.write_bytes(how(file.read_bytes(), chance))
        yield variant


def cut(data: bytes, chance: random.Random) -> bytes:
    """The beginning of a file."""
    return data[: chance.randrange(len(data) + 1)]


def flipped(data: bytes, chance: random.Random) -> bytes:
    """A file with some bytes changed; most in the first hundred, where readers believe them."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 2, 5, 20))):
        end = len(data) if chance.random() < 0.4 else min(len(data), 100)
        changed[chance.randrange(end)] = chance.choice((0, 1, 127, 128, 255, chance.randrange(256)))
    return bytes(changed)


def sized(data: bytes, chance: random.Random) -> bytes:
    """A file with a huge or empty number of two or four bytes near its beginning."""
    changed = bytearray(data)
    width = chance.choice((2, 4))
    at = chance.randrange(max(1, min(len(data), 200) - width))
    number = chance.choice((0, 1, 2**15, 2**16 - 1, 20_000, 2**31 - 1, 2**32 - 1))
    order = chance.choice(("little", "big"))
    changed[at : at + width] = (number % 2 ** (8 * width)).to_bytes(width, order)
    return bytes(changed)


def files(folders: Sequence[Path], made: Path) -> list[Path]:
    """The files of the folders; where there is none, the collection, which is put into `made`."""
    if not folders:
        for odd in ODD_IMAGES:
            (made / odd.name).write_bytes(odd.encoded())
        folders = (made,)
    return [file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()]


def main() -> int:
    """Prints what became of them, and each that was not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--variants", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=30.0, help="seconds for one file")
    parser.add_argument("--keep", type=Path, help="a folder where the broken variants stay")
    parser.add_argument("--all", action="store_true", help="tell of every file")
    options = parser.parse_args()
    began = time.monotonic()
    counts: Counter[Verdict] = Counter()
    idle: SimpleQueue[Worker] = SimpleQueue()
    workers = [Worker(options.limit) for _ in range(2)]
    for worker in workers:
        idle.put(worker)

    def tried(at: int, file: Path) -> tuple[Path, Verdict, str]:
        worker = idle.get()
        try:
            return (file, *worker.verdict(str(file), RECIPES[at % len(RECIPES)]))
        finally:
            idle.put(worker)
            if options.keep is None and file.parent == broken:
                file.unlink()

    with (
        tempfile.TemporaryDirectory() as first,
        tempfile.TemporaryDirectory() as second,
        ThreadPoolExecutor(len(workers)) as pool,
    ):
        broken = options.keep or Path(second)
        whole = files(options.folders, Path(first))
        chance = random.Random(options.seed)
        tries = variants(whole, options.variants, chance, broken)
        for file, verdict, text in pool.map(tried, count(), tries):
            counts[verdict] += 1
            if options.all or verdict not in GOOD:
                print(f"{verdict}: {str(file)!r}: {text}", flush=True)
    for worker in workers:
        worker.leave()
    print(f"{counts.total()} files in {time.monotonic() - began:.0f} s")
    for verdict in Verdict:
        print(f"{counts[verdict]:7}  {verdict}")
    return int(any(counts[verdict] for verdict in Verdict if verdict not in GOOD))


if __name__ == "__main__":
    sys.exit(main())
