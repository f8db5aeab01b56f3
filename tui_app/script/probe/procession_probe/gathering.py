"""What this process's threads wait for: where each stands, on which object, and who has it.

Nothing of the script's is run: objects are looked at through their `__dict__` only, and compared by
identity. Whoever reads the frames of a thread that goes on meanwhile may find anything, so the
server takes an answer only where the thread has not run since it asked.
"""

from __future__ import annotations

import os
import sys

from .counting import counts, is_helper
from .feeders import feeder_joined
from .frames import caller, frame_name, is_library, locals_of, position, script_frame, sleep_seconds
from .holders import Holders, held_keys
from .home import home
from .objects import (
    LOCK,
    RLOCK,
    Names,
    counts_of,
    futex_of,
    key_of,
    line_made,
    module_of,
    type_name,
    vars_of,
)
from .wrapping import HERE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

MOST_THREADS = 300
MOST_FRAMES = 8

_TAKEN = ("lock", "Lock", "RLock")
"""The classes of locks."""


def gather(own: list[int]) -> dict[str, Any]:
    """Return where this process's threads stand, and its objects that threads wait for.

    Args:
        own: the numbers of the probe's threads, which are left out.
    """
    threading = sys.modules.get("threading")
    # In this order: who begins meanwhile is not taken for one that has come and gone.
    started = counts.threads - len(getattr(threading, "_limbo", ()))
    threads = [
        (thread, ident, tid)
        for ident, thread in list(getattr(threading, "_active", {}).items())
        if (tid := getattr(thread, "native_id", None)) is not None
    ][:MOST_THREADS]
    main = home.thread
    if not any(ident == main for _, ident, _ in threads):
        threads.insert(0, (None, main, os.getpid()))
    frames = sys._current_frames()
    first = [ident for _, ident, _ in threads if ident in frames]
    frames = {ident: frames[ident] for ident in dict.fromkeys([*first, *frames])}
    try:
        names, holders = Names(frames), Holders(threads, frames)
        told = []
        for thread, ident, tid in threads:
            frame = frames.get(ident)
            if frame is not None:
                try:
                    told.append(_thread_told(frame, ident, tid, thread, names, holders))
                except Exception:  # noqa: BLE001 - it went on beneath our look
                    told.append({**_thread_named(thread, tid), "frames": []})
        return {
            "own": own,
            "threads": told,
            "objects": names.told(),
            "started": started,
        }
    finally:
        del frames


def _thread_named(thread: Any, tid: int) -> dict[str, Any]:
    """Return which thread it is, and whether a library has it for itself."""
    inside = vars_of(thread)
    return {
        "tid": tid,
        "name": str(inside.get("_name", "")),
        "daemon": bool(inside.get("_daemonic", False)),
        "helper": is_helper(thread),
    }


def _thread_told(
    frame: FrameType,
    ident: int,
    tid: int,
    thread: Any,
    names: Names,
    holders: Holders,
) -> dict[str, Any]:
    """Return where a thread stands, and on which object."""
    library: list[FrameType] = []
    at: FrameType | None = frame
    while at is not None and is_library(at):
        if not at.f_code.co_filename.startswith(HERE):
            library.append(at)
        at = caller(at)
    mine, place = at, _place(frame)
    library.reverse()
    told: dict[str, Any] = {
        **_thread_named(thread, tid),
        "file": place[0],
        "line": place[1],
        "frames": [frame_name(one) for one in library[: MOST_FRAMES - 1] + library[-1:]],
    }
    waits_inside = any("Condition.wait" in one for one in told["frames"])
    if not waits_inside:  # Who waits for a condition has given its lock away.
        told["holds"] = held_keys(frame)
    if mine is not None:
        told["source"] = mine.f_code.co_filename
        told["timeout"] = sleep_seconds(frame)
        told["at"] = list(position(mine))
    selves = map(_self_of, library)
    # The thread itself is in the frames that began it.
    thing = next((one for one in selves if one is not None and one is not thread), None)
    address = futex_of(tid)
    feeder = feeder_joined(library)
    if feeder is not None:
        told["joined"] = vars_of(feeder).get("_native_id") or 0
        thing = names.fed_by(feeder)
    elif thing is None and address:
        thing = names.at_address(address)
    if thing is not None:
        told.update(_thing_told(thing, names))
        inner = names.at_address(address) if address else None
        # In a lock's own method, or in none: it is about to be taken, and nothing else.
        told["takes"] = told["type"] in _TAKEN and all(
            one.f_code.co_name in ("__enter__", "acquire") for one in library
        )
        if told["type"] == "Thread":
            told["joined"] = vars_of(thing).get("_native_id") or 0
        lock = thing if isinstance(thing, (LOCK, RLOCK)) else inner
        if isinstance(lock, (LOCK, RLOCK)):
            told["holders"] = holders.of(lock, ident)
    return told


def _thing_told(thing: Any, names: Names) -> dict[str, Any]:
    inside = vars_of(thing)
    kind = type(thing)
    told: dict[str, Any] = {
        "type": type_name(kind),
        "module": module_of(thing),
        "key": key_of(thing),
        "object": names.name(thing),
        "made": line_made(thing),
    }
    try:
        told["count"], told["bound"] = counts_of(thing, inside)
    except Exception:  # noqa: BLE001 - its class is another than the standard library's
        told["count"] = told["bound"] = None
    for attribute in ("name", "_name"):
        if type(inside.get(attribute)) is str:
            told["called"] = inside[attribute]
    arguments = inside.get("args")
    if told["module"] == "subprocess":
        first = arguments[0] if type(arguments) in (list, tuple) and arguments else arguments
        told["called"] = os.path.basename(str(first)) if type(first) in (str, bytes) else ""  # noqa: PTH119
    return told


def _place(frame: FrameType) -> tuple[str | None, int | None]:
    found = script_frame(frame)
    return (found.f_code.co_filename, found.f_lineno or None) if found else (None, None)


def _self_of(frame: FrameType) -> Any:
    thing = locals_of(frame).get("self")
    return thing if thing is not None and module_of(thing) else None
