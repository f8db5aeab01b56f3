"""Opening one image: regular files only, and every failure in plain words."""

import importlib
import logging
import math
import os
import re
import resource
import stat
import struct
import sys
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path, PurePath
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from tui_app.files.error_words import REASONS, reason
from tui_app.images.codec.blocks.png import MOST_TEXT
from tui_app.images.errors import ImageError
from tui_app.language import N_, _, grouped

HEIF_SUFFIXES = (".heic", ".heif", ".hif")
RAW_SUFFIXES = {
    ".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".iiq", ".k25", ".kdc", ".mef",
    ".mos", ".mrw", ".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srf",
    ".srw", ".x3f",
}  # fmt: skip
"""Endings of cameras' raw files."""
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
# Without a handler, what Pillow's readers log of damaged files would go to the terminal. They raise
# it as well.
logging.getLogger("PIL").addHandler(logging.NullHandler())

_UNKNOWN = N_("not an image that Pillow can read")
_RAW = N_("a raw file, of which only the preview can be read: export it as a JPEG first")
_HEIF_MISSING = N_("HEIC images need an extra: pip install 'procession[heif]'")

DAMAGED = (
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    EOFError,
    RuntimeError,
    AssertionError,
    struct.error,
    zlib.error,
)
"""What Pillow's readers raise on damaged files, besides OSError."""

_NOT_READ = re.compile("cannot find loader|(un|not )(supported|implemented)", re.IGNORECASE)
_LONGEST_REMARK = 200

_SUBFILE, _DNG_VERSION = 254, 50706
"""Tags of a TIFF: `NewSubfileType` (TIFF 6.0) and `DNGVersion` (DNG 1.7)."""

HEADER_MEMORY = 3 * 2**29
"""Bytes that reading a header may take: WebP's reader makes two images of the largest size that
Pillow opens (179 megapixels), each of four bytes a pixel."""

_HEADER_PIXEL = 9
"""Bytes that reading a header may take for each pixel, where larger images are admitted."""

_guard: list[int | None] = []
"""Pillow's own `MAX_IMAGE_PIXELS`, while another one is set."""
_guarding = threading.Lock()

_MEMORY_LIMIT = resource.getrlimit(resource.RLIMIT_AS)


def admit(pixels: int | None) -> None:
    """Have this process open images of so many pixels from now on; None: of as many as Pillow does.

    Pillow opens images of up to twice its `MAX_IMAGE_PIXELS`.
    """
    # Threads may come here at once: they do images of one run, and want the same.
    with _guarding:
        if pixels is not None:
            if not _guard:
                _guard.append(Image.MAX_IMAGE_PIXELS)
            Image.MAX_IMAGE_PIXELS = math.ceil(pixels / 2)
        elif _guard:
            Image.MAX_IMAGE_PIXELS = _guard.pop()


@contextmanager
def limited_memory() -> Iterator[None]:
    """Let this process take little more memory than it has, while the block lasts.

    On Linux only; macOS takes no notice of such a limit.
    """
    if sys.platform != "linux":
        yield
        return
    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - as quick as there is
        most = int(file.read().split()[0]) * resource.getpagesize()
    most += max(HEADER_MEMORY, 2 * _HEADER_PIXEL * (Image.MAX_IMAGE_PIXELS or 0))
    soft, hard = _MEMORY_LIMIT
    if soft == resource.RLIM_INFINITY or most < soft:
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, _MEMORY_LIMIT)


@contextmanager
def reading(unknown: str = _UNKNOWN) -> Iterator[None]:
    """Turn what Pillow and the system raise while an image is read into `ImageError`.

    `unknown` is the sentence, in English, for contents that no reader of Pillow's knows.
    """
    try:
        yield
    except UnidentifiedImageError as error:
        raise ImageError(_(unknown)) from error
    except Image.DecompressionBombError as error:
        raise _too_large(error) from error
    except MemoryError as error:
        raise ImageError(_("there is not enough memory for it")) from error
    except OSError as error:
        if error.errno in REASONS:
            raise ImageError(reason(error)) from error
        # An error that is not the system's is Pillow's own, about the contents.
        if str(error).startswith("image file is truncated"):
            raise ImageError(_("the file is cut off: its image data ends too early")) from error
        raise _damage(error.strerror or str(error)) from error
    except DAMAGED as error:
        raise _damage(str(error) or type(error).__name__) from error


