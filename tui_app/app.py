"""The app: its keys, its places, its commands and themes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.theme import Theme, ThemeProvider

from tui_app.doctor import troubles
from tui_app.engine.forkserver import prestart
from tui_app.engine.limits import need_threads
from tui_app.engine.machine import default_start_method
from tui_app.engine.run import kill_all
from tui_app.language import LANGUAGES, N_, _, counted
from tui_app.runs.formatting import safe
from tui_app.runs.resources import Sampler
from tui_app.screens.base.app import BaseApp
from tui_app.screens.base.mode import TITLES, Commanding
from tui_app.screens.home import HomeScreen
from tui_app.settings import Settings
from tui_app.system import gc_tuning, guest, signals
from tui_app.terminal.output import LastingTerminal, apart, is_gone
from tui_app.widgets.base.focus import FEW_COLOURS, FOCUS_CSS
from tui_app.widgets.base.palette import DARK, LIGHT, PROJECTOR_DARK, PROJECTOR_LIGHT
from tui_app.widgets.textual_internals.palette import Palette
from tui_app.widgets.textual_internals.stylesheet import KeptStylesheet

if TYPE_CHECKING:
    from pathlib import Path

    from tui_app.demos.catalogue import Demo
    from tui_app.demos.variant import Variant
    from tui_app.engine.spec import Pool
    from tui_app.records.recording import Recording
    from tui_app.runs.request import BatchRequest
    from tui_app.runs.sweep.work import SweepRequest
    from tui_app.screens.base.run import RunScreen
    from tui_app.screens.batch import BatchScreen
    from tui_app.screens.compare import CompareScreen
    from tui_app.screens.demo_finder import DemoFinder
    from tui_app.screens.demos import DemosScreen
    from tui_app.screens.runs import RunsScreen
    from tui_app.screens.watch import WatchScreen
    from tui_app.script.script_run import ScriptSpec

PALETTE_PLACEHOLDER = N_("Search for commands…")

THREADS = 4
"""Threads that Textual and the making of a plan take, and one more."""

PLACES = ("demos", "compare", "batch", "sweep", "watch")
"""The modes besides Home; each has a screen with runs."""


FOR_GUESTS = ("home", "demos")
"""The places that are named where somebody may play demos, and nothing else."""


def _demo_finder() -> type[DemoFinder]:
    # Imported when the palette is opened: the start needs no demos.
    from tui_app.screens.demo_finder import DemoFinder

    return DemoFinder


class ProcessionApp(BaseApp):
    """See parallel Python run.

    Args:
        request: a batch to open at; without one, Home.
        pool: the workers of that batch.
        demo: a demo to open at.
        compared: demos to open at, side by side; none of them: where they are chosen.
        script: a script of a person's own, to play and to open at.
        swept: a sweep to open at.
        record: the file of a recorded run to open at.
        recording: how runs are recorded; without it, among the records of this machine.
        fps: drawings per second of what runs; without it, what suits the terminal.
        clock: returns seconds; tests freeze it.
        sampler: tells what processes use of the machine.
    """

    TITLE = "procession"
    CSS = FOCUS_CSS
    ENABLE_COMMAND_PALETTE = True
    COMMANDS = App.COMMANDS | {_demo_finder}

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "screen.help", N_("Keys"), key_display="?"),
        Binding("h", "go('home')", N_("Home")),
        Binding("d", "go('demos')", N_("Demos")),
        Binding("b", "go('batch')", N_("Batch")),
        Binding("S", "go('sweep')", N_("Sweep"), key_display="S"),
        Binding("u", "go('watch')", N_("Watch")),
        Binding("R", "go('runs')", N_("Runs"), key_display="R"),
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
        record: Path | None = None,
        recording: Recording | None = None,
        fps: int | None = None,
        clock: Callable[[], float] | None = None,
        sampler: Sampler | None = None,
    ) -> None:
        titles = {mode: TITLES[mode] for mode in FOR_GUESTS} if guest.only_demos() else TITLES
        super().__init__(titles, fps, clock, sampler, recording)
        for theme in (DARK, LIGHT, PROJECTOR_DARK, PROJECTOR_LIGHT):
            self.register_theme(theme)
        remembered = Settings.load().theme
        self.theme = remembered if remembered in self.available_themes else DARK.name
        self.stylesheet = KeptStylesheet(variables=self.get_css_variables())
        self._request, self._pool, self._demo = request, pool, demo
        self._compared, self._script, self._swept = compared, script, swept
        opens = {
            "watch": script,
            "compare": compared,
            "demos": demo,
            "batch": request,
            "sweep": swept,
            "runs": record,
        }
        self._record = record
        self._places: dict[str, RunScreen] = {}
        self._opens_at = next((mode for mode, it in opens.items() if it is not None), "home")

    async def on_mount(self) -> None:
        """Open the first place, in the theme that was chosen last."""
        self.theme_changed_signal.subscribe(self, _remember_theme)
        few = self.no_color or self.console.color_system not in ("256", "truecolor")
        self.set_class(few, FEW_COLOURS)
        self.add_mode("home", HomeScreen)
        for mode in PLACES:
            if mode in (*self.titles, "compare"):
                self.add_mode(mode, partial(self.place, mode))
        if "runs" in self.titles:
            self.add_mode("runs", self._runs)
        self.heed_signals()
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

    # Places

    def place(self, mode: str) -> RunScreen:
        """Return the screen of a mode. It is imported and made when somebody first goes there."""
        if mode not in self._places:
            self._places[mode] = self._make(mode)
            self.run_screens.append(self._places[mode])
        return self._places[mode]

    def _runs(self) -> RunsScreen:
        """Return the screen of the recorded runs, which runs nothing itself."""
        from tui_app.screens.runs import RunsScreen

        return RunsScreen(self._record)

    def _make(self, mode: str) -> RunScreen:
        match mode:
            case "demos":
                from tui_app.screens.demos import DemosScreen

                return DemosScreen(self._demo)
            case "compare":
                from tui_app.screens.compare import CompareScreen

                return CompareScreen(self._compared or ())
            case "batch":
                from tui_app.screens.batch import BatchScreen

                return BatchScreen(self._request, self._pool)
            case "sweep":
                from tui_app.screens.sweep import SweepScreen

                return SweepScreen(self._swept)
            case "watch" if self._script is not None:
                from tui_app.screens.watch import WatchScreen

                return WatchScreen(self._script)
        raise ValueError(mode)

    async def open_batch(self, *, run: bool) -> None:
        """Go to Batch. With `run`, start as soon as there is a plan."""
        await self.switch_mode("batch")
        if run:
            cast("BatchScreen", self.place("batch")).run_when_planned()

    async def open_demo(self, demo: Demo) -> None:
        """Go to a demo."""
        await self.switch_mode("demos")
        screen = cast("DemosScreen", self.place("demos"))
        # After what it does at its first mount.
        screen.call_next(screen.open_demo, demo)

    async def action_go(self, mode: str) -> None:
        """Go to another mode; to Watch, where no script is chosen, by asking for one."""
        if mode == "watch" and self._script is None:
            self.choose_script()
        else:
            await super().action_go(mode)

    def choose_script(self) -> None:
        """Ask for a script of a person's own, and play it; unless one is played just now."""
        from tui_app.screens.dialogs.script_choice import ask_for_script

        if self._script is not None and self.place("watch").busy:
            self.notify(_("A script is played: cancel it first."), severity="warning")
            self.switch_mode("watch")
        else:
            ask_for_script(self, self._script, lambda one: self.call_next(self._watch, one))

    async def _watch(self, script: ScriptSpec) -> None:
        self._script = script
        if "watch" in self._places:
            cast("WatchScreen", self._places["watch"]).play(script)
        await self.action_go("watch")

    async def open_comparison(self, demo: Demo | None = None) -> None:
        """Go to where demos are compared. The settings of this demo are offered there."""
        if demo is not None:
            await cast("CompareScreen", self.place("compare")).offer(demo)
        await self.switch_mode("compare")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell whether a key means something now: one can go only to other places that exist."""
        if action == "settings":
            return not guest.only_demos()
        if action != "go":
            return True
        return parameters[0] in self.titles and parameters[0] != self.current_mode

    # Commands

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield what the command palette has: Textual's commands, the screen's, and the app's."""
        if guest.only_demos():
            yield from self._commands_for_guests()
            return
        for command in super().get_system_commands(screen):
            yield command._replace(title=_(command.title), help=_(command.help))
        if isinstance(screen, Commanding):
            yield from screen.commands()
        yield from self._commands_for_guests()
        yield SystemCommand(_("Batch"), _("Go to Batch"), lambda: self.switch_mode("batch"))
        yield SystemCommand(_("Sweep"), _("Go to Sweep"), lambda: self.switch_mode("sweep"))
        yield SystemCommand(
            _("Watch a script"), _("Choose a script of your own, and play it"), self.choose_script
        )
        yield SystemCommand(
            _("Runs"), _("Go to the recorded runs"), lambda: self.switch_mode("runs")
        )
        yield SystemCommand(
            _("Settings"), _("Theme, language, workers, recipe, …"), self.action_settings
        )
        asking = Settings.load().ask_before_demos
        yield SystemCommand(
            _("Ask before each demo: off") if asking else _("Ask before each demo: on"),
            _("Whether a demo asks what you think before it is played"),
            lambda: replace(Settings.load(), ask_before_demos=not asking).save(),
        )

    def _commands_for_guests(self) -> Iterable[SystemCommand]:
        """Yield the commands that everybody has, also who may play demos, and nothing else."""
        yield SystemCommand(_("Home"), _("Go to Home"), lambda: self.switch_mode("home"))
        yield SystemCommand(_("Demos"), _("Go to Demos"), lambda: self.switch_mode("demos"))
        yield SystemCommand(
            _("Side by side"), _("Compare demos on one time axis"), self.open_comparison
        )
        other = LIGHT if self.current_theme.dark else DARK
        yield SystemCommand(
            _("Light theme") if other is LIGHT else _("Dark theme"),
            _("Change between light and dark"),
            lambda: setattr(self, "theme", other.name),
        )
        for name, title in LANGUAGES.items():
            speak = partial(self.set_language, name)
            yield SystemCommand(title, _("Change the language"), speak)

    def action_settings(self) -> None:
        """Open the form of the settings."""
        from tui_app.screens.dialogs.settings import SettingsDialog

        self.push_screen(SettingsDialog())

    def action_command_palette(self) -> None:
        """Open the command palette, which asks in the present language."""
        if self.use_command_palette and not Palette.is_open(cast("App[object]", self)):
            placeholder = _(PALETTE_PLACEHOLDER)
            self.push_screen(Palette(placeholder=placeholder, id="--command-palette"))

    def search_themes(self) -> None:
        """Open the choice of themes, which asks in the present language."""
        placeholder = _("Search for themes…")
        self.push_screen(Palette(providers=[ThemeProvider], placeholder=placeholder))


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
    record: Path | None = None,
    recording: Recording | None = None,
    fps: int | None = None,
) -> int:
    """Run the app in this terminal; return the exit code. See `ProcessionApp`.

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
        request,
        pool,
        demo=demo,
        compared=compared,
        script=script,
        swept=swept,
        record=record,
        recording=recording,
        fps=fps,
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
        told = sys.stderr if sys.stderr.isatty() else sys.stdout
        if not is_gone(told):
            app.print_results(told)
    return app.return_code or 0
