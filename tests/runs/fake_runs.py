"""Runs without processes: their events are given, and who cancels them is noted."""

from collections.abc import AsyncGenerator, Iterable

from tui_app.events import Event


class CannedRun:
    """Yields these events; `exitcode` is that of the script that it would have played."""

    def __init__(self, events: Iterable[Event], exitcode: int | None = None) -> None:
        self._events = events
        self.exitcode = exitcode
        self.cancelled: list[str] = []

    async def events(self) -> AsyncGenerator[Event, None]:
        for event in self._events:
            yield event

    def cancel(self, reason: str = "") -> None:
        self.cancelled.append(reason)
