r"""A run as a Chrome trace, which Perfetto opens: https://ui.perfetto.dev.

The format is Google's "Trace Event Format"
(https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU). How Perfetto
reads it decides what is written here:

- A slice begins by a `B` and ends by an `E` of the same name. Ends are written from the innermost
  slice outwards, and the times of a track never go back: so slices nest, and none overlaps.
- An arrow (`s`, `f`) is drawn only forward in time, and from the slice that began first, whatever
  is said. So it goes from what was waited for, at its end, to an instant at which the waiter goes
  on. `bp: "e"` binds it to the slice around it; else it is bound to the next one.
- Text is UTF-8, because an escape such as `\u2192` in a name is shown as it is.
- No number is NaN, which ends the reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tui_app.events import (
    Deadlock,
    Event,
    HolderChanged,
    LoopBlocked,
    Output,
    ProcessExited,
    ProcessStarted,
    Resumed,
    RunFinished,
    RunHeld,
    RunReleased,
    RunStarted,
    Stream,
    TaskFailed,
    TaskFinished,
    TaskProgress,
    TaskQueued,
    TaskRetried,
    TaskSkipped,
    TaskStarted,
    ThreadEnded,
    ThreadStarted,
    Waiting,
    WaitKind,
)
from tui_app.exports.trace_args import about_wait, outcome
from tui_app.exports.trace_ends import LatestEnds
from tui_app.exports.trace_lane import (
    SliceKind,
    TraceEvent,
    TraceLane,
    Track,
    trace_event,
    trace_text,
)
from tui_app.exports.trace_tracks import Tracks
from tui_app.language import _
from tui_app.runs.log import PLAYED
from tui_app.runs.wait_words import blocked_words, wait_label
from tui_app.script.partial_line import PartialLine
from tui_app.script.waits.deadlocks import told_waits

RUN: Track = (0, 0)
"""The track of the run itself."""

ARROW = 1e-6
"""Seconds between an arrow's end and the end of the slice that it belongs to."""


