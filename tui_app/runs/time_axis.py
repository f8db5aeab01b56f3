"""The ticks of a time axis: round steps, and each moment in words."""

from __future__ import annotations

from tui_app.runs.formatting import clock

_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200)
"""Seconds that may lie between two ticks."""


def tick_step(least: float) -> float:
    """Return how many seconds lie between two ticks: a round number, `least` or more."""
    return next((step for step in _STEPS if step >= least), _STEPS[-1])


def tick_text(t: float, step: float) -> str:
    """Return what stands at a tick: the second of the run, as exactly as the steps need it."""
    if step >= 60 or t >= 600:
        return clock(t)
    digits = 0 if step >= 1 else 1 if step >= 0.1 else 2
    return f"{t:.{digits}f} s"
