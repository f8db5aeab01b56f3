"""A JPEG's segments (ITU-T T.81, annex B, https://www.w3.org/Graphics/JPEG/itu-t81.pdf)."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tui_app.images.codec.blocks import DamagedBlockError
from tui_app.images.codec.blocks.exif import HEAD

EOI, SOS, COM, APP0, APP1, APP2, APP13, APP14 = 0xD9, 0xDA, 0xFE, 0xE0, 0xE1, 0xE2, 0xED, 0xEE

EXIF = HEAD
XMP = b"http://ns.adobe.com/xap/1.0/\0"
XMP_MORE = b"http://ns.adobe.com/xmp/extension/\0"
PHOTOSHOP = b"Photoshop 3.0\0"
MPF = b"MPF\0"
ICC = b"ICC_PROFILE\0"
_JFIF = b"JFIF\0"
_ADOBE = b"Adobe"

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


class _Part(NamedTuple):
    """A segment, or a scan with its coded data: its marker's second byte, and where it stands."""

    marker: int
    start: int
    end: int


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
    known: dict[int, dict[int, int]] = {}
    for marker, start, end in _parts(data):
        at = start + 2
        if marker == EOI:
            return Layout(end, True, _complete(known))
        if _is_frame(marker):
            components = data[at + 8 : at + 8 + 3 * data[at + 7] : 3]
            known = {component: {} for component in components}
        if marker == SOS:
            length = int.from_bytes(data[at : at + 2], "big")
            _note_scan(data[at + 2 : at + length], known)
    return Layout(len(data), False, _complete(known))


def _parts(data: bytes) -> Iterator[_Part]:
    """Yield the parts of the first picture of a JPEG, the last being its end marker if it has one.

    What stands between parts, as filling, is passed over. No length is believed beyond the file.
    """
    if data[:2] != b"\xff\xd8":
        raise DamagedBlockError("no JPEG")
    at, size = 2, len(data)
    while (at := data.find(b"\xff", at)) >= 0:
        while at < size and data[at] == 0xFF:
            at += 1
        marker = data[at] if at < size else 0
        start, at = at - 1, at + 1
        if marker == EOI:
            yield _Part(marker, start, at)
            return
        if marker == 0 or marker in _ALONE:
            if at >= size:
                return
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        if length < 2 or at + length > size:
            raise DamagedBlockError("a segment is cut off")
        end = at + length
        if marker == SOS:
            found = _NEXT.search(data, end)
            end = found.start() if found else size
        yield _Part(marker, start, end)
        at = end


def _is_frame(marker: int) -> bool:
    """Tell whether a segment is the header of a picture's frame (T.81, table B.1)."""
    return 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)


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


def copied(data: bytes, segments: Sequence[Segment], density: bytes = b"") -> bytes:
    """Return the first picture of a JPEG with its coded data and tables as they are.

    Of what says how to read them, Adobe's segment stays, and JFIF's without its thumbnail. All
    other metadata is replaced.

    Args:
        data: The whole file.
        segments: The metadata that it is to have.
        density: What its JFIF segment, where it has one, is to say of resolution; as
            `with_segments` takes it. Nothing: that it is not known.

    Raises:
        DamagedBlockError: There is no picture in it, more than one in layers (T.81, annex J), or a
            segment is cut off.
    """
    view = memoryview(data)
    jfif, kept, frames, scans = b"", [], 0, 0
    for marker, start, end in _parts(data):
        inside = data[start + 4 : start + 11]
        if marker == EOI:
            break
        if marker == APP0 and inside.startswith(_JFIF) and not jfif:
            jfif = bytes(Segment(APP0, inside + (density or b"\0\0\1\0\1") + b"\0\0"))
        about = APP0 <= marker <= APP0 + 15 or marker == COM
        if not about or (marker == APP14 and inside.startswith(_ADOBE)):
            kept.append(view[start:end])
        frames += _is_frame(marker)
        scans += marker == SOS
    if frames != 1 or not scans:
        raise DamagedBlockError("no picture, or one in layers")
    return b"".join((b"\xff\xd8", jfif, *map(bytes, segments), *kept, bytes((0xFF, EOI))))


def profile_segments(profile: bytes) -> list[Segment]:
    """Return the segments that hold a colour profile (ICC.1:2022, B.4)."""
    room = LONGEST - len(ICC) - 2
    pieces = [profile[at : at + room] for at in range(0, len(profile), room)]
    if len(pieces) > 255:
        raise DamagedBlockError("a profile that is longer than a JPEG can carry")
    return [
        Segment(APP2, ICC + bytes((number, len(pieces))) + piece)
        for number, piece in enumerate(pieces, 1)
    ]
