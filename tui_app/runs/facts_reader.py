"""A reader that keeps a played run, so that it can be asked about when it has ended."""

from __future__ import annotations

from tui_app.events import Event, Line, RunStarted
from tui_app.script.facts import Facts

MOST_EVENTS = 100_000
"""Events that are kept. A script may print without end."""


class FactsReader:
    """A reader that keeps the latest run, but not the lines that its main process was on."""

    def __init__(self) -> None:
        self._events: list[Event] = []

    def add(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, RunStarted):
            self._events.clear()
        if not isinstance(event, Line) and len(self._events) <= MOST_EVENTS:
            self._events.append(event)

    @property
    def facts(self) -> Facts:
        """What the run did. If it sent too many events, its end is missing, so nothing is told."""
        return Facts(tuple(self._events))
