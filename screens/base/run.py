"""What screens that show a run have in common: taking its events in, drawing now and then."""

from __future__ import annotations

import asyncio
import signal
from contextlib import aclosing, suppress

from tui_app.screens.base.mode import ModeScreen

from tui_app.engine.spec import Pool
from tui_app.events import RunStarted
from tui_app.files.error_words import told
from tui_app.images.samples import missing_samples, samples_folder
from tui_app.language import _
from tui_app.runs.formatting import safe
from tui_app.runs.log import Log
from tui_app.runs.resources import Usage
from tui_app.runs.runnable import LEAVING_SECONDS, EventReader, Runnable
from tui_app.runs.samples import SamplesRun
from tui_app.runs.view import RunState, RunView, Snapshot
from tui_app.widgets.base.line_widget import PlainText

SAMPLE_SECONDS = 1.0
"""Between two looks at what processes use."""

LABEL_WIDTH = 32
"""Characters of a task's label in the log, so that what became of it fits beside it."""

SLICE = 16
"""Events that are taken in before whoever else waits gets a turn, such as a key."""

RUN_GROUP = "run"
"""The group of Textual's workers that run something: `@work(group=RUN_GROUP)`."""


class RunScreen(ModeScreen):
    """Shows one run after another: a subclass says how, by `show_run` and `show_moment`."""

    def __init__(self) -> None:
        super().__init__()
        self.view = RunView()
        """The run that is shown."""
        self.busy = False
        """Whether something runs here, or is about to."""
        self._runnable: Runnable | None = None
        self._over = asyncio.Event()
        self._began = 0.0
        self._usage: dict[int, Usage] = {}

    def on_mount(self) -> None:
        """Draws so many times a second as the app says, and looks at processes every second."""
        self.set_interval(1 / self.app.fps, self._draw)
        self.set_interval(SAMPLE_SECONDS, self._look_at_processes)

    def show_run(self, view: RunView) -> None:
        """Begins to show another run."""
        raise NotImplementedError

    def show_moment(self, snapshot: Snapshot, usage: dict[int, Usage]) -> None:
        """Draws one moment of the run; `usage` is by pid."""
        raise NotImplementedError

    async def watch_run(self, runnable: Runnable, *readers: EventReader) -> bool:
        """Runs it and shows it from its start to its end; whether all went well.

        Args:
            runnable: what is run.
            readers: take its events besides the screen.
        """
        self._runnable = runnable
        self._over.clear()
        self._begin()
        try:
            async with aclosing(runnable.events()) as events:
                number = 0
                async for event in events:
                    if isinstance(event, RunStarted) and self.view.snapshot().kind:
                        self._begin()
                    self.view.add(event)
                    for reader in readers:
                        reader.add(event)
                    number += 1
                    if number % SLICE == 0:
                        await asyncio.sleep(0)
        finally:
            self._runnable = None
            self._over.set()
        # Not where the app is left meanwhile: what would be drawn on has gone.
        self._draw_now()
        return self.view.snapshot().state is RunState.OK

    async def try_run(self, runnable: Runnable, *readers: EventReader) -> bool:
        """The same where nobody else says what keeps it from beginning: a folder, for instance."""
        try:
            return await self.watch_run(runnable, *readers)
        except OSError as error:
            self.notify(safe(told(error)), severity="error", markup=False)
            return False

    def _begin(self) -> None:
        """Shows a run from its start; a runnable may have one after another."""
        self.view, self._began = RunView(Log(label_width=LABEL_WIDTH)), self.app.clock()
        self.show_run(self.view)
        self.refresh_bindings()

    async def draw_samples(self) -> bool:
        """Draws the sample photographs where they are missing; whether all are there now."""
        folder = samples_folder()
        missing = missing_samples(folder)
        return not missing or await self.try_run(SamplesRun(missing, folder, Pool()))

    @property
    def running(self) -> bool:
        """Whether something runs that is shown here."""
        return self._runnable is not None

    @property
    def exit_code(self) -> int:
        """What the latest run here makes of the app's exit code, as without a screen."""
        match self.view.snapshot().state:
            case RunState.FAILED:
                return 1
            case RunState.CANCELLED:
                return 128 + signal.SIGINT
        return 0

    def say(self, sentence: str) -> None:
        """Says it in the line at the bottom, where a screen has one of its own: `#status`."""
        self.query_one("#status", PlainText).set_text(safe(sentence))

    def disturbed(self) -> bool:
        """Whether something else runs, which would make times untrue: that is said."""
        disturbed = self.app.runs_elsewhere(self)
        if disturbed:
            self.say(_("✗ something else runs: the times would not be true; wait for its end"))
        return disturbed

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each key is there when it means something; a subclass decides about its own."""
        match action:
            case "run":
                return not self.busy
            case "cancel":
                return self.busy
        return True

    def action_cancel(self) -> None:
        """Stops the run now; what is done stays."""
        if self._runnable is not None:
            self._runnable.cancel()

    async def stop(self) -> None:
        """Cancels what runs and waits until its processes are gone."""
        if self._runnable is not None:
            self._runnable.cancel(_("the app was left"))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), LEAVING_SECONDS)
        if self._runnable is not None:
            self._runnable.cancel()
            await self._over.wait()

    def _draw(self) -> None:
        if self._runnable is not None and self.is_current and not self.app.behind:
            self._draw_now()

    def _draw_now(self) -> None:
        self.show_moment(self.view.snapshot(self.app.clock() - self._began), self._usage)

    def _look_at_processes(self) -> None:
        if self._runnable is not None:
            pids = {row.key[0] for row in self.view.snapshot().rows}
            self._usage = self.app.sampler.sample(pids)
