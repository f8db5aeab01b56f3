"""What stops cost: one batch killed again and again, and resumed, beside an undisturbed one.

    python -m tests.benchmarks.resume [--images N] [--kills N] [--size WxH] [--seed N]

Run by hand. Each run is a real process, killed by SIGKILL at a random moment, and it alone: its
workers have to notice. Prints of each run how many images it began and told as finished, what the
journal then has as made and as begun and not made, and the processes left. Fails where an image was
begun again after it stood there, where an output differs from the undisturbed run's, or where a
temporary file or a process was left. Between the runs somebody else puts files of their own in the
places of outputs that do not stand there yet: it fails where one of those was replaced.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.commands import COMMAND, Marked, outputs
from tests.images.factories import journalled as lines_of
from tests.images.factories import picture
from tui_app.files.folder import stamp_at
from tui_app.images.output.journal_lines import Begun, Made

LEFT_SECONDS = 5.0

PLANTED = 2
"""Files of somebody else's between two runs."""


@dataclass(frozen=True, slots=True)
class Round:
    """One run: how long it lived, in seconds, and which images it began and finished."""

    seconds: float
    began: frozenset[str]
    finished: frozenset[str]
    killed: bool


def put(folder: Path, count: int, size: tuple[int, int]) -> None:
    """Photographs, each of its own size, so that outputs tell their sources."""
    folder.mkdir()
    whole = picture(size)
    for number in range(count):
        width = size[0] - number % 100
        whole.crop((0, 0, width, size[1])).save(folder / f"{number:04}.jpg", quality=92)


def run(words: Sequence[str], stream: Path, where: Marked, life: float | None) -> Round:
    """Runs the command, for so many seconds after its first event if `life` says so."""
    began = time.monotonic()
    with (
        stream.open("wb") as out,
        subprocess.Popen(
            [*COMMAND, *words],
            env=where.env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.DEVNULL,
        ) as process,
    ):
        if life is not None:
            while not stream.stat().st_size and process.poll() is None:
                time.sleep(0.005)
            time.sleep(life)
            process.kill()
        killed = process.wait() < 0
    events = [json.loads(line) for line in stream.read_bytes().split(b"\n")[:-1]]
    labels = {e["task"]: e["label"] for e in events if e["event"] == "task_queued"}
    began_, finished = (
        frozenset(labels[event["task"]] for event in events if event["event"] == kind)
        for kind in ("task_started", "task_finished")
    )
    return Round(time.monotonic() - began, began_, finished, killed)


def journalled(output: Path) -> tuple[set[str], int]:
    """What stands there as the journal says, and how many are begun and do not."""
    made: set[str] = set()
    begun: set[str] = set()
    for line in lines_of(output)[0]:
        match line:
            case Begun():
                begun.add(line.output)
            case Made() if stamp_at(str(output / line.output)) == line.stamp:
                made.add(line.output)
    return made, len(begun - made)


def plant(output: Path, sources: Path, chance: random.Random, planted: dict[str, bytes]) -> None:
    """Puts somebody else's files in the places of some outputs that are not there."""
    missing = [path.name for path in sorted(sources.iterdir()) if not (output / path.name).exists()]
    for name in chance.sample(missing, min(PLANTED, len(missing))):
        planted[name] = f"somebody else's {name}".encode()
        (output / name).write_bytes(planted[name])


def main(words: Sequence[str] = ()) -> int:
    """Prints the figures; returns how many things went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=100)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--size", default="1500x1000")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(words)
    width, height = (int(side) for side in options.size.split("x"))
    chance = random.Random(options.seed)
    folder = Path(tempfile.mkdtemp(prefix="resume-"))
    # Settings and state of its own: nothing that is remembered here has a part in it.
    homes = {f"XDG_{kind}_HOME": str(folder / kind) for kind in ("CONFIG", "STATE", "CACHE")}
    where = Marked({**os.environ, **homes, "TMPDIR": str(folder)})
    wrong: list[str] = []
    try:
        put(folder / "in", options.images, (width, height))
        batch = ["batch", str(folder / "in"), "--exact", "--json"]
        whole = run([*batch, "-o", str(folder / "whole")], folder / "whole.jsonl", where, None)
        if len(whole.finished) != options.images:
            wrong.append("the undisturbed run did not do all")
        print(f"undisturbed: {len(whole.finished)} images in {whole.seconds:.1f} s")
        print(f"{'kill':>4}{'lived':>9}{'began':>7}{'told':>6}{'journal':>9}{'open':>6}{'left':>6}")
        made: set[str] = set()
        planted: dict[str, bytes] = {}
        rounds = []
        for number in range(options.kills + 1):
            # Over all its lives it would do most of the batch.
            mean = 0.7 * whole.seconds / options.kills
            life = chance.uniform(0.0, 2 * mean) if number < options.kills else None
            stream = folder / f"{number}.jsonl"
            one = run([*batch, "-o", str(folder / "out")], stream, where, life)
            rounds.append(one)
            left = len(where.left(LEFT_SECONDS))
            if twice := one.began & made:
                wrong.append(f"run {number + 1} began again what was made: {sorted(twice)}")
            made, begun = journalled(folder / "out")
            name = "end" if life is None else str(number + 1) if one.killed else "over"
            print(
                f"{name:>4}{one.seconds:>7.2f} s{len(one.began):>7}{len(one.finished):>6}"
                f"{len(made):>9}{begun:>6}{left:>6}"
            )
            if left:
                wrong.append(f"run {number + 1} left {left} processes")
            if life is not None:
                plant(folder / "out", folder / "in", chance, planted)
        found = outputs(folder / "out")
        if replaced := [name for name in planted if found[name] != planted[name]]:
            wrong.append(f"somebody else's files were replaced: {replaced}")
        if found != {**outputs(folder / "whole"), **planted}:
            wrong.append("the outputs differ from the undisturbed run's")
        print(f"{len(planted)} files were somebody else's, {len(replaced)} of them replaced")
        began = sum(len(each.began) for each in rounds) + len(planted)
        total = sum(each.seconds for each in rounds)
        print(
            f"{options.images} images, begun {began} times in {len(rounds)} runs:"
            f" {began - options.images} were lost to a kill; {total:.1f} s in all"
        )
    finally:
        shutil.rmtree(folder)
    print("\n".join(wrong) or "outputs byte-identical, nothing made twice, nothing left")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
