"""Whether a demo runs here: played in short, and what went wrong in one sentence."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from tui_app.demos.catalogue import Demo, ExpectedFailure
from tui_app.demos.demo_run import DemoRun
from tui_app.demos.parameters import Value, with_values
from tui_app.engine.machine import StartMethod
from tui_app.events import Event, Outcome, Output, RunFinished, RunStarted, Stream, TaskFailed
from tui_app.language import _

SHORTER = 10
"""Each sleep is so many times shorter than in class."""

PHOTOS = 2

FEWER: dict[str, dict[str, Value]] = {
    "cancel-does-not-stop": {"SECONDS": 0.4},  # its workers must have begun after half of it
    "lost-updates": {"ROUNDS": 3},
    "more-is-not-faster": {"CALLS": 4, "SIZE": 10_000, "CPUS": 2},
    "sleeping-is-not-working": {"CALLS": 4, "SECONDS": 0.05},
    "threads-or-processes": {"CALLS": 2, "SIZE": 10_000},
    "too-small-tasks": {"CALLS": 100, "MEGABYTES": 4},
}
"""What others do less of."""


@contextmanager
def quick_run(demo: Demo, method: StartMethod | None) -> Iterator[DemoRun]:
    """A run of the demo with short sleeps and few photographs, in a folder that goes afterwards."""
    values: dict[str, Value] = dict(FEWER.get(demo.name, {}))
    for name, value in demo.values.items():
        if name in values:
            continue
        if name == "SECONDS" and isinstance(value, int | float):
            values[name] = value / SHORTER
        elif name == "SECONDS" and isinstance(value, tuple):
            values[name] = tuple(one / SHORTER for one in value)
        elif name == "PHOTOS":
            values[name] = PHOTOS
    with tempfile.TemporaryDirectory(prefix="procession-check-") as folder:
        source = with_values(demo.source, values)
        yield DemoRun(demo, source, start_method=method, folder=os.fspath(folder))


class CheckReader:
    """Reads a run, and says what was wrong with it.

    Args:
        flaw: what goes wrong in it as it is meant to: it is a problem if it does not.
    """

    def __init__(self, flaw: ExpectedFailure | None = None) -> None:
        self._flaw = flaw or ExpectedFailure()
        self._method = ""
        self._meant = False
        self._ended = ""
        self.problem = ""
        """One sentence; empty where all went well."""
        self.seconds = 0.0
        self.stopped = False
        self._complaint = ""
        self._failed = ""

    def add(self, event: Event) -> None:
        """Takes one event."""
        match event:
            case RunStarted():
                self._method = event.start_method
            case Output(stream=Stream.STDERR) if event.text.strip():
                self._complaint = event.text.strip()
            case TaskFailed() if event.error in self._flaw.errors_under(self._method):
                self._meant = True
            case TaskFailed() if event.error in self._flaw.ends:
                self._ended = event.reason
            case TaskFailed():
                self._failed = event.reason
            case RunFinished():
                self.seconds = event.t
                self.stopped = event.outcome is Outcome.CANCELLED
                ended, failed = (
                    (self._ended, self._failed)
                    if self._meant
                    else ("", self._failed or self._ended)
                )
                if event.outcome is not Outcome.OK and not ended:
                    self.problem = ": ".join(filter(None, [event.reason, self._complaint]))
                elif failed:
                    self.problem = _("a task failed: {reason}").format(reason=failed)
                elif (errors := self._flaw.errors_under(self._method)) and not self._meant:
                    meant = ", ".join(sorted(errors))
                    self.problem = _("it did not go wrong as it is meant to: {errors}").format(
                        errors=meant
                    )
