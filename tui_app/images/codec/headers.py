"""What a file says of itself: its size, its kind, and how its pixels are stored.

A header is read before anything else of an image, and a file that was made to do harm can do it
here: its reader may take memory or time without end. So `runs/header_readers.py` reads headers in
processes of their own.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tui_app.images.codec.frames import count_frames
from tui_app.images.codec.opening import opened, reading
from tui_app.images.errors import ImageError


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
        frames: Number of its frames, where it is an animation; else 1.
        flaw: Why it is not to be tried at all, in one sentence; else empty.
    """

    bytes: int = 0
    width: int = 0
    height: int = 0
    mode: str = ""
    opaque: bool = True
    format: str | None = None
    frames: int = 1
    flaw: str = ""


HeaderReader = Callable[[Iterable[str]], Iterator[Header]]
"""Returns the headers of images, whose paths it is given, in their order."""


def read_headers(paths: Iterable[str]) -> Iterator[Header]:
    """Read headers in this process: only for files that mean no harm."""
    return map(read_header, paths)


def read_header(path: str) -> Header:
    """Return the header of an image; where it cannot be read, only what the disk knows of it.

    Such an image will be tried, and fail by its name.
    """
    try:
        with opened(path) as (image, file, status), reading():
            return Header(
                status.st_size,
                image.width,
                image.height,
                image.mode,
                not image.has_transparency_data,
                image.format,
                count_frames(image, file)[0],
            )
    except ImageError:
        with suppress(OSError):
            return Header(Path(path).stat().st_size)
        return Header()
