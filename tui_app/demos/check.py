"""Whether a demo runs here: a short run of it, and what went wrong in one sentence."""

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
"""How many times shorter each sleep is than in class."""

PHOTOS = 2
"""How many photographs are used."""

FEWER: dict[str, dict[str, Value]] = {
    "cancel-does-not-stop": {"SECONDS": 0.4},  # Its workers must have begun after half of it.
    "lost-updates": {"ROUNDS": 3},
    "more-is-not-faster": {"CALLS": 4, "SIZE": 10_000, "CPUS": 2},
    "sleeping-is-not-working": {"CALLS": 4, "SECONDS": 0.05},
    "threads-or-processes": {"CALLS": 2, "SIZE": 10_000},
    "too-small-tasks": {"CALLS": 100, "MEGABYTES": 4},
}
"""Other values for a short run, by demo."""


@contextmanager
def quick_run(demo: Demo, method: StartMethod | None) -> Iterator[DemoRun]:
    """Give a run of a demo with short sleeps and few photographs, in a temporary folder."""
    values: dict[str, Value] = dict(FEWER.get(demo.name, {}))
    for name, value in demo.values.items():
        if name in values:
            continue
        if name in ("SECONDS", "PATIENCE", "TICK") and isinstance(value, int | float):
            values[name] = value / SHORTER
        elif name == "SECONDS" and isinstance(value, tuple):
            values[name] = tuple(one / SHORTER for one in value)
        elif name == "PHOTOS":
            values[name] = PHOTOS
    with tempfile.TemporaryDirectory(prefix="procession-check-") as folder:
        source = with_values(demo.source, values)
        yield DemoRun(demo, source, start_method=method, folder=os.fspath(folder))


class CheckReader:
    """A reader of a run that says what was wrong with it.

    Args:
        flaw: What is meant to go wrong in it. It is a problem if it does not.

    Attributes:
        problem: What was wrong, in one sentence; empty where all went well.
        seconds: How long the run took.
        stopped: Whether it was cancelled.
    """

    def __init__(self, flaw: ExpectedFailure) -> None:
        self._flaw = flaw
        self._expected: frozenset[str] = frozenset()
        self._meant = False
        self._ended = self._complaint = self._failed = ""
        self.problem = ""
        self.seconds = 0.0
        self.stopped = False

    def add(self, event: Event) -> None:
        """Take one event."""
        match event:
            case RunStarted():
                self._expected = self._flaw.errors_under(event.start_method)
            case Output(stream=Stream.STDERR) if event.text.strip():
                self._complaint = event.text.strip()
            case TaskFailed() if event.error in self._expected:
                self._meant = True
            case TaskFailed() if event.error in self._flaw.ends:
                self._ended = event.reason
            case TaskFailed():
                self._failed = event.reason
            case RunFinished():
                self.seconds = event.t
                self.stopped = event.outcome is Outcome.CANCELLED
                self.problem = self._judged(event)

    def _judged(self, finished: RunFinished) -> str:
        # After the failure that is meant, the script may end early; else that is a failure, too.
        ended = self._ended if self._meant else ""
        failed = self._failed or ("" if self._meant else self._ended)
        if finished.outcome is not Outcome.OK and not ended:
            return ": ".join(filter(None, [finished.reason, self._complaint]))
        if failed:
            return _("a task failed: {reason}").format(reason=failed)
        if self._expected and not self._meant:
            sentence = _("it should have failed with {errors}, and did not")
            return sentence.format(errors=", ".join(sorted(self._expected)))
        return ""