class Trace:
    """Takes a run's events one by one, and returns those of the trace."""

    def __init__(self) -> None:
        self._tracks = Tracks()
        self._main: int | None = None
        self._played = False
        self._queued: dict[int, TaskQueued] = {}
        self._labels: dict[Track, str] = {}
        self._lines: dict[tuple[int, Stream, int | None], PartialLine] = {}
        self._ends = LatestEnds()
        self._running = 0
        self._arrows = 0
        self._now = 0.0

    def add(self, event: Event) -> Iterator[TraceEvent]:
        """Take one event; yield what it adds to the trace."""
        self._now = max(self._now, event.t)
        match event:
            case RunStarted():
                self._played = event.kind in PLAYED
                yield trace_event(
                    "M", RUN, 0.0, "process_name", args={"name": trace_text(event.title)}
                )
                yield trace_event("M", RUN, 0.0, "process_sort_index", args={"sort_index": -1})
            case ProcessStarted():
                yield from self._start_process(event)
            case ProcessExited():
                yield from self._exit(event)
            case TaskQueued():
                self._queued[event.task] = event
            case TaskStarted():
                yield from self._start_task(event)
            case TaskProgress():
                lane = yield from self._tracks.lane(event.pid, event.thread)
                if lane.depth(SliceKind.TASK) is not None:
                    yield from lane.end(SliceKind.STEP, event.t)
                    fraction = event.fraction
                    yield lane.begin(SliceKind.STEP, event.t, event.step, fraction=fraction)
            case TaskFinished() | TaskFailed() | TaskSkipped() | TaskRetried():
                yield from self._end_task(event)
            case Waiting():
                lane = yield from self._tracks.lane(event.pid, event.thread)
                yield from lane.end(SliceKind.WAIT, event.t)
                yield from lane.end(SliceKind.BLOCKING, event.t)
                lane.wait, lane.deadlocked = event, False
                if event.kind != WaitKind.IDLE:
                    about = about_wait(event)
                    yield lane.begin(SliceKind.WAIT, event.t, wait_label(event), **about)
            case HolderChanged():
                lane = yield from self._tracks.lane(event.pid, event.thread)
                if lane.wait is not None:
                    lane.wait = replace(lane.wait, holder=event.holder)
            case ThreadStarted():
                lane = yield from self._tracks.lane(event.pid, event.thread, event.name)
                yield lane.begin(SliceKind.THREAD, event.t, event.name, kind=str(event.kind))
            case ThreadEnded():
                yield from self._end_thread(event)
            case LoopBlocked():
                lane = yield from self._tracks.lane(event.pid, event.thread)
                yield from lane.end(SliceKind.BLOCKING, event.t)
                yield lane.begin(SliceKind.BLOCKING, event.t, blocked_words(event))
            case Resumed():
                lane = yield from self._tracks.lane(event.pid, event.thread)
                yield from self._resume(lane, event.t)
            case Deadlock():
                yield from self._deadlock(event)
            case Output():
                yield from self._output(event)
            case RunHeld():
                yield from self._hold(event)
            case RunReleased():
                lane = yield from self._tracks.lane(*RUN)
                yield from lane.end(SliceKind.RUN, event.t)
            case RunFinished():
                yield from self.finish()

    def finish(self) -> Iterator[TraceEvent]:
        """End whatever is open: the run is over, or nothing more is known of it."""
        for lane in self._tracks:
            yield from lane.close(self._now, 0)

    def _start_process(self, event: ProcessStarted) -> Iterator[TraceEvent]:
        if self._main is None and self._played:
            self._main = event.pid
        for lane in self._tracks.of_process(event.pid):
            yield from lane.close(event.t, 0)
        lane = yield from self._tracks.start_process(event.pid, event.name, event.host)
        yield lane.begin(
            SliceKind.PROCESS,
            event.t,
            event.name,
            parent=event.parent,
            start_method=event.start_method,
            command=event.command,
            host=event.host,
        )

    def _exit(self, event: ProcessExited) -> Iterator[TraceEvent]:
        for lane in self._tracks.of_process(event.pid):
            lane.wait = None
            yield from lane.close(event.t, 0, exitcode=event.exitcode, ended_by=event.ended_by)
            if lane.track[0] == lane.track[1]:
                end = (lane.track, lane.latest)
                self._ends.add_process(self._tracks.name(event.pid), end)

    def _end_thread(self, event: ThreadEnded) -> Iterator[TraceEvent]:
        lane = yield from self._tracks.lane(event.pid, event.thread)
        if lane.open:
            name = lane.open[0][1]
            yield from lane.close(event.t, 0, cpu_seconds=event.cpu)
            self._ends.add_thread(name, (lane.track, lane.latest))

    def _start_task(self, event: TaskStarted) -> Iterator[TraceEvent]:
        lane = yield from self._tracks.lane(event.pid, event.thread)
        if event.pid == self._main:
            return  # It is told when main has ended, and is drawn as main's own slice.
        queued = self._queued.get(event.task)
        label = queued.label if queued is not None else str(event.task)
        waited = None if queued is None else max(0.0, event.t - queued.t)
        yield from lane.end(SliceKind.TASK, event.t)
        self._labels[lane.track] = label
        yield lane.begin(SliceKind.TASK, event.t, label, task=event.task, queued_for_seconds=waited)
        self._running += 1
        yield self._count(event.t)

    def _end_task(
        self, event: TaskFinished | TaskFailed | TaskSkipped | TaskRetried
    ) -> Iterator[TraceEvent]:
        if not isinstance(event, TaskRetried):
            self._queued.pop(event.task, None)
        if event.pid is None or event.pid == self._main:
            return
        lane = yield from self._tracks.lane(event.pid, event.thread)
        if lane.depth(SliceKind.TASK) is None:
            return
        yield from lane.end(SliceKind.TASK, event.t, **outcome(event))
        lane.wait = None
        self._ends.add_task(self._labels.pop(lane.track, ""), (lane.track, lane.latest))
        self._running -= 1
        yield self._count(event.t)

    def _count(self, t: float) -> TraceEvent:
        args = {"tasks": self._running}
        return trace_event("C", RUN, max(t, 0.0), _("tasks that run"), args=args)

    def _resume(self, lane: TraceLane, t: float) -> Iterator[TraceEvent]:
        wait, lane.wait = lane.wait, None
        if lane.depth(SliceKind.WAIT) is None:
            return
        if wait is not None and not lane.deadlocked:
            # The end of a thread may be told later than whoever joined it goes on.
            joined = wait.object if wait.kind == WaitKind.THREAD else None
            holder = self._tracks.called(wait.holder or joined, lane.track[0])
            source = self._ends.before(wait, t, None if holder is None else holder.track)
            if source is not None and source[0] != lane.track:
                track, ended = source
                # Both ends lie within the slices that end there, and the arrow goes forward.
                arrives = max(max(t, lane.latest) - ARROW, lane.latest)
                yield lane.make("i", arrives, _("goes on"), cat=SliceKind.WAIT, s="t")
                yield from self._arrow(track, min(ended, arrives) - ARROW, lane.track, arrives)
        yield from lane.end(SliceKind.WAIT, t)

    def _arrow(self, source: Track, left: float, to: Track, arrives: float) -> Iterator[TraceEvent]:
        if not 0.0 <= left < arrives:
            return
        self._arrows += 1
        name, same = _("goes on"), {"id": self._arrows, "cat": "flow"}
        yield trace_event("s", source, left, name, **same)
        yield trace_event("f", to, arrives, name, bp="e", **same)

    def _deadlock(self, event: Deadlock) -> Iterator[TraceEvent]:
        """Mark each that can never go on, with an arrow to whom it waits for."""
        stuck: list[tuple[TraceLane, Waiting]] = []
        for pid, thread, wait in told_waits(event):
            if thread is None:
                lane = yield from self._tracks.lane(pid, None)
            elif (named := self._tracks.called(thread, pid)) is not None:
                lane = named
            else:
                continue
            lane.deadlocked = True
            stuck.append((lane, wait))
            words = _("deadlock: {wait}").format(wait=trace_text(wait_label(wait)))
            yield lane.make("i", event.t, words, cat=SliceKind.WAIT, s="t")
        for lane, wait in stuck:
            other = self._tracks.called(wait.holder or wait.object, lane.track[0])
            if other is not None and other is not lane and lane.depth(SliceKind.WAIT) is not None:
                yield from self._arrow(lane.track, event.t - ARROW, other.track, other.latest)

    def _hold(self, event: RunHeld) -> Iterator[TraceEvent]:
        lane = yield from self._tracks.lane(*RUN)
        yield from lane.end(SliceKind.RUN, event.t)
        yield lane.begin(SliceKind.RUN, event.t, _("the work is held"), tasks=event.tasks)

    def _output(self, event: Output) -> Iterator[TraceEvent]:
        source = (event.pid, event.stream, event.thread)
        line = self._lines.setdefault(source, PartialLine())
        line.add(event.text)
        if event.partial:
            return
        del self._lines[source]
        lane = yield from self._tracks.lane(event.pid, event.thread)
        if lane.open:
            text = trace_text(line.text) or " "
            yield lane.make("i", event.t, text, cat=event.stream, s="t")


def trace_events(events: Iterable[Event]) -> Iterator[TraceEvent]:
    """Yield the trace of a run, as it comes: neither all events nor the trace stand in memory.

    What is open where the events stop is ended there.
    """
    trace = Trace()
    for event in events:
        yield from trace.add(event)
    yield from trace.finish()
