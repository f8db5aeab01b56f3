"""Reports when a process waits, and for what: of its main thread, and the outermost wait only."""

from __future__ import annotations

import _thread
import os
import sys
import time

from .allowance import Allowance
from .frames import script_place
from .home import home
from .lines import tell_line
from .wrapping import Builtin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

SHORTEST_SLEEP = 0.005
"""Seconds: a shorter sleep is a breath between two looks, and no screen could show it."""

LONGEST_POLL = 0.1
"""Seconds: a library that sleeps no longer looks again and again, as `subprocess` does."""

LIBRARY = os.path.dirname(os.__file__) + os.sep  # noqa: PTH120
"""The folder of Python's own library."""

LONGEST_SLEEP = 1e10
"""Seconds: `time.sleep` refuses a longer sleep."""

_SEEN_FROM_OUTSIDE = sys.platform == "linux"
"""Whether the server sees by itself who waits for long, and counts shorter waits."""

_waits = False

_allowance = Allowance()


class Wait:
    """A context in which this process waits; reported where no other wait is under way.

    Of a flood of waits, none is reported that the server sees or counts by itself.

    Args:
        kind: the call, as `events.WaitKind` names it.
        what: the name of what is waited for.
        child: the pid of the process that is waited for; the event server knows its name.
        timeout: seconds after which the wait ends by itself.
    """

    def __init__(
        self,
        kind: str,
        what: str | None = None,
        *,
        child: int | None = None,
        timeout: float | None = None,
    ) -> None:
        self._about: dict[str, Any] = {
            "kind": kind,
            "object": what,
            "child": child,
            "timeout": timeout,
        }
        self._reported = False

    def __enter__(self) -> None:
        global _waits
        if _waits or _thread.get_ident() != home.thread:
            return
        if _SEEN_FROM_OUTSIDE and self._about["kind"] != "sleep" and not _allowance.spend():
            return
        _waits = self._reported = True
        tell_line()
        file, line = script_place()
        home.tell("waiting", **self._about, file=file, line=line)

    def __exit__(self, *_: object) -> None:
        global _waits
        if self._reported:
            _waits = self._reported = False
            home.tell("resumed")


def forget() -> None:
    """Forget the wait that is under way: the child of a fork waits for nothing."""
    global _waits
    _waits = False


def _is_library(frame: FrameType) -> bool:
    """Return whether code of a library runs in this frame, Python's own or an installed one."""
    file = frame.f_code.co_filename
    return file.startswith(LIBRARY) or "-packages" in file


def install() -> None:
    """Wrap `time.sleep`."""
    real = time.sleep

    def sleep(*args: Any, **kwargs: Any) -> None:
        if (
            len(args) == 1
            and isinstance(args[0], (int, float))
            and SHORTEST_SLEEP <= args[0] <= LONGEST_SLEEP
            and not (args[0] <= LONGEST_POLL and _is_library(sys._getframe(2)))
        ):
            with Wait("sleep", timeout=float(args[0])):
                real(*args, **kwargs)
        else:
            real(*args, **kwargs)

    time.sleep = Builtin(real, sleep)
