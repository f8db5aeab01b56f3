"""The metadata blocks of image files, read and written as they are: nothing is decoded.

`exif` is a TIFF block that is changed in place, `tiff` has the directories of a TIFF file,
`photoshop` image resources, `xmp` text. `jpeg`, `png` and `webp` have what Pillow does not tell of
these files. What is read here is written again byte for byte, into any file that can hold it. A
function that reads a file changes its position.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO


class DamagedBlockError(ValueError):
    """A block does not hold what it says."""


@contextmanager
def kept_position(file: BinaryIO) -> Iterator[None]:
    """Put a file back, after the block, to where it is read from now."""
    at = file.tell()
    try:
        yield
    finally:
        file.seek(at)
