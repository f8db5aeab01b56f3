"""The folders of a TIFF file, and EXIF blocks made of them: values are copied, not understood.

TIFF 6.0, and BigTIFF for files of more than four gigabytes (libtiff's design page).
"""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from tui_app.images.codec.blocks import DamagedBlockError
from tui_app.images.codec.blocks.exif import EXIF, GPS, INTEROP, ExifBlock, Name

SIZES = {
    1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8,
    18: 8, 129: 1,
}  # fmt: skip
"""Bytes of one value of each type."""

_PARTS = {5: 4, 10: 4}
"""Of types whose values have two numbers: the bytes of one."""

SUBFILE = 254
DNG_VERSION = 50706

MOST_ENTRIES, MOST_BYTES = 4_096, 64 * 2**20
"""A folder, and a value, that are larger than any known writer's are damaged."""

_POINTERS = (EXIF, GPS, INTEROP)


@dataclass(frozen=True, slots=True)
class Value:
    """What an entry holds: its type, and all its values as they stand in the file."""

    kind: int
    data: bytes

    @property
    def count(self) -> int:
        """How many values it has."""
        return len(self.data) // SIZES[self.kind]


@dataclass(slots=True)
class Ifd:
    """A folder of a TIFF file, with those below it.

    Attributes:
        order: The byte order of its values, as `struct` tells it.
        values: What each tag holds, but pointers to folders.
        below: The EXIF, GPS and interoperability folders.
    """

    order: str
    values: dict[int, Value] = field(default_factory=dict)
    below: dict[int, "Ifd"] = field(default_factory=dict)

    def number(self, tag: int) -> int | None:
        """Return the first whole number of a tag, or None."""
        value = self.values.get(tag)
        if value is None or value.kind not in (1, 3, 4, 16) or not value.data:
            return None
        code = {1: "B", 3: "H", 4: "I", 16: "Q"}[value.kind]
        return int(struct.unpack_from(self.order + code, value.data)[0])


def read_ifd0(file: BinaryIO, wanted: Iterable[int] | None = None) -> Ifd:
    """Return the first folder of a TIFF file.

    Args:
        file: The file; where it is read from next is changed.
        wanted: The tags that are read, besides pointers; by default all.

    Raises:
        DamagedBlockError: It is no TIFF file, or refers to places that it does not have.
    """
    file.seek(0)
    head = file.read(16)
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None or len(head) < 16:
        raise DamagedBlockError("no TIFF file")
    version = struct.unpack_from(order + "H", head, 2)[0]
    if version not in (42, 43):
        raise DamagedBlockError("no TIFF file")
    big = version == 43
    at = struct.unpack_from(order + ("Q" if big else "I"), head, 8 if big else 4)[0]
    tags = None if wanted is None else frozenset(wanted)
    return _read(file, at, order, big, tags, depth=0)


def _read(
    file: BinaryIO, at: int, order: str, big: bool, wanted: frozenset[int] | None, depth: int
) -> Ifd:
    entry, count_code, place_code = (20, "Q", "Q") if big else (12, "H", "I")
    file.seek(at)
    (count,) = struct.unpack(order + count_code, _exactly(file, struct.calcsize(count_code)))
    if count > MOST_ENTRIES or depth > 2:
        raise DamagedBlockError("a folder of more entries than there are tags")
    table = _exactly(file, entry * count)
    found = Ifd(order)
    for start in range(0, len(table), entry):
        tag, kind, number = struct.unpack_from(order + "HH" + place_code, table, start)
        inside = table[start + entry - struct.calcsize(place_code) : start + entry]
        (place,) = struct.unpack(order + place_code, inside)
        if tag in _POINTERS:
            found.below[tag] = _read(file, place, order, big, None, depth + 1)
            continue
        if (wanted is not None and tag not in wanted) or kind not in SIZES:
            continue
        size = SIZES[kind] * number
        if size <= len(inside):
            found.values[tag] = Value(kind, inside[:size])
        elif size <= MOST_BYTES:
            file.seek(place)
            found.values[tag] = Value(kind, _exactly(file, size))
    return found


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise DamagedBlockError("it ends too early")
    return data


def from_exif(block: ExifBlock) -> Ifd:
    """Return the folders of an EXIF block, but the preview's."""

    def made(name: Name) -> Ifd:
        found = Ifd(block.order)
        for entry in block.entries(name):
            if entry.tag in _POINTERS and entry.tag in block.names:
                found.below[entry.tag] = made(entry.tag)
            elif entry.kind in SIZES:
                found.values[entry.tag] = Value(entry.kind, block.value(entry))
        return found

    return made("IFD0")


def to_exif(ifd: Ifd) -> bytes:
    """Return an EXIF block, from its TIFF header on, that holds these folders."""
    head = (b"II*\0" if ifd.order == "<" else b"MM\0*") + struct.pack(ifd.order + "I", 8)
    return head + _written(ifd, 8, ifd.order)


def with_entries(data: bytes, more: Ifd) -> bytes:
    """Return a TIFF file with more entries in its first folder, or others in the place of its own.

    The folder is written anew at the file's end; nothing else moves.

    Args:
        data: A TIFF file, no BigTIFF.
        more: The entries and the folders below them.

    Raises:
        DamagedBlockError: It is no such file.
    """
    block = ExifBlock(data)
    ifd = from_exif(block)
    ifd.values |= {
        tag: swapped(value, more.order, block.order) for tag, value in more.values.items()
    }
    ifd.below |= more.below
    data += bytes(len(data) % 2)
    where = struct.pack(block.order + "I", len(data))
    return data[:4] + where + data[8:] + _written(ifd, len(data), block.order)


def swapped(value: Value, order: str, wanted: str) -> Value:
    """Return values in another byte order."""
    size = _PARTS.get(value.kind, SIZES[value.kind])
    if order == wanted or size == 1:
        return value
    pieces = (value.data[at : at + size][::-1] for at in range(0, len(value.data), size))
    return Value(value.kind, b"".join(pieces))


def _written(ifd: Ifd, at: int, order: str) -> bytes:
    """Return a folder as it stands at a place, with its values and the folders below it behind."""
    tags: Mapping[int, Value | Ifd] = {**ifd.values, **ifd.below}
    end = at + 2 + 12 * len(tags) + 4
    table: list[bytes] = [struct.pack(order + "H", len(tags))]
    behind: list[bytes] = []
    for tag in sorted(tags):
        what = tags[tag]
        if isinstance(what, Ifd):
            data, kind, count = _written(what, end, order), 4, 1
            inside = struct.pack(order + "I", end)
        else:
            value = swapped(what, ifd.order, order)
            data, kind, count = value.data, value.kind, value.count
            inside = data.ljust(4, b"\0") if len(data) <= 4 else struct.pack(order + "I", end)
        table.append(struct.pack(order + "HHI", tag, kind, count) + inside)
        if isinstance(what, Ifd) or len(data) > 4:
            data += bytes(len(data) % 2)
            behind.append(data)
            end += len(data)
    return b"".join((*table, bytes(4), *behind))


def resolution(order: str, across: float, down: float) -> dict[int, Value]:
    """Return what a TIFF says of its resolution, given in pixels an inch (TIFF 6.0, section 8)."""
    sides = {282: across, 283: down}
    found = {
        tag: Value(5, struct.pack(order + "II", round(side * 10_000), 10_000))
        for tag, side in sides.items()
    }
    return found | {296: Value(3, struct.pack(order + "H", 2))}
