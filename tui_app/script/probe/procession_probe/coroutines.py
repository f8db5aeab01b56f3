"""What a suspended coroutine awaits: told by its frames, and by the future that its task waits for.

Nothing of the script's is run. The loop may go on beneath the look, so the caller is ready for
anything.
"""

from __future__ import annotations

import sys

from .frames import frame_name, is_library, locals_of
from .objects import parts_of, vars_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

_KINDS = ("cr", "gi", "ag")
"""What the attributes of coroutines, generators and asynchronous generators begin with."""

_ANEXT = "async_generator_asend"
"""The class of what `async for` awaits: it shows its generator to the collector only."""

_THREADS = "asyncio.threads:to_thread"
_SLEEP = "asyncio.tasks:sleep"
_WAIT_FOR = "asyncio.tasks:wait_for"
_CHAINED = "_chain_future.<locals>."
"""How the callbacks of a future begin that stands for a call in another thread or process."""

MOST_CALLS = 4
"""Functions of the library that are told."""


def task_name(task: Any) -> str:
    """Return the coroutine of a task, with the task's number, or with the name it was given."""
    coro = task.get_coro()
    name = getattr(coro, "__name__", None)
    called = task.get_name()
    number = called[5:] if called[:5] == "Task-" and called[5:].isdigit() else called
    return f"{name if type(name) is str else type(coro).__name__}({number})"


def frames_of(coro: Any) -> list[FrameType]:
    """Return the frames of a suspended coroutine, the outermost first."""
    frames = []
    while coro is not None:
        if type(coro).__name__ == _ANEXT:
            import gc

            coro = gc.get_referents(coro)[0]
        kind = next((one for one in _KINDS if hasattr(coro, f"{one}_frame")), "")
        frame = getattr(coro, f"{kind}_frame", None)
        if frame is None:
            break
        frames.append(frame)
        coro = getattr(coro, "gi_yieldfrom" if kind == "gi" else f"{kind}_await")
    return frames


def place(frames: list[FrameType]) -> dict[str, Any]:
    """Return the file and the line of the script's main module that a coroutine is at."""
    script = vars_of(sys.modules.get("__main__"))
    for frame in reversed(frames):
        if frame.f_globals is script or frame.f_globals.get("__name__") == "__mp_main__":
            return {"file": frame.f_code.co_filename, "line": frame.f_lineno or None}
    return {"file": None, "line": None}


def awaited(task: Any, future: Any) -> dict[str, Any]:
    """Return what a task awaits: the library's functions that led there, the first one first.

    Args:
        task: the task.
        future: what it waits for, as the task has it.
    """
    frames = frames_of(task.get_coro())
    library: list[FrameType] = []
    for frame in reversed(frames):
        if not is_library(frame):
            break
        library.insert(0, frame)
    told = place(frames)
    told["calls"] = [frame_name(one) for one in library[:MOST_CALLS]]
    for frame in library:
        name, inside = frame_name(frame), locals_of(frame)
        if name == _SLEEP:
            told.update(_sleep(inside))
        elif name == _WAIT_FOR:
            told["timeout"] = _seconds(inside.get("timeout"))
            future = inside.get("fut", future)
        elif name == _THREADS:
            told["object"] = _function(inside.get("func"))
        elif inside.get("self") is not None and "type" not in told:
            thing = inside["self"]
            told["type"] = type(thing).__name__
            told["object"] = _name(thing, frames)
            told.update(_counts(vars_of(thing)))
    told.update(_future(future))
    return told


def _sleep(inside: Any) -> dict[str, Any]:
    """Return how long a task sleeps, and when, by the clock of its loop, it is to go on."""
    when = getattr(inside.get("h"), "when", None)
    return {
        "timeout": _seconds(inside.get("delay")),
        "until": float(when()) if when is not None else None,
    }


def _seconds(found: Any) -> float | None:
    return float(found) if type(found) in (int, float) and 0 <= found < 1e9 else None


def _function(found: Any) -> str:
    name = getattr(found, "__qualname__", None)
    return f"{name}()" if type(name) is str else ""


def _counts(inside: Any) -> dict[str, Any]:
    """Return how full an object of asyncio is, and how full it may be; no lock is taken."""
    if "_queue" in inside and "_maxsize" in inside:
        return {"count": len(inside["_queue"]), "bound": int(inside["_maxsize"]) or None}
    if "_parties" in inside and "_count" in inside:
        return {"count": int(inside["_count"]), "bound": int(inside["_parties"])}
    return {}


def _future(future: Any) -> dict[str, Any]:
    """Return what a future stands for, as far as it tells."""
    if hasattr(future, "get_coro"):
        return {"task": task_name(future)}
    children = getattr(future, "_children", None)
    if type(children) is list:
        left = sum(not one.done() for one in children)
        return {"gathers": True, "count": left, "bound": len(children)}
    for callback in getattr(future, "_callbacks", None) or ():
        if str(getattr(callback[0], "__qualname__", "")).startswith(_CHAINED):
            return {"executor": True}
    return {}


def _name(thing: Any, frames: list[FrameType]) -> str:
    """Return what the script calls an object; empty: it has no name.

    A name is a global's of the main module, else a local's of the outermost frame, else an
    attribute's, or an element's of a list, of what such a name stands for.
    """
    scopes = [vars_of(sys.modules.get(one)) for one in ("__main__", "__mp_main__")]
    scopes += [locals_of(one) for one in frames if not is_library(one)]
    for scope in scopes:
        for name, known in list(scope.items()):
            if known is thing:
                return str(name)
    for scope in scopes:
        for name, owner in list(scope.items()):
            if isinstance(owner, type(sys)):
                continue
            for label, known in parts_of(name, owner):
                if known is thing:
                    return str(label)
    return ""
