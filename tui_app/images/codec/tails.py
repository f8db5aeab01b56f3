"""JPEGs without an end marker, or with something behind it: sound pictures, if all is there.

Cheap cameras and panorama programs leave the marker out. Whether the file was cut as well is seen
by decoding it twice, with other bits behind its last byte: where a decoder still needed some,
pixels differ. Missing scans of a progressive file are told by its headers.
"""

from collections.abc import Callable
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageChops

from tui_app.images.codec.blocks import DamagedBlockError, jpeg
from tui_app.images.codec.opening import DAMAGED
from tui_app.language import _, counted

Note = Callable[[str], None]

_END = b"\xff\xd9"
_OTHER_BITS = b"\xaa\x55\x3c\xc3" * 64


def whole(file: BinaryIO, note: Note) -> BinaryIO:
    """Return a JPEG's file; where only its end marker is missing, a file with one.

    Args:
        file: The file; it is left at its beginning.
        note: Is told what was missing, or left out.
    """
    file.seek(-len(_END), 2)
    if file.read() == _END:
        file.seek(0)
        return file
    file.seek(0)
    data = file.read()
    file.seek(0)
    try:
        found = jpeg.layout(data)
    except (DamagedBlockError, IndexError, ValueError):
        return file
    if found.ended:
        behind = len(data) - found.end
        note(
            counted(
                behind,
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
        return (
            ImageChops.difference(one.convert(one.mode), other.convert(other.mode)).getbbox(
                alpha_only=False
            )
            is None
        )
    except (OSError, *DAMAGED):
        return False
