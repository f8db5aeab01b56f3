"""A comparison under way: demos played one after another, and what each has come to so far."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from tui_app.demos.demo_run import DemoRun
from tui_app.demos.play_times import keep_play_time
from tui_app.demos.variant import Variant
from tui_app.events import Event
from tui_app.runs.comparison.table import labels
from tui_app.runs.comparison.trial import Trial, TrialReader
from tui_app.runs.runnable import played_code
from tui_app.runs.view import RunState


class ComparisonRun:
    """Demos played in turn: a `Runnable` with the events of one run after another.

    At once they would disturb each other. A cancel ends all of it. A demo as it stands, played to
    its end, is remembered with its time.

    Args:
        variants: what is played, in this order.

    Attributes:
        variants: the same.
        playing: the index of what is played now, or was last; `None` before the first.
        readers: take the events of each.
        needs_samples: whether one of them reads the sample photographs.
        first_failure: the exit code of the first script that failed; 0 if none did.
    """

    def __init__(self, variants: Sequence[Variant]) -> None:
        self.variants = tuple(variants)
        self.playing: int | None = None
        self.needs_samples = any(variant.demo.of_photographs for variant in variants)
        self.first_failure = 0
        self.readers = [TrialReader(label) for label in labels(variants)]
        self._present: DemoRun | None = None
        self._stopped = False

    async def events(self) -> AsyncGenerator[Event, None]:
        """See `Runnable.events`."""
        for number, (variant, reader) in enumerate(zip(self.variants, self.readers, strict=True)):
            if self._stopped:
                return
            self.playing = number
            self._present = run = variant.run()
            async with aclosing(run.events()) as events:
                async for event in events:
                    reader.add(event)
                    yield event
            self._present = None
            trial = reader.trial()
            if trial.state is RunState.FAILED:
                self.first_failure = self.first_failure or played_code(1, run.exitcode)
            if trial.ok and variant.is_own:
                keep_play_time(variant.demo.name, trial.wall)
            if trial.state is RunState.CANCELLED:
                return

    def cancel(self, reason: str = "") -> None:
        """See `Runnable.cancel`."""
        self._stopped = True
        if self._present is not None:
            self._present.cancel(reason)

    def trials(self, elapsed: float = 0.0) -> list[Trial]:
        """Return all of them as they stand.

        Args:
            elapsed: seconds since what is played now began, by the caller's own clock.
        """
        return [reader.trial(elapsed) for reader in self.readers]
