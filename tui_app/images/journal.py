r"""The journal of an output folder: what was begun there, and what stands. A line for each.

`journal.jsonl` in the hidden `.procession/` is only ever appended to, one plain write a line, so a
killed process loses nothing that was told. It is not synced: a power cut may take its last lines.
An image whose end is lost is then made again, and one whose beginning is lost as well is left
alone, whole as it stands.

The first line names the version. JSON is pure ASCII, a byte of a name that is no UTF-8 stands as
the surrogate that Python makes of it, and a newline as `\n`: every name survives. A line that is
torn, or no line of ours, is read past and counted.
"""

import errno
import json
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Self

from tui_app.images.paths import is_file

JOURNAL = "journal.jsonl"
"""Its name, in the hidden folder."""

VERSION = 1
"""Rises when the meaning of an existing field changes; a journal of another version is not ours."""

LONGEST_LINE = 65_536
"""Bytes of a line that can be one of ours: a path has 4,096 at most, a byte six characters."""

LAST_SECOND = 2**40
"""Of the times that a line can tell, in seconds since 1970: more than a calendar knows is torn."""

FEW_LINES = 1_000
MANY_LINES = 4
"""A journal of more lines than a few is written anew where it has many for each output."""


class _NotOursError(ValueError):
    """What is read is no line of a journal: torn, or somebody else's."""


class JournalError(Exception):
    """A journal of another version: it is neither read nor written."""


class Stamp(NamedTuple):
    """What tells whether a file is as it was: its size in bytes, and its time in nanoseconds."""

    bytes: int
    mtime: int


NO_FILE = Stamp(-1, -1)
"""Of what is there and is no regular file: the stamp of no recorded one."""


