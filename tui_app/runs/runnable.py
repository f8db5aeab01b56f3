"""What can be run and watched, and what takes its events."""

from collections.abc import AsyncGenerator
from typing import Protocol

from tui_app.events import Event

LEAVING_SECONDS = 0.3
"""How long a script that is told to stop has, where it is not a person's Ctrl-C that stops it."""


class EventReader(Protocol):
    """Takes the events of a run, one after another."""

    def add(self, event: Event) -> None:
        """Takes one event."""
        ...


class Runnable(Protocol):
    """Anything that can be run and watched."""

    def events(self) -> AsyncGenerator[Event, None]:
        """Runs, and yields what happens; to be iterated once. See `Run.events`."""
        ...

    def cancel(self, reason: str = "") -> None:
        """Stops it now; without a reason, as `cancelled`.

        A script that is played is told to stop, and has two seconds; a second call stops it now.
        """
        ...
