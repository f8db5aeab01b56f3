"""The format of a record: gzip members, each of which can be read without the others.

A record is a gzip file (https://www.rfc-editor.org/rfc/rfc1952): `zcat` shows the events of a run,
one a line, as `--json` prints them. Each member says in its header, in an extra field that other
programs pass over, what it holds and how long it is. So a reader goes from header to header without
inflating anything, and a record that was cut off anywhere can be read up to there.

- `HEAD`, the first member, holds no events. Its extra field has the facts of the record as JSON.
- `EVENTS` holds events, and says how many, and from which second of the run to which.
- `TABLE` and `STATE` hold no events: `freezing` puts into their extra fields what a reader needs to
  begin at the events that follow them. What is too long for one field goes on in the next member.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from typing import BinaryIO

_FIXED = struct.Struct("<4sIBBH")
"""What a gzip member begins with: magic, time, flags and system, and the length of the extra."""

_MAGIC = b"\x1f\x8b\x08\x04"
"""Gzip, deflated, with an extra field."""

_FIELD = struct.Struct("<2sH")
"""What a part of the extra field begins with: whose it is, and its length."""

_OURS = b"Pr"

_BLOCK = struct.Struct("<BBIIIdd")
"""Kind, flags, bytes of the member, events, lines of the log before, least and most second."""

_EMPTY = b"\x03\x00" + bytes(8)
"""No bytes, deflated, with their checksum and their length."""

_MOST_DATA = 65_535 - _FIELD.size - _BLOCK.size
"""Bytes that one extra field can hold beside the facts of its block."""

_PIECE = 1 << 16

LARGEST = 1 << 27
"""The most bytes of events in a block; a block with more was not written by this program."""

LEVEL = 1
"""How hard zlib tries: more makes the file a fifth smaller, and takes three times as long."""


class BlockKind(IntEnum):
    """What a member holds."""

    HEAD = 0
    EVENTS = 1
    TABLE = 2
    STATE = 3


BEGINS, WAITS, GOES_ON = 1, 2, 4
"""Flags: a run begins here; a process begins or ends a wait here; the data goes on in the next."""


@dataclass(frozen=True, slots=True)
class RecordBlock:
    """A member of a record.

    Attributes:
        kind: what it holds; of a later version perhaps something unknown.
        offset: where it begins in the file.
        size: its bytes; of the last one of a record that was cut off more than there are.
        events: how many events it holds.
        lines: how many lines the log of the run has before it, where that is known.
        least: the first second of the run that is in it.
        most: the last one.
        flags: `BEGINS`, `WAITS`, `GOES_ON`.
        data_size: the bytes in its extra field.
    """

    kind: int
    offset: int
    size: int
    events: int = 0
    lines: int = 0
    least: float = 0.0
    most: float = 0.0
    flags: int = 0
    data_size: int = 0

    @property
    def end(self) -> int:
        """Where the next one begins."""
        return self.offset + self.size


def events_block(lines: Sequence[str], least: float, most: float, flags: int) -> bytes:
    """Return a block of events, each a line of ASCII without its newline."""
    text = "".join([f"{line}\n" for line in lines]).encode("ascii")
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
    body = deflate.compress(text) + deflate.flush()
    body += struct.pack("<II", zlib.crc32(text), len(text) & 0xFFFFFFFF)
    return _member(BlockKind.EVENTS, body, flags, len(lines), 0, least, most)


def data_blocks(kind: BlockKind, data: bytes, lines: int = 0, t: float = 0.0) -> bytes:
    """Return as many blocks as it takes to hold data of `freezing`, or the facts of a record."""
    pieces = [data[at : at + _MOST_DATA] for at in range(0, len(data), _MOST_DATA)] or [b""]
    last = len(pieces) - 1
    return b"".join(
        _member(kind, _EMPTY, GOES_ON if n < last else 0, 0, lines, t, t, piece)
        for n, piece in enumerate(pieces)
    )


def _member(
    kind: BlockKind,
    body: bytes,
    flags: int,
    events: int,
    lines: int,
    least: float,
    most: float,
    data: bytes = b"",
) -> bytes:
    field = _BLOCK.size + len(data)
    size = _FIXED.size + _FIELD.size + field + len(body)
    return b"".join(
        (
            _FIXED.pack(_MAGIC, 0, 0, 255, _FIELD.size + field),
            _FIELD.pack(_OURS, field),
            _BLOCK.pack(kind, flags, size, events, lines, least, most),
            data,
            body,
        )
    )


_HEADER = _FIXED.size + _FIELD.size + _BLOCK.size


def read_blocks(file: BinaryIO, offset: int = 0) -> Iterator[RecordBlock]:
    """Yield the blocks from an offset on, until the file ends or something else stands there."""
    while True:
        file.seek(offset)
        header = file.read(_HEADER)
        if len(header) < _HEADER or not header.startswith(_MAGIC):
            return
        extra = _FIXED.unpack_from(header)[-1]
        owner, field = _FIELD.unpack_from(header, _FIXED.size)
        if owner != _OURS or field + _FIELD.size != extra or field < _BLOCK.size:
            return
        values = _BLOCK.unpack_from(header, _FIXED.size + _FIELD.size)
        kind, flags, size, events, lines, least, most = values
        if size < _HEADER:
            return
        yield RecordBlock(
            kind, offset, size, events, lines, least, most, flags, field - _BLOCK.size
        )
        offset += size


def data_of(file: BinaryIO, block: RecordBlock) -> bytes:
    """Return what is in the extra field of a block."""
    file.seek(block.offset + _HEADER)
    return file.read(block.data_size)


def lines_of(file: BinaryIO, block: RecordBlock) -> list[bytes]:
    """Return the events of a block as lines; of one that was cut off, those that are whole."""
    file.seek(block.offset + _HEADER + block.data_size)
    return inflated_lines(file.read(block.size - _HEADER - block.data_size))


def inflated_lines(body: bytes) -> list[bytes]:
    """Return the whole lines of deflated text, as far as it can be inflated."""
    inflate, text = zlib.decompressobj(-15), bytearray()
    # By pieces: what comes before a damaged place is not lost.
    with suppress(zlib.error):
        for at in range(0, len(body), _PIECE):
            text += inflate.decompress(body[at : at + _PIECE], LARGEST + 1 - len(text))
            if len(text) > LARGEST:
                return []
    *lines, _rest = bytes(text).split(b"\n")
    return lines
