"""An EXIF block that is changed in place, so that texts and maker notes stay as they are.

EXIF (CIPA DC-008, https://www.cipa.jp/e/std/std-sec.html) is a TIFF file without a picture (TIFF
6.0, https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf): directories of entries of
twelve bytes, whose values stand in them or elsewhere in the block. A maker note may refer to places
in the whole block, so nothing moves: entries are removed from their directories, and values that no
entry refers to any more become zeros.
"""

import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from tui_app.images.codec.blocks import DamagedBlockError

IFD0, IFD1 = "IFD0", "IFD1"
EXIF, GPS, INTEROP = 0x8769, 0x8825, 0xA005
"""Entries that point to a further directory, which is called by that number."""

ORIENTATION = 0x0112
MAKER_NOTE = 0x927C
PREVIEW_AT, PREVIEW_BYTES = 0x0201, 0x0202

HEAD = b"Exif\0\0"
"""What stands before the block in a JPEG's segment, and in formats that copy it from there."""

SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
"""Bytes of one value of each type."""

_SHORT, _LONG = 3, 4
_ENTRY = 12

Name = str | int


@dataclass(slots=True)
class Entry:
    """One entry.

    Attributes:
        tag: What it tells.
        kind: Type of its values.
        count: Number of its values.
        at: Where its twelve bytes begin.
        start: Where its values begin, in these bytes or elsewhere.
        size: Bytes of all its values.
    """

    tag: int
    kind: int
    count: int
    at: int
    start: int
    size: int


@dataclass(slots=True)
class _Directory:
    at: int
    following: int
    """Where the place of the next directory stands, behind the entries."""
    entries: list[Entry]


