r"""The journal of an output folder: what was begun there, and what stands. A line for each.

`journal.jsonl` in the hidden folder is only ever appended to, one plain write a line, by the worker
that does the image: so what it says is true at that moment, and a killed process loses nothing. An
output's line is written before the output gets its name. Where the worker is killed between the
two, the line tells of a file that does not stand there, which does no harm: a file of somebody
else's that is put in its place has another stamp. The journal is not synced: a power cut may take
its last lines, and those images are left alone, whole as they stand.

The first line names the version. JSON is pure ASCII, a byte of a name that is no UTF-8 stands as
the surrogate that Python makes of it, and a newline as `\n`: every name survives. A line that is
torn, or no line of ours, is read past and counted. A journal that others could have written is not
believed, and counts as not there.
"""

import errno
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from typing import Any, BinaryIO

from tui_app.files.atomic_write import Place, write_whole
from tui_app.files.folder import Folder, Stamp
from tui_app.files.permissions import keep_for_owner, own_mode
from tui_app.files.trust import is_believed

JOURNAL = "journal.jsonl"
"""Its name, in the hidden folder."""

VERSION = 1
"""Rises when the meaning of an existing field changes; a journal of another version is not ours."""

LONGEST_LINE = 65_536
"""Bytes of a line that can be one of ours: a path has 4,096 at most, a byte six characters."""

LARGEST = 4 * 2**30
"""Bytes of a journal that are read at most: a million images take one."""

LAST_SECOND = 2**40
"""Of the times that a line can tell, in seconds since 1970: more than a calendar knows is torn."""

FEW_LINES = 1_000
MANY_LINES = 4
"""A journal of more lines than a few is written anew where it has many for each output."""


class _NotOursError(ValueError):
    """What is read is no line of a journal: torn, or somebody else's."""


class JournalError(Exception):
    """A journal of another version: it is neither read nor written."""


class ForeignJournalError(Exception):
    """A journal that others could have written: it is not believed."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A worker begins an output.

    Attributes:
        output: Its name, from the output folder on.
    """

    output: str


@dataclass(frozen=True, slots=True)
class Made:
    """An output is whole, and gets its name next.

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


@dataclass(frozen=True, slots=True)
class Reported:
    """A report of a run was written.

    Attributes:
        output: Path of the report, from the output folder on.
        stamp: Of the report.
    """

    output: str
    stamp: Stamp


Line = Begun | Made | Failed | Reported

_KINDS: dict[str, type[Line]] = {
    "begun": Begun,
    "made": Made,
    "failed": Failed,
    "reported": Reported,
}
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
        case "stamp" | "of" if (
            isinstance(value, list) and len(value) == 2 and all(_is_whole(each) for each in value)
        ):
            return Stamp(*value)
    raise _NotOursError


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


@dataclass(slots=True)
class JournalReader:
    """Reads a journal once, from its first line to its last; there may be none.

    Attributes:
        folder: The hidden folder.
        root: Status of the output folder: whoever can write there is believed.
        unread: Lines so far that were torn, or none of ours.
    """

    folder: Folder
    root: os.stat_result
    unread: int = 0

    def lines(self) -> Iterator[Line]:
        """Yield what each line says.

        Raises:
            JournalError: The journal is of another version.
            ForeignJournalError: It is not believed.
            OSError: It is there and cannot be read.
        """
        try:
            handle = _opened(self.folder, self.root, os.O_RDONLY)
        except FileNotFoundError:
            return
        with open(handle, "rb") as file:  # noqa: PTH123 - a descriptor
            for written in _pieces(file):
                try:
                    line = from_line(written)
                except ValueError:
                    self.unread += 1
                    continue
                if line is not None:
                    yield line


def _opened(folder: Folder, root: os.stat_result, flags: int) -> int:
    """Open a folder's journal, if it is believed.

    Raises:
        ForeignJournalError: It is not believed.
        OSError: It cannot be opened.
    """
    try:
        handle = folder.open_file(JOURNAL, flags, own_mode(root))
    except OSError as error:
        # A link, a folder, or a FIFO that nobody reads.
        if error.errno in (errno.ELOOP, errno.EMLINK, errno.EISDIR, errno.ENXIO):
            raise ForeignJournalError from error
        raise
    # The hidden folder was found to be ours: whose it is, we are there.
    if not is_believed(os.fstat(handle), root, folder.status.st_uid):
        os.close(handle)
        raise ForeignJournalError
    return handle


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines that are not empty; of one that is too long to be ours only the start."""
    left = LARGEST
    for start, end in _written_parts(file.fileno()):
        file.seek(start)
        whole = True
        while start < end and left > 0:
            piece = file.readline(min(LONGEST_LINE, end - start))
            if not piece:
                return
            if whole and piece.strip():
                yield piece
            whole = piece.endswith(b"\n")
            start += len(piece)
            left -= len(piece)


