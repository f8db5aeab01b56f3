"""C's own stdout, which C libraries print to."""

from __future__ import annotations

import io
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_IOLBF = 1
"""`setvbuf`'s word for writing by lines, in the C libraries of Linux and macOS."""


def write_by_lines(module: Any) -> None:
    """Has C's stdout write each line at once, as on a terminal.

    Into a pipe it would hold some kilobytes back: what a library printed would come late, and be
    lost where the process is killed. A script that does not load `_ctypes` itself goes without: a
    newer libffi keeps a file open from then on.
    """

    class Pointer(module._SimpleCData):  # type: ignore[misc]
        _type_ = "P"

    class Int(module._SimpleCData):  # type: ignore[misc]
        _type_ = "i"

    class Size(module._SimpleCData):  # type: ignore[misc]
        _type_ = "L"

    class Function(module.CFuncPtr):  # type: ignore[misc]
        _flags_ = module.FUNCFLAG_CDECL
        _restype_ = None

    here = module.dlopen(None, 0)
    stdout = module.dlsym(here, "__stdoutp" if sys.platform == "darwin" else "stdout")
    setvbuf = Function(module.dlsym(here, "setvbuf"))
    setvbuf(Pointer.from_address(stdout), Pointer(None), Int(_IOLBF), Size(io.DEFAULT_BUFFER_SIZE))
