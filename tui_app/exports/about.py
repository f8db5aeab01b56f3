"""What an export tells besides a run's events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AboutRun:
    """What is known of a run that its events do not tell; empty where nothing is.

    Attributes:
        code: The source of the script that was played, as it ran.
        parameters: What was set for it, by name.
    """

    code: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
