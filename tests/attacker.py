"""A neighbour who means harm: puts links, FIFOs and files of its own in the way of a run.

Where the tests are run by root it is another user, whose folders the output folder and what stands
in it have become; else it is ourselves.
"""

import os
import stat
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

STRANGER = 65534

MOST_READ = 1 << 20
"""Bytes of a file that are looked at: what was planted may have a hole of a terabyte."""


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that it does: how, to what, and how long after the one before, in seconds."""

    how: str
    target: str
    after: float


TARGETS = (
    "out",
    "out/sub",
    "out/.procession",
    "out/.procession/journal.jsonl",
    "out/.procession/journal.jsonl.part",
    "out/.procession/lock",
    "out/0.jpg",
    "out/sub/5.jpg",
    "report.json",
    "src/new.jpg",
    "src/planted",
)
"""What it may put something in the place of, in the folder of the run."""


def _plant(path: Path, victim: Path, make: Callable[[Path, Path], None]) -> None:
    """Puts something in a path's place; what stood there goes to the attic."""
    if os.path.lexists(path):
        path.rename(victim.parent / "attic" / f"{time.monotonic_ns()}")
    make(path, victim)
    # The precious file's owner is looked at, too.
    if (os.geteuid() == 0 and path.lstat().st_nlink < 2) or path.is_dir():
        os.lchown(path, STRANGER, STRANGER)


def _folder(path: Path, victim: Path) -> None:
    path.mkdir()
    path.chmod(0o777)


def _file(path: Path, victim: Path) -> None:
    path.write_bytes(b'{"event":"journal","version":1}\n')
    path.chmod(0o666)


def _hard_link(path: Path, victim: Path) -> None:
    path.hardlink_to(victim / "precious.jpg")


def _sparse(path: Path, victim: Path) -> None:
    path.write_bytes(b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0")
    os.truncate(path, 2**40)


HOWS: dict[str, Callable[[Path, Path], None]] = {
    "link to a folder": lambda path, victim: path.symlink_to(victim),
    "link to a file": lambda path, victim: path.symlink_to(victim / "precious.jpg"),
    "link to nothing": lambda path, victim: path.symlink_to(victim / "to-be-made"),
    "FIFO": lambda path, victim: os.mkfifo(path),
    "folder": _folder,
    "file": _file,
    "second name": _hard_link,
    "hole": _sparse,
}


def attack(folder: Path, moves: Sequence[Move]) -> None:
    """Makes its moves, one after another, in the folder of a run."""
    for move in moves:
        time.sleep(move.after)
        path = folder / move.target
        # By a link of its own it would come to the victim itself.
        if path.parent.resolve().is_relative_to(folder.resolve() / "victim"):
            continue
        with suppress(OSError):
            _plant(path, folder / "victim", HOWS[move.how])


def looked_at(folder: Path) -> dict[str, tuple[object, ...]]:
    """What is in a folder: kinds, permissions, owners, times, contents and targets of links."""
    found: dict[str, tuple[object, ...]] = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        kind = stat.S_IFMT(status.st_mode)
        said: object = None
        if stat.S_ISREG(status.st_mode):
            with path.open("rb") as file:
                said = status.st_size, file.read(MOST_READ)
        elif stat.S_ISLNK(status.st_mode):
            said = str(path.readlink())
        told = (kind, status.st_mode, status.st_uid, status.st_mtime_ns, said)
        found[str(path.relative_to(folder))] = told
    return found
