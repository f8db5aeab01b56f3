"""A process of a played script, as it is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tui_app.engine.channel_server import Channel
from tui_app.events import Stream

COMMAND = "command"
"""How a process came to be that runs another program, and may never greet."""

HELPERS = ("supervisor", "server")
"""How those processes came to be that serve the run, and are no part of the script."""

REPORTS, END = "reports", "end"
"""Kinds of channels: one for reports, and one that ends with its process. Pipes have a `Stream`."""

TALKING = (REPORTS, *Stream)
"""Kinds of channels through which processes tell something."""


@dataclass(slots=True, eq=False)
class Member:
    """A process of the script, or a helper that serves the run. Times are seconds of the run.

    Attributes:
        how: how it came to be, as its greeting has it.
        born: when it greeted.
        t: when it was last heard of.
        name: empty until `process_started` is told.
        gone: when its end was seen; `None` while it runs.
        exited: whether `process_exited` is told.
        ended_by: how the script ended it on purpose.
        early: what it has said before its name was known: `process_started` comes first.
        end: the channel that ends with it.
        pool: whether it is a worker of a pool.
    """

    pid: int
    how: str
    parent: int
    born: float
    t: float
    name: str = ""
    gone: float | None = None
    exited: bool = False
    ended_by: str = ""
    early: list[Callable[[], None]] = field(default_factory=list)
    pipes: dict[str, Channel] = field(default_factory=dict)
    end: Channel | None = None
    pool: bool = False

    @property
    def told(self) -> bool:
        """Whether `process_started` is told."""
        return bool(self.name)

    @property
    def helper(self) -> bool:
        """Whether it is in no event. A helper that prints is: a fork server may import a script."""
        return self.how in HELPERS and not self.told
