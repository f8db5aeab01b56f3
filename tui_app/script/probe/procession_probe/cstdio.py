"""C's own stdout, to which C libraries print."""

from __future__ import annotations

import io
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_IOLBF = 1
"""The mode of `setvbuf` that writes line by line, in the C libraries of Linux and macOS."""


def write_by_lines(module: Any) -> None:
    """Make C's stdout write each line at once, as on a terminal.

    Into a pipe it would write only blocks of some kilobytes: a library's lines would come late, and
    be lost where the process is killed. This happens only where the script itself loads `_ctypes`,
    because a newer libffi then keeps a file open.
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
