"""What can be run and watched, what takes its events, and the exit code that a run leads to."""

from collections.abc import AsyncGenerator
from typing import Protocol

from tui_app.engine.exit_status import shell_code
from tui_app.events import Event

LEAVING_SECONDS = 0.3
"""Seconds that a script has to end by itself if anything but a person's Ctrl-C stops it."""


class EventReader(Protocol):
    """Something that takes the events of a run, one after another."""

    def add(self, event: Event) -> None:
        """Take one event."""
        ...


class Runnable(Protocol):
    """Anything that can be run and watched."""

    def events(self) -> AsyncGenerator[Event, None]:
        """Run, and yield what happens; to be iterated once. See `Run.events`."""
        ...

    def cancel(self, reason: str = "") -> None:
        """Stop now; without a reason, as `cancelled`.

        A script that is played is told to stop, and has two seconds; a second call stops it now.
        """
        ...


def played_code(code: int, exitcode: int | None) -> int:
    """Return the exit code of a run that played a script: the script's own, if the script failed.

    Args:
        code: the exit code of the run: 0 if it went well, 1 if it failed, more if it was stopped.
        exitcode: the script's, negative for a signal; `None` if it never ran.
    """
    return shell_code(exitcode) if code == 1 and exitcode else code
