r"""What the lines of a journal say, and how they are written.

A line is a JSON object in pure ASCII. Every name survives: a byte that is no UTF-8 stands as the
surrogate that Python makes of it, and a newline as `\n`. The first line names the version.
"""

import json
from dataclasses import dataclass, fields
from typing import Any

from tui_app.files.folder import Stamp

VERSION = 1
"""Rises when the meaning of an existing field changes; a journal of another version is not ours."""

LAST_SECOND = 2**40
"""End of the times that a line can tell, in seconds since 1970, far beyond any calendar."""


class JournalError(Exception):
    """A journal of another version: it is neither read nor written."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A worker begins an output.

    Attributes:
        output: Path of the output from the output folder on; likewise in the other lines.
    """

    output: str


@dataclass(frozen=True, slots=True)
class Made:
    """An output is whole, and gets its name next.

    Attributes:
        stamp: Stamp of the output.
        source: Path of its source from the output folder on, so that both may move together.
        of: Stamp of the source, from before it was read.
        recipe: Digest of everything that decides what the output is.
        at: When, in whole seconds since 1970.
        by: Name of the recipe; empty in lines of earlier versions.
    """

    output: str
    stamp: Stamp
    source: str
    of: Stamp
    recipe: str
    at: int
    by: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """Work on an output came to nothing: what stands there, if anything does, is as it was."""

    output: str


@dataclass(frozen=True, slots=True)
class Reported:
    """A report of a run was written; `output` is the report."""

    output: str
    stamp: Stamp


JournalLine = Begun | Made | Failed | Reported

_KINDS: dict[str, type[JournalLine]] = {
    "begun": Begun,
    "made": Made,
    "failed": Failed,
    "reported": Reported,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_FIELDS = {kind: tuple(field.name for field in fields(kind)) for kind in _NAMES}


def to_line(line: JournalLine) -> bytes:
    """Return a line as it stands in the file, with its newline."""
    kind = type(line)
    # Not by `asdict`, which copies each value deeply.
    values = {name: getattr(line, name) for name in _FIELDS[kind]}
    return _written({"event": _NAMES[kind], **values})


def _written(data: dict[str, Any]) -> bytes:
    return json.dumps(data, separators=(",", ":")).encode("ascii") + b"\n"


HEADER = _written({"event": "journal", "version": VERSION})
"""The first line of a journal."""


def from_line(written: bytes) -> JournalLine | None:
    """Return what a line of the file says, or None for the first line.

    Raises:
        JournalError: It is the first line of a journal of another version.
        ValueError: It is torn, or no line of a journal.
    """
    try:
        data = json.loads(written.decode("ascii"))
    except RecursionError as error:
        raise ValueError from error
    match data:
        case {"event": "journal"}:
            if data.get("version") != VERSION:
                raise JournalError(f"version {data.get('version')!r}")
            return None
        case {"event": str(name)} if name in _KINDS:
            kind = _KINDS[name]
            return kind(
                **{f.name: _checked(f.name, data.get(f.name, f.default)) for f in fields(kind)}
            )
    raise ValueError


def _checked(key: str, value: Any) -> Any:
    match key:
        case "output" | "source" | "recipe" | "by" if isinstance(value, str):
            return value
        case "at" if _is_whole(value) and 0 <= value < LAST_SECOND:
            return value
        case "stamp" | "of" if (
            isinstance(value, list) and len(value) == 2 and all(_is_whole(each) for each in value)
        ):
            return Stamp(*value)
    raise ValueError


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
