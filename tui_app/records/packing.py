"""Events into blocks: how many share one, and what the block says of them."""

from __future__ import annotations

from tui_app.events import Event, RunStarted
from tui_app.records.blocks import BEGINS, WAITS, events_block
from tui_app.runs.moments import is_of_waits

MOST_EVENTS = 1_000
"""Events of a block: so many are read in some hundredths of a second."""

MOST_BYTES = 1 << 20
"""Characters of a block's lines, about."""


class BlockPacker:
    """Takes events and their lines, and gives blocks."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._size = self._flags = 0
        self._least = self._most = 0.0

    @property
    def empty(self) -> bool:
        """Whether nothing waits for its block."""
        return not self._lines

    def add(self, event: Event, line: str) -> bool:
        """Take an event; return whether the block is full now.

        Args:
            event: the event; before one that begins a run, the block before it is to be taken.
            line: the same as JSON.
        """
        t = event.t
        if not self._lines:
            self._least = self._most = t
        elif t < self._least:
            self._least = t
        elif t > self._most:
            self._most = t
        if isinstance(event, RunStarted):
            self._flags |= BEGINS
        elif is_of_waits(event):
            self._flags |= WAITS
        self._lines.append(line)
        self._size += len(line)
        return len(self._lines) >= MOST_EVENTS or self._size >= MOST_BYTES

    def flush(self) -> bytes:
        """Return a block of what waits for one; nothing where nothing waits."""
        if not self._lines:
            return b""
        block = events_block(self._lines, self._least, self._most, self._flags)
        self._lines, self._size, self._flags = [], 0, 0
        return block