def stamp(path: str, *, follow: bool = False) -> Stamp | None:
    """Return the stamp of what stands at a path, or None where nothing does.

    Args:
        path: The path.
        follow: Whether a link stands for what it points to; else it is no regular file.
    """
    try:
        status = os.stat(path, follow_symlinks=follow)  # noqa: PTH116 - for 100,000 of them
    except OSError:
        return None
    return Stamp(status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else NO_FILE


@dataclass(frozen=True, slots=True)
class Begun:
    """Work on an output begins.

    Attributes:
        output: Its name, from the output folder on.
        over: What stands there before, which may be somebody's own.
    """

    output: str
    over: Stamp | None


@dataclass(frozen=True, slots=True)
class Made:
    """An output stands.

    Attributes:
        output: Its name, from the output folder on.
        stamp: Of the output, as it was made.
        source: Path of its source, from the output folder on, so that both may move together.
        of: The source's stamp, from before it was read.
        recipe: A digest of everything that decides what the output is.
        at: When, in whole seconds since 1970.
    """

    output: str
    stamp: Stamp
    source: str
    of: Stamp
    recipe: str
    at: int


@dataclass(frozen=True, slots=True)
class Failed:
    """Work on an output came to nothing: what stands there, if anything does, is as it was."""

    output: str


Line = Begun | Made | Failed

_KINDS: dict[str, type[Line]] = {"begun": Begun, "made": Made, "failed": Failed}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_FIELDS = {name: tuple(f.name for f in fields(kind)) for name, kind in _KINDS.items()}


def to_line(line: Line) -> bytes:
    """Return a line as it stands in the file, with its newline."""
    return _written({"event": _NAMES[type(line)], **asdict(line)})


def _written(data: dict[str, Any]) -> bytes:
    return json.dumps(data, separators=(",", ":")).encode("ascii") + b"\n"


_HEADER = _written({"event": "journal", "version": VERSION})


def from_line(written: bytes) -> Line | None:
    """Return what a line of the file says, or None for the journal's head.

    Raises:
        JournalError: It is the head of a journal of another version.
        ValueError: It is torn, or no line of a journal.
    """
    try:
        data = json.loads(written.decode("ascii"))
    except RecursionError as error:
        raise _NotOursError from error
    if not isinstance(data, dict):
        raise _NotOursError
    name = data.get("event")
    if name == "journal":
        if data.get("version") != VERSION:
            raise JournalError(f"version {data.get('version')!r}")
        return None
    if not isinstance(name, str) or name not in _KINDS:
        raise _NotOursError
    values = {key: _checked(key, data.get(key)) for key in _FIELDS[name]}
    return _KINDS[name](**values)


def _checked(key: str, value: Any) -> Any:
    match key:
        case "output" | "source" | "recipe" if isinstance(value, str):
            return value
        case "at" if _is_whole(value) and 0 <= value < LAST_SECOND:
            return value
        case "over" if value is None:
            return None
        case "stamp" | "of" | "over" if (
            isinstance(value, list) and len(value) == 2 and all(_is_whole(each) for each in value)
        ):
            return Stamp(*value)
    raise _NotOursError


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


@dataclass(slots=True)
class Reader:
    """Reads a journal once, from its first line to its last; there may be none.

    Attributes:
        file: The journal.
        unread: Lines so far that were torn, or none of ours.
    """

    file: Path
    unread: int = 0

    def lines(self) -> Iterator[Line]:
        """Yield what each line says.

        Raises:
            JournalError: The journal is of another version.
            OSError: It is there and cannot be read.
        """
        # A FIFO in its place would keep whoever opens it waiting for ever.
        if not is_file(self.file):
            return
        with self.file.open("rb") as file:
            for written in _pieces(file):
                try:
                    line = from_line(written)
                except ValueError:
                    self.unread += 1
                    continue
                if line is not None:
                    yield line


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines that are not empty; of one that is too long to be ours only the start."""
    whole = True
    while piece := file.readline(LONGEST_LINE):
        if whole and piece.strip():
            yield piece
        whole = piece.endswith(b"\n")


class Journal:
    """An output folder's journal, to be written to. Whoever opens it holds the folder's lock.

    Args:
        folder: The hidden folder.

    Raises:
        JournalError: The journal that is there is of another version.
        OSError: It cannot be read or written, or something that is no file is in its place.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / JOURNAL
        if os.path.lexists(self._path) and (self._path.is_symlink() or not is_file(self._path)):
            raise OSError(errno.EEXIST, os.strerror(errno.EEXIST), str(self._path))
        self._write_anew_if_long()
        self._file = self._path.open("a+b", buffering=0)
        size = self._file.seek(0, os.SEEK_END)
        # What a full disk or a power cut tore is ended, so that the next line stands alone.
        self._torn = size > 0 and os.pread(self._file.fileno(), 1, size - 1) != b"\n"
        if size == 0:
            self._append(_HEADER)

    def add(self, line: Line) -> None:
        """Append a line; it survives this process from now on.

        Raises:
            OSError: It could not be written, or not as a whole.
        """
        self._append(to_line(line))

    def close(self) -> None:
        """Close it."""
        self._file.close()

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close it."""
        self.close()

    def _append(self, written: bytes) -> None:
        data = b"\n" + written if self._torn else written
        self._torn = True
        if self._file.write(data) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path))
        self._torn = False

    def _write_anew_if_long(self) -> None:
        """Leave out what later lines have replaced, where that is most of it."""
        count = 0
        outputs: set[int] = set()
        for line in Reader(self._path).lines():
            count += 1
            outputs.add(hash(line.output))
        if count <= FEW_LINES or count <= MANY_LINES * len(outputs):
            return
        # A full disk is no reason not to start: the long journal says the same.
        with suppress(OSError):
            self._write_anew()

    def _write_anew(self) -> None:
        kept: dict[str, tuple[bytes, ...]] = {}
        for line in Reader(self._path).lines():
            kept[line.output] = _after(kept.get(line.output, ()), line)
        temporary = self._path.with_name(f"{JOURNAL}.part")
        try:
            with temporary.open("wb") as file:
                file.write(_HEADER)
                for lines in kept.values():
                    file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self._path)
        finally:
            temporary.unlink(missing_ok=True)


def _after(before: tuple[bytes, ...], line: Line) -> tuple[bytes, ...]:
    """Return the lines that say of one output what those before and this one say together."""
    made = [each for each in before if isinstance(from_line(each), Made)]
    match line:
        case Begun():
            return (*made, to_line(line))
        case Made():
            return (to_line(line),)
        case Failed():
            return tuple(made)
