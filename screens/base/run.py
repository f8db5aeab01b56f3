"""What screens that show a run have in common: they take its events in, and draw now and then."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing, suppress
from pathlib import Path
from typing import ClassVar, TextIO

from textual.binding import Binding, BindingType
from textual.worker import WorkType
from tui_app.screens.base.mode import ModeScreen
from tui_app.screens.dialogs.choice import Answer, ChoiceDialog

from tui_app.events import RunStarted
from tui_app.files.error_words import told
from tui_app.language import N_, _
from tui_app.runs.formatting import safe
from tui_app.runs.log import Log
from tui_app.runs.printer import print_result
from tui_app.runs.resources import Usage
from tui_app.runs.runnable import LEAVING_SECONDS, EventReader, Runnable
from tui_app.runs.samples import SAMPLES_KIND
from tui_app.runs.view import RunState, RunView, Snapshot
from tui_app.system import guest
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.log_view import LogView

SAMPLE_SECONDS = 1.0
"""Seconds between two looks at what processes use."""

LABEL_WIDTH = 32
"""Characters of a task's label in the log, so that what became of it fits beside it."""

SLICE = 16
"""Events that are taken in before anything else that waits gets a turn, such as a key."""


LOG_KEYS: Sequence[BindingType] = (
    Binding("y", "copy_line", N_("Copy line"), show=False),
    Binding("Y", "copy_log", N_("Copy log"), key_display="Y", show=False),
)
"""The keys that copy from the log that is seen, wherever the focus is."""


