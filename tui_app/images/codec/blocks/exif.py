"""An EXIF block that is changed in place, so that texts and maker notes stay as they are.

EXIF is a TIFF file without a picture (CIPA DC-008, TIFF 6.0): folders of entries of twelve bytes,
whose values stand in them or elsewhere in the block. A maker note may refer to places in the whole
block, so nothing moves: entries are taken out of their folders, and values that nothing refers to
any more become zeros.
"""

import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from tui_app.images.codec.blocks import DamagedBlockError

IFD0, IFD1 = "IFD0", "IFD1"
EXIF, GPS, INTEROP = 0x8769, 0x8825, 0xA005
"""Entries that point to a further folder, which is called by that number."""

ORIENTATION = 0x0112
MAKER_NOTE = 0x927C
PREVIEW_AT, PREVIEW_BYTES = 0x0201, 0x0202

HEAD = b"Exif\0\0"
"""What stands before the block in a JPEG's segment, and in what other formats copy from one."""

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
        count: How many values it has.
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
class _Folder:
    at: int
    entries: list[Entry]
    following: int
    """Where the place of the next folder stands."""


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
        order = {b"II": "<", b"MM": ">"}.get(bytes(self.data[:2]))
        if order is None:
            raise DamagedBlockError("no TIFF header")
        self.order = order
        if self._number("H", 2) != 42:
            raise DamagedBlockError("no TIFF header")
        self._folders: dict[Name, _Folder] = {}
        if following := self._read(IFD0, self._number("I", 4)):
            # A preview that is cut off goes anyway.
            with suppress(DamagedBlockError):
                self._read(IFD1, following)
        for folder in self._folders.values():
            for entry in folder.entries:
                if entry.start != entry.at + 8:
                    self._check_apart(entry.start, entry.size)

    def _check_apart(self, start: int, size: int) -> None:
        """Check that values stand in no folder, where they could not be cleared."""
        for folder in self._folders.values():
            if start < folder.following + 4 and folder.at < start + size:
                raise DamagedBlockError("a value stands in a folder")

    def __len__(self) -> int:
        """Return how many entries all its folders have."""
        return sum(len(folder.entries) for folder in self._folders.values())

    def _number(self, code: str, at: int) -> int:
        if at + struct.calcsize(code) > len(self.data):
            raise DamagedBlockError(f"it ends before {at}")
        number: int = struct.unpack_from(self.order + code, self.data, at)[0]
        return number

    def _read(self, name: Name, at: int) -> int:
        """Read a folder and those that it points to; return where the next one stands, or 0."""
        if at < 8 or any(at == folder.at for folder in self._folders.values()):
            raise DamagedBlockError("its folders go in a circle")
        count = self._number("H", at)
        after = at + 2 + _ENTRY * count
        folder = self._folders[name] = _Folder(at, [], after)
        for place in range(at + 2, after, _ENTRY):
            tag, kind = self._number("H", place), self._number("H", place + 2)
            number = self._number("I", place + 4)
            size = SIZES.get(kind, 0) * number
            start = place + 8 if size <= 4 else self._number("I", place + 8)
            # One beyond the end stays as it is.
            if start + size <= len(self.data):
                folder.entries.append(Entry(tag, kind, number, place, start, size))
            if tag in (EXIF, GPS, INTEROP) and name in (IFD0, EXIF) and number == 1:
                self._read(tag, self._number("I", place + 8))
        return self._number("I", after) if after + 4 <= len(self.data) else 0

    @property
    def names(self) -> tuple[Name, ...]:
        """The folders that there are."""
        return tuple(self._folders)

    def entries(self, name: Name) -> tuple[Entry, ...]:
        """Return the entries of a folder; none where it is not there."""
        folder = self._folders.get(name)
        return tuple(folder.entries) if folder else ()

    def find(self, name: Name, tag: int) -> Entry | None:
        """Return a folder's entry, or None."""
        return next((entry for entry in self.entries(name) if entry.tag == tag), None)

    def value(self, entry: Entry) -> bytes:
        """Return an entry's values as they stand there."""
        return bytes(self.data[entry.start : entry.start + entry.size])

    def number(self, name: Name, tag: int) -> int | None:
        """Return a whole number that stands there, or None."""
        entry = self.find(name, tag)
        if entry is None or entry.kind not in (_SHORT, _LONG) or entry.count != 1:
            return None
        return self._number("H" if entry.kind == _SHORT else "I", entry.start)

    def set(self, name: Name, tag: int, value: int) -> None:
        """Write a whole number where one stands; not where none does."""
        entry = self.find(name, tag)
        if entry is None or entry.kind not in (_SHORT, _LONG) or entry.count != 1:
            return
        if entry.kind == _SHORT and value > 0xFFFF:
            # It has room for the four bytes of a longer number.
            struct.pack_into(self.order + "H", self.data, entry.at + 2, _LONG)
            entry.kind, entry.size = _LONG, 4
        code = "H" if entry.kind == _SHORT else "I"
        struct.pack_into(self.order + code, self.data, entry.start, value)

    def remove(self, name: Name, unwanted: Callable[[int], bool]) -> None:
        """Take entries out of a folder by their tags; their values become zeros."""
        folder = self._folders.get(name)
        if folder is None:
            return
        for place in range(folder.following - _ENTRY, folder.at + 1, -_ENTRY):
            tag = self._number("H", place)
            if unwanted(tag):
                if tag in self._folders and name in (IFD0, EXIF):
                    self.remove(tag, lambda tag: True)
                    del self._folders[tag]
                self._take_out(folder, place)

    def _take_out(self, folder: _Folder, place: int) -> None:
        for entry in folder.entries:
            if entry.at == place and entry.size > 4:
                self._clear(entry.start, entry.size)
        end = min(folder.following + 4, len(self.data))
        self.data[place : end - _ENTRY] = self.data[place + _ENTRY : end]
        self._clear(end - _ENTRY, _ENTRY)
        folder.following -= _ENTRY
        folder.entries = [entry for entry in folder.entries if entry.at != place]
        for entry in folder.entries:
            if entry.at > place:
                if entry.start == entry.at + 8:
                    entry.start -= _ENTRY
                entry.at -= _ENTRY
        count = self._number("H", folder.at) - 1
        struct.pack_into(self.order + "H", self.data, folder.at, count)

    def _clear(self, start: int, size: int) -> None:
        self.data[start : start + size] = bytes(len(self.data[start : start + size]))

    def drop_preview(self) -> None:
        """Take out the folder of the preview, and the preview."""
        places = [self.number(IFD1, tag) for tag in (PREVIEW_AT, PREVIEW_BYTES)]
        if places[0] is not None and places[1] is not None:
            self._check_apart(places[0], places[1])
            self._clear(places[0], places[1])
        self.remove(IFD1, lambda tag: True)
        self._folders.pop(IFD1, None)
        following = self._folders[IFD0].following
        if following + 4 <= len(self.data):
            self._clear(following, 4)

    def bytes(self, *, wipe: bool = False) -> bytes:
        """Return the block, from its TIFF header on, as short as nothing moves.

        Args:
            wipe: Whether what no entry refers to becomes zeros. A maker note may refer to it.
        """
        used = [(0, 8)]
        for folder in self._folders.values():
            used.append((folder.at, folder.following + 4))
            used += [(entry.start, entry.start + entry.size) for entry in folder.entries]
        data = self.data
        if wipe:
            data = bytearray(len(self.data))
            for first, last in used:
                data[first:last] = self.data[first:last]
        end = max(max(last for _, last in used), len(data.rstrip(b"\0")))
        return bytes(data[:end])
