"""A recorded run, played again from its record: a `Runnable` that starts nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

from tui_app.events import Event, RunStarted
from tui_app.records.reader import RecordFile

TURN = 200
"""Events after which anything else that waits gets a turn, where nothing is waited for."""


class ReplayRun:
    """Yields the events of a record's runs, one run after another.

    Args:
        record: which one; it stays open.
        speed: how many times faster than it was; `None`: as fast as can be.
    """

    def __init__(self, record: RecordFile, speed: float | None = None) -> None:
        self._record, self._speed = record, speed
        self._stopped = asyncio.Event()

    async def events(self) -> AsyncGenerator[Event, None]:
        """See `Runnable.events`."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number, event in enumerate(self._record.events()):
            if isinstance(event, RunStarted):
                began = loop.time()
            if self._speed is not None:
                await self._wait(began + event.t / self._speed - loop.time())
            elif number % TURN == 0:
                await asyncio.sleep(0)
            if self._stopped.is_set():
                return
            yield event

    async def _wait(self, seconds: float) -> None:
        if seconds > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), seconds)

    def cancel(self, reason: str = "") -> None:
        """Stop; see `Runnable.cancel`."""
        self._stopped.set()
