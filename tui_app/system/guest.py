"""What somebody may do in the session of a web server, which says so in the session's environment.

Whoever starts procession in a terminal of their own may do all.
"""

from __future__ import annotations

import os

SESSION, WORKERS, ONLY = (
    "PROCESSION_SESSION",
    "PROCESSION_SESSION_WORKERS",
    "PROCESSION_SESSION_ONLY",
)
"""Variables: the session's mark, by which its processes are found; its share of the workers; what
it is limited to."""

DEMOS = "demos"
"""The only thing that a session can be limited to."""

MOST_COUNT = 32
"""The most processes, calls and the like that somebody may ask of a demo, unless it has more."""


def is_guest() -> bool:
    """Tell whether this is the session of a web server."""
    return SESSION in os.environ


def only_demos() -> bool:
    """Tell whether a guest may play demos, and nothing else."""
    return os.environ.get(ONLY) == DEMOS


def share_of_workers() -> int | None:
    """Return how many workers a guest may have; None for whoever is no guest."""
    share = os.environ.get(WORKERS, "")
    return int(share) if share.isdecimal() else None
