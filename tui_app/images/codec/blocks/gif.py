"""A GIF's blocks (https://www.w3.org/Graphics/GIF/spec-gif89a.txt)."""

import struct
from collections.abc import Sequence
from typing import BinaryIO, NamedTuple

from tui_app.images.codec.blocks import CodedFrame, DamagedBlockError

MOST_TIME = 65_535
"""Hundredths of a second that a frame can stand."""

_EXTENSION, _FRAME, _END = 0x21, 0x2C, 0x3B
_CONTROL, _COMMENT = 0xF9, 0xFE
_HAS_TABLE, _TABLE_SIZE, _INTERLACED = 0x80, 0x07, 0x40
_STAYS, _CLEARED = 1, 2
_LOOP = b"\x21\xff\x0bNETSCAPE2.0\x03\x01"


def count_frames(file: BinaryIO, most: int) -> tuple[int, bool]:
    """Return the number of frames in a GIF, `most` at most, and whether it is all there."""
    file.seek(0)
    head = file.read(13)
    if len(head) < 13 or not head.startswith(b"GIF8"):
        return 0, False
    file.seek(_table_bytes(head[10]), 1)
    frames = 0
    while frames < most:
        kind = file.read(1)
        if kind == b"" or kind[0] == _END:
            return frames, kind != b""
        if kind[0] == _EXTENSION:
            file.seek(1, 1)
        elif kind[0] == _FRAME:
            descriptor = file.read(9)
            if len(descriptor) < 9:
                return frames, False
            file.seek(_table_bytes(descriptor[8]) + 1, 1)
            frames += 1
        else:
            # Decoders pass over bytes between blocks, and so do we.
            continue
        if not _skip_data(file):
            return frames, False
    return frames, True


def _skip_data(file: BinaryIO) -> bool:
    """Move behind a block's data; tell whether they are all there."""
    while length := file.read(1):
        if length[0] == 0:
            return True
        file.seek(length[0], 1)
    return False


def _table_bytes(flags: int) -> int:
    """Return the bytes of the colour table that flags tell of."""
    return 3 * 2 ** ((flags & _TABLE_SIZE) + 1) if flags & _HAS_TABLE else 0


class _Still(NamedTuple):
    """What an encoder wrote of one picture: its table's size and bytes, and its coded pixels."""

    flags: int
    table: bytes
    transparent: int | None
    coded: bytes


def animated(
    frames: Sequence[CodedFrame],
    size: tuple[int, int],
    plays: int,
    comments: Sequence[bytes] = (),
) -> bytes:
    """Return an animation of frames, each encoded as a GIF of its own.

    Args:
        frames: The frames; their times are in hundredths of a second, `MOST_TIME` at most.
        size: Width and height of the whole in pixels.
        plays: How often it is played; 0 for without end.
        comments: Comments that it carries.

    Raises:
        DamagedBlockError: A frame is no GIF.
    """
    parts = [b"GIF89a" + struct.pack("<HHBBB", *size, 0x70, 0, 0)]
    if plays != 1:
        parts.append(_LOOP + struct.pack("<HB", min(max(plays - 1, 0), 65_535), 0))
    for comment in comments:
        pieces = (comment[at : at + 255] for at in range(0, len(comment), 255))
        data = b"".join(bytes((len(piece),)) + piece for piece in pieces)
        parts.append(bytes((_EXTENSION, _COMMENT)) + data + b"\0")
    for frame in frames:
        still = _read(frame.coded)
        if frame.cleared and still.transparent is None:
            still = _with_hole(still)
        seen = still.transparent is None
        dealt = (_CLEARED if frame.cleared else _STAYS) << 2 | (not seen)
        control = struct.pack("<BBHBB", 4, dealt, frame.time, still.transparent or 0, 0)
        place = struct.pack("<HHHHB", frame.left, frame.top, *frame.size, still.flags)
        parts += [bytes((_EXTENSION, _CONTROL)), control, b"\x2c", place, still.table, still.coded]
    return b"".join((*parts, bytes((_END,))))


def _read(data: bytes) -> _Still:
    """Return the first picture of a GIF."""
    try:
        flags, at = data[10], 13 + _table_bytes(data[10])
        table, transparent = data[13:at], None
        while data[at] == _EXTENSION:
            if data[at + 1] == _CONTROL and data[at + 3] & 1:
                transparent = data[at + 6]
            at = _behind_data(data, at + 2)
        if data[at] != _FRAME:
            raise DamagedBlockError("no picture")
        own, start = data[at + 9], at + 10
        if own & _HAS_TABLE:
            flags, table = own, data[start : start + _table_bytes(own)]
            start += len(table)
        kept = (flags & (_HAS_TABLE | _TABLE_SIZE)) | (own & _INTERLACED)
        return _Still(kept, table, transparent, data[start : _behind_data(data, start + 1)])
    except IndexError as error:
        raise DamagedBlockError("no GIF") from error


def _with_hole(still: _Still) -> _Still:
    """Return a picture of 255 colours at most with a further one that is transparent.

    Where none is, some decoders clear its place to a colour.
    """
    count = len(still.table) // 3
    if count == 256:
        return still._replace(transparent=255)
    flags = (still.flags & ~_TABLE_SIZE) | (still.flags & _TABLE_SIZE) + 1
    return still._replace(flags=flags, table=2 * still.table, transparent=count)


def _behind_data(data: bytes, at: int) -> int:
    while data[at]:
        at += data[at] + 1
    return at + 1