def _damage(text: str) -> ImageError:
    """Return the error for contents of which a reader says why it does not read them."""
    # Some readers put a piece of the file into their sentence: keep one line, not a page.
    text = " ".join(text.split())[:_LONGEST_REMARK]
    if _NOT_READ.search(text):
        return ImageError(_("Pillow does not read this kind of image ({remark})"), remark=text)
    return ImageError(_("its image data is damaged ({remark})"), remark=text)


def _too_large(error: Image.DecompressionBombError) -> ImageError:
    numbers = re.findall(r"\d+", str(error))
    if len(numbers) != 2:
        return ImageError(str(error))
    size, limit = (grouped(int(number) / 1e6) for number in numbers)
    return ImageError(
        _(
            "it has {size} megapixels, more than the {limit} that are opened"
            " (a guard against files made to fill the memory): --max-pixels {needed}M admits it"
        ),
        size=size,
        limit=limit,
        needed=math.ceil(int(numbers[0]) / 1e6),
    )


@contextmanager
def opened(
    source: str, mend: Callable[[BinaryIO], BinaryIO] = lambda file: file, *, named: str = ""
) -> Iterator[tuple[Image.Image, BinaryIO, os.stat_result]]:
    """Open an image lazily: its header is read, its pixels are not.

    FIFOs, devices and folders are refused before they are opened. PostScript is refused, because
    Pillow would run Ghostscript on it; so are raw files, of which it would read the preview.

    Args:
        source: Path of the image.
        mend: Returns the file that is read instead of a JPEG's.
        named: Its name, where the path does not tell it.

    Yields:
        The image, the file that it is read from, and the status of the source.

    Raises:
        ImageError: It cannot be opened, or is no image that Pillow reads.
    """
    suffix = PurePath(named or source).suffix.lower()
    with _file(source) as file:
        status = os.fstat(file.fileno())
        if status.st_size == 0:
            raise ImageError(_("the file is empty"))
        head = file.read(12)
        file.seek(0)
        # The content tells a HEIC, whatever the file is called (`ftyp` box, ISO/IEC 23008-12).
        heif = head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS
        unknown = _UNKNOWN
        if (suffix in HEIF_SUFFIXES or heif) and not _heif_reader():
            unknown = _HEIF_MISSING
        elif suffix in RAW_SUFFIXES:
            unknown = _RAW
        _allow_large_texts()
        with limited_memory(), reading(unknown):
            read = mend(file) if head[:3] == b"\xff\xd8\xff" else file
            image = Image.open(read)
            if image.format == "TIFF" and _is_preview(image, head):
                raise ImageError(_(_RAW))
        if image.format == "EPS":
            raise ImageError(_("PostScript is a program for a printer, not an image"))
        yield image, read, status


def _is_preview(image: Image.Image, head: bytes) -> bool:
    """Tell whether what Pillow reads of a TIFF is the preview of a raw file.

    The file's first directory says so, or that the file is a DNG or a CR2.
    """
    tags: Mapping[int, object] = getattr(image, "tag_v2", {})
    subfile = tags.get(_SUBFILE)
    reduced = isinstance(subfile, int) and subfile & 1
    return bool(reduced) or _DNG_VERSION in tags or head[8:10] == b"CR"


@cache
def _allow_large_texts() -> None:
    """Let PNGs have large texts and profiles: `limited_memory` limits them anyway."""
    from PIL import PngImagePlugin

    PngImagePlugin.MAX_TEXT_CHUNK = MOST_TEXT
    PngImagePlugin.MAX_TEXT_MEMORY = 4 * MOST_TEXT


def _file(source: str) -> BinaryIO:
    try:
        if stat.S_ISREG(Path(source).stat().st_mode):
            # Should it become a FIFO just now, opening it does not wait for a writer.
            handle = os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
            if stat.S_ISREG(os.fstat(handle).st_mode):
                return os.fdopen(handle, "rb")
            os.close(handle)
        raise ImageError(_("not a regular file"))
    except FileNotFoundError as error:
        if Path(source).is_symlink():
            raise ImageError(_("the link points to nothing")) from error
        raise ImageError(reason(error)) from error
    except OSError as error:
        raise ImageError(reason(error)) from error


def _heif_reader() -> bool:
    """Make Pillow read HEIC if the extra is installed, and tell whether it is."""
    try:
        importlib.import_module("pillow_heif").register_heif_opener()
    except ImportError:
        return False
    return True
