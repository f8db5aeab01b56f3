"""The lanes of a whole run, however long: what is shorter than a picture shows is put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from tui_app.events import Event, RunStarted
from tui_app.runs.lanes import LONGEST_LANE, ProcessRow, Span
from tui_app.runs.log import Log
from tui_app.runs.view import RunView, Snapshot

STRETCHES = 1_000
"""Stretches of a run within which short spans are put together: about a pixel each."""

OFTEN = LONGEST_LANE // 2
"""Events between two collections of spans: each begins one at most, and no lane drops any yet."""


@dataclass(slots=True)
class _Merged:
    """Spans of one stretch, drawn as the longest of them."""

    span: Span
    longest: float
    spans: int = 1


class DrawnLane:
    """The spans of one lane, in the order of time."""

    def __init__(self, stretch: float) -> None:
        self._stretch = stretch
        self._merged: list[_Merged] = []

    def add(self, span: Span) -> None:
        """Take the next span; one that goes on is the last."""
        length = self._stretch if span.end is None else span.end - span.start
        last = self._merged[-1] if self._merged else None
        if last is None or length >= self._stretch or not self._together(last, span):
            self._merged.append(_Merged(replace(span), length))
            return
        last.span.end = span.end
        last.spans += 1
        if length > last.longest:
            last.longest = length
            last.span.label, last.span.wait = span.label, span.wait

    def _together(self, last: _Merged, span: Span) -> bool:
        alike = (last.span.failed, last.span.deadlocked) == (span.failed, span.deadlocked)
        same = last.span.start // self._stretch == span.start // self._stretch
        return alike and same and last.longest < self._stretch

    def spans(self) -> list[Span]:
        """Return what is drawn; the label of several says how many they are."""
        return [
            one.span
            if one.spans == 1
            else replace(one.span, label=f"{one.span.label} … ({one.spans})".lstrip())
            for one in self._merged
        ]


@dataclass(frozen=True, slots=True)
class DrawnRun:
    """A run at its end, or as far as it is known, for a picture of it.

    Attributes:
        snapshot: The run.
        lanes: Its rows, with all that they did.
        log: Its latest lines.
        started: Its first event; None where nothing is known of it.
    """

    snapshot: Snapshot
    lanes: Sequence[ProcessRow]
    log: Log
    started: RunStarted | None


def drawn_run(events: Callable[[], Iterable[Event]], longest_log: int = 1) -> DrawnRun:
    """Return a run for a picture; its memory grows with the lanes, not with the events.

    Args:
        events: Yields the events of the run, each time anew.
        longest_log: How many lines of the log are kept.
    """
    wall, started = 0.0, None
    for event in events():
        wall = max(wall, event.t)
        if started is None and isinstance(event, RunStarted):
            started = event
    view = RunView(Log(longest_log))
    lanes: dict[object, DrawnLane] = {}

    def collect(*, last: bool) -> Snapshot:
        snapshot = view.snapshot()
        for row in snapshot.rows:
            # The worker that takes a dead one's place has its lane, and another pid.
            key = row.key if snapshot.played else (row.name, row.host)
            lane = lanes.setdefault(key, DrawnLane(wall / STRETCHES))
            for span in [*row.take_spans(), *(row.spans if last else ())]:
                lane.add(span)
            if last:
                row.spans = lane.spans()
        return snapshot

    for number, event in enumerate(events(), 1):
        view.add(event)
        if number % OFTEN == 0:
            collect(last=False)
    snapshot = collect(last=True)
    return DrawnRun(snapshot, snapshot.rows, view.log, started)
