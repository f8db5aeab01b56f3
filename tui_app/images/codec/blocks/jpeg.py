"""A JPEG's segments (ITU-T T.81, annex B, https://www.w3.org/Graphics/JPEG/itu-t81.pdf)."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from tui_app.images.codec.blocks import DamagedBlockError
from tui_app.images.codec.blocks.exif import HEAD

EOI, SOS, COM, APP1, APP13 = 0xD9, 0xDA, 0xFE, 0xE1, 0xED

EXIF = HEAD
XMP = b"http://ns.adobe.com/xap/1.0/\0"
XMP_MORE = b"http://ns.adobe.com/xmp/extension/\0"
PHOTOSHOP = b"Photoshop 3.0\0"
MPF = b"MPF\0"

LONGEST = 65_533
"""Bytes that a segment can hold: its length is 16 bits that count themselves."""

_ALONE = {0x01, *range(0xD0, 0xD8)}
# In coded data FF00 is a byte FF, FFD0 to FFD7 are restarts, FFs in a row are filling. The pattern
# begins with one plain byte, which `re` finds ten times as fast as `\xff+`.
_NEXT = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


class Segment(NamedTuple):
    """A segment: its marker's second byte, and what it holds."""

    marker: int
    data: bytes

    def __bytes__(self) -> bytes:
        """Return it as it stands in a file."""
        return bytes((0xFF, self.marker)) + (len(self.data) + 2).to_bytes(2, "big") + self.data


class Layout(NamedTuple):
    """How the first picture of a JPEG is stored.

    Attributes:
        end: Where it ends, behind its end marker; the file's size where it has none.
        ended: Whether it has an end marker.
        complete: Whether its scans tell every coefficient to the last bit.
    """

    end: int
    ended: bool
    complete: bool


def layout(data: bytes) -> Layout:
    """Return how the first picture of a whole JPEG file is stored.

    Raises:
        DamagedBlockError: It is no JPEG, or a segment of it is cut off.
    """
    if data[:2] != b"\xff\xd8":
        raise DamagedBlockError("no JPEG")
    at, size = 2, len(data)
    known: dict[int, dict[int, int]] = {}
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            return Layout(size, False, _complete(known))
        while at < size and data[at] == 0xFF:
            at += 1
        marker = data[at] if at < size else 0
        at += 1
        if marker == EOI:
            return Layout(at, True, _complete(known))
        if marker == 0 or marker in _ALONE:
            if at >= size:
                return Layout(size, False, _complete(known))
            continue
        end = at + int.from_bytes(data[at : at + 2], "big")
        if end > size:
            raise DamagedBlockError("a segment is cut off")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            components = data[at + 8 : at + 8 + 3 * data[at + 7] : 3]
            known = {component: {} for component in components}
        if marker == SOS:
            _note_scan(data[at + 2 : end], known)
            found = _NEXT.search(data, end)
            end = found.start() if found else size
        at = end


def _note_scan(header: bytes, known: dict[int, dict[int, int]]) -> None:
    """Note which coefficients a scan tells, and down to which bit (T.81, B.2.3 and G.1.1.1)."""
    count = header[0]
    first, last, bits = header[1 + 2 * count : 4 + 2 * count]
    for component in header[1 : 1 + 2 * count : 2]:
        for coefficient in range(first, min(last, 63) + 1):
            known.setdefault(component, {})[coefficient] = bits & 0x0F


def _complete(known: dict[int, dict[int, int]]) -> bool:
    """Tell whether every coefficient of every component is told to its last bit."""
    wanted = dict.fromkeys(range(64), 0)
    return bool(known) and all(bits == wanted for bits in known.values())


def with_segments(encoded: bytes, segments: Sequence[Segment], density: bytes = b"") -> bytes:
    """Return a JPEG, as an encoder wrote it, with further segments behind its JFIF segment.

    `density` is what the JFIF segment is to say of resolution: unit, across, down; five bytes.

    Raises:
        DamagedBlockError: A segment is too long.
    """
    if any(len(segment.data) > LONGEST for segment in segments):
        raise DamagedBlockError("longer than a segment can be")
    at = 2
    head = encoded[:2]
    if encoded[2:4] == b"\xff\xe0" and encoded[6:11] == b"JFIF\0":
        at = 4 + int.from_bytes(encoded[4:6], "big")
        head = encoded[:13] + density + encoded[18:at] if density else encoded[:at]
    return b"".join((head, *map(bytes, segments), encoded[at:]))
