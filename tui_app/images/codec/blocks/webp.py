"""A WebP's chunks (RFC 9649, https://www.rfc-editor.org/rfc/rfc9649)."""

import struct
from collections.abc import Sequence
from typing import BinaryIO

from tui_app.images.codec.blocks import CodedFrame, DamagedBlockError

MOST_TIME = 2**24 - 1
"""Milliseconds that a frame of an animation can stand."""

_PROFILE, _ALPHA, _EXIF, _XMP, _ANIMATION = 0x20, 0x10, 0x08, 0x04, 0x02
"""Flags of a `VP8X` chunk: what further chunks there are."""
_PICTURE = (b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF")


def is_lossless(file: BinaryIO) -> bool:
    """Tell whether the first picture of a WebP is stored without loss."""
    file.seek(12)
    while len(head := file.read(8)) == 8:
        kind, length = struct.unpack("<4sI", head)
        if kind in (b"VP8 ", b"VP8L"):
            return bool(kind == b"VP8L")
        if kind == b"ANMF":
            # Place, size and duration of the frame stand before its own chunks.
            return file.read(20)[16:] == b"VP8L"
        file.seek(length + length % 2, 1)
    return False


def copied(data: bytes, *, profile: bytes = b"", exif: bytes = b"", xmp: bytes = b"") -> bytes:
    """Return a WebP with the chunks of its pixels as they are, and no metadata but what is given.

    Args:
        data: The whole file.
        profile: Its colour profile.
        exif: Its EXIF block.
        xmp: Its XMP packet.

    Raises:
        DamagedBlockError: It is no WebP, a chunk is cut off, or it has no place for metadata.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise DamagedBlockError("no WebP")
    size = min(len(data), int.from_bytes(data[4:8], "little") + 8)
    view, at, head = memoryview(data), 12, b""
    pixels: list[bytes | memoryview] = []
    while at + 8 <= size:
        kind, length = struct.unpack_from("<4sI", data, at)
        end = at + 8 + length
        if end > len(data):
            raise DamagedBlockError("a chunk is cut off")
        if kind == b"VP8X":
            head = data[at:end]
        elif kind in _PICTURE:
            pixels += [view[at:end], bytes(length % 2)]
        at = end + length % 2
    further = (profile, _PROFILE), (exif, _EXIF), (xmp, _XMP)
    flags = sum(flag for held, flag in further if held)
    if not pixels or (len(head) < 18 and (head or flags)):
        raise DamagedBlockError("no picture, or no place for metadata")
    if head:
        flags |= head[8] & ~(_PROFILE | _EXIF | _XMP)
        head = head[:8] + bytes((flags,)) + head[9:]
    whole = b"".join(
        (
            head,
            _encoded(b"ICCP", profile),
            *pixels,
            _encoded(b"EXIF", exif),
            _encoded(b"XMP ", xmp),
        )
    )
    return b"RIFF" + (len(whole) + 4).to_bytes(4, "little") + b"WEBP" + whole


def _encoded(kind: bytes, data: bytes) -> bytes:
    return kind + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2) if data else b""


def animated(
    frames: Sequence[CodedFrame], size: tuple[int, int], plays: int, *, alpha: bool
) -> bytes:
    """Return an animation of frames, each encoded as a WebP of its own.

    Args:
        frames: The frames; their times are in milliseconds, `MOST_TIME` at most, and their places
            even.
        size: Width and height of the whole in pixels.
        plays: How often it is played; 0 for without end.
        alpha: Whether any of it may be transparent.

    Raises:
        DamagedBlockError: A frame is no WebP.
    """
    flags = _ANIMATION | (_ALPHA if alpha else 0)
    parts = [
        _encoded(b"VP8X", bytes((flags, 0, 0, 0)) + _three(size[0] - 1, size[1] - 1)),
        _encoded(b"ANIM", bytes(4) + min(plays, 65_535).to_bytes(2, "little")),
    ]
    for frame in frames:
        where = _three(frame.left // 2, frame.top // 2, frame.size[0] - 1, frame.size[1] - 1)
        # It is not blended with what was there: 2.
        head = where + _three(frame.time) + b"\x02"
        parts.append(_encoded(b"ANMF", head + _picture_of(frame.coded)))
    whole = b"".join(parts)
    return b"RIFF" + (len(whole) + 4).to_bytes(4, "little") + b"WEBP" + whole


def _three(*numbers: int) -> bytes:
    """Return numbers of three bytes each."""
    return b"".join(number.to_bytes(3, "little") for number in numbers)


def _picture_of(data: bytes) -> bytes:
    """Return the chunks of the pixels of a WebP that is not animated."""
    at, found = 12, b""
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        end = at + 8 + length + length % 2
        if kind in (b"ALPH", b"VP8 ", b"VP8L"):
            found += data[at:end]
        at = end
    if not found:
        raise DamagedBlockError("no picture")
    return found
