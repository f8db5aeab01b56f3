"""The journal of an output folder: what was begun there, and what stands. A line for each.

`journal.jsonl` in the hidden folder is only appended to, one plain write a line, by the worker that
does the image: a killed process loses nothing. An output's line is written before the output gets
its name. Where the worker is killed between the two, the line tells of a file that does not stand
there, which does no harm: a file of somebody else's in its place has another stamp. The journal is
not synced: a power cut may take its last lines, and those images are left alone as they stand.

A line that is torn, or no line of ours, is read past and counted. A journal that others could have
written is not believed, and counts as not there.
"""

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from tui_app.files.atomic_write import Place, write_whole
from tui_app.files.folder import Folder, Stamp
from tui_app.files.permissions import keep_for_owner, own_mode
from tui_app.images.output.hidden import ForeignFileError, open_believed, set_aside
from tui_app.images.output.journal_lines import (
    HEADER,
    Begun,
    Failed,
    JournalLine,
    Made,
    from_line,
    to_line,
)

JOURNAL = "journal.jsonl"
"""Its name in the hidden folder."""

LONGEST_LINE = 65_536
"""Most bytes of a line of ours: a path has at most 4,096 bytes, and a byte takes six characters."""

LARGEST = 4 * 2**30
"""Bytes of a journal that are read at most: a million images take one gigabyte."""

FEW_LINES = 1_000
MANY_LINES = 4
"""A journal of more than FEW_LINES is written anew if it has more than MANY_LINES an output."""

_APPEND = os.O_RDWR | os.O_APPEND | os.O_CREAT


@dataclass(slots=True)
class Journal:
    """The journal in a hidden folder; there may be none yet.

    Every method raises `ForeignFileError` where something that is not believed is in its place, and
    `OSError` where it cannot be opened.

    Attributes:
        folder: The hidden folder.
        root: Status of the output folder: whoever can write there is believed.
        unread: Lines, in the last reading, that were torn or none of ours.
    """

    folder: Folder
    root: os.stat_result
    unread: int = 0

    def lines(self) -> Iterator[JournalLine]:
        """Yield what each line says, from the first to the last.

        Raises:
            JournalError: The journal is of another version.
        """
        self.unread = 0
        try:
            handle = self._open(os.O_RDONLY)
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

    def append(self, line: JournalLine) -> None:
        """Append a line; it survives this process from now on.

        Several workers may do so at once: each holds the file's lock for the time of its line.

        Raises:
            OSError: It could not be written, or not as a whole.
        """
        handle = self._open(_APPEND)
        try:
            # On a disk without locks, lines of workers at once may tear each other.
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX)
            data = to_line(line)
            size = os.fstat(handle).st_size
            if size == 0:
                data = HEADER + data
            # A line that a full disk or a power cut tore is ended, so that this one stands alone.
            elif os.pread(handle, 1, size - 1) != b"\n":
                data = b"\n" + data
            _write(handle, data)
        finally:
            os.close(handle)

    def check(self) -> None:
        """Check that it can be written to."""
        os.close(self._open(_APPEND))

    def prepare(self, there: Callable[[str], Stamp | None]) -> bool:
        """Make it ready for a run, which holds the folder's lock.

        A journal that is not believed is set aside under another name. A long one is written anew,
        without what later lines have replaced.

        Args:
            there: Returns the stamp of an output, by its path from the output folder on.

        Returns:
            Whether none had to be set aside.

        Raises:
            JournalError: It is of another version.
        """
        believed = True
        try:
            self._write_anew_if_long(there)
        except ForeignFileError:
            believed = False
            set_aside(self.folder, JOURNAL)
        handle = self._open(_APPEND)
        try:
            keep_for_owner(handle, own_mode(self.root))
            if os.fstat(handle).st_size == 0:
                _write(handle, HEADER)
        finally:
            os.close(handle)
        return believed

    def _open(self, flags: int) -> int:
        return open_believed(self.folder, self.root, JOURNAL, flags)

    def _write_anew_if_long(self, there: Callable[[str], Stamp | None]) -> None:
        count = 0
        outputs: set[int] = set()
        for line in self.lines():
            count += 1
            outputs.add(hash(line.output))
        if count <= FEW_LINES or count <= MANY_LINES * len(outputs):
            return
        kept: dict[str, tuple[bytes, ...]] = {}
        for line in self.lines():
            kept[line.output] = _after(kept.get(line.output, ()), line, there)

        def save(file: BinaryIO) -> None:
            file.write(HEADER)
            for lines in kept.values():
                file.writelines(lines)

        # A full disk is no reason not to start: the long journal says the same.
        with suppress(OSError):
            place = Place(self.folder, JOURNAL, self.folder, JOURNAL, overwrite=True)
            write_whole(place, save, most=own_mode(self.root))


def _write(handle: int, data: bytes) -> None:
    if os.write(handle, data) != len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), JOURNAL)


def _after(
    before: tuple[bytes, ...], line: JournalLine, there: Callable[[str], Stamp | None]
) -> tuple[bytes, ...]:
    """Return the lines that say of one output what those before and this one say together.

    Of several lines that tell of its making, the one that tells of what stands there counts.
    """
    made = {each: old for each in before if isinstance(old := from_line(each), Made)}
    match line:
        case Begun():
            return (*made, to_line(line))
        case Failed():
            return tuple(made)
        case Made() if line.stamp != (standing := there(line.output)):
            return (*(e for e, old in made.items() if old.stamp == standing), to_line(line))
        case _:
            return (to_line(line),)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines that are not empty; of a line that is too long to be ours only the start."""
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
    """Yield the start and end of each part of a file that is no hole (lseek(2))."""
    at, size = 0, os.fstat(handle).st_size
    while at < size:
        try:
            start = os.lseek(handle, at, os.SEEK_DATA)
            end = os.lseek(handle, start, os.SEEK_HOLE)
        except OSError as error:
            # ENXIO: nothing but a hole follows. Any other error: this disk does not tell holes.
            if error.errno != errno.ENXIO:
                yield at, size
            return
        yield start, end
        at = end
