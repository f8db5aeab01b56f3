"""C's own stdout, which C libraries print to."""

from __future__ import annotations

import io
import sys

_IOLBF = 1
"""`setvbuf`'s word for writing by lines, in the C libraries of Linux and macOS."""


def write_by_lines() -> None:
    """Has C's stdout write each line at once, as on a terminal.

    Into a pipe it would hold some kilobytes back: what a library printed would come late, and be
    lost where the process is killed. `ctypes` itself would take twenty times as long to import as
    the C below it.
    """
    try:
        import _ctypes
    except ImportError:
        return  # This Python was built without it.

    class Pointer(_ctypes._SimpleCData):  # type: ignore[type-arg]
        _type_ = "P"

    class Int(_ctypes._SimpleCData):  # type: ignore[type-arg]
        _type_ = "i"

    class Size(_ctypes._SimpleCData):  # type: ignore[type-arg]
        _type_ = "L"

    class Function(_ctypes.CFuncPtr):
        _flags_ = _ctypes.FUNCFLAG_CDECL
        _restype_ = None

    here = _ctypes.dlopen(None, 0)  # type: ignore[arg-type]
    stdout = _ctypes.dlsym(here, "__stdoutp" if sys.platform == "darwin" else "stdout")
    setvbuf = Function(_ctypes.dlsym(here, "setvbuf"))
    setvbuf(Pointer.from_address(stdout), Pointer(None), Int(_IOLBF), Size(io.DEFAULT_BUFFER_SIZE))