class RunScreen(ModeScreen):
    """A screen that shows one run after another; a subclass has `show_run` and `show_moment`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("X", "export", N_("Export"), key_display="X", show=False),
    ]

    MEASURES: ClassVar[bool] = False
    """Whether it measures times, so that no other run may go on beside it unasked."""

    def __init__(self) -> None:
        super().__init__()
        self.view = RunView()
        """The run that is shown."""
        self.busy = False
        """Whether something runs here, or is about to."""
        self.beside = False
        """Whether another run went on at the same time as the latest one here."""
        self.record: Path | None = None
        """The record of the latest run here that has ended; `None`: there is none."""
        self._runnable: Runnable | None = None
        self._over = asyncio.Event()
        self._began = 0.0
        self._usage: dict[int, Usage] = {}

    def on_mount(self) -> None:
        """Draw as often per second as the app says, and look at processes every second."""
        self.set_interval(1 / self.app.fps, self._draw_if_seen)
        self.set_interval(SAMPLE_SECONDS, self._look_at_processes)

    def show_run(self, view: RunView) -> None:
        """Begin to show another run."""
        raise NotImplementedError

    def show_moment(self, snapshot: Snapshot, usage: dict[int, Usage]) -> None:
        """Draw one moment of the run; `usage` is by pid."""
        raise NotImplementedError

    def begin(self, work: Callable[[], Awaitable[object]]) -> None:
        """Do some work, such as a run, beside the screen, which is busy until it has ended.

        If something is measured, here or elsewhere, while another run goes on, it is asked first.
        """

        async def busy() -> None:
            try:
                if await self._may_begin():
                    await work()
                else:
                    self.not_begun()
            finally:
                self.busy = False
                # If the app is left meanwhile, there is nothing to draw on.
                if not self.left:
                    self.refresh_bindings()
                    self.draw()

        self.busy = True
        worker: WorkType[None] = busy
        self.run_worker(worker, group="run", exclusive=True)

    async def _may_begin(self) -> bool:
        """Ask if a measurement would be disturbed; note on both sides that they were."""
        others = [one for one in self.app.run_screens if one is not self and one.running]
        measured = [one for one in others if one.MEASURES]
        self.beside = bool(others)
        if measured or (others and self.MEASURES):
            question = _disturbing_question if measured else _disturbed_question
            answers = (Answer("start", N_("Start anyway"), "s"), Answer("no", N_("Not now"), "n"))
            if await self.app.push_screen_wait(ChoiceDialog(question, answers)) != "start":
                return False
        for one in others:
            one.beside = True
        return True

    def not_begun(self) -> None:
        """Go back to what was shown before: the run was not wanted."""

    async def watch_run(self, runnable: Runnable, *readers: EventReader) -> None:
        """Run something, and show it from its start to its end.

        Args:
            runnable: what is run. It may have the events of several runs, one after another.
            readers: take its events besides the screen.
        """
        self._runnable = runnable
        self._over.clear()
        self._show_another()
        recorder = self.app.recorder(lambda: self.view)
        if recorder is not None:
            readers = (*readers, recorder)
        try:
            async with aclosing(runnable.events()) as events:
                number = 0
                async for event in events:
                    if isinstance(event, RunStarted):
                        if self.view.snapshot().kind:
                            self._show_another()
                        # A script begins later than it is asked to.
                        self._began = self.app.clock() - event.t
                    self.view.add(event)
                    for reader in readers:
                        reader.add(event)
                    number += 1
                    if number % SLICE == 0:
                        await asyncio.sleep(0)
        finally:
            if recorder is not None:
                recorder.close()
            self.record = None if recorder is None else recorder.path
            self._runnable = None
            self._over.set()
        self.draw()

    async def try_run(self, runnable: Runnable, *readers: EventReader) -> None:
        """Do as `watch_run`, and tell in a notification what keeps the run from beginning."""
        try:
            await self.watch_run(runnable, *readers)
        except OSError as error:
            self.tell_error(error)

    def tell_error(self, error: OSError) -> None:
        """Tell in a notification what the system refuses."""
        self.notify(safe(told(error)), severity="error", markup=False)

    def _show_another(self) -> None:
        self.view, self._began = RunView(Log(label_width=LABEL_WIDTH)), self.app.clock()
        self.show_run(self.view)
        self.refresh_bindings()

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

    @property
    def loss(self) -> str:
        """What leaving now would stop, in a sentence; empty where nobody need be asked."""
        return ""

    @property
    def began(self) -> float:
        """When the latest run here began, by the app's clock."""
        return self._began

    def print_result(self, file: TextIO) -> None:
        """Print what the latest run here came to, as without a screen; nothing where none ran."""
        snapshot = self.view.snapshot()
        if snapshot.kind:
            print_result(snapshot, None if snapshot.kind == SAMPLES_KIND else file, file)

    @property
    def seen_log(self) -> LogView | None:
        """The log, or prints, that are seen; `None`: there are none."""
        return None

    def action_copy_line(self) -> None:
        """Copy the chosen line of the log that is seen, or its last one."""
        if (log := self.seen_log) is not None:
            log.action_copy_line()

    def action_copy_log(self) -> None:
        """Copy all lines of the log that is seen."""
        if (log := self.seen_log) is not None:
            log.action_copy_log()

    def action_export(self) -> None:
        """Ask for a file, and export the run that has ended."""
        # The start takes only what Home takes.
        from tui_app.screens.dialogs.export import ExportDialog

        if self.record is not None:
            self.app.push_screen(ExportDialog(self.record, self.view.snapshot().kind or "run"))

    def show_status(self, sentence: str) -> None:
        """Show a sentence in the line at the bottom, `#status`."""
        self.query_one("#status", PlainText).set_text(safe(sentence))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell whether a key means something now. A subclass decides about its own keys."""
        match action:
            case "run":
                return not self.busy
            case "cancel":
                return self.busy
            case "export":
                can = not self.busy and self.record is not None
                return can and not guest.only_demos()
            case "copy_line" | "copy_log":
                return self.is_mounted and self.seen_log is not None
        return True

    def action_cancel(self) -> None:
        """Stop the run now; what is done stays."""
        if self._runnable is not None:
            self._runnable.cancel()

    async def stop(self) -> None:
        """Cancel what runs, and wait until its processes are gone."""
        if self._runnable is not None:
            self._runnable.cancel(_("the app was left"))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), LEAVING_SECONDS)
        if self._runnable is not None:
            self._runnable.cancel()
            await self._over.wait()

    def draw(self) -> None:
        """Draw the run as it is now."""
        self.show_moment(self.view.snapshot(self.app.clock() - self._began), self._usage)

    def _draw_if_seen(self) -> None:
        if self._runnable is not None and self.is_current and not self.app.behind:
            self.draw()

    def _look_at_processes(self) -> None:
        if self._runnable is not None:
            # A worker of a cluster is elsewhere: its pid may be anybody's here.
            pids = {row.key[0] for row in self.view.snapshot().rows if not row.host}
            self._usage = self.app.sampler.sample(pids)


def _disturbing_question() -> str:
    return _("A measurement runs: another run would make its times wrong. Start anyway?")


def _disturbed_question() -> str:
    return _("Another run goes on: it would make the measured times wrong. Start anyway?")