class ExifBlock:
    """An EXIF block.

    Args:
        data: The block, from its TIFF header on or with `HEAD` before it.

    Attributes:
        data: The block from its TIFF header on, as it is now.
        order: The byte order, as `struct` tells it.

    Raises:
        DamagedBlockError: It is none, or refers to places that it does not have.
    """

    def __init__(self, data: bytes) -> None:
        self.data = bytearray(data.removeprefix(HEAD))
        self.order = {b"II": "<", b"MM": ">"}.get(bytes(self.data[:2]), "")
        if not self.order or self._number("H", 2) != 42:
            raise DamagedBlockError("no TIFF header")
        self._directories: dict[Name, _Directory] = {}
        if following := self._read(IFD0, self._number("I", 4)):
            # A preview that is cut off will be dropped anyway.
            with suppress(DamagedBlockError):
                self._read(IFD1, following)
        for directory in self._directories.values():
            for entry in directory.entries:
                if entry.start != entry.at + 8:
                    self._check_apart(entry.start, entry.size)

    def _check_apart(self, start: int, size: int) -> None:
        """Check that values stand in no directory, where they could not be cleared."""
        for directory in self._directories.values():
            if start < directory.following + 4 and directory.at < start + size:
                raise DamagedBlockError("a value stands in a directory")

    def __len__(self) -> int:
        """Return the number of entries in all its directories."""
        return sum(len(directory.entries) for directory in self._directories.values())

    def _numbers(self, codes: str, at: int) -> tuple[int, ...]:
        try:
            return struct.unpack_from(self.order + codes, self.data, at)
        except struct.error as error:
            raise DamagedBlockError(f"it ends before {at}") from error

    def _number(self, code: str, at: int) -> int:
        return self._numbers(code, at)[0]

    def _read(self, name: Name, at: int) -> int:
        """Read a directory and those that it points to; return where the next one stands, or 0."""
        if at < 8 or any(at == directory.at for directory in self._directories.values()):
            raise DamagedBlockError("its directories go in a circle")
        after = at + 2 + _ENTRY * self._number("H", at)
        directory = self._directories[name] = _Directory(at, after, [])
        for entry in self._entries(directory):
            if self._is_whole(entry):
                directory.entries.append(entry)
            if entry.tag in (EXIF, GPS, INTEROP) and name in (IFD0, EXIF) and entry.count == 1:
                self._read(entry.tag, self._number("I", entry.at + 8))
        return self._number("I", after) if after + 4 <= len(self.data) else 0

    def _is_whole(self, entry: Entry) -> bool:
        """Tell whether an entry's values stand in the block; other entries stay as they are."""
        return entry.start + entry.size <= len(self.data)

    def _entries(self, directory: _Directory) -> Iterator[Entry]:
        """Yield the entries that stand in a directory, also those that are not whole."""
        for at in range(directory.at + 2, directory.following, _ENTRY):
            tag, kind, count = self._numbers("HHI", at)
            size = SIZES.get(kind, 0) * count
            start = at + 8 if size <= 4 else self._number("I", at + 8)
            yield Entry(tag, kind, count, at, start, size)

    @property
    def names(self) -> tuple[Name, ...]:
        """Names of the directories."""
        return tuple(self._directories)

    def entries(self, name: Name) -> tuple[Entry, ...]:
        """Return the entries of a directory; none where it is not there."""
        directory = self._directories.get(name)
        return tuple(directory.entries) if directory else ()

    def find(self, name: Name, tag: int) -> Entry | None:
        """Return a directory's entry, or None."""
        return next((entry for entry in self.entries(name) if entry.tag == tag), None)

    def value(self, entry: Entry) -> bytes:
        """Return an entry's values as they stand there."""
        return bytes(self.data[entry.start : entry.start + entry.size])

    def _whole_number(self, name: Name, tag: int) -> Entry | None:
        entry = self.find(name, tag)
        return entry if entry and entry.kind in (_SHORT, _LONG) and entry.count == 1 else None

    def number(self, name: Name, tag: int) -> int | None:
        """Return a whole number that stands there, or None."""
        entry = self._whole_number(name, tag)
        return None if entry is None else self._number(_CODES[entry.kind], entry.start)

    def set(self, name: Name, tag: int, value: int) -> None:
        """Write a whole number where one stands; do nothing where none does."""
        entry = self._whole_number(name, tag)
        if entry is None:
            return
        if entry.kind == _SHORT and value > 0xFFFF:
            # The entry has room for the four bytes of a longer number.
            struct.pack_into(self.order + "H", self.data, entry.at + 2, _LONG)
            entry.kind, entry.size = _LONG, 4
        struct.pack_into(self.order + _CODES[entry.kind], self.data, entry.start, value)

    def remove(self, name: Name, unwanted: Callable[[int], bool]) -> None:
        """Remove entries from a directory by their tags; their values become zeros."""
        directory = self._directories.get(name)
        if directory is None:
            return
        kept = []
        for entry in list(self._entries(directory)):
            if not unwanted(entry.tag):
                kept.append(self.data[entry.at : entry.at + _ENTRY])
                continue
            if entry.tag in self._directories and name in (IFD0, EXIF):
                self.remove(entry.tag, lambda tag: True)
                del self._directories[entry.tag]
            if self._is_whole(entry) and entry.size > 4:
                self._clear(entry.start, entry.size)
        struct.pack_into(self.order + "H", self.data, directory.at, len(kept))
        after = directory.following
        table = b"".join(kept) + self.data[after : after + 4]
        end = min(after + 4, len(self.data))
        self.data[directory.at + 2 : end] = table.ljust(end - directory.at - 2, b"\0")
        directory.following = directory.at + 2 + _ENTRY * len(kept)
        directory.entries = list(filter(self._is_whole, self._entries(directory)))

    def _clear(self, start: int, size: int) -> None:
        self.data[start : start + size] = bytes(len(self.data[start : start + size]))

    def drop_preview(self) -> None:
        """Remove the directory of the preview, and the preview."""
        at, size = (self.number(IFD1, tag) for tag in (PREVIEW_AT, PREVIEW_BYTES))
        if at is not None and size is not None:
            self._check_apart(at, size)
            self._clear(at, size)
        if directory := self._directories.pop(IFD1, None):
            for entry in directory.entries:
                if entry.size > 4:
                    self._clear(entry.start, entry.size)
            self._clear(directory.at, directory.following + 4 - directory.at)
        following = self._directories[IFD0].following
        if following + 4 <= len(self.data):
            self._clear(following, 4)

    def bytes(self, *, wipe: bool = False) -> bytes:
        """Return the block, from its TIFF header on, as short as it can be if nothing moves.

        With `wipe`, what no entry refers to becomes zeros. A maker note may refer to it.
        """
        used = [(0, 8)]
        for directory in self._directories.values():
            used.append((directory.at, directory.following + 4))
            used += [(entry.start, entry.start + entry.size) for entry in directory.entries]
        data = self.data
        if wipe:
            data = bytearray(len(self.data))
            for first, last in used:
                data[first:last] = self.data[first:last]
        end = max(max(last for _, last in used), len(data.rstrip(b"\0")))
        return bytes(data[:end])


_CODES = {_SHORT: "H", _LONG: "I"}


def of_orientation(orientation: int) -> bytes:
    """Return the smallest block that tells an orientation, 1 to 8."""
    entry = struct.pack(">HHIHH", ORIENTATION, _SHORT, 1, orientation, 0)
    return b"MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
