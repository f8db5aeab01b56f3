"""Nothing is lost: workers killed, the app killed, a full disk, hostile names, one after another.

    python -m tests.benchmarks.stress [--images N]

Run by hand; takes minutes. Each part prints its figures, and a table at the end tells what each
came to. Ends with how many things went wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.benchmarks import killing, resume
from tests.commands import COMMAND, Marked, marked, outputs
from tests.hostile import HOSTILE_NAMES
from tests.images.factories import picture

DISK = 20_000_000
"""Bytes of the file system that becomes full."""

NOISY = 40
"""Images of about a megabyte each: twice what that holds."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit code, what it said, and the labels of each kind of end."""

    code: int
    said: str
    done: frozenset[str]
    failed: frozenset[str]
    skipped: frozenset[str]


@dataclass(slots=True)
class Disk:
    """A file system that is small, or where none can be mounted a limit on what a file holds."""

    folder: Path
    mounted: bool = False
    limit: int = resource.RLIM_INFINITY

    def grow(self) -> None:
        """Makes room."""
        self.limit = resource.RLIM_INFINITY
        if self.mounted:
            subprocess.run(["mount", "-o", "remount,size=10%", self.folder], check=True)

    def before(self) -> None:
        """What a process does that writes there, before it begins."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.limit, resource.RLIM_INFINITY))


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """A disk that is too small for all outputs."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        # Images grow with their number: the limit cuts the larger half off.
        yield Disk(folder, limit=900_000)
        return
    try:
        yield Disk(folder, mounted=True)
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def batch(where: Marked, cwd: Path, *words: str, before: Callable[[], None] | None = None) -> Ended:
    """Runs a batch to its end."""
    ran = subprocess.run(
        [*COMMAND, "batch", *words, "--json"],
        cwd=cwd,
        env=where.env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        preexec_fn=before,
        check=False,
    )
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    labels = {e["task"]: e["label"] for e in events if e["event"] == "task_queued"}
    done, failed, skipped = (
        frozenset(labels[e["task"]] for e in events if e["event"] == kind)
        for kind in ("task_finished", "task_failed", "task_skipped")
    )
    return Ended(ran.returncode, os.fsdecode(ran.stderr), done, failed, skipped)


def full_disk(where: Marked, folder: Path) -> list[str]:
    """Twice as much as a disk holds, then room; returns what went wrong."""
    (folder / "in").mkdir()
    for number in range(NOISY):
        size = (800 + 10 * number, 600)
        noise = Image.frombytes("RGB", size, os.urandom(3 * size[0] * size[1]))
        noise.save(folder / "in" / f"{number:02}.jpg", quality=95)
    wrong: list[str] = []
    words = ("in", "-o", "disk/out", "--recipe", "clean")
    with small_disk(folder / "disk") as disk:
        full = batch(where, folder, *words, before=disk.before)
        why = "the disk is full" if disk.mounted else "larger than is allowed here"
        if full.code != 1 or not full.failed or why not in full.said:
            wrong.append(f"the full disk was not told of: {full.code} {full.said[-500:]}")
        kept = outputs(folder / "disk" / "out")
        if set(kept) != full.done:
            wrong.append("what was told as done is not what stands there")
        disk.grow()
        rest = batch(where, folder, *words, before=disk.before)
        if rest.code or rest.skipped != full.done:
            wrong.append("with room it did not do the rest, and only that")
        whole = outputs(folder / "disk" / "out")
        if len(whole) != NOISY or not kept.items() <= whole.items():
            wrong.append("in the end an output is missing, or has changed")
        for output in whole:
            with Image.open(folder / "disk" / "out" / output) as image:
                image.load()
    how = f"a disk of {DISK / 1e6:.0f} MB" if disk.mounted else "a limit on the size of files"
    print(f"{how}: {len(full.done)} of {NOISY} done, {len(full.failed)} failed, the rest not tried")
    print(f"with room: {len(rest.skipped)} skipped as done, {len(rest.done)} done")
    return wrong


def hostile_names(where: Marked, folder: Path) -> list[str]:
    """All the names, done and resumed; returns what went wrong."""
    (folder / "in").mkdir()
    for name in HOSTILE_NAMES:
        picture().save(folder / "in" / name, "JPEG")
    wrong: list[str] = []
    first = batch(where, folder, "in", "-o", "out")
    again = batch(where, folder, "in", "-o", "out")
    for told, what in ((first.done, "done"), (again.skipped, "known as done")):
        if told != set(HOSTILE_NAMES):
            wrong.append(f"not all were {what}")
    if set(outputs(folder / "out")) != set(HOSTILE_NAMES):
        wrong.append("the outputs have other names")
    print(f"{len(HOSTILE_NAMES)} names: {len(first.done)} done, then {len(again.skipped)} skipped")
    return wrong


def apart(part: Callable[[Marked, Path], list[str]]) -> int:
    """Plays a part in a folder of its own; returns how many things went wrong."""
    with tempfile.TemporaryDirectory(prefix="stress-") as folder, marked(Path(folder)) as where:
        wrong = part(where, Path(folder))
        if left := where.left(5.0):
            wrong.append(f"{len(left)} processes were left")
    print("\n".join(wrong) or "as it should be")
    return len(wrong)


def main() -> int:
    """Plays all parts, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--images", type=int, default=300, help="while workers are killed")
    images = parser.parse_args().images
    parts: dict[str, Callable[[], int]] = {
        "a worker killed every 0.5 s": lambda: killing.main([str(images), "0.5"]),
        "the app killed ten times": resume.main,
        "a full disk": lambda: apart(full_disk),
        "hostile names": lambda: apart(hostile_names),
    }
    table: list[tuple[str, float, int]] = []
    for name, part in parts.items():
        print(f"\n== {name}", flush=True)
        began = time.perf_counter()
        wrong = part()
        table.append((name, time.perf_counter() - began, wrong))
    print()
    for name, seconds, wrong in table:
        print(f"{name:<30}{seconds:>8.1f} s   {f'{wrong} wrong' if wrong else 'as it should be'}")
    return sum(wrong for _, _, wrong in table)


if __name__ == "__main__":
    sys.exit(main())
