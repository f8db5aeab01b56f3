"""A trial: one of several runs that are compared, and what its events come to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tui_app.events import (
    Event,
    Output,
    RunFinished,
    RunStarted,
    Stream,
    Waiting,
    WaitKind,
)
from tui_app.runs.disturbance import Disturbance, DisturbanceReader
from tui_app.runs.view import RunState
from tui_app.script.facts import WorkStretches, most_at_once
from tui_app.summary import Summary

_SAID = re.compile(r"Finished in (\d+(?:\.\d+)?) second")


@dataclass(frozen=True, slots=True)
class Trial:
    """One of the runs, as it stands. Times are seconds.

    Attributes:
        label: what it is called.
        state: where it is; `IDLE`: not played.
        wall: from its start to the end of its last process, or to now.
        work: the sum of its tasks' times.
        at_once: tasks under way at the same time, at most; each has a process of its own.
        slept: whether any process slept; else what it did was to compute.
        said: what the script printed as `Finished in`, if it did.
        reason: why it did not go well.
        disturbance: what had the CPUs meanwhile; `None` where nothing did, or nothing is known.
    """

    label: str
    state: RunState = RunState.IDLE
    wall: float = 0.0
    work: float = 0.0
    at_once: int = 0
    slept: bool = False
    said: float | None = None
    reason: str = ""
    disturbance: Disturbance | None = None

    @property
    def disturbed(self) -> bool:
        """Whether its time is not sure. Who sleeps hardly notices who else has the CPUs."""
        return self.disturbance is not None and not self.slept

    @property
    def ok(self) -> bool:
        """Whether it has ended, and well."""
        return self.state is RunState.OK

    @property
    def open(self) -> bool:
        """Whether there is more to come of it."""
        return self.state in (RunState.IDLE, RunState.RUNNING)

    def times_as_fast(self, first: Trial) -> float | None:
        """The first's wall time over this one's; `None` where one of them is not a sure time."""
        if not (self.ok and first.ok and self.wall > 0) or self.disturbed or first.disturbed:
            return None
        return first.wall / self.wall


class TrialReader:
    """A reader of one run, which tells what its events come to.

    Args:
        label: what the run is called.
    """

    def __init__(self, label: str) -> None:
        self._trial = Trial(label)
        self._work = WorkStretches()
        self._slept = False
        self._said: float | None = None
        self._running = False
        self._now = 0.0
        self._cpus = DisturbanceReader()

    def add(self, event: Event) -> None:
        """Take one event."""
        self._now = max(self._now, event.t)
        self._cpus.add(event)
        self._work.add(event)
        match event:
            case RunStarted():
                self._running = True
            case Waiting():
                self._slept = self._slept or event.kind == WaitKind.SLEEP
            case Output(stream=Stream.STDOUT):
                if found := _SAID.search(event.text):
                    self._said = float(found.group(1))
            case RunFinished():
                self._running = False
                summary = Summary.from_dict(event.summary)
                self._trial = Trial(
                    label=self._trial.label,
                    state=RunState(event.outcome),
                    wall=event.t,
                    work=summary.work,
                    at_once=most_at_once(self._work.stretches),
                    slept=self._slept,
                    said=self._said,
                    reason=event.reason,
                    disturbance=self._cpus.disturbance,
                )

    def trial(self, elapsed: float = 0.0) -> Trial:
        """Return the run as it stands, `elapsed` seconds after it began by the caller's clock."""
        if not self._running:
            return self._trial
        return Trial(self._trial.label, RunState.RUNNING, wall=max(self._now, elapsed))
