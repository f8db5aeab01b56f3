"""Photoshop's image resources, in which IPTC travels.

https://www.adobe.com/devnet-apps/photoshop/fileformatashtml/, section "Image Resources".
"""

from collections.abc import Iterator
from typing import NamedTuple

from tui_app.images.codec.blocks import DamagedBlockError

IPTC = 0x0404
PREVIEWS = (0x0409, 0x040C)


class Resource(NamedTuple):
    """An image resource: its number, what it holds, and how it stands in the block."""

    number: int
    data: bytes
    whole: bytes


def resources(block: bytes) -> Iterator[Resource]:
    """Yield each resource of a block.

    Raises:
        DamagedBlockError: A resource is cut off.
    """
    at = 0
    while at + 12 <= len(block):
        if block[at : at + 4] not in (b"8BIM", b"MeSa", b"PHUT", b"AgHg", b"DCSR"):
            raise DamagedBlockError("no image resource")
        number = int.from_bytes(block[at + 4 : at + 6], "big")
        name = 1 + block[at + 6]
        start = at + 6 + name + name % 2 + 4
        size = int.from_bytes(block[start - 4 : start], "big")
        end = start + size
        if end > len(block):
            raise DamagedBlockError("an image resource is cut off")
        yield Resource(number, block[start:end], block[at:end] + bytes(size % 2))
        at = end + size % 2


def without_previews(block: bytes) -> bytes:
    """Return a block of resources without the previews in it."""
    return b"".join(each.whole for each in resources(block) if each.number not in PREVIEWS)


def without_iptc(block: bytes) -> tuple[bytes, bytes]:
    """Return the IPTC records of a block of resources, and the block without them."""
    records, rest = b"", b""
    for each in resources(block):
        if each.number == IPTC and not records:
            records = each.data
        else:
            rest += each.whole
    return records, rest


def from_iptc(records: bytes) -> bytes:
    """Return a block of resources that holds IPTC records."""
    head = b"8BIM" + IPTC.to_bytes(2, "big") + bytes(2) + len(records).to_bytes(4, "big")
    return head + records + bytes(len(records) % 2)


def has_iptc(block: bytes) -> bool:
    """Tell whether a block of resources holds IPTC records."""
    try:
        return any(each.number == IPTC for each in resources(block))
    except DamagedBlockError:
        return False
