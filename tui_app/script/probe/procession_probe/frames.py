"""Frames: which of them are the script's, where they stand, and what their locals are."""

from __future__ import annotations

import os
import sys

from .home import home
from .wrapping import HERE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import CodeType, FrameType
    from typing import Any

_LIBRARY = os.path.dirname(os.__file__) + os.sep  # noqa: PTH120
_PACKAGES = ("site-packages", "dist-packages")

_LOOKS_AT_LOCALS = frozenset(("locals", "eval", "exec", "vars", "dir"))
"""Names of functions that give the script the dict of a frame's locals."""


END_OF_LINE = 10_000
"""A column behind any other."""

_qualified: dict[CodeType, str] = {}


def script_place() -> tuple[str | None, int | None]:
    """Return the file and the line of the script that this thread is on; `None`: it is on none."""
    frame = script_frame(sys._getframe(1))
    return (frame.f_code.co_filename, frame.f_lineno or None) if frame else (None, None)


def script_frame(frame: FrameType | None) -> FrameType | None:
    """Return the innermost frame of the script's main module, from this frame outward."""
    script = getattr(sys.modules.get("__main__"), "__dict__", None)
    while frame is not None and frame.f_globals is not script:
        # In a spawned process the functions keep the globals that they were imported with.
        if frame.f_globals.get("__name__") == "__mp_main__":
            break
        frame = caller(frame)
    return frame


def caller(frame: FrameType) -> FrameType | None:
    """Return the frame that called this one.

    What is further out in a forked process is its parent's.
    """
    return frame.f_back if home.is_main or not _is_outermost(frame) else None


def _is_outermost(frame: FrameType) -> bool:
    """Return whether a process of `multiprocessing` began with this frame.

    From 3.13 on, it does what is to be done at its end after `_bootstrap`, where the fork was made.
    """
    name = frame.f_code.co_name
    if name != "_launch":
        return name == "_bootstrap"
    return getattr(locals_of(frame).get("self"), "__dict__", {}).get("pid") == 0


def stack(frame: FrameType | None) -> Iterator[FrameType]:
    """Yield a frame and those that called it, the innermost first."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def is_library(frame: FrameType) -> bool:
    """Return whether a frame is the standard library's or the probe's, and none of the script's."""
    name = frame.f_code.co_filename
    if name.startswith((HERE, "<frozen ")):
        return True
    # The methods of a manager's proxies are made of text.
    if name == "<string>":
        return "__name__" not in frame.f_globals
    return name.startswith(_LIBRARY) and not any(one in name for one in _PACKAGES)


def frame_name(frame: FrameType) -> str:
    """Return the names of a frame's module and function: `threading:Thread.join`."""
    return f"{frame.f_globals.get('__name__', '')}:{qualified_name(frame)}"


def qualified_name(frame: FrameType) -> str:
    """Return the name of a frame's function, a method's with its class: `Thread.join`.

    Before Python 3.11, code does not know its class, but the classes of its module do.
    """
    code = frame.f_code
    if sys.version_info >= (3, 11):
        return code.co_qualname
    if code not in _qualified:
        _qualified[code] = code.co_name
        for kind in list(frame.f_globals.values()):
            if issubclass(type(kind), type):
                found = type.__dict__["__dict__"].__get__(kind).get(code.co_name)
                inner = getattr(found, "__func__", found)  # A static method's function.
                if getattr(inner, "__code__", None) is code:
                    _qualified[code] = f"{type.__dict__['__name__'].__get__(kind)}.{code.co_name}"
    return _qualified[code]


def position(frame: FrameType) -> tuple[int, int, int, int]:
    """Return first and last line and column of the expression that a frame is at.

    Before Python 3.11, only the line is known: it is taken to be at the line's end.
    """
    if sys.version_info < (3, 11):
        return frame.f_lineno, frame.f_lineno, END_OF_LINE, END_OF_LINE
    positions = list(frame.f_code.co_positions())
    index = frame.f_lasti // 2
    found = positions[index] if 0 <= index < len(positions) else (0, 0, 0, 0)
    line, end, column, last = (one or 0 for one in found)
    return line, end, column, last


def sleep_seconds(frame: FrameType) -> float | None:
    """Return how long our `time.sleep` sleeps in this frame; `None`: it is another one's."""
    code = frame.f_code
    if code.co_name != "sleep" or not code.co_filename.startswith(HERE):
        return None
    args = locals_of(frame).get("args")
    seconds: Any = args[0] if type(args) is tuple and len(args) == 1 else None
    return float(seconds) if type(seconds) in (int, float) and 0 <= seconds < 1e9 else None


def locals_of(frame: FrameType) -> Mapping[str, Any]:
    """Return a frame's locals, without leaving anything behind.

    Before 3.13, a look at `f_locals` fills a dict that belongs to the frame: it keeps all of them
    alive, and `locals()` gives the script the same dict.
    """
    if sys.version_info >= (3, 13):
        return dict(frame.f_locals)
    if _LOOKS_AT_LOCALS.intersection(frame.f_code.co_names) or frame.f_locals is frame.f_globals:
        return {}
    found = frame.f_locals
    copy = dict(found)
    if sys.getrefcount(found) == 3:
        found.clear()
    return copy
