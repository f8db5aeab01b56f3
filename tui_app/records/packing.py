"""Events into blocks: how many share one, and what the block says of them."""

from __future__ import annotations

from tui_app.events import Event, RunStarted
from tui_app.records.blocks import BEGINS, WAITS, events_block
from tui_app.runs.moments import is_of_waits

MOST_EVENTS = 2_000
"""Events of a block: so many are read in some hundredths of a second."""

MOST_BYTES = 1 << 20
"""Characters of a block's lines, about."""


class BlockPacker:
    """Takes events and their lines, and gives blocks. A run always begins a block of its own."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._size = self._flags = 0
        self._least = self._most = 0.0

    @property
    def empty(self) -> bool:
        """Whether nothing waits for its block."""
        return not self._lines

    def add(self, event: Event, line: str) -> bytes:
        """Take an event; return the block that is full with it, or before it, or nothing.

        Args:
            event: the event.
            line: the same as JSON.
        """
        begins = isinstance(event, RunStarted)
        before = self.flush() if begins else b""
        t = event.t
        if not self._lines:
            self._least = self._most = t
        elif t < self._least:
            self._least = t
        elif t > self._most:
            self._most = t
        if begins:
            self._flags |= BEGINS
        elif is_of_waits(event):
            self._flags |= WAITS
        self._lines.append(line)
        self._size += len(line)
        if len(self._lines) >= MOST_EVENTS or self._size >= MOST_BYTES:
            return before + self.flush()
        return before

    def flush(self) -> bytes:
        """Return a block of what waits for one; nothing where nothing waits."""
        if not self._lines:
            return b""
        block = events_block(self._lines, self._least, self._most, self._flags)
        self._lines, self._size, self._flags = [], 0, 0
        return block
