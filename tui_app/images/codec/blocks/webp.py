"""A WebP's chunks (RFC 9649): read, and put into an encoded WebP; nothing is decoded."""

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from tui_app.images.codec.blocks import DamagedBlockError

_ICC, _ALPHA, _EXIF, _XMP = 0x20, 0x10, 0x08, 0x04
_PIXELS = (b"VP8 ", b"VP8L", b"ALPH", b"ANMF")


class RiffChunk(NamedTuple):
    """A chunk: its kind, and what it holds; of pixels only the first bytes."""

    kind: bytes
    data: bytes

    def __bytes__(self) -> bytes:
        """Return it as it stands in a file."""
        padding = bytes(len(self.data) % 2)
        return self.kind + struct.pack("<I", len(self.data)) + self.data + padding


def chunks(file: BinaryIO) -> Iterator[RiffChunk]:
    """Yield a WebP's chunks; of those with pixels only their first bytes.

    Args:
        file: The file; where it is read from next is changed.

    Raises:
        DamagedBlockError: It is no WebP, or a chunk is cut off.
    """
    file.seek(0)
    head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WEBP":
        raise DamagedBlockError("no WebP")
    while len(head := file.read(8)) == 8:
        kind, length = struct.unpack("<4sI", head)
        wanted = min(length, 32) if kind in _PIXELS else length
        data = file.read(wanted)
        if len(data) < wanted:
            raise DamagedBlockError("a chunk is cut off")
        yield RiffChunk(kind, data)
        file.seek(length - wanted + length % 2, 1)


def is_lossless(found: list[RiffChunk]) -> bool:
    """Tell whether the first picture among a file's chunks is stored without loss."""
    for chunk in found:
        if chunk.kind == b"ANMF":
            # Place, size and duration of the frame stand before its own chunks.
            return chunk.data[16:20] == b"VP8L"
        if chunk.kind in (b"VP8 ", b"VP8L"):
            return chunk.kind == b"VP8L"
    return False


def with_chunks(encoded: bytes, exif: bytes, xmp: bytes) -> bytes:
    """Return an encoded WebP with EXIF and XMP.

    Args:
        encoded: The WebP, as an encoder wrote it, without either.
        exif: The EXIF block, from its TIFF header on; or nothing.
        xmp: The XMP packet; or nothing.
    """
    if not exif and not xmp:
        return encoded
    body = encoded[12 : 8 + int.from_bytes(encoded[4:8], "little")]
    if body[:4] == b"VP8X":
        head, body = bytearray(body[:18]), body[18:]
    else:
        head = bytearray(_extended(body))
    head[8] |= (_EXIF if exif else 0) | (_XMP if xmp else 0)
    more = [RiffChunk(kind, data) for kind, data in ((b"EXIF", exif), (b"XMP ", xmp)) if data]
    content = b"".join((b"WEBP", head, body, *map(bytes, more)))
    return b"RIFF" + len(content).to_bytes(4, "little") + content


def _extended(chunk: bytes) -> bytes:
    """Return the VP8X chunk that a simple WebP needs before it may have more."""
    if chunk[:4] == b"VP8L":
        bits = int.from_bytes(chunk[9:13], "little")
        width, height, alpha = bits & 0x3FFF, bits >> 14 & 0x3FFF, bits >> 28 & 1
    else:
        across, down = struct.unpack_from("<HH", chunk, 14)
        width, height, alpha = (across & 0x3FFF) - 1, (down & 0x3FFF) - 1, 0
    sizes = width.to_bytes(3, "little") + height.to_bytes(3, "little")
    return b"VP8X\x0a\0\0\0" + bytes((_ALPHA * alpha, 0, 0, 0)) + sizes
