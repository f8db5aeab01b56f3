"""A PNG's chunks (ISO/IEC 15948): read, and put into an encoded PNG; nothing is decoded."""

import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from tui_app.images.codec.blocks import DamagedBlockError

SIGNATURE = b"\x89PNG\r\n\x1a\n"

COLOURS = (b"cICP", b"gAMA", b"cHRM", b"sRGB")
"""Chunks that say what the colours mean, besides a profile."""

TEXTS = (b"tEXt", b"zTXt", b"iTXt", b"tIME")

XMP = b"XML:com.adobe.xmp\0"

_BEFORE_PALETTE = {*COLOURS, b"iCCP", b"sBIT"}


class PngChunk(NamedTuple):
    """A chunk: its kind, and what it holds."""

    kind: bytes
    data: bytes

    def __bytes__(self) -> bytes:
        """Return it as it stands in a file."""
        crc = zlib.crc32(self.kind + self.data)
        return struct.pack(">I", len(self.data)) + self.kind + self.data + struct.pack(">I", crc)


def chunks(file: BinaryIO) -> Iterator[PngChunk]:
    """Yield a PNG's chunks but those of its pixels, which are passed over.

    Args:
        file: The file; where it is read from next is changed.

    Raises:
        DamagedBlockError: It is no PNG, or a chunk is cut off.
    """
    file.seek(0)
    if file.read(8) != SIGNATURE:
        raise DamagedBlockError("no PNG")
    while True:
        head = file.read(8)
        if len(head) < 8 or head[4:] == b"IEND":
            return
        length, kind = struct.unpack(">I4s", head)
        if kind in (b"IDAT", b"fdAT"):
            file.seek(length + 4, 1)
            continue
        data = file.read(length)
        if len(data) < length:
            raise DamagedBlockError("a chunk is cut off")
        file.seek(4, 1)
        yield PngChunk(kind, data)


def with_chunks(encoded: bytes, more: Sequence[PngChunk]) -> bytes:
    """Return an encoded PNG with further chunks, each where the standard wants it.

    Args:
        encoded: The PNG, as an encoder wrote it; IHDR is its first chunk.
        more: What it is to have more.
    """
    first = 8 + 12 + int.from_bytes(encoded[8:12], "big")
    early = [chunk for chunk in more if chunk.kind in _BEFORE_PALETTE]
    late = [chunk for chunk in more if chunk.kind not in _BEFORE_PALETTE]
    pixels = _place_of(encoded, b"IDAT", first)
    return b"".join(
        (
            encoded[:first],
            *map(bytes, early),
            encoded[first:pixels],
            *map(bytes, late),
            encoded[pixels:],
        )
    )


def _place_of(encoded: bytes, kind: bytes, at: int) -> int:
    while encoded[at + 4 : at + 8] != kind:
        at += 12 + int.from_bytes(encoded[at : at + 4], "big")
    return at


def xmp_chunk(packet: bytes) -> PngChunk:
    """Return the chunk that holds an XMP packet (XMP specification, part 3, 1.1.5)."""
    return PngChunk(b"iTXt", XMP + bytes(4) + packet)


def xmp_of(chunk: PngChunk) -> bytes:
    """Return the XMP packet that a chunk holds; nothing where it holds none."""
    if chunk.kind != b"iTXt" or not chunk.data.startswith(XMP):
        return b""
    compressed = chunk.data[len(XMP)]
    text = chunk.data[len(XMP) + 2 :].split(b"\0", 2)[-1]
    return _inflated(text) if compressed else text


def raw_profile(chunk: PngChunk) -> tuple[str, bytes]:
    """Return the name and the contents of a block that ImageMagick stored as a text, or nothing.

    It is `Raw profile type NAME`: a newline, the name, the length, and the bytes in hexadecimal.
    """
    keyword, _nul, rest = chunk.data.partition(b"\0")
    if chunk.kind not in (b"tEXt", b"zTXt") or not keyword.startswith(b"Raw profile type "):
        return "", b""
    text = _inflated(rest[1:]) if chunk.kind == b"zTXt" else rest
    parts = text.split(None, 2)
    try:
        return keyword[17:].decode("latin-1").lower(), bytes.fromhex(parts[2].decode("ascii"))
    except (ValueError, IndexError):
        return "", b""


MOST_TEXT = 64 * 2**20
"""Bytes of a text that is unpacked."""


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, MOST_TEXT)
    except zlib.error as error:
        raise DamagedBlockError("a text is damaged") from error