def _written_parts(handle: int) -> Iterator[tuple[int, int]]:
    """Yield where the parts of a file begin and end that are no holes (lseek(2))."""
    at, size = 0, os.fstat(handle).st_size
    while at < size:
        try:
            start = os.lseek(handle, at, os.SEEK_DATA)
            end = os.lseek(handle, start, os.SEEK_HOLE)
        except OSError as error:
            # Nothing but a hole follows; else this disk does not tell holes.
            if error.errno != errno.ENXIO:
                yield at, size
            return
        yield start, end
        at = end


def append(folder: Folder, root: os.stat_result, line: Line) -> None:
    """Append a line to a folder's journal; it survives this process from now on.

    Several workers may do so at once: each holds the file's lock for the time of its line.

    Args:
        folder: The hidden folder.
        root: Status of the output folder.
        line: What happened.

    Raises:
        ForeignJournalError: Something that is not ours stands in the journal's place.
        OSError: It could not be written, or not as a whole.
    """
    handle = _opened(folder, root, os.O_RDWR | os.O_APPEND | os.O_CREAT)
    try:
        # On a disk without locks, lines of workers at once may tear each other.
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        data = to_line(line)
        size = os.fstat(handle).st_size
        if size == 0:
            data = _HEADER + data
        # What a full disk or a power cut tore is ended, so that this line stands alone.
        elif os.pread(handle, 1, size - 1) != b"\n":
            data = b"\n" + data
        if os.write(handle, data) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), JOURNAL)
    finally:
        os.close(handle)


def check(folder: Folder, root: os.stat_result) -> None:
    """Check that a folder's journal can be written to.

    Raises:
        ForeignJournalError: Something that is not ours stands in its place.
        OSError: It cannot be opened.
    """
    os.close(_opened(folder, root, os.O_RDWR | os.O_APPEND | os.O_CREAT))


def prepare(folder: Folder, root: os.stat_result, there: Callable[[str], Stamp | None]) -> bool:
    """Make a folder's journal ready for a run. Whoever does so holds the folder's lock.

    One that is not believed is set aside under another name. One that is long is written anew,
    without what later lines have replaced.

    Args:
        folder: The hidden folder.
        root: Status of the output folder.
        there: Tells the stamp of an output, by its name from the output folder on.

    Returns:
        Whether there was none that had to be set aside.

    Raises:
        JournalError: It is of another version.
        OSError: It cannot be read or written.
    """
    believed = True
    try:
        _write_anew_if_long(folder, root, there)
    except ForeignJournalError:
        believed = False
        folder.rename(JOURNAL, folder, f"{JOURNAL}.{os.urandom(4).hex()}")
    handle = _opened(folder, root, os.O_RDWR | os.O_APPEND | os.O_CREAT)
    try:
        keep_for_owner(handle, own_mode(root))
        if os.fstat(handle).st_size == 0 and os.write(handle, _HEADER) != len(_HEADER):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), JOURNAL)
    finally:
        os.close(handle)
    return believed


def _write_anew_if_long(
    folder: Folder, root: os.stat_result, there: Callable[[str], Stamp | None]
) -> None:
    count = 0
    outputs: set[int] = set()
    for line in JournalReader(folder, root).lines():
        count += 1
        outputs.add(hash(line.output))
    if count <= FEW_LINES or count <= MANY_LINES * len(outputs):
        return
    kept: dict[str, tuple[bytes, ...]] = {}
    for line in JournalReader(folder, root).lines():
        kept[line.output] = _after(kept.get(line.output, ()), line, there)

    def save(file: BinaryIO) -> None:
        file.write(_HEADER)
        for lines in kept.values():
            file.writelines(lines)

    # A full disk is no reason not to start: the long journal says the same.
    with suppress(OSError):
        place = Place(folder, JOURNAL, folder, JOURNAL, overwrite=True)
        write_whole(place, save, most=own_mode(root))


def _after(
    before: tuple[bytes, ...], line: Line, there: Callable[[str], Stamp | None]
) -> tuple[bytes, ...]:
    """Return the lines that say of one output what those before and this one say together.

    Of several that tell of its making, the one counts that tells of what stands there.
    """
    made = tuple(each for each in before if isinstance(from_line(each), Made))
    match line:
        case Begun():
            return (*made, to_line(line))
        case Failed():
            return made
        case Made() if line.stamp != there(line.output):
            standing = (each for each in made if _stamp_of(each) == there(line.output))
            return (*standing, to_line(line))
        case _:
            return (to_line(line),)


def _stamp_of(written: bytes) -> Stamp | None:
    line = from_line(written)
    return line.stamp if isinstance(line, Made) else None
