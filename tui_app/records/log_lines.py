"""The log of a long recorded run: its lines are read where somebody looks at them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import overload

from tui_app.events import Event
from tui_app.runs.log import LONGEST_LOG, Log, LogLine

CHUNKS_AT_HAND = 16
"""Chunks of lines that are kept as long as one looks around there."""

SEARCHED = 2_000
"""Lines at the end of a log in which is searched, about: to read more would take seconds."""


class StoredLines(Sequence[LogLine]):
    """Lines in chunks, of which each is read when a line of it is asked for.

    Args:
        starts: the number of the first line of each chunk, and after the last one that of all.
        read: returns the lines of a chunk.
    """

    def __init__(self, starts: Sequence[int], read: Callable[[int], Sequence[LogLine]]) -> None:
        self._starts = starts
        self._read = lru_cache(CHUNKS_AT_HAND)(read)

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, index: int) -> LogLine: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[LogLine]: ...

    def __getitem__(self, index: int | slice) -> LogLine | Sequence[LogLine]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        chunk = bisect_right(self._starts, index) - 1
        return self._read(chunk)[index - self._starts[chunk]]


class JoinedLines(Sequence[LogLine]):
    """The lines that are stored, from one of them on, and behind them those of a log."""

    def __init__(
        self, stored: StoredLines, first: int, count: int, latest: Sequence[LogLine]
    ) -> None:
        self._stored, self._first, self._count, self._latest = stored, first, count, latest

    def __len__(self) -> int:
        return self._count + len(self._latest)

    @overload
    def __getitem__(self, index: int) -> LogLine: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[LogLine]: ...

    def __getitem__(self, index: int | slice) -> LogLine | Sequence[LogLine]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        index %= len(self)
        if index < self._count:
            return self._stored[self._first + index]
        return self._latest[index - self._count]


class StoredLog(Log):
    """A log of which only the latest lines are at hand.

    Args:
        latest: takes the events, and has the lines since a state.
        stored: all lines of the run.
    """

    def __init__(self, latest: Log, stored: StoredLines) -> None:
        # Nothing of `Log` is used but what is asked of it: the lines are elsewhere.
        self._latest, self._stored = latest, stored
        whole = latest.dropped + len(latest.lines)
        self.dropped = min(latest.dropped, max(0, whole - LONGEST_LOG))
        self.searched_from = max(self.dropped, min(latest.dropped, whole - SEARCHED))

    @property
    def lines(self) -> Sequence[LogLine]:
        """The lines that are kept, as those of a run that has just ended."""
        count = self._latest.dropped - self.dropped
        return JoinedLines(self._stored, self.dropped, count, self._latest.lines)

    def add(self, event: Event) -> list[LogLine]:
        """Take one event. See `Log.add`."""
        return self._latest.add(event)
