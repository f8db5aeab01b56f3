"""A recorded run at any moment: from the nearest state before it, and the events that follow.

A run of few events is folded as one that has just run. A long one is never folded as a whole.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from tui_app.events import Event, RunFinished, RunStarted
from tui_app.language import _
from tui_app.records.blocks import GOES_ON, WAITS, BlockKind, RecordBlock
from tui_app.records.errors import RecordError
from tui_app.records.freezing import FINGERPRINT, Json, Thawer, unpacked, with_sentence
from tui_app.records.log_lines import StoredLines, StoredLog
from tui_app.records.reader import RecordedRun, RecordFile
from tui_app.records.states import StateMaker
from tui_app.runs.log import Log, LogLine
from tui_app.runs.moments import Moments, RunMoments, is_of_waits
from tui_app.runs.time_cursor import MOST_FOLDED
from tui_app.runs.view import RunView

BLOCKS_AT_HAND = 8
"""Blocks whose events are kept as long as one looks around there."""

KEPT_LINES = 100
"""Lines of the log that are kept while states are made: only their number counts."""


def moments_of(record: RecordFile, run: RecordedRun, label_width: int | None = None) -> RunMoments:
    """Return the moments of a run.

    Args:
        record: the record; it stays open.
        run: which of its runs.
        label_width: characters of a task's label in the log of a moment of a long run.

    Raises:
        RecordError: the record is damaged.
    """
    if run.events <= MOST_FOLDED:
        return Moments.of(record.events(run))
    return RecordMoments(record, run, label_width)


def view_at_end(record: RecordFile, run: RecordedRun, log: Log | None = None) -> RunView:
    """Return a run as it ended, or as far as it is known.

    Args:
        record: the record.
        run: which of its runs.
        log: takes the lines; another one if it is not given.

    Raises:
        RecordError: the record is damaged.
    """
    moments = moments_of(record, run)
    return moments.view(moments.end, log)


@dataclass(frozen=True, slots=True)
class StatePoint:
    """A state: after how many blocks of events it is, and where it is kept."""

    blocks: int
    lines: int
    state: Json | Sequence[RecordBlock]


class RecordMoments:
    """The moments of a long run. See `RunMoments`.

    Args:
        record: the record; it stays open.
        run: which of its runs.
        label_width: characters of a task's label in the log.

    Raises:
        RecordError: the record is damaged.
    """

    def __init__(
        self, record: RecordFile, run: RecordedRun, label_width: int | None = None
    ) -> None:
        self._record, self._run, self._label_width = record, run, label_width
        self._blocks = [one for one in run.blocks if one.kind == BlockKind.EVENTS and one.events]
        self._latest = list(accumulate((one.most for one in self._blocks), max))
        """The last second of each block and all before it."""
        leasts = accumulate((one.least for one in reversed(self._blocks)), min)
        self._earliest = list(leasts)[::-1]
        """The first second of each block and all after it."""
        self._at_hand: OrderedDict[int, list[Event]] = OrderedDict()
        self._thawer = Thawer()
        self._points = self._written_points() or self._made_points()
        self._starts = [0, *(point.lines for point in self._points)]
        self._lines = StoredLines(self._starts, self._read_lines)
        """The lines of the log up to the last state."""

    # States

    def _written_points(self) -> list[StatePoint]:
        """Return the states in the record; none if another version wrote them."""
        points: list[StatePoint] = []
        parts: list[RecordBlock] = []
        before = 0
        for block in self._run.blocks:
            before += block.kind == BlockKind.EVENTS and block.events > 0
            if block.kind not in (BlockKind.TABLE, BlockKind.STATE):
                continue
            parts.append(block)
            if block.flags & GOES_ON:
                continue
            if block.kind == BlockKind.STATE:
                points.append(StatePoint(before, block.lines, tuple(parts)))
            else:
                table = self._data(parts)
                if _version(table) != FINGERPRINT:
                    return []
                self._thawer.read_table(table)
            parts = []
        return points

    def _data(self, blocks: Sequence[RecordBlock]) -> Json:
        return unpacked(b"".join(self._record.data_of(block) for block in blocks))

    def _made_points(self) -> list[StatePoint]:
        """Make states of all events; this takes as long as to fold the run."""
        view, events, points = RunView(Log(KEPT_LINES)), 0, []
        maker = StateMaker(lambda: view)
        for number, block in enumerate(self._blocks):
            for event in self._record.events_of(block):
                with_sentence(view.add, event)
            events += block.events
            if (made := maker.due(events)) is not None:
                self._thawer.read_table(made[0])
                points.append(StatePoint(number + 1, maker.lines, made[1]))
        return points

    def _thawed(self, point: StatePoint) -> RunView:
        state = self._data(point.state) if isinstance(point.state, tuple) else point.state
        if _version(state) != FINGERPRINT:
            raise RecordError(_("it is damaged: {error}").format(error="state"))
        view = self._thawer.thaw(state)
        view.log.label_width = self._label_width
        return view

    # Moments

    def _events(self, block: int) -> list[Event]:
        if block not in self._at_hand:
            self._at_hand[block] = self._record.events_of(self._blocks[block])
            if len(self._at_hand) > BLOCKS_AT_HAND:
                self._at_hand.popitem(last=False)
        self._at_hand.move_to_end(block)
        return self._at_hand[block]

    @property
    def end(self) -> float:
        """The last moment."""
        return self._latest[-1]

    def same(self, t: float, other: float) -> bool:
        """See `RunMoments.same`."""
        least, most = sorted((t, other))
        return not any(
            least < event.t <= most
            for number in self._between(least, most)
            for event in self._events(number)
        )

    def _between(self, least: float, most: float) -> Iterator[int]:
        """Yield the blocks that may have something after one moment, and up to another one."""
        for number in range(bisect_right(self._latest, least), len(self._blocks)):
            if self._earliest[number] > most:
                return
            if self._blocks[number].most > least:
                yield number

    def step(self, t: float, steps: int, *, waits: bool = False) -> float:
        """See `RunMoments.step`."""
        for _step in range(abs(steps)):
            t = self._after(t, waits) if steps > 0 else self._before(t, waits)
        return t

    def _after(self, t: float, waits: bool) -> float:
        found = self.end
        for number in range(bisect_right(self._latest, t), len(self._blocks)):
            if self._earliest[number] >= found:
                break
            found = min([found, *(one for one in self._times(number, waits) if one > t)])
        return found

    def _before(self, t: float, waits: bool) -> float:
        found = 0.0 if waits else self._earliest[0]
        for number in range(bisect_right(self._earliest, t) - 1, -1, -1):
            if self._latest[number] <= found:
                break
            found = max([found, *(one for one in self._times(number, waits) if one < t)])
        return found

    def _times(self, number: int, waits: bool) -> Iterator[float]:
        """Yield the moments in a block at which something happens."""
        if waits and not self._blocks[number].flags & WAITS:
            return
        yield from (one.t for one in self._events(number) if not waits or is_of_waits(one))

    def view(self, t: float, log: Log | None = None) -> RunView:
        """See `RunMoments.view`. The log is its own where the run is long before that moment.

        Raises:
            RecordError: the record is damaged.
        """
        before = bisect_right(self._latest, t)  # blocks of which all had happened by then
        number = bisect_right([point.blocks for point in self._points], before) - 1
        view = self._view_at(number, log)
        for block in range(self._points[number].blocks if number >= 0 else 0, len(self._blocks)):
            if self._earliest[block] > t and block:
                break
            for event in self._events(block):
                early = isinstance(event, RunStarted)
                last = isinstance(event, RunFinished) and t < self.end
                if early or (event.t <= t and not last):
                    with_sentence(view.add, event)
        if number >= 0:
            view.log = StoredLog(view.log, self._lines)
        return view

    def _view_at(self, point: int, log: Log | None = None) -> RunView:
        """Return the view at a state; of -1 that at the start of the run, with this log."""
        if point < 0:
            return RunView(log or Log(label_width=self._label_width))
        return self._thawed(self._points[point])

    def _read_lines(self, chunk: int) -> Sequence[LogLine]:
        """Return the lines of the log from one state to the next."""
        view = self._view_at(chunk - 1)
        first = self._points[chunk - 1].blocks if chunk else 0
        for block in range(first, self._points[chunk].blocks):
            for event in self._events(block):
                with_sentence(view.add, event)
        # A line of before may stand at the front, where it goes on.
        start, end = self._starts[chunk], self._starts[chunk + 1]
        return view.log.lines[start - view.log.dropped : end - view.log.dropped]


def _version(data: Json) -> object:
    return data.get("version") if isinstance(data, dict) else None
