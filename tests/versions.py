"""Which versions of others' packages the tests are written for: those in `constraints.txt`."""

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

CONSTRAINTS = Path(__file__).parent.parent / "constraints.txt"

DRAWING = ("textual", "rich", "pygments", "textual-fspicker")
"""What the pictures of the screens are drawn by."""


def pinned() -> dict[str, str]:
    """The version of each package, by its name in lower case."""
    lines = [line.partition(";")[0].strip() for line in CONSTRAINTS.read_text("utf-8").splitlines()]
    return dict(line.split("==") for line in lines if "==" in line)


def differing(names: Iterable[str]) -> list[str]:
    """Of these packages, each that is installed in another version: its name, and that version."""
    wanted = pinned()
    return [f"{name} {found}" for name in names if (found := version(name)) != wanted[name]]
