"""The metadata blocks of image files, read and written as they are: nothing is decoded.

`exif` is a TIFF block that is changed in place, `tiff` has the directories of a TIFF file,
`photoshop` image resources, `xmp` text. `jpeg`, `png`, `webp` and `gif` have what Pillow does not
tell of these files, and put frames together into animations. What is read here is written again
byte for byte, into any file that can hold it. A function that reads a file changes its position.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, NamedTuple


class DamagedBlockError(ValueError):
    """A block does not hold what it says."""


class CodedFrame(NamedTuple):
    """A frame of an animation: it takes the place of what was seen there.

    Attributes:
        coded: The frame, encoded as a file of its own in the animation's format.
        left: Where it stands in the whole, in pixels.
        top: As `left`.
        size: Its width and height in pixels.
        time: How long it stands, in the format's unit.
        cleared: Whether its place is cleared before the next frame.
    """

    coded: bytes
    left: int
    top: int
    size: tuple[int, int]
    time: int
    cleared: bool = False


@contextmanager
def kept_position(file: BinaryIO) -> Iterator[None]:
    """Put a file back, after the block, to where it is read from now."""
    at = file.tell()
    try:
        yield
    finally:
        file.seek(at)
