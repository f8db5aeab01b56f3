"""Home: what this is, what this machine has, what ran last, and what to do next."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option
from tui_app.screens.base.mode import ModeScreen

from tui_app import language
from tui_app.demos.catalogue import count_demos
from tui_app.demos.play_times import load_play_times
from tui_app.demos.quiz.predictions import load_results, score
from tui_app.engine.machine import memory
from tui_app.images.samples import SAMPLES, missing_samples, samples_folder
from tui_app.language import LANGUAGES, N_, _, counted
from tui_app.runs.formatting import byte_size, duration, folder_title, safe
from tui_app.runs.last_batch import LastBatch
from tui_app.runs.phrases import outcome_sentence
from tui_app.runs.request import images_here
from tui_app.summary import Summary
from tui_app.system import guest
from tui_app.system.user_folders import current_folder
from tui_app.widgets.base.palette import MUTED
from tui_app.widgets.top_bar import machine_sentence

LONGEST_PATH = 44
"""Cells of the current folder's path."""

FOR_GUESTS = ("demos", "help", "language", "quit")
"""The steps that are offered to somebody who may play demos, and nothing else."""


class HomeScreen(ModeScreen):
    """The screen that the app opens at; enter does what a newcomer wants first."""

    MODE = "home"
    CSS_PATH = "home.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "app.next_language", N_("Language"), show=False),
        Binding("s", "app.settings", N_("Settings"), show=False),
    ]

    def compose_body(self) -> ComposeResult:
        """Compose a few lines and a short list."""
        with Vertical(id="home"):
            yield Static(id="title", markup=False)
            yield Static(id="what", markup=False)
            yield Static(id="machine", markup=False)
            yield OptionList(id="next", compact=True, markup=False)

    def on_mount(self) -> None:
        """Let enter take the first entry of the list."""
        self.query_one("#next", OptionList).focus()

    def on_screen_resume(self) -> None:
        """Look around: a batch may have ended meanwhile."""
        self._look_around()

    def update_texts(self) -> None:
        """Say everything in the present language."""
        super().update_texts()
        title = _("Processes in procession: see parallel Python run.")
        what = _("Play the tutorial beside its code; blur, shrink and save photographs.")
        self.query_one("#title", Static).update(title)
        self.query_one("#what", Static).update(what)
        self._look_around()

    def _look_around(self) -> None:
        self.query_one("#machine", Static).update(self._machine())
        options = self.query_one("#next", OptionList)
        chosen = options.highlighted or 0
        options.clear_options()
        options.add_options(self._options())
        options.highlighted = min(chosen, options.option_count - 1)

    def _machine(self) -> Content:
        machine = (_("This machine"), f"{machine_sentence()}, {byte_size(memory()[1])}")
        rows = [machine, (_("Demos"), _demos_played())]
        if not guest.only_demos():
            here = _("{folder}: images") if images_here() else _("{folder}: no image")
            told = here.format(folder=folder_title(current_folder(), LONGEST_PATH))
            rows.insert(1, (_("This folder"), told))
            rows += [(_("Samples"), self._samples()), (_("Last batch"), _last_batch())]
        lines = [Content.assemble((f"{name:<14}", MUTED), safe(value)) for name, value in rows]
        return Content("\n").join(lines)

    def _samples(self) -> str:
        photographs = counted(len(SAMPLES), "{n} photograph", "{n} photographs")
        if not missing_samples(samples_folder()):
            return photographs
        return _("{photographs}, drawn at the first use").format(photographs=photographs)

    def _options(self) -> list[Option]:
        first = counted(
            len(SAMPLES),
            "Process {n} sample photograph → {folder}",
            "Process {n} sample photographs → {folder}",
            folder="./processed",
        )
        if images_here():
            first = _("Plan a batch of the images of this folder")
        steps = [
            ("start", "enter", first),
            ("demos", "d", _("Play the tutorial's steps beside their code")),
            ("batch", "b", _("Choose photographs, a recipe and workers")),
            ("sweep", "S", _("Measure what more workers bring")),
            ("watch", "u", _("Watch a script of your own")),
            ("runs", "R", _("Look at what was run before")),
            ("settings", "s", _("Settings")),
            ("help", "?", _("Keys")),
            ("language", "l", LANGUAGES[language.following()]),
            ("quit", "q", _("Quit")),
        ]
        if guest.only_demos():
            steps = [step for step in steps if step[0] in FOR_GUESTS]
        return [Option(f" {key:<6} {text}", id=name) for name, key, text in steps]

    @on(OptionList.OptionSelected)
    async def take_next_step(self, event: OptionList.OptionSelected) -> None:
        """Do what was chosen."""
        match event.option_id:
            case "start":
                await self.app.open_batch(run=not images_here())
            case "demos" | "batch" | "sweep" | "watch" | "runs" as mode:
                await self.app.action_go(mode)
            case "help":
                self.action_help()
            case "settings":
                self.app.action_settings()
            case "language":
                self.app.action_next_language()
            case "quit":
                await self.app.action_quit()


def _demos_played() -> str:
    played, every = len(load_play_times()), count_demos()
    total = score(load_results().values())
    if not total.predicted:
        return _("{played} of {every} played here").format(played=played, every=every)
    text = _("{played} of {every} played here, {right} of {predicted} predicted right")
    return text.format(played=played, every=every, right=total.right, predicted=total.predicted)


def _last_batch() -> str:
    last = LastBatch.load()
    if last is None:
        return _("none yet")
    when = datetime.fromisoformat(last.ended_at).strftime(_("%d %b %H:%M"))
    summary = Summary(tasks=last.tasks, ok=last.ok, failed=last.failed, skipped=last.skipped)
    outcome = outcome_sentence("batch", summary)
    return _("{when}: {outcome}, in {time}").format(
        when=when, outcome=outcome, time=duration(last.wall)
    )
