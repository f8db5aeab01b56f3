"""Home: what this is, what this machine has, what was last, and what to do next."""

from __future__ import annotations

import platform
from datetime import datetime
from pathlib import Path

import psutil
from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option
from tui_app.screens.base import ModeScreen

from tui_app.engine.machine import default_start_method, usable_cpus
from tui_app.images.samples import SAMPLES, missing_samples, samples_folder
from tui_app.runs.request import images_here
from tui_app.runs.text import count, safe, seconds, shorten, size
from tui_app.settings import load_last_batch
from tui_app.widgets.palette import muted_style, theme_style

LONGEST_PATH = 44


class HomeScreen(ModeScreen):
    """Where the app opens; enter does what a newcomer wants first."""

    MODE = "home"
    CSS_PATH = "home.tcss"

    def compose_body(self) -> ComposeResult:
        """A few lines and a short list."""
        with Vertical(id="home"):
            yield Static(id="what", markup=False)
            yield Static(id="machine", markup=False)
            yield OptionList(id="next", compact=True, markup=False)

    def on_mount(self) -> None:
        """Looks around once."""
        self.query_one("#next", OptionList).focus()

    def on_screen_resume(self) -> None:
        """Looks around again: a batch may have ended meanwhile."""
        self.query_one("#what", Static).update(self._what())
        self.query_one("#machine", Static).update(self._machine())
        options = self.query_one("#next", OptionList)
        chosen = options.highlighted or 0
        options.clear_options()
        options.add_options(self._options())
        options.highlighted = min(chosen, options.option_count - 1)

    def _what(self) -> Text:
        look = theme_style(self.app, "primary") + Style(bold=True)
        return Text.assemble(
            ("Processes in procession: see parallel Python run.\n", look),
            "Blur, shrink and save photographs in a pool of processes, and watch each one work.",
        )

    def _machine(self) -> Text:
        rows = [
            (
                "This machine",
                f"{count(usable_cpus(), 'CPU')}, {size(psutil.virtual_memory().total)},"
                f" Python {platform.python_version()}, {default_start_method()}",
            ),
            (
                "This folder",
                f"{_short(str(Path.cwd()))}: {'images' if images_here() else 'no image'}",
            ),
            ("Samples", self._samples()),
            ("Last batch", _last_batch()),
        ]
        text = Text(no_wrap=True, overflow="ellipsis")
        for name, value in rows:
            text.append(f"{name:<14}", muted_style(self.app))
            text.append(f"{safe(value)}\n")
        text.right_crop(1)
        return text

    def _samples(self) -> str:
        missing = len(missing_samples(samples_folder()))
        return f"{len(SAMPLES)} photographs" + (", drawn at the first use" if missing else "")

    def _options(self) -> list[Option]:
        first = f"Process {len(SAMPLES)} sample photographs → ./processed"
        if images_here():
            first = "Plan a batch of the images of this folder"
        steps = (
            ("start", "enter", first),
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
            case "batch":
                await self.app.open_batch(run=False)
            case "help":
                self.action_help()
            case "quit":
                await self.app.action_quit()


def _short(folder: str) -> str:
    home = str(Path.home())
    return shorten(f"~{folder[len(home) :]}" if folder.startswith(home) else folder, LONGEST_PATH)


def _last_batch() -> str:
    last = load_last_batch()
    if last is None:
        return "none yet"
    when = datetime.fromisoformat(last.ended_at).strftime("%d %b %H:%M")
    return f"{when}: {last.sentence}, in {seconds(last.wall)}"
