"""The app: its places, its themes, its keys, and leaving in good order."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from rich.text import Text
from textual.app import App, SuspendNotSupported, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.screen import Screen
from textual.signal import Signal
from textual.theme import Theme, ThemeProvider
from textual.widgets import Input

from tui_app import language
from tui_app.crash import describe_crash
from tui_app.doctor import troubles
from tui_app.engine.forkserver import prestart
from tui_app.engine.limits import need_threads
from tui_app.engine.machine import default_start_method
from tui_app.engine.run import kill_all
from tui_app.language import LANGUAGES, N_, _, counted
from tui_app.runs.formatting import safe
from tui_app.runs.resources import Sampler
from tui_app.screens.base.mode import TITLES, Commanding
from tui_app.screens.home import HomeScreen
from tui_app.settings import Settings
from tui_app.system import gc_tuning, signals
from tui_app.terminal.output import (
    LastingTerminal,
    apart,
    default_fps,
    is_gone,
    stop_job,
    wait_for_foreground,
)
from tui_app.widgets.base.palette import DARK, LIGHT, PROJECTOR_DARK, PROJECTOR_LIGHT
from tui_app.widgets.textual_internals.app import RepairedApp
from tui_app.widgets.textual_internals.stylesheet import KeptStylesheet

if TYPE_CHECKING:
    from tui_app.demos.catalogue import Demo
    from tui_app.demos.variant import Variant
    from tui_app.engine.spec import Pool
    from tui_app.runs.request import BatchRequest
    from tui_app.runs.sweep.work import SweepRequest
    from tui_app.screens.base.run import RunScreen
    from tui_app.screens.batch import BatchScreen
    from tui_app.screens.compare import CompareScreen
    from tui_app.screens.demos import DemosScreen
    from tui_app.screens.sweep import SweepScreen
    from tui_app.screens.watch import WatchScreen
    from tui_app.script.script_run import ScriptSpec

S = TypeVar("S", bound="RunScreen")

PALETTE_PLACEHOLDER = N_("Search for commands…")

THREADS = 4
"""Threads that Textual and a plan that is made take, and one to spare."""

LOOK_SECONDS = 1.0
"""How often it is looked whether the terminal is still there."""

LEAVE_SECONDS = 0.4
"""How long leaving waits for killed workers to be gone."""


class ProcessionApp(RepairedApp):
    """See parallel Python run.

    Args:
        request: a batch to open at; without one, Home.
        pool: who does the work of that batch.
        demo: a demo to open at.
        compared: demos to open at, side by side; none of them: where they are chosen.
        script: a script of somebody's own, to play and to open at.
        swept: a sweep to open at.
        fps: drawings a second of what runs; without it, what suits the terminal.
        clock: seconds; tests freeze it.
        sampler: tells what processes use.
    """

    TITLE = "procession"
    ENABLE_COMMAND_PALETTE = True

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "screen.help", N_("Keys"), key_display="?"),
        Binding("h", "go('home')", N_("Home")),
        Binding("d", "go('demos')", N_("Demos")),
        Binding("b", "go('batch')", N_("Batch")),
        Binding("S", "go('sweep')", N_("Sweep"), key_display="S"),
        Binding("u", "go('watch')", N_("Watch")),
        Binding("q", "quit", N_("Quit")),
        Binding("ctrl+c", "copy_or_quit", N_("Copy or quit"), show=False, priority=True),
        Binding("ctrl+z", "undo_or_suspend", N_("Undo or suspend"), show=False, priority=True),
    ]

    def __init__(
        self,
        request: BatchRequest | None = None,
        pool: Pool | None = None,
        *,
        demo: Demo | None = None,
        compared: Sequence[Variant] | None = None,
        script: ScriptSpec | None = None,
        swept: SweepRequest | None = None,
        fps: int | None = None,
        clock: Callable[[], float] = time.monotonic,
        sampler: Sampler | None = None,
    ) -> None:
        super().__init__()
        for theme in (DARK, LIGHT, PROJECTOR_DARK, PROJECTOR_LIGHT):
            self.register_theme(theme)
        remembered = Settings.load().theme
        self.theme = remembered if remembered in self.available_themes else DARK.name
        self.stylesheet = KeptStylesheet(variables=self.get_css_variables())
        self.language_changed_signal: Signal[str] = Signal(self, "language-changed")
        """Published with the new language; see `Localized`."""
        self._run_screens: list[RunScreen] = []
        """Those that were made so far."""
        self._signals: list[int] = []
        """Those that came and shall end the app."""
        self._left_with: int | None = None
        """The exit code, as soon as the app is being left."""
        self._turns: asyncio.AbstractEventLoop | None = None
        """The loop, as soon as the app can be left in order."""
        self._request, self._pool, self._demo = request, pool, demo
        self._compared, self._script, self._swept = compared, script, swept
        opens = {
            "watch": script,
            "compare": compared,
            "demos": demo,
            "batch": request,
            "sweep": swept,
        }
        self._opens_at = next((mode for mode, it in opens.items() if it is not None), "home")
        self.clock = clock
        self.sampler = sampler or Sampler()
        self.fps = fps or default_fps()

    async def on_mount(self) -> None:
        """Opens the first place, in the theme that was chosen last."""
        self.theme_changed_signal.subscribe(self, _remember_theme)
        self.add_mode("home", HomeScreen)
        self.add_mode("demos", lambda: self._demos)
        self.add_mode("compare", lambda: self._compare)
        self.add_mode("batch", lambda: self._batch)
        self.add_mode("sweep", lambda: self._sweep)
        if self._script is not None:
            self.add_mode("watch", lambda: self._watch)
        self._turns = asyncio.get_running_loop()
        self._turns.call_soon(self._heed)
        self.set_interval(LOOK_SECONDS, self._look_for_terminal)
        await self.switch_mode(self._opens_at)
        found = list(troubles())
        for sentence in found[:1]:
            more = counted(
                len(found) - 1,
                "{n} more: procession doctor tells of it",
                "{n} more: procession doctor tells of them",
            )
            said = f"{sentence}; {more}" if len(found) > 1 else sentence
            self.notify(safe(said), severity="warning", markup=False)

    # A place is imported and made when somebody first goes there: the first screen comes sooner.

    @cached_property
    def _batch(self) -> BatchScreen:
        from tui_app.screens.batch import BatchScreen

        return self._made(BatchScreen(self._request, self._pool))

    @cached_property
    def _demos(self) -> DemosScreen:
        from tui_app.screens.demos import DemosScreen

        return self._made(DemosScreen(self._demo))

    @cached_property
    def _compare(self) -> CompareScreen:
        from tui_app.screens.compare import CompareScreen

        return self._made(CompareScreen(self._compared or ()))

    @cached_property
    def _sweep(self) -> SweepScreen:
        from tui_app.screens.sweep import SweepScreen

        return self._made(SweepScreen(self._swept))

    @cached_property
    def _watch(self) -> WatchScreen:
        from tui_app.screens.watch import WatchScreen

        assert self._script is not None
        return self._made(WatchScreen(self._script))

    def _made(self, screen: S) -> S:
        self._run_screens.append(screen)
        return screen

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the command palette has: Textual's own, and the places."""
        for command in super().get_system_commands(screen):
            yield command._replace(title=_(command.title), help=_(command.help))
        if isinstance(screen, Commanding):
            yield from screen.commands()
        yield SystemCommand(_("Home"), _("Go to Home"), lambda: self.switch_mode("home"))
        yield SystemCommand(_("Demos"), _("Go to Demos"), lambda: self.switch_mode("demos"))
        yield SystemCommand(
            _("Side by side"), _("Compare demos on one time axis"), self.open_comparison
        )
        yield SystemCommand(_("Batch"), _("Go to Batch"), lambda: self.switch_mode("batch"))
        yield SystemCommand(_("Sweep"), _("Go to Sweep"), lambda: self.switch_mode("sweep"))
        asking = Settings.load().ask_before_demos
        yield SystemCommand(
            _("Ask before each demo: off") if asking else _("Ask before each demo: on"),
            _("Whether a demo asks what you think before it is played"),
            lambda: replace(Settings.load(), ask_before_demos=not asking).save(),
        )
        other = LIGHT if self.current_theme.dark else DARK
        yield SystemCommand(
            _("Light theme") if other is LIGHT else _("Dark theme"),
            _("Change the ground"),
            lambda: setattr(self, "theme", other.name),
        )
        for name, title in LANGUAGES.items():
            speak = partial(self.set_language, name)
            yield SystemCommand(title, _("Change the language"), speak)

    def action_command_palette(self) -> None:
        """Opens the command palette, which asks in the present language."""
        if self.use_command_palette and not CommandPalette.is_open(cast("App[object]", self)):
            placeholder = _(PALETTE_PLACEHOLDER)
            self.push_screen(CommandPalette(placeholder=placeholder, id="--command-palette"))

    def search_themes(self) -> None:
        """Opens the choice of themes, which asks in the present language."""
        placeholder = _("Search for themes…")
        self.push_screen(CommandPalette(providers=[ThemeProvider], placeholder=placeholder))

    def set_language(self, name: str) -> None:
        """Speak another language from now on, and remember it; `Localized` widgets follow."""
        language.use(name)
        replace(Settings.load(), language=name).save()
        self.language_changed_signal.publish(name)

    def action_next_language(self) -> None:
        """Speaks the next language that there is."""
        self.set_language(language.following())

    async def open_batch(self, *, run: bool) -> None:
        """Goes to Batch; with `run`, starts as soon as there is a plan."""
        await self.switch_mode("batch")
        if run:
            self._batch.run_when_planned()

    async def open_comparison(self, demo: Demo | None = None) -> None:
        """Goes to where demos are compared; this one's settings are offered there."""
        if demo is not None:
            await self._compare.offer(demo)
        await self.switch_mode("compare")

    @property
    def behind(self) -> bool:
        """Whether the terminal has not yet taken what was drawn last."""
        return isinstance(sys.__stderr__, LastingTerminal) and sys.__stderr__.behind

    def runs_elsewhere(self, screen: Screen[None]) -> bool:
        """Whether something runs that another screen shows: it would disturb what is timed."""
        return any(other.running for other in self._run_screens if other is not screen)

    async def action_go(self, mode: str) -> None:
        """Goes to a place."""
        if self.current_mode != mode:
            await self.switch_mode(mode)

    async def action_copy_or_quit(self) -> None:
        """Copies where something is selected, else leaves as an interrupted program does."""
        from tui_app.widgets.code_area import CodeArea  # starting takes what Home takes

        focused = self.focused
        if isinstance(focused, Input | CodeArea) and focused.selected_text:
            focused.action_copy()
        elif self.screen.get_selected_text():
            self.screen.action_copy_text()
        else:
            await self.leave(128 + signal.SIGINT)

    def action_undo_or_suspend(self) -> None:
        """Takes the latest change of a text back, else stops as ctrl+z stops any program."""
        from textual.widgets import TextArea  # as above

        focused = self.focused
        if isinstance(focused, TextArea) and not focused.read_only:
            focused.action_undo()
        else:
            self.action_suspend_process()

    def action_suspend_process(self) -> None:
        """Gives the terminal back to the shell and stops, with all workers, until `fg`."""
        with suppress(SuspendNotSupported, InterruptedError), self.suspend():
            stop_job()
            self._wait_for_terminal()

    def take_terminal_back(self) -> None:
        """Draws everything anew on a terminal that somebody else may have had meanwhile."""
        with suppress(SuspendNotSupported, InterruptedError):
            self._wait_for_terminal()
            with self.suspend():
                pass

    def _wait_for_terminal(self) -> None:
        # Who is to leave has no need of it.
        wait_for_foreground(lambda: bool(self._signals))

    async def action_quit(self) -> None:
        """Leaves; what runs is cancelled. What has ended lends its exit code."""
        if any(screen.busy for screen in self._run_screens):
            await self.leave(128 + signal.SIGINT)
        else:
            codes = (screen.exit_code for screen in self._run_screens)
            await self.leave(next(filter(None, codes), 0))

    async def leave(self, return_code: int) -> None:
        """Kills what runs, waits shortly until it is gone, and ends the app."""
        if self._left_with is None:
            self._left_with = return_code
        try:
            stops = asyncio.gather(*(screen.stop() for screen in self._run_screens))
            await asyncio.wait_for(stops, LEAVE_SECONDS)
        except TimeoutError:
            kill_all()
        self.exit(return_code=self._left_with)

    @property
    def titles(self) -> dict[str, str]:
        """The places, and what each is called on top, in English."""
        return TITLES | ({"watch": N_("Watch")} if self._script is not None else {})

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One can go only to other places, and only to those that there are."""
        if action != "go":
            return True
        return parameters[0] in self.titles and parameters[0] != self.current_mode

    def handle_error(self, error: Exception | None) -> None:
        """End the app after a mistake of its own, with a short report of the first error."""
        kill_all()
        if self._left_with is not None:
            # What was being shown has gone with the app: that is no mistake.
            self.close_now(self._left_with)
        elif error is not None:
            self.bell()
            self.panic(Text(describe_crash(error), overflow="fold", end=""))

    def caught(self, signum: int) -> None:
        """Takes a signal, at any moment; the app is left as soon as it can be in order."""
        self._signals.append(signum)
        # The loop may have ended meanwhile.
        with suppress(RuntimeError):
            if self._turns is not None:
                self._turns.call_soon_threadsafe(self._heed)

    def _heed(self) -> None:
        if self._signals:
            self.run_worker(self.leave(128 + self._signals[0]), exclusive=True, group="leave")

    def _look_for_terminal(self) -> None:
        """Leaves where the terminal has gone without a word: started by `nohup`, none is heard."""
        if is_gone(sys.__stdin__):
            self.caught(signal.SIGHUP)


def _remember_theme(theme: Theme) -> None:
    # A projector's is for the time of a lesson.
    if theme not in (PROJECTOR_DARK, PROJECTOR_LIGHT):
        replace(Settings.load(), theme=theme.name).save()


def run_app(
    request: BatchRequest | None = None,
    pool: Pool | None = None,
    *,
    demo: Demo | None = None,
    compared: Sequence[Variant] | None = None,
    script: ScriptSpec | None = None,
    swept: SweepRequest | None = None,
    fps: int | None = None,
) -> int:
    """Runs the app in this terminal; returns the exit code. See `ProcessionApp`.

    Raises:
        OSError: the machine has not the processes or threads for it.
    """
    prestart(default_start_method())
    need_threads(THREADS)
    # Textual draws on stderr, which may be elsewhere.
    file = sys.__stderr__ if sys.__stderr__ and sys.__stderr__.isatty() else sys.__stdout__
    if file is not None:
        sys.__stderr__ = LastingTerminal(apart(file))  # type: ignore[assignment,misc]
    app = ProcessionApp(
        request, pool, demo=demo, compared=compared, script=script, swept=swept, fps=fps
    )
    gc_tuning.go_on()
    gc_tuning.seldom()
    if signum := signals.noted():
        return 128 + signum
    with signals.Taken(app.caught):
        try:
            app.run()
        finally:
            kill_all()
    return app.return_code or 0
