"""States of a run that is recorded, written between its events, so that any moment is near one."""

from __future__ import annotations

import time
from collections.abc import Callable

from tui_app.records.blocks import BlockKind, data_blocks
from tui_app.records.freezing import Freezer, Json, packed
from tui_app.runs.view import RunView

STATE_EVENTS = 2_000
"""Events between two states, at least: a reader folds so many in some hundredths of a second."""

DEAR = 0.02
"""Seconds from which on a state is dear, such as one of very many processes."""

SHARE = 10
"""After a dear one, this thread works so many times as long before the next state."""


class StateMaker:
    """Makes a state of a run's view now and then.

    Args:
        view: returns the view, which has taken the same events; `None` where nobody has one.
    """

    def __init__(self, view: Callable[[], RunView | None]) -> None:
        self._view = view
        self._freezer = Freezer()
        self._latest = 0
        self._took = self._not_before = 0.0
        self.lines = 0
        """How many lines the log had at the latest state."""

    def due(self, events: int) -> tuple[Json, Json] | None:
        """Return what is new in the tables, and the state; `None` while it is too early.

        Args:
            events: how many events of the run there are so far.
        """
        began = time.thread_time()
        if events - self._latest < STATE_EVENTS or began < self._not_before:
            return None
        view = self._view()
        if view is None:
            return None
        made = self._freezer.freeze(view)
        self.lines = view.log.dropped + len(view.log.lines)
        self._latest = events
        took = time.thread_time() - began
        # One alone may have met the collector of garbage.
        dear = min(took, self._took)
        self._took, self._not_before = took, began + SHARE * dear if dear > DEAR else 0.0
        return made

    def due_blocks(self, events: int) -> bytes:
        """Return the blocks of a state, if it is time for one; else nothing. See `due`."""
        made = self.due(events)
        if made is None:
            return b""
        table, state = (packed(one) for one in made)
        return data_blocks(BlockKind.TABLE, table, self.lines) + data_blocks(
            BlockKind.STATE, state, self.lines
        )
