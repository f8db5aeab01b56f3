"""Compare: two or three demos, played one after another, and seen side by side."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar, TextIO

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import ContentSwitcher
from tui_app.screens.base.run import RunScreen

from tui_app.demos.catalogue import Demo, find_demo
from tui_app.demos.pairs import look_at
from tui_app.demos.parameters import ParameterError
from tui_app.demos.variant import Variant
from tui_app.engine.machine import usable_cpus
from tui_app.language import N_, _
from tui_app.runs.comparison.run import ComparisonRun
from tui_app.runs.comparison.table import Comparison, is_tutorial
from tui_app.runs.comparison.told import result_lines
from tui_app.runs.disturbance import OWN_RUN
from tui_app.runs.formatting import safe
from tui_app.runs.phrases import status_sentence
from tui_app.runs.printer import print_result
from tui_app.runs.resources import Usage
from tui_app.runs.samples import SAMPLES_KIND, SamplesFirst
from tui_app.runs.view import RunView, Snapshot
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.palette import MUTED
from tui_app.widgets.comparison_choice import ComparisonChoice, DemoMarks
from tui_app.widgets.side_by_side import SideBySide
from tui_app.widgets.timeline import Timeline

CHOOSING, SHOWING = "choosing", "showing"

READY = N_("○ enter runs them, one after another")

OFFERED = "pool-as-completed"
"""The demo whose settings are offered at first: the pool's size decides how long it takes."""


