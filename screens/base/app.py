"""The app as its screens know it: what they ask of it, and how it is left in good order."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Protocol, TextIO

from rich.text import Text
from textual.app import SuspendNotSupported
from textual.signal import Signal
from textual.widgets import Input
from tui_app.screens.dialogs.choice import Answer, ChoiceDialog

from tui_app import language
from tui_app.crash import describe_crash
from tui_app.demos.catalogue import Demo
from tui_app.engine.run import kill_all, seconds_to_stop
from tui_app.language import N_, _
from tui_app.runs.formatting import safe
from tui_app.runs.resources import Sampler
from tui_app.settings import Settings
from tui_app.system import guest
from tui_app.terminal.output import (
    LastingTerminal,
    default_fps,
    is_gone,
    stop_job,
    wait_for_foreground,
)
from tui_app.widgets.textual_internals.app import RepairedApp

if TYPE_CHECKING:
    from tui_app.records.recorder import Recorder
    from tui_app.records.recording import Recording
    from tui_app.runs.view import RunView

LOOK_SECONDS = 1.0
"""Seconds between two looks whether the terminal is still there."""

LEAVE_SECONDS = 0.4
"""Seconds that leaving waits for killed workers to be gone."""


class RunsHere(Protocol):
    """A screen that runs something, as the app knows it. See `RunScreen`."""

    MEASURES: ClassVar[bool]
    busy: bool
    beside: bool

    @property
    def running(self) -> bool:
        """Whether something runs that is shown there."""
        ...

    @property
    def exit_code(self) -> int:
        """What the latest run there makes of the app's exit code."""
        ...

    @property
    def loss(self) -> str:
        """What leaving now would stop, in a sentence; empty where nobody need be asked."""
        ...

    @property
    def began(self) -> float:
        """When the latest run there began, by the app's clock."""
        ...

    def print_result(self, file: TextIO) -> None:
        """Print what the latest run there came to; nothing where none ran."""
        ...

    async def stop(self) -> None:
        """Cancel what runs, and wait until its processes are gone."""
        ...


