"""How long a script stood on a line, in words."""

from __future__ import annotations

from tui_app.language import _, counted
from tui_app.runs.formatting import duration
from tui_app.runs.line_times import LineTime

LEAST_SHOWN = 0.005
"""Main stands on each line for some time, in seconds; less than this is not told."""


def stood_words(time: LineTime) -> str:
    """Return how long main stood on a line; empty where it was hardly any time."""
    if time.after >= LEAST_SHOWN:
        # The words for it seldom fit beside the last line.
        return f"+{_stood(time.after)}"
    return _stood(time.seconds) if time.seconds >= LEAST_SHOWN else ""


def said_of(time: LineTime) -> str:
    """Return what is said of a line besides how long main stood on it; mostly nothing."""
    if time.after >= LEAST_SHOWN:
        return _("then {time}: waits for its processes").format(time=_stood(time.after))
    if time.closes:
        return _("waits at the end of this block")
    if time.waits > 1:
        return _("in all")
    if time.calls:
        # Of workers: how often they stood there, and how long in all.
        total = _stood(time.total)
        return counted(time.calls, "{n} time: {total}", "{n} times: {total} in all", total=total)
    return ""


def _stood(seconds: float) -> str:
    """Return a time as exactly as a script prints it."""
    return f"{seconds:.2f} s" if seconds < 60 else duration(seconds)
