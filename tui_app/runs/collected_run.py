"""A run that keeps what it said, for whoever asks when it has ended."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from tui_app.events import Event, Line
from tui_app.runs.runnable import Runnable
from tui_app.script.facts import Facts

MOST_EVENTS = 100_000
"""Events that are kept: a script may print without end."""


class CollectedRun:
    """Runs another run, and keeps its events but for the lines that its main process was on."""

    def __init__(self, run: Runnable) -> None:
        self._run = run
        self._events: list[Event] = []

    async def events(self) -> AsyncGenerator[Event, None]:
        """See `Runnable.events`."""
        async with aclosing(self._run.events()) as events:
            async for event in events:
                if not isinstance(event, Line) and len(self._events) <= MOST_EVENTS:
                    self._events.append(event)
                yield event

    def cancel(self, reason: str = "") -> None:
        """See `Runnable.cancel`."""
        self._run.cancel(reason)

    @property
    def facts(self) -> Facts:
        """What it said. Of a run that said too much, the end is missing, so it tells nothing."""
        return Facts(tuple(self._events))
