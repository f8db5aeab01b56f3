"""Recorded runs in words: a line of the list, and how far a run is known that did not end."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from tui_app.events import Outcome
from tui_app.language import N_, _, counted
from tui_app.records.store import Heading
from tui_app.runs.formatting import byte_size, duration

_MARKS = {
    Outcome.OK: N_("✓ ended"),
    Outcome.FAILED: N_("✗ failed"),
    Outcome.CANCELLED: N_("■ cancelled"),
}

PIN = "*"
"""What marks a run that stays."""

STATE_CELLS = 13
"""Cells of the longest state."""


def when(started_at: str, *, exactly: bool = False) -> str:
    """Return a time in ISO 8601 as `2026-11-28 09:15`; as it stands where it is none.

    Args:
        started_at: the time.
        exactly: whether to tell the seconds, too.
    """
    with suppress(ValueError):
        form = "%Y-%m-%d %H:%M:%S" if exactly else "%Y-%m-%d %H:%M"
        return datetime.fromisoformat(started_at).strftime(form)
    return started_at


def state_words(heading: Heading) -> str:
    """Return how a run ended, or that it did not."""
    if heading.growing:
        return _("● running")
    if heading.outcome is None:
        return _("† did not end")
    return _(_MARKS[heading.outcome])


def title_words(heading: Heading) -> str:
    """Return the title; of several runs, how many they are."""
    if heading.runs == 1:
        return heading.title
    return counted(heading.runs, "{title} ({n} run)", "{title} ({n} runs)", title=heading.title)


def heading_line(heading: Heading) -> str:
    """Return the line of a list: id, when, how it ended, how long it took, what it was."""
    pin = PIN if heading.pinned else " "
    state = state_words(heading)
    time, size = duration(heading.seconds), byte_size(heading.bytes)
    start = f"{heading.kept.id} {pin} {when(heading.started_at)}"
    return f"{start}  {state:<{STATE_CELLS}} {time:>8} {size:>7}  {title_words(heading)}"


def not_ended(seconds: float) -> str:
    """Return that a run did not end, and how far it is known."""
    sentence = _("the run did not end; it is recorded up to {time}")
    return sentence.format(time=duration(seconds))
