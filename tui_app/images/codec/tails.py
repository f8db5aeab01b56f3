"""JPEGs without an end marker, or with something behind it: sound pictures, if all is there.

Cheap cameras and panorama programs leave the marker out. To see whether the file was cut as well,
it is decoded twice, with other bits behind its last byte: where a decoder still needed some, pixels
differ. The headers of a progressive file tell which scans are missing.
"""

from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageChops

from tui_app.images.codec.blocks import DamagedBlockError, jpeg
from tui_app.images.codec.opening import DAMAGED
from tui_app.images.errors import Note
from tui_app.language import _, counted

_END = b"\xff\xd9"
_OTHER_BITS = b"\xaa\x55\x3c\xc3" * 64


def whole(file: BinaryIO, note: Note) -> BinaryIO:
    """Return a JPEG's file, at its beginning; where only its end marker is missing, one with it.

    `note` is called with a sentence about what was missing, or left out.
    """
    file.seek(-len(_END), 2)
    ended = file.read() == _END
    file.seek(0)
    if ended:
        return file
    data = file.read()
    file.seek(0)
    try:
        found = jpeg.layout(data)
    except (DamagedBlockError, IndexError, ValueError):
        return file
    if found.ended:
        note(
            counted(
                len(data) - found.end,
                "{n} byte behind its end was left out",
                "{n} bytes behind its end were left out",
            )
        )
        return file
    data = data.rstrip(b"\xff")
    if not found.complete or not _needs_no_more(data):
        return file
    note(_("its end marker was missing, and nothing else"))
    return BytesIO(data + _END)


def _needs_no_more(data: bytes) -> bool:
    """Tell whether a JPEG's pixels are the same, whatever bits stand behind it."""
    try:
        one, other = (Image.open(BytesIO(data + more + _END)) for more in (b"", _OTHER_BITS))
        difference = ImageChops.difference(one.convert(one.mode), other.convert(other.mode))
    except (OSError, *DAMAGED):
        return False
    return difference.getbbox(alpha_only=False) is None
