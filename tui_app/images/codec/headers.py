"""What a file says of itself: its size, its kind, and how its pixels are stored.

A header is read before anything else of an image, and a file that was made to do harm can do it
here: its reader may take memory or time without end. So `runs/header_readers.py` reads headers in
processes of their own.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO, Protocol

from PIL import Image

from tui_app.images.codec.blocks import DamagedBlockError, exif
from tui_app.images.codec.frames import count_frames
from tui_app.images.codec.metadata import read_metadata
from tui_app.images.codec.opening import admit, limited_memory, opened, reading
from tui_app.images.codec.orientation import turned
from tui_app.images.errors import ImageError

_TAKEN = 0x9003
"""`DateTimeOriginal` (EXIF 2.32, 4.6.5.F): when the photograph was taken."""


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
        turned: Whether turning it upright exchanges width and height; where details are wanted.
        date: When it was taken, by its EXIF, else when the file was changed, such as `2024-05-01`;
            where details are wanted and the file is there.
        unread: Why it could not be read, in one sentence; else empty.
    """

    bytes: int = 0
    width: int = 0
    height: int = 0
    mode: str = ""
    opaque: bool = True
    format: str | None = None
    frames: int = 1
    flaw: str = ""
    turned: bool = False
    date: str = ""
    unread: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class HeaderOptions:
    """How headers are read.

    Attributes:
        max_pixels: Pixels of the largest image that is opened; None: as many as Pillow opens.
        details: Whether it matters how an image is turned, and when it was taken.
    """

    max_pixels: int | None = None
    details: bool = False


DEFAULT_OPTIONS = HeaderOptions()


class HeaderReader(Protocol):
    """Returns the headers of images, whose paths it is given, in their order."""

    def __call__(self, paths: Iterable[str], *, options: HeaderOptions) -> Iterator[Header]:
        """Return them."""


def read_headers(
    paths: Iterable[str], *, options: HeaderOptions = DEFAULT_OPTIONS
) -> Iterator[Header]:
    """Read headers in this process: only for files of this machine that mean no harm."""
    return (read_header(path, options) for path in paths)


def read_header(path: str, options: HeaderOptions = DEFAULT_OPTIONS, *, named: str = "") -> Header:
    """Return the header of an image; where it cannot be read, only what the disk knows of it.

    Such an image will be tried, and fail by its name, which is `named` where the path has another.
    """
    admit(options.max_pixels)
    try:
        with opened(path, named=named) as (image, file, status), reading():
            across, taken = _details(image, file) if options.details else (False, "")
            return Header(
                status.st_size,
                image.width,
                image.height,
                image.mode,
                not image.has_transparency_data,
                image.format,
                count_frames(image, file)[0],
                turned=across,
                date=taken or (_date(status) if options.details else ""),
            )
    except ImageError as error:
        with suppress(OSError):
            status = Path(path).stat()
            changed = _date(status) if options.details else ""
            return Header(status.st_size, date=changed, unread=str(error))
        return Header(unread=str(error))


def _date(status: os.stat_result) -> str:
    """Return the day on which a file was changed, in this machine's time."""
    with suppress(OSError, OverflowError, ValueError):
        return date.fromtimestamp(status.st_mtime).isoformat()
    return ""


def _details(image: Image.Image, file: BinaryIO) -> tuple[bool, str]:
    """Return whether an image lies on its side, and the day on which it was taken, if it says so.

    What is damaged says nothing: the image itself may be sound.
    """
    with suppress(ImageError), limited_memory(), reading():
        metadata = read_metadata(image, file, lambda note: None)
        return turned(metadata.orientation), _taken(metadata.exif)
    return False, ""


def _taken(block: bytes) -> str:
    with suppress(DamagedBlockError, ValueError):
        told = exif.ExifBlock(block)
        entry = told.find(exif.EXIF, _TAKEN)
        text = told.value(entry) if entry else b""
        if found := re.match(rb"(\d{4}):(\d\d):(\d\d)", text):
            return date(*map(int, found.groups())).isoformat()
    return ""
