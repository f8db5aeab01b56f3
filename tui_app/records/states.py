"""States of a run that is recorded, written between its events, so that any moment is near one."""

from __future__ import annotations

import time

from tui_app.events import Event
from tui_app.records.blocks import BlockKind, data_blocks
from tui_app.records.freezing import Freezer, Json, packed
from tui_app.runs.log import Log
from tui_app.runs.view import RunView

STATE_EVENTS = 2_000
"""Events between two states, at least: a reader folds so many in some hundredths of a second."""

SHARE = 10
"""Between two states so many times as much time passes as a state takes, at least."""

KEPT_LINES = 100
"""Lines of the log that are kept here: only their number is told."""


class StateMaker:
    """Takes the events of one run, and makes a state of it now and then."""

    def __init__(self) -> None:
        self._view = RunView(Log(KEPT_LINES))
        self._freezer = Freezer()
        self._events = self._latest = 0
        self._not_before = 0.0

    def add(self, event: Event) -> None:
        """Take one event."""
        self._view.add(event)
        self._events += 1

    @property
    def lines(self) -> int:
        """How many lines the log has so far."""
        return self._view.log.dropped + len(self._view.log.lines)

    def due(self) -> tuple[Json, Json] | None:
        """Return what is new in the tables, and the state; `None` while it is too early."""
        began = time.perf_counter()
        if self._events - self._latest < STATE_EVENTS or began < self._not_before:
            return None
        made = self._freezer.freeze(self._view)
        self._latest = self._events
        ended = time.perf_counter()
        self._not_before = ended + SHARE * (ended - began)
        return made

    def due_blocks(self) -> bytes:
        """Return the blocks of a state, if it is time for one; else nothing."""
        made = self.due()
        if made is None:
            return b""
        table, state = (packed(one) for one in made)
        return data_blocks(BlockKind.TABLE, table, self.lines) + data_blocks(
            BlockKind.STATE, state, self.lines
        )
