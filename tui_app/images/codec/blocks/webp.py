"""How a WebP stores its pixels (RFC 9649, https://www.rfc-editor.org/rfc/rfc9649)."""

import struct
from typing import BinaryIO


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
