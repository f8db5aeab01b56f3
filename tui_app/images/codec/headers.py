"""What a file says of itself: its size, its kind, and how its pixels are stored.

A header is read before anything else of an image, and a file that was made to do harm can do so
here: its reader may take memory or time without end. So it is not read in the app's own process.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tui_app.images.codec.opening import ImageError, opened, reading


@dataclass(frozen=True, slots=True)
class Header:
    """What an image says of itself.

    Attributes:
        bytes: Size of the file; 0 where there is none.
        width: In pixels, before it is turned upright; 0 where the header could not be read.
        height: In pixels, as `width`.
        mode: Pillow's mode of its pixels.
        opaque: Whether nothing in it is transparent.
        format: Pillow's format of its contents; None where it could not be read.
        flaw: Why it is not to be tried at all, in one sentence; else empty.
    """

    bytes: int = 0
    width: int = 0
    height: int = 0
    mode: str = ""
    opaque: bool = True
    format: str | None = None
    flaw: str = ""


HeaderReader = Callable[[Iterable[str]], Iterator[Header]]
"""Reads the headers of images, whose paths it is given, in their order."""


def read_headers(paths: Iterable[str]) -> Iterator[Header]:
    """Read headers in this process: only for files that mean no harm."""
    return map(read_header, paths)


def read_header(path: str) -> Header:
    """Return the header of an image; where it cannot be read, only what the disk knows of it.

    Such an image will be tried, and fail by its name.
    """
    found = Header()
    try:
        with opened(path) as (image, _file, status):
            found = Header(bytes=status.st_size)
            with reading():
                return replace(
                    found,
                    width=image.width,
                    height=image.height,
                    mode=image.mode,
                    opaque=not image.has_transparency_data,
                    format=image.format,
                )
    except ImageError:
        return found if found.bytes else Header(bytes=_size(path))


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0
