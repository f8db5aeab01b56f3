"""Records runs: their events go to a file as they come, about once a second."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tui_app.events import Event, RunFinished, RunStarted, to_json
from tui_app.files.append_file import AppendFile
from tui_app.files.error_words import reason
from tui_app.language import _
from tui_app.records.blocks import BlockKind, data_blocks
from tui_app.records.packing import BlockPacker
from tui_app.records.reader import FORMAT
from tui_app.records.states import StateMaker
from tui_app.runs.view import RunView

FLUSH_SECONDS = 1.0
"""Seconds for which events wait for others, so that they are compressed together."""

AT_ONCE = 250
"""Events that are taken in together: one by one they take longer, and more would delay a key."""


class Recorder:
    """Takes the events of runs, one after another, and puts them into a file.

    Where the disk is full, or gone, it says so once, and records nothing more: the run goes on.

    Args:
        make: makes an empty file at the first event; the recorder closes it in the end.
        tell: is called with a sentence when nothing more can be written.
        view: returns the view that has taken the same events, each before the recorder: states are
            made of it. Without it, a very long record is slow to open.
        clock: returns seconds.
    """

    def __init__(
        self,
        make: Callable[[], AppendFile],
        tell: Callable[[str], None],
        view: Callable[[], RunView | None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make, self._tell, self._clock = make, tell, clock
        self._file: AppendFile | None = None
        self._view, self._packer, self._states = view, BlockPacker(), StateMaker(view)
        self._events = 0
        self._waiting: list[Event] = []
        self._due = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._begun = False
        """Whether anything of a run is in the file."""
        self.stopped = False
        """Whether nothing is recorded any more."""

    @property
    def path(self) -> Path | None:
        """Where the record is; `None`: none was begun."""
        return None if self._file is None else self._file.path

    def add(self, event: Event) -> None:
        """Take one event."""
        if self.stopped:
            return
        if isinstance(event, RunStarted):
            # The view is the new run's already: no state of it belongs to what is written now.
            self._states = StateMaker(lambda: None)
            self.flush()
            self._states, self._events = StateMaker(self._view), 0
        self._waiting.append(event)
        if isinstance(event, RunStarted | RunFinished):
            self.flush()
        elif len(self._waiting) >= AT_ONCE:
            self._pack()
            if self._clock() >= self._due:
                self.flush()
        if self._timer is None and self._waiting:
            self._set_timer()

    def _set_timer(self) -> None:
        """Flush in time, also where nothing more happens for long."""
        # Without a loop nobody waits for events: they come as fast as they are taken.
        with suppress(RuntimeError):
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(FLUSH_SECONDS, self.flush)

    def _pack(self) -> None:
        """Put what waits into blocks, and write those that are full."""
        for event in self._waiting:
            if self._packer.add(event, to_json(event)):
                self._write(self._packer.flush())
        self._events += len(self._waiting)
        self._waiting.clear()
        if self._packer.empty and (blocks := self._states.due_blocks(self._events)):
            self._write(blocks)

    def flush(self) -> None:
        """Write all that has come."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._pack()
        if not self._packer.empty:
            self._write(self._packer.flush() + self._states.due_blocks(self._events))
        self._due = self._clock() + FLUSH_SECONDS

    def _write(self, data: bytes) -> None:
        if self.stopped:
            return
        try:
            if self._file is None:
                self._file = self._make()
                facts = json.dumps({"format": FORMAT}).encode("ascii")
                self._file.append(data_blocks(BlockKind.HEAD, facts))
            self._file.append(data)
            self._begun = True
        except OSError as error:
            self._stop()
            sentence = _("the run is not recorded any more: {error}")
            if not self._begun:
                sentence = _("the run is not recorded: {error}")
                if self._file is not None:
                    self._file.remove()
            self._tell(sentence.format(error=reason(error)))

    def _stop(self) -> None:
        self.stopped = True
        if self._file is not None:
            self._file.close()

    def close(self) -> None:
        """Write the rest, and close the file."""
        self.flush()
        self._stop()