class CompareScreen(RunScreen):
    """The choice of what is compared; behind it the runs, one after another, and their table.

    Args:
        variants: what is compared at first; without any, it is chosen here.
    """

    MODE = "demos"
    CSS_PATH = "compare.tcss"
    MEASURES = True

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+r", "run", N_("Run")),
        Binding("c", "cancel", N_("Cancel")),
        Binding("1", "way(1)", N_("Pairs"), show=False),
        Binding("2", "way(2)", N_("Your own"), show=False),
        Binding("3", "way(3)", N_("Settings"), show=False),
        Binding("escape", "back", N_("Back")),
    ]

    def __init__(self, variants: Sequence[Variant] = ()) -> None:
        super().__init__()
        self._asked = bool(variants)
        self._offered = variants[0].demo if variants else find_demo(OFFERED)
        self.run_shown = ComparisonRun(variants)
        """The comparison that is shown: what it has come to, and what is played now."""
        self._views: list[RunView] = []
        """Every run that was shown since it began, one after another."""

    @property
    def exit_code(self) -> int:
        """The first script's that did not end well, if a comparison was asked for."""
        return (self.run_shown.first_failure or super().exit_code) if self._asked else 0

    def print_result(self, file: TextIO) -> None:
        """Print what the run before the end came to, if it did not go well, and then all of it."""
        snapshot = self.view.snapshot()
        if snapshot.kind:
            print_result(snapshot, None, file)
            columns = shutil.get_terminal_size().columns
            file.writelines(f"{safe(line)}\n" for line in result_lines(self.run_shown, columns))

    def compose_body(self) -> ComposeResult:
        """Compose the choice, and behind it timelines, table, what it means, and the status."""
        with ContentSwitcher(initial=CHOOSING):
            yield ComparisonChoice(id=CHOOSING)
            with Vertical(id=SHOWING):
                yield SideBySide(id="timelines")
                yield PlainText(id="table")
                with VerticalScroll(id="told"):
                    yield PlainText(id="notes")
        yield PlainText(id="status")

    def on_mount(self) -> None:
        """Open at what is compared, or at the choice."""
        self.call_next(self._open)

    def on_resize(self) -> None:
        """Lay the table out again."""
        self.call_after_refresh(self.draw)

    def update_texts(self) -> None:
        """Say what is chosen, or shown, in the present language."""
        super().update_texts()
        if self.choosing:
            self.show_status(_(READY))
        else:
            self.draw()

    async def _open(self) -> None:
        await self.query_one(ComparisonChoice).offer(self._offered)
        if self._asked:
            await self.prepare(self.run_shown)
        else:
            self._choose()

    async def offer(self, demo: Demo) -> None:
        """Offer this demo's settings when something is chosen next."""
        self._offered = demo
        if self.is_mounted:
            await self.query_one(ComparisonChoice).offer(demo)

    # Choosing

    @property
    def choosing(self) -> bool:
        """Whether the choice is shown."""
        return self.query_one(ContentSwitcher).current == CHOOSING

    @on(DemoMarks.TooMany)
    def tell_too_many(self) -> None:
        """Say that no more than three timelines can be read."""
        self.show_status(_("✗ three at most: space on a marked one takes its mark away"))

    async def action_way(self, number: int) -> None:
        """Open one of the ways to choose."""
        self.query_one(ComparisonChoice).show_way(number)

    async def action_back(self) -> None:
        """Go back to the choice, and from there to the demos."""
        if self.choosing:
            await self.app.action_go("demos")
        else:
            self._choose()

    def _choose(self) -> None:
        self.query_one(ContentSwitcher).current = CHOOSING
        self.query_one(ComparisonChoice).focus_way()
        self.show_status(_(READY))
        self.refresh_bindings()

    async def prepare(self, run: ComparisonRun) -> None:
        """Show a comparison, nothing played yet."""
        self.run_shown, self.view, self._views = run, RunView(), []
        await self.query_one(SideBySide).begin(len(run.variants))
        self.query_one(ContentSwitcher).current = SHOWING
        self.query_one(SideBySide).query(Timeline).first().focus()
        self.refresh_bindings()
        self.call_after_refresh(self.draw)

    # Running

    @on(ComparisonChoice.ComparisonWanted)
    async def action_run(self) -> None:
        """Run what is chosen, or what is shown once more."""
        if self.busy:
            return
        variants: Sequence[Variant] = self.run_shown.variants
        if self.choosing:
            try:
                variants = self.query_one(ComparisonChoice).chosen()
            except ParameterError as error:
                self.show_status(f"✗ {error}")
                return
            if len(variants) < 2:
                self.show_status(_("✗ mark two or three demos first: space marks one"))
                return
        self.begin(partial(self.play, ComparisonRun(variants)))

    async def play(self, run: ComparisonRun) -> None:
        """Play them one after another, and show them."""
        await self.prepare(run)
        await self.try_run(SamplesFirst(run, needed=run.needs_samples))

    def show_run(self, view: RunView) -> None:
        """Begin to show another run; those before it stay."""
        self._views.append(view)

    def show_moment(self, snapshot: Snapshot, usage: dict[int, Usage]) -> None:
        """Draw one moment of the run, and those before it as they ended."""
        if self.choosing:
            return
        run = self.run_shown
        trials = run.trials(snapshot.elapsed)
        if self.beside:
            trials = [replace(trial, disturbance=OWN_RUN) for trial in trials]
        shown = [*(view.snapshot() for view in self._views[:-1]), snapshot]
        snapshots = [one for one in shown if one.kind != SAMPLES_KIND]
        snapshots += [Snapshot()] * (len(trials) - len(snapshots))
        titles = [variant.demo.title() for variant in run.variants]
        self.query_one(SideBySide).show(trials, titles, snapshots)
        comparison = Comparison(trials, usable_cpus(), is_tutorial(run.variants))
        table = comparison.table(self.size.width - 2)
        lines = [
            Content.styled(table.header, MUTED),
            *(Content(safe(row)) for row in table.rows),
            *(Content.styled(limit, MUTED) for limit in table.limits),
        ]
        self.query_one("#table", PlainText).set_text(Content("\n").join(lines), layout=True)
        told = list(comparison.sentences()) or [look_at(run.variants)]
        notes = "\n".join(safe(line) for line in told)
        self.query_one("#notes", PlainText).set_text(notes, layout=True)
        self.show_status(self.status(snapshot))

    def status(self, snapshot: Snapshot) -> str:
        """Return the line at the bottom."""
        if snapshot.kind == SAMPLES_KIND:
            sentence = _("the photographs are drawn first, once   {truth}")
            return sentence.format(truth=status_sentence(snapshot))
        run = self.run_shown
        if run.playing is None:
            return _(READY)
        if not self.busy:
            trials = run.trials()
            well = sum(trial.ok for trial in trials)
            sentence = _("{mark} {well} of {runs} went well   enter runs them again")
            mark = "✓" if well == len(trials) else "✗"
            return sentence.format(mark=mark, well=well, runs=len(trials))
        which = _("{number} of {runs}").format(number=run.playing + 1, runs=len(run.variants))
        return f"{which}   {status_sentence(snapshot)}"

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell whether a key means something now."""
        match action:
            case "back":
                return not self.busy
            case "way":
                return self.is_mounted and self.choosing
        return super().check_action(action, parameters)
