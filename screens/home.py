"""Home: what this is, what this machine has, what was last, and what to do next."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import psutil
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option
from tui_app.screens.base import ModeScreen

from tui_app.demos.catalogue import demos
from tui_app.demos.predictions import score
from tui_app.images.samples import SAMPLES, missing_samples, samples_folder
from tui_app.language import _
from tui_app.runs.request import images_here
from tui_app.runs.text import folder_title, safe, seconds, size
from tui_app.settings import load_done, load_last_batch, load_marks
from tui_app.widgets.palette import MUTED
from tui_app.widgets.top_bar import machine_sentence

LONGEST_PATH = 44


class HomeScreen(ModeScreen):
    """Where the app opens; enter does what a newcomer wants first."""

    MODE = "home"
    CSS_PATH = "home.tcss"

    def compose_body(self) -> ComposeResult:
        """A few lines and a short list."""
        with Vertical(id="home"):
            yield Static("Processes in procession: see parallel Python run.", id="title")
            yield Static(
                "Play the tutorial beside its code; blur, shrink and save photographs.",
                id="what",
            )
            yield Static(id="machine", markup=False)
            yield OptionList(id="next", compact=True, markup=False)

    def on_mount(self) -> None:
        """Enter is for the first of the list."""
        self.query_one("#next", OptionList).focus()

    def on_screen_resume(self) -> None:
        """Looks around: a batch may have ended meanwhile."""
        self.query_one("#machine", Static).update(self._machine())
        options = self.query_one("#next", OptionList)
        chosen = options.highlighted or 0
        options.clear_options()
        options.add_options(self._options())
        options.highlighted = min(chosen, options.option_count - 1)

    def _machine(self) -> Content:
        here = "images" if images_here() else "no image"
        rows = (
            ("This machine", f"{machine_sentence()}, {size(psutil.virtual_memory().total)}"),
            ("This folder", f"{folder_title(str(Path.cwd()), LONGEST_PATH)}: {here}"),
            ("Demos", _demos()),
            ("Samples", self._samples()),
            ("Last batch", _last_batch()),
        )
        lines = [Content.assemble((f"{name:<14}", MUTED), safe(value)) for name, value in rows]
        return Content("\n").join(lines)

    def _samples(self) -> str:
        missing = len(missing_samples(samples_folder()))
        return f"{len(SAMPLES)} photographs" + (", drawn at the first use" if missing else "")

    def _options(self) -> list[Option]:
        first = f"Process {len(SAMPLES)} sample photographs → ./processed"
        if images_here():
            first = "Plan a batch of the images of this folder"
        steps = (
            ("start", "enter", first),
            ("demos", "d", "Play the tutorial's steps beside their code"),
            ("batch", "b", "Choose photographs, a recipe and workers"),
            ("help", "?", "Keys"),
            ("quit", "q", "Quit"),
        )
        return [Option(f" {key:<6} {text}", id=name) for name, key, text in steps]

    @on(OptionList.OptionSelected)
    async def take_next_step(self, event: OptionList.OptionSelected) -> None:
        """Does what was chosen."""
        match event.option_id:
            case "start":
                await self.app.open_batch(run=not images_here())
            case "demos":
                await self.app.action_go("demos")
            case "batch":
                await self.app.open_batch(run=False)
            case "help":
                self.action_help()
            case "quit":
                await self.app.action_quit()


def _demos() -> str:
    played, every = len(load_done()), len(demos())
    total = score(load_marks().values())
    if not total.predicted:
        return _("{played} of {every} played here").format(played=played, every=every)
    text = _("{played} of {every} played here, {right} of {predicted} predicted right")
    return text.format(played=played, every=every, right=total.right, predicted=total.predicted)


def _last_batch() -> str:
    last = load_last_batch()
    if last is None:
        return "none yet"
    when = datetime.fromisoformat(last.ended_at).strftime("%d %b %H:%M")
    return f"{when}: {last.sentence}, in {seconds(last.wall)}"
