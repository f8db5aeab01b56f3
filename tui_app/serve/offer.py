"""What is served: where, to how many, and how much of the app."""

from __future__ import annotations

from dataclasses import dataclass

from tui_app.system import guest

LOCAL = "127.0.0.1"
"""Where it listens unless somebody asks for more."""

SESSIONS = 10
"""Sessions at once, likewise."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What is served.

    Attributes:
        host: where it listens.
        port: likewise; 0: any that is free.
        token: what an address must hold.
        sessions: how many there may be at once.
        workers: how many workers they share.
        only_demos: whether a session may play demos and nothing else.
    """

    host: str
    port: int
    token: str
    sessions: int
    workers: int
    only_demos: bool

    @property
    def environment(self) -> dict[str, str]:
        """What each session is told."""
        told = {guest.WORKERS: str(max(1, self.workers // self.sessions))}
        return told | ({guest.ONLY: guest.DEMOS} if self.only_demos else {})
