"""The queue whose items a process must hand over before it can end, and the arguments it was given.

At its end no name of the script's leads to the queue any more, but those of the arguments.
"""

from __future__ import annotations

import sys

from .frames import locals_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import FrameType
    from typing import Any

_FUNCTION = type(locals_of)

_WEAK = ("ReferenceType", "weakref")
"""The names of the type of weak references; the second one until Python 3.9."""


def feeder_joined(library: Iterable[FrameType]) -> Any:
    """Return the feeder thread for whose end a process waits at its own end; `None`: for none."""
    for frame in library:
        if frame.f_code.co_name == "_finalize_join":
            made: Any = locals_of(frame).get("twr")
            return made() if type(made).__name__ in _WEAK else None
    return None


def arguments() -> Mapping[str, Any]:
    """Return the arguments of the process that this one is, by the names of their parameters."""
    process = getattr(sys.modules.get("multiprocessing.process"), "_current_process", None)
    if process is None:
        return {}
    inside = object.__getattribute__(process, "__dict__")  # Its class may be the script's.
    target, args, kwargs = (inside.get(name) for name in ("_target", "_args", "_kwargs"))
    if type(target) is not _FUNCTION or type(args) is not tuple or type(kwargs) is not dict:
        return {}
    code = target.__code__
    return {**dict(zip(code.co_varnames[: code.co_argcount], args)), **kwargs}
