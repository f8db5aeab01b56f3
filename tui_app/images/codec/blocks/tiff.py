"""The directories of a TIFF file, and EXIF blocks made of them: values are copied, not understood.

TIFF 6.0 (https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf), and BigTIFF for files of
more than four gigabytes (https://libtiff.gitlab.io/libtiff/specification/bigtiff.html).
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from tui_app.images.codec.blocks import DamagedBlockError, exif
from tui_app.images.codec.blocks.exif import EXIF, GPS, IFD0, INTEROP, ExifBlock, Name

SIZES = exif.SIZES | {16: 8, 17: 8, 18: 8}
"""Bytes of one value of each type, BigTIFF's among them."""

XMP_TAG, IPTC_TAG, PHOTOSHOP_TAG = 700, 33723, 34377
"""Tags of a TIFF with further blocks."""

STORAGE_TAGS = {
    *range(254, 260), 262, 263, 266, 273, 274, *range(277, 281), 284, 288, 289, 290, 291, 292, 293,
    301, 317, 318, 319, *range(320, 326), 330, 332, 334, *range(336, 344), 347, *range(512, 522),
    529, 530, 531, 532, XMP_TAG, IPTC_TAG, PHOTOSHOP_TAG, 34675, 37724,
}  # fmt: skip
"""Tags in a TIFF's first directory that are no EXIF: they describe how its pixels are stored (TIFF
6.0), or hold the further blocks, the profile (34675), or Photoshop's layers (37724)."""

_PARTS = {5: 4, 10: 4}
"""Bytes of one number, for types whose values have two."""

MOST_ENTRIES, MOST_BYTES = 4_096, 64 * 2**20
"""A directory, and a value, that are larger than any known writer's are damaged."""

_POINTERS = (EXIF, GPS, INTEROP)


@dataclass(frozen=True, slots=True)
class Value:
    """The values of an entry: their type, and how they stand in the file."""

    kind: int
    data: bytes

    @property
    def count(self) -> int:
        """Number of values."""
        return len(self.data) // SIZES[self.kind]


@dataclass(slots=True)
class Ifd:
    """A directory of a TIFF file, with those below it.

    Attributes:
        order: The byte order of its values, as `struct` tells it.
        values: The values of each tag that is no pointer to a directory.
        below: The EXIF, GPS and interoperability directories.
    """

    order: str
    values: dict[int, Value] = field(default_factory=dict)
    below: dict[int, "Ifd"] = field(default_factory=dict)


def read_ifd0(file: BinaryIO) -> Ifd:
    """Return the first directory of a TIFF file.

    Raises:
        DamagedBlockError: It is no TIFF file, or refers to places that it does not have.
    """
    file.seek(0)
    head = file.read(16)
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None or len(head) < 16:
        raise DamagedBlockError("no TIFF file")
    version, narrow = struct.unpack_from(order + "HI", head, 2)
    if version not in (42, 43):
        raise DamagedBlockError("no TIFF file")
    big = version == 43
    at = struct.unpack_from(order + "Q", head, 8)[0] if big else narrow
    return _read(file, at, order, big, depth=0)


def _read(file: BinaryIO, at: int, order: str, big: bool, depth: int) -> Ifd:
    entry, count_code, place_code = (20, "Q", "Q") if big else (12, "H", "I")
    file.seek(at)
    (count,) = struct.unpack(order + count_code, _exactly(file, struct.calcsize(count_code)))
    if count > MOST_ENTRIES or depth > 2:
        raise DamagedBlockError("a directory of more entries than there are tags")
    table = _exactly(file, entry * count)
    found = Ifd(order)
    for start in range(0, len(table), entry):
        tag, kind, number = struct.unpack_from(order + "HH" + place_code, table, start)
        inside = table[start + entry - struct.calcsize(place_code) : start + entry]
        (place,) = struct.unpack(order + place_code, inside)
        if tag in _POINTERS:
            found.below[tag] = _read(file, place, order, big, depth + 1)
            continue
        if kind not in SIZES:
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
    """Return the directories of an EXIF block, but the preview's."""

    def made(name: Name) -> Ifd:
        found = Ifd(block.order)
        for entry in block.entries(name):
            if entry.tag in _POINTERS and entry.tag in block.names:
                found.below[entry.tag] = made(entry.tag)
            elif entry.kind in SIZES:
                found.values[entry.tag] = Value(entry.kind, block.value(entry))
        return found

    return made(IFD0)


def to_exif(ifd: Ifd) -> bytes:
    """Return an EXIF block, from its TIFF header on, that holds these directories."""
    head = (b"II*\0" if ifd.order == "<" else b"MM\0*") + struct.pack(ifd.order + "I", 8)
    return head + _written(ifd, 8, ifd.order)


def with_entries(data: bytes, more: Ifd) -> bytes:
    """Return a TIFF file with more entries in its first directory, or others in place of its own.

    The directory is written anew at the file's end; nothing else moves.

    Raises:
        DamagedBlockError: It is no TIFF file, or a BigTIFF.
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
    """Return a directory as it stands at a place, then its values and the directories below it."""
    tags: Mapping[int, Value | Ifd] = {**ifd.values, **ifd.below}
    end = at + 2 + 12 * len(tags) + 4
    table: list[bytes] = [struct.pack(order + "H", len(tags))]
    behind: list[bytes] = []
    for tag in sorted(tags):
        what = tags[tag]
        if isinstance(what, Ifd):
            data, kind, count, inside = _written(what, end, order), 4, 1, False
        else:
            value = swapped(what, ifd.order, order)
            data, kind, count, inside = value.data, value.kind, value.count, len(value.data) <= 4
        place = data.ljust(4, b"\0") if inside else struct.pack(order + "I", end)
        table.append(struct.pack(order + "HHI", tag, kind, count) + place)
        if not inside:
            data += bytes(len(data) % 2)
            behind.append(data)
            end += len(data)
    return b"".join((*table, bytes(4), *behind))


def resolution(order: str, across: float, down: float) -> dict[int, Value]:
    """Return what a TIFF says of its resolution, given in pixels an inch (TIFF 6.0, section 8)."""
    found = {296: Value(3, struct.pack(order + "H", 2))}
    for tag, side in ((282, across), (283, down)):
        parts = 10_000 if side < 400_000 else 1
        found[tag] = Value(5, struct.pack(order + "II", round(side * parts), parts))
    return found
