"""A PNG's chunks (https://www.w3.org/TR/png-3/), which Pillow decodes or passes over."""

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, NamedTuple

from tui_app.images.codec.blocks import CodedFrame, DamagedBlockError

COLOURS = (b"cICP", b"gAMA", b"cHRM", b"sRGB")
"""Chunks that say what the colours mean, besides a profile."""

TEXTS = (b"tEXt", b"zTXt", b"iTXt", b"tIME")

MOST_TEXT = 64 * 2**20
"""Bytes of a text that are unpacked at most."""

MOST_TIME = 65_535
"""Milliseconds that a frame of an animation can stand."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_XMP = b"XML:com.adobe.xmp\0"
_PICTURE = (b"tRNS", b"acTL", b"fcTL", b"fdAT")
"""Chunks that a reader may pass over, and that decide what the pixels are all the same."""
_LOOKS = (b"sBIT", b"bKGD", b"hIST", b"pHYs", b"mDCV", b"cLLI", *COLOURS)
"""Chunks about how the picture is best shown; they say nothing of people or places."""


class PngChunk(NamedTuple):
    """A chunk: its kind, and what it holds."""

    kind: bytes
    data: bytes


def chunks(file: BinaryIO) -> Iterator[PngChunk]:
    """Yield a PNG's chunks but those of its pixels.

    Raises:
        DamagedBlockError: It is no PNG, or a chunk is cut off.
    """
    file.seek(0)
    if file.read(8) != _SIGNATURE:
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


def xmp_of(chunk: PngChunk) -> bytes:
    """Return the XMP packet that a chunk holds, or nothing.

    It is an `iTXt` (XMP specification, part 3, 1.1.5,
    https://developer.adobe.com/xmp/docs/XMPSpecifications/).
    """
    if chunk.kind != b"iTXt" or not chunk.data.startswith(_XMP):
        return b""
    compressed = chunk.data[len(_XMP)]
    text = chunk.data[len(_XMP) + 2 :].split(b"\0", 2)[-1]
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


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, MOST_TEXT)
    except zlib.error as error:
        raise DamagedBlockError("a text is damaged") from error


def copied(data: bytes, more: Iterable[PngChunk], *, looks: bool) -> bytes:
    """Return a PNG with the chunks of its pixels as they are, frames of an animation among them.

    Args:
        data: The whole file.
        more: Further chunks that it is to have; of the source's own, those about other things than
            pixels are left out.
        looks: Whether those stay that tell how it is best shown: colours, resolution, background.

    Raises:
        DamagedBlockError: It is no PNG, or a chunk is cut off.
    """
    if data[:8] != _SIGNATURE:
        raise DamagedBlockError("no PNG")
    view, at, kind = memoryview(data), 8, b""
    parts: list[bytes | memoryview] = [_SIGNATURE]
    while kind != b"IEND":
        if at + 12 > len(data):
            raise DamagedBlockError("no end")
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise DamagedBlockError("a chunk is cut off")
        # A small first letter: a reader may pass over it.
        if not kind[0] & 0x20 or kind in _PICTURE or (looks and kind in _LOOKS):
            parts.append(view[at:end])
        if kind == b"IHDR":
            parts += [_encoded(chunk) for chunk in more]
        at = end
    return b"".join(parts)


def _encoded(chunk: PngChunk) -> bytes:
    whole = chunk.kind + chunk.data
    return struct.pack(">I", len(chunk.data)) + whole + struct.pack(">I", zlib.crc32(whole))


def of_xmp(packet: bytes) -> PngChunk:
    """Return the chunk that holds an XMP packet."""
    return PngChunk(b"iTXt", _XMP + b"\0\0\0\0" + packet)


def of_profile(profile: bytes) -> PngChunk:
    """Return the chunk that holds a colour profile."""
    return PngChunk(b"iCCP", b"ICC Profile\0\0" + zlib.compress(profile))


def animated(frames: Sequence[CodedFrame], plays: int, still: bytes = b"") -> bytes:
    """Return an animation (APNG) of frames, each encoded as a PNG of its own, all in one mode.

    Args:
        frames: The frames; their times are in milliseconds, `MOST_TIME` at most. The first is the
            whole picture.
        plays: How often it is played; 0 for without end.
        still: A picture, in their mode and of the first one's size, for those who play none.

    Raises:
        DamagedBlockError: A frame is no PNG.
    """
    order = 0
    control = PngChunk(b"acTL", struct.pack(">II", len(frames), min(plays, 2**31 - 1)))
    parts = [_SIGNATURE]
    for chunk in every_chunk(still or frames[0].coded):
        if chunk.kind == b"IDAT":
            break
        parts.append(_encoded(chunk))
    parts.append(_encoded(control))
    parts += [_encoded(chunk) for chunk in every_chunk(still) if chunk.kind == b"IDAT"]
    for number, frame in enumerate(frames):
        # Neither is anything cleared behind it, nor is it blended with what was there: both 0.
        where = struct.pack(">5I", order, *frame.size, frame.left, frame.top)
        parts.append(_encoded(PngChunk(b"fcTL", where + struct.pack(">HHH", frame.time, 1000, 0))))
        order += 1
        for chunk in every_chunk(frame.coded):
            if chunk.kind != b"IDAT":
                continue
            if number == 0 and not still:
                parts.append(_encoded(chunk))
                continue
            parts.append(_encoded(PngChunk(b"fdAT", struct.pack(">I", order) + chunk.data)))
            order += 1
    return b"".join((*parts, _encoded(PngChunk(b"IEND", b""))))


def every_chunk(data: bytes) -> Iterator[PngChunk]:
    """Yield all chunks of a PNG, or none of nothing."""
    at = len(_SIGNATURE)
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        yield PngChunk(kind, data[at + 8 : at + 8 + length])
        at += 12 + length


def of_resolution(across: float, down: float) -> PngChunk:
    """Return the chunk that tells a resolution, given in pixels an inch."""
    sides = (round(side / 0.0254) for side in (across, down))
    return PngChunk(b"pHYs", struct.pack(">IIB", *sides, 1))