class BaseApp(RepairedApp):
    """What screens ask of the app. `ProcessionApp` adds its keys and places.

    Args:
        titles: the modes that are named on top, each with its title in English.
        fps: drawings per second of what runs; without it, what suits the terminal.
        clock: returns seconds; tests freeze it.
        sampler: tells what processes use of the machine.
        recording: how runs are recorded; without it, among the records of this machine.

    Attributes:
        run_screens: the screens with runs that were made so far.
        language_changed_signal: published with the name of the new language; see `Localized`.
    """

    def __init__(
        self,
        titles: dict[str, str],
        fps: int | None,
        clock: Callable[[], float] | None,
        sampler: Sampler | None,
        recording: Recording | None = None,
    ) -> None:
        super().__init__()
        self.titles = titles
        self.run_screens: list[RunsHere] = []
        self.fps = fps or Settings.load().fps or default_fps()
        self.clock = clock or time.monotonic
        self.sampler = sampler or Sampler()
        self._recording = recording
        self._told_unrecorded = False
        """Whether it was told that runs cannot be recorded."""
        self.language_changed_signal: Signal[str] = Signal(self, "language-changed")
        self._signals: list[int] = []
        """Signals that came and shall end the app."""
        self._left_with: int | None = None
        """The exit code, as soon as the app is being left."""
        self._asked = False
        """Whether a question stands whether to leave."""
        self._event_loop: asyncio.AbstractEventLoop | None = None
        """The loop, as soon as the app can be left in good order."""

    # What screens ask

    def recorder(self, view: Callable[[], RunView]) -> Recorder | None:
        """Return what records the next run; `None` where nothing is recorded.

        Args:
            view: returns the view that takes the same events before.
        """
        if self._recording is None:
            from tui_app.records.recording import Recording  # the start takes only what Home takes

            self._recording = Recording()

        def tell(sentence: str) -> None:
            if not self._told_unrecorded:
                self._told_unrecorded = True
                self.notify(safe(sentence), severity="warning", markup=False)

        return self._recording.recorder(tell, view)

    async def open_batch(self, *, run: bool) -> None:
        """Go to Batch. With `run`, start as soon as there is a plan."""
        raise NotImplementedError

    async def open_demo(self, demo: Demo) -> None:
        """Go to a demo."""
        raise NotImplementedError

    async def open_comparison(self, demo: Demo | None = None) -> None:
        """Go to where demos are compared. The settings of this demo are offered there."""
        raise NotImplementedError

    def choose_script(self) -> None:
        """Ask for a script of a person's own, and play it."""
        raise NotImplementedError

    @property
    def behind(self) -> bool:
        """Whether the terminal has not yet taken what was drawn last."""
        return isinstance(sys.__stderr__, LastingTerminal) and sys.__stderr__.behind

    async def action_go(self, mode: str) -> None:
        """Go to another mode."""
        if self.current_mode != mode:
            await self.switch_mode(mode)

    def set_language(self, name: str) -> None:
        """Speak another language from now on, and remember it."""
        replace(Settings.load(), language=name).save()
        self.speak(name)

    def speak(self, name: str) -> None:
        """Speak another language until the app ends."""
        language.use(name)
        self.language_changed_signal.publish(name)

    def action_next_language(self) -> None:
        """Speak the next of the languages."""
        self.set_language(language.following())

    def action_settings(self) -> None:
        """Open the form of the settings."""
        raise NotImplementedError

    # The terminal

    async def action_copy_or_quit(self) -> None:
        """Copy what is selected; without a selection, leave as an interrupted program does."""
        from textual.widgets import TextArea  # the start takes only what Home takes

        focused = self.focused
        if isinstance(focused, Input | TextArea) and focused.selected_text:
            focused.action_copy()
        elif self.screen.get_selected_text():
            self.screen.action_copy_text()
        else:
            await self.leave(128 + signal.SIGINT)

    def action_undo_or_suspend(self) -> None:
        """Undo the latest change of a text; elsewhere, stop as ctrl+z stops any program."""
        from textual.widgets import TextArea  # as above

        focused = self.focused
        if isinstance(focused, TextArea) and not focused.read_only:
            focused.action_undo()
        else:
            self.action_suspend_process()

    def action_suspend_process(self) -> None:
        """Give the terminal back to the shell and stop, with all workers, until `fg`.

        A guest has no shell.
        """
        if guest.is_guest():
            return
        with suppress(SuspendNotSupported, InterruptedError), self.suspend():
            stop_job()
            self._wait_for_terminal()

    def take_terminal_back(self) -> None:
        """Draw everything again on a terminal that another program may have used."""
        with suppress(SuspendNotSupported, InterruptedError):
            self._wait_for_terminal()
            with self.suspend():
                pass

    def _wait_for_terminal(self) -> None:
        # An app that is to be left does not need it.
        wait_for_foreground(lambda: bool(self._signals))

    # Leaving

    def heed_signals(self) -> None:
        """From now on, leave when a signal comes or the terminal goes."""
        self._event_loop = asyncio.get_running_loop()
        self._event_loop.call_soon(self._leave_if_told)
        self.set_interval(LOOK_SECONDS, self._look_for_terminal)

    def caught(self, signum: int) -> None:
        """Take a signal, at any moment; the app is left as soon as it can be in good order."""
        self._signals.append(signum)
        # The loop may have ended meanwhile.
        with suppress(RuntimeError):
            if self._event_loop is not None:
                self._event_loop.call_soon_threadsafe(self._leave_if_told)

    def _leave_if_told(self) -> None:
        if self._signals:
            self.run_worker(self.leave(128 + self._signals[0]), exclusive=True, group="leave")

    def _look_for_terminal(self) -> None:
        # A process that `nohup` started gets no signal when its terminal goes.
        if is_gone(sys.__stdin__):
            self.caught(signal.SIGHUP)

    async def action_quit(self) -> None:
        """Leave, and cancel what runs; before a long run is stopped, ask once."""
        loss = next((screen for screen in self.run_screens if screen.loss), None)
        if loss is None or self._asked:
            await self._quit()
            return

        def take(answer: str | None) -> None:
            self._asked = False
            if answer == "leave":
                self.run_worker(self._quit(), exclusive=True, group="leave")

        self._asked = True
        answers = [Answer("stay", N_("Stay"), "escape"), Answer("leave", N_("Leave"), "q")]
        self.push_screen(ChoiceDialog(lambda: loss.loss or _("All is done."), answers), take)

    async def _quit(self) -> None:
        """Leave, and cancel what runs. A run that has ended gives its exit code."""
        if any(screen.busy for screen in self.run_screens):
            await self.leave(128 + signal.SIGINT)
        else:
            codes = (screen.exit_code for screen in self.run_screens)
            await self.leave(next(filter(None, codes), 0))

    async def leave(self, return_code: int) -> None:
        """Kill what runs, wait shortly until it is gone, and end the app."""
        if self._left_with is None:
            self._left_with = return_code
        try:
            stops = asyncio.gather(*(screen.stop() for screen in self.run_screens))
            await asyncio.wait_for(stops, max(LEAVE_SECONDS, seconds_to_stop()))
        except TimeoutError:
            kill_all()
        self.exit(return_code=self._left_with)

    def print_results(self, file: TextIO) -> None:
        """Print what the runs came to, the latest of each place, after the app was left.

        After a mistake of the app's own there is its report, and nothing else.
        """
        if self._left_with is not None:
            for screen in sorted(self.run_screens, key=lambda screen: screen.began):
                screen.print_result(file)

    def handle_error(self, error: Exception | None) -> None:
        """End the app after a mistake of its own, with a short report of the first error."""
        kill_all()
        if self._left_with is not None:
            # What was being shown has gone with the app: that is no mistake.
            self.close_now(self._left_with)
        elif error is not None:
            self.bell()
            self.panic(Text(describe_crash(error), overflow="fold", end=""))
