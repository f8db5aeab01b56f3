"""Photoshop's image resources (Adobe's file format specification), in which IPTC travels."""

import struct
from collections.abc import Iterator

from tui_app.images.codec.blocks import DamagedBlockError

IPTC = 0x0404
PREVIEWS = (0x0409, 0x040C)


def resources(block: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each resource of a block: its number, and the whole of it.

    Raises:
        DamagedBlockError: A resource is cut off.
    """
    at = 0
    while at + 12 <= len(block):
        if block[at : at + 4] not in (b"8BIM", b"MeSa", b"PHUT", b"AgHg", b"DCSR"):
            raise DamagedBlockError("no image resource")
        number = int.from_bytes(block[at + 4 : at + 6], "big")
        name = 1 + block[at + 6]
        data = at + 6 + name + name % 2
        (size,) = struct.unpack(">I", block[data : data + 4].ljust(4, b"\0"))
        end = data + 4 + size
        if end > len(block):
            raise DamagedBlockError("an image resource is cut off")
        yield number, block[at:end] + bytes(size % 2)
        at = end + size % 2


def without_previews(block: bytes) -> bytes:
    """Return a block of resources without the previews in it."""
    return b"".join(whole for number, whole in resources(block) if number not in PREVIEWS)


def without_iptc(block: bytes) -> tuple[bytes, bytes]:
    """Return the IPTC records of a block of resources, and the block without them."""
    records, rest = b"", b""
    for number, whole in resources(block):
        if number == IPTC and not records:
            name = 1 + whole[6]
            data = 6 + name + name % 2
            (size,) = struct.unpack(">I", whole[data : data + 4])
            records = whole[data + 4 : data + 4 + size]
        else:
            rest += whole
    return records, rest


def from_iptc(records: bytes) -> bytes:
    """Return a block of resources that holds IPTC records."""
    head = b"8BIM" + IPTC.to_bytes(2, "big") + bytes(2) + struct.pack(">I", len(records))
    return head + records + bytes(len(records) % 2)


def has_iptc(block: bytes) -> bool:
    """Tell whether a block of resources holds IPTC records."""
    try:
        return any(number == IPTC for number, _ in resources(block))
    except DamagedBlockError:
        return False
