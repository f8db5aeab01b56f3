"""A track of a trace: the slices that are open in it, and the events that begin and end them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tui_app.events import Waiting
from tui_app.runs.formatting import safe, shorten

TraceEvent = dict[str, Any]
"""One event of the trace, ready for `json.dumps`."""

Track = tuple[int, int]
"""A row of the trace: a process and a thread of it, as `pid` and `tid`."""

LONGEST_TEXT = 200
"""Characters of a printed line, or of a name, that are kept."""


class SliceKind(StrEnum):
    """What a slice stands for; it is the slice's category (`cat`) as well.

    `THREAD` is the life of a thread or an asyncio task; `BLOCKING` is a task that keeps its event
    loop from the others.
    """

    PROCESS = "process"
    THREAD = "thread"
    TASK = "task"
    STEP = "step"
    WAIT = "wait"
    BLOCKING = "blocking"
    RUN = "run"


@dataclass(slots=True)
class TraceLane:
    """A track: the slices that are open, the outermost first, and the latest time in it."""

    track: Track
    open: list[tuple[SliceKind, str]] = field(default_factory=list)
    latest: float = 0.0
    wait: Waiting | None = None
    deadlocked: bool = False

    def depth(self, kind: SliceKind) -> int | None:
        """Return at which depth the innermost slice of a kind is open; `None`: none is."""
        depths = range(len(self.open) - 1, -1, -1)
        return next((depth for depth in depths if self.open[depth][0] is kind), None)

    def make(self, ph: str, t: float, name: str, **more: object) -> TraceEvent:
        """Return an event of this track; one that is heard late gets the newest time there."""
        self.latest = t = max(t, self.latest)
        return trace_event(ph, self.track, t, name, **more)

    def begin(self, kind: SliceKind, t: float, name: str, /, **args: object) -> TraceEvent:
        """Begin a slice."""
        name = trace_text(name) or str(kind)
        self.open.append((kind, name))
        return self.make("B", t, name, cat=kind, args=_plain(args))

    def close(self, t: float, depth: int, /, **args: object) -> Iterator[TraceEvent]:
        """End all slices down to that depth; the outermost of them gets the `args`."""
        while len(self.open) > depth:
            kind, name = self.open.pop()
            told = _plain(args) if len(self.open) == depth else {}
            yield self.make("E", t, name, cat=kind, **({"args": told} if told else {}))

    def end(self, kind: SliceKind, t: float, /, **args: object) -> Iterator[TraceEvent]:
        """End the innermost slice of a kind, if there is one, and what is in it."""
        depth = self.depth(kind)
        if depth is not None:
            yield from self.close(t, depth, **args)


def trace_event(ph: str, track: Track, t: float, name: str, **more: object) -> TraceEvent:
    """Return an event of the trace, `t` seconds after the run began."""
    ts = round(t * 1e6, 3)
    return {"ph": ph, "pid": track[0], "tid": track[1], "ts": ts, "name": name, **more}


def trace_text(text: str) -> str:
    """Return a text from outside as UTF-8 can hold it, and not too long for a slice."""
    return safe(shorten(text, LONGEST_TEXT))


def _plain(args: Mapping[str, object]) -> dict[str, object]:
    """Return what is known of these values, as plain data that every reader takes."""
    told: dict[str, object] = {}
    for name, value in args.items():
        if isinstance(value, str):
            value = trace_text(value)
        if value is None or value == "" or (isinstance(value, float) and not math.isfinite(value)):
            continue
        told[name] = value
    return told
