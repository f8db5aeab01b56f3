"""Opening one image: nothing that is not a regular file, and every failure in plain words."""

import importlib
import logging
import os
import re
import stat
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from tui_app.files.reasons import REASONS
from tui_app.files.reasons import reason as reason
from tui_app.language import N_, _, grouped

HEIF_SUFFIXES = (".heic", ".heif", ".hif")
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
# What Pillow's readers tell their log of damaged files they raise as well, and the log would go to
# the terminal.
logging.getLogger("PIL").addHandler(logging.NullHandler())

_UNKNOWN = N_("not an image that Pillow can read")
_HEIF_MISSING = N_("HEIC images need an extra: pip install 'procession[heif]'")

# What Pillow's readers raise on damaged files, besides OSError.
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

_NOT_READ = re.compile("cannot find loader|(un|not )(supported|implemented)", re.IGNORECASE)
_LONGEST_REMARK = 200


class ImageError(Exception):
    """One image failed; the text is one plain sentence without its name."""


class DiskError(ImageError):
    """One image failed because its output could not be written: perhaps no other can be."""


@contextmanager
def reading(unknown: str = _UNKNOWN) -> Iterator[None]:
    """Turn what Pillow and the system raise while an image is read into `ImageError`.

    Args:
        unknown: What is said, in English, where no reader of Pillow's knows the contents.
    """
    try:
        yield
    except UnidentifiedImageError as error:
        raise ImageError(_(unknown)) from error
    except Image.DecompressionBombError as error:
        raise ImageError(_too_large(error)) from error
    except MemoryError as error:
        raise ImageError(_("there is not enough memory for it")) from error
    except OSError as error:
        if error.errno in REASONS:
            raise ImageError(reason(error)) from error
        # What is not the system's is Pillow's own, about the contents.
        if str(error).startswith("image file is truncated"):
            raise ImageError(_("the file is cut off: its image data ends too early")) from error
        raise ImageError(_damage(error.strerror or str(error))) from error
    except DAMAGED as error:
        raise ImageError(_damage(str(error) or type(error).__name__)) from error


def _damage(text: str) -> str:
    """Word what a reader says of contents that it does not read."""
    # Some readers put a piece of the file into their sentence: one line, and not a page of it.
    text = " ".join(text.split())[:_LONGEST_REMARK]
    if _NOT_READ.search(text):
        return _("Pillow does not read this kind of image ({remark})").format(remark=text)
    return _("its image data is damaged ({remark})").format(remark=text)


@contextmanager
def opened(source: str) -> Iterator[tuple[Image.Image, os.stat_result]]:
    """Open an image lazily: its header is read, its pixels are not.

    FIFOs, devices and folders are refused before they are opened. PostScript is refused, because
    Pillow would run Ghostscript on it.

    Args:
        source: Path of the image.

    Yields:
        The image and its file's stat.

    Raises:
        ImageError: It cannot be opened, or is no image that Pillow reads.
    """
    with _file(source) as file:
        status = os.fstat(file.fileno())
        if status.st_size == 0:
            raise ImageError(_("the file is empty"))
        is_heif = PurePath(source).suffix.lower() in HEIF_SUFFIXES or _heif_inside(file)
        no_reader = is_heif and not _heif_reader()
        with reading(unknown=_HEIF_MISSING if no_reader else _UNKNOWN):
            image = Image.open(file)
        if image.format == "EPS":
            raise ImageError(_("PostScript is a program for a printer, not an image"))
        yield image, status


def _file(source: str) -> BinaryIO:
    try:
        if not stat.S_ISREG(Path(source).stat().st_mode):
            raise ImageError(_("not a regular file"))
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


def _heif_inside(file: BinaryIO) -> bool:
    """Tell a HEIC by its content, whatever it is called (ISO 23008-12, `ftyp` box)."""
    head = file.read(12)
    file.seek(0)
    return head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS


def _heif_reader() -> bool:
    """Make Pillow read HEIC if the extra is installed, and tell whether it is."""
    try:
        importlib.import_module("pillow_heif").register_heif_opener()
    except ImportError:
        return False
    return True


def _too_large(error: Image.DecompressionBombError) -> str:
    numbers = re.findall(r"\d+", str(error))
    if len(numbers) != 2:
        return str(error)
    size, limit = (grouped(int(number) / 1e6) for number in numbers)
    return _(
        "it has {size} megapixels, more than the {limit} that are opened"
        " (a guard against files made to fill the memory)"
    ).format(size=size, limit=limit)
