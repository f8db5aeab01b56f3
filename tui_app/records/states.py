"""States of a run that is recorded, written between its events, so that any moment is near one."""

from __future__ import annotations

from collections.abc import Callable

from tui_app.records.blocks import BlockKind, data_blocks
from tui_app.records.freezing import Freezer, Json, packed
from tui_app.runs.view import RunView

STATE_EVENTS = 2_000
"""Events between two states, at least: a reader folds so many in some hundredths of a second.

There are as many as the state before has bytes, if that is more: that of many processes is dear.
"""


class StateMaker:
    """Makes a state of a run's view now and then.

    Args:
        view: returns the view, which has taken the same events; `None` where nobody has one.
    """

    def __init__(self, view: Callable[[], RunView | None]) -> None:
        self._view = view
        self._freezer = Freezer()
        self._next = STATE_EVENTS
        self.lines = 0
        """How many lines the log had at the latest state."""

    def due(self, events: int) -> tuple[Json, Json] | None:
        """Return what is new in the tables, and the state; `None` while it is too early.

        Args:
            events: how many events of the run there are so far.
        """
        if events < self._next or (view := self._view()) is None:
            return None
        self._next = events + STATE_EVENTS
        self.lines = view.log.dropped + len(view.log.lines)
        try:
            return self._freezer.freeze(view)
        except TypeError:
            # States only help: a run, and its record, go on without them. Tests freeze every kind.
            self._view = lambda: None
            return None

    def due_blocks(self, events: int) -> bytes:
        """Return the blocks of a state, if it is time for one; else nothing. See `due`."""
        made = self.due(events)
        if made is None:
            return b""
        table, state = (packed(one) for one in made)
        self._next = events + max(STATE_EVENTS, len(state))
        return data_blocks(BlockKind.TABLE, table, self.lines) + data_blocks(
            BlockKind.STATE, state, self.lines
        )
