"""Whether something else had the CPUs while a run was measured, and what to say of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from tui_app.events import Event, RunFinished, RunStarted
from tui_app.language import N_, _
from tui_app.system.cpu_times import CpuTimes, cpu_times

LOOK_SECONDS = 0.5
"""Seconds between two looks at the CPUs, at least."""

IDLE_CPUS = 1.0
"""While fewer CPUs are idle on average, whoever takes time may take it from the run."""

LOST = 0.1
"""A disturbance is told where what others took is more than this share of what the run had …"""

LEAST_LOST = 0.1
"""… and more than so many seconds: the system counts in hundredths."""


class Disturber(StrEnum):
    """Who had the CPUs."""

    PROGRAM = "program"
    HOST = "host"
    APP = "app"


_UNGRADED = {
    Disturber.PROGRAM: N_(
        "Another program was busy ({share} of the CPUs): this is not graded. Enter plays it again."
    ),
    Disturber.HOST: N_(
        "Other machines on the same host were busy ({share} of the CPUs): this is not graded."
        " Enter plays it again."
    ),
    Disturber.APP: N_(
        "Another run of this app was busy: this is not graded. Enter plays it again."
    ),
}
_UNSURE = {
    Disturber.PROGRAM: N_(
        "Another program was busy ({share} of the CPUs): these times are not sure. Play it again."
    ),
    Disturber.HOST: N_(
        "Other machines on the same host were busy ({share} of the CPUs): these times are not"
        " sure. Play it again."
    ),
    Disturber.APP: N_("Another run of this app was busy: these times are not sure. Play it again."),
}


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What disturbed a measurement: who, and what share of the usable CPUs they had."""

    disturber: Disturber
    share: float = 0.0

    def ungraded(self) -> str:
        """Return a sentence that says why an answer is not graded."""
        return _(_UNGRADED[self.disturber]).format(share=f"{self.share:.0%}")

    def unsure(self) -> str:
        """Return a sentence that says why the times are not sure."""
        return _(_UNSURE[self.disturber]).format(share=f"{self.share:.0%}")


OWN_RUN = Disturbance(Disturber.APP)
"""Another run of this app went on meanwhile."""


class DisturbanceReader:
    """A reader that looks at the CPUs while a run goes on. Of several runs it tells of the latest.

    Time counts as lost where others had it while not even one CPU was idle all the time. What
    others do beside idle CPUs disturbs nobody.

    Args:
        look: returns what the CPUs did so far; None where that cannot be known.
        clock: returns seconds.
    """

    def __init__(
        self,
        look: Callable[[], CpuTimes | None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look, self._clock = look or cpu_times, clock
        self._before: CpuTimes | None = None
        self._looked = 0.0
        self._sum = CpuTimes()
        self._lost = 0.0

    def add(self, event: Event) -> None:
        """Take one event."""
        now = self._clock()
        if isinstance(event, RunStarted):
            self._sum, self._lost = CpuTimes(), 0.0
            self._before, self._looked = self._look(), now
        elif isinstance(event, RunFinished) or now - self._looked >= LOOK_SECONDS:
            self._take(self._look(), now - self._looked)
            self._looked = now

    def _take(self, times: CpuTimes | None, seconds: float) -> None:
        if times is not None and self._before is not None:
            window = times - self._before
            self._sum += window
            if window.idle < IDLE_CPUS * seconds:
                self._lost += window.others + window.stolen
        self._before = times

    @property
    def disturbance(self) -> Disturbance | None:
        """What disturbed the run; None where nothing did, or nothing is known."""
        taken = self._sum.others + self._sum.stolen
        if self._lost < max(LEAST_LOST, LOST * self._sum.own):
            return None
        stolen = self._sum.stolen > self._sum.others
        disturber = Disturber.HOST if stolen else Disturber.PROGRAM
        return Disturbance(disturber, taken / self._sum.all)
