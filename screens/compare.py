"""Compare: two or three demos, played one after another, and seen side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import ContentSwitcher
from tui_app.screens.base.run import RUN_GROUP, RunScreen
from tui_app.screens.base.script import played_code

from tui_app.demos.catalogue import Demo, find_demo
from tui_app.demos.pairs import look_at
from tui_app.demos.parameters import ParameterError
from tui_app.demos.play_times import keep_play_time
from tui_app.demos.variant import Variant
from tui_app.engine.machine import usable_cpus
from tui_app.language import N_, _
from tui_app.runs.comparison.table import Comparison, is_tutorial, labels
from tui_app.runs.comparison.trial import TrialReader
from tui_app.runs.formatting import safe
from tui_app.runs.phrases import status_sentence
from tui_app.runs.resources import Usage
from tui_app.runs.view import RunState, RunView, Snapshot
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
    """Choosing what is compared; behind it the runs, one after another, and their table.

    Args:
        variants: what is compared at first; without any, it is chosen here.
    """

    MODE = "demos"
    CSS_PATH = "compare.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "run", N_("Run")),
        Binding("c", "cancel", N_("Cancel")),
        Binding("1", "way(1)", N_("Pairs"), show=False),
        Binding("2", "way(2)", N_("Your own"), show=False),
        Binding("3", "way(3)", N_("Settings"), show=False),
        Binding("escape", "back", N_("Back")),
    ]

    def __init__(self, variants: Sequence[Variant] = ()) -> None:
        super().__init__()
        self._asked = bool(variants)
        self._codes: list[int] = []
        self.variants = tuple(variants)
        """What is compared."""
        self._offered = variants[0].demo if variants else find_demo(OFFERED)
        self._views: list[RunView] = []
        self.readers: list[TrialReader] = []
        """Of each, what its events come to."""
        self.playing: int | None = None
        """Which of them is played now or was last; `None` before the first."""

    @property
    def exit_code(self) -> int:
        """The first script's that did not end well, where a comparison was asked for."""
        return next(filter(None, self._codes), 0) if self._asked else 0

    def compose_body(self) -> ComposeResult:
        """The choice; behind it timelines, table, what it says, and the truth."""
        with ContentSwitcher(initial=CHOOSING):
            yield ComparisonChoice(id=CHOOSING)
            with Vertical(id=SHOWING):
                yield SideBySide(id="timelines")
                yield PlainText(id="table")
                with VerticalScroll(id="told"):
                    yield PlainText(id="notes")
        yield PlainText(id="status")

    def on_mount(self) -> None:
        """Opens at what is compared, or at the choice."""
        self.call_next(self._open)

    def on_resize(self) -> None:
        """Lays the table out anew."""
        self.call_after_refresh(self._draw_now)

    def update_texts(self) -> None:
        """Says what is chosen, or shown, in the present language."""
        super().update_texts()
        if self.choosing:
            self.say(_(READY))
        else:
            self._draw_now()

    async def _open(self) -> None:
        await self.query_one(ComparisonChoice).offer(self._offered)
        if self.variants:
            await self.prepare(self.variants)
        else:
            self._choose()

    async def offer(self, demo: Demo) -> None:
        """Offers this demo's settings, when something is chosen next."""
        self._offered = demo
        if self.is_mounted:
            await self.query_one(ComparisonChoice).offer(demo)

    # Choosing

    @property
    def choosing(self) -> bool:
        """Whether it is chosen what is compared."""
        return self.query_one(ContentSwitcher).current == CHOOSING

    @on(ComparisonChoice.ComparisonWanted)
    async def start(self) -> None:
        """Runs what is chosen."""
        await self.action_run()

    @on(DemoMarks.TooMany)
    def tell_too_many(self) -> None:
        """Three timelines are what can be read."""
        self.say(_("✗ three at most: space on a marked one takes its mark away"))

    async def action_way(self, number: int) -> None:
        """Opens one of the ways to choose."""
        self.query_one(ComparisonChoice).show_way(number)

    async def action_back(self) -> None:
        """Goes back to the choice, and from there to the demos."""
        if self.choosing:
            await self.app.action_go("demos")
        else:
            self._choose()

    def _choose(self) -> None:
        self.query_one(ContentSwitcher).current = CHOOSING
        self.query_one(ComparisonChoice).focus_way()
        self.say(_(READY))
        self.refresh_bindings()

    async def prepare(self, variants: Sequence[Variant]) -> None:
        """Shows these, not played yet."""
        self.variants = tuple(variants)
        self.view = RunView()
        self._views = [RunView() for _variant in variants]
        self.readers = [TrialReader(label) for label in labels(variants)]
        self.playing = None
        self._codes.clear()
        await self.query_one(SideBySide).begin(len(variants))
        self.query_one(ContentSwitcher).current = SHOWING
        self.query_one(SideBySide).query(Timeline).first().focus()
        self.refresh_bindings()
        self.call_after_refresh(self._draw_now)

    # Running

    async def action_run(self) -> None:
        """Runs what is chosen, or what is shown once more."""
        if self.busy:
            return
        variants = self.variants
        if self.choosing:
            try:
                variants = self.query_one(ComparisonChoice).chosen()
            except ParameterError as error:
                self.say(f"✗ {error}")
                return
            if len(variants) < 2:
                self.say(_("✗ mark two or three demos first: space marks one"))
                return
        if self.disturbed():
            return
        self.busy = True
        self.play(variants)

    @work(exclusive=True, group=RUN_GROUP)
    async def play(self, variants: Sequence[Variant]) -> None:
        """Plays them one after another; at once they would disturb each other."""
        try:
            await self.prepare(variants)
            photographs = any(variant.demo.of_photographs for variant in variants)
            if photographs and not await self.draw_samples():
                return
            for number, variant in enumerate(variants):
                self.playing = number
                run = variant.run()
                went_well = await self.try_run(run, self.readers[number])
                self._codes.append(played_code(super().exit_code, run.exitcode))
                trial = self.readers[number].trial()
                if went_well and variant.is_own:
                    keep_play_time(variant.demo.name, trial.wall)
                if trial.state is RunState.CANCELLED:
                    break
        finally:
            self.busy = False
            self.refresh_bindings()
            self._draw_now()

    def show_run(self, view: RunView) -> None:
        """Begins to show another run."""
        if self.playing is not None:
            self._views[self.playing] = view

    def show_moment(self, snapshot: Snapshot, usage: dict[int, Usage]) -> None:
        """Draws one moment of the run, and those before it as they ended."""
        if self.choosing or not self.readers:
            return
        elapsed = snapshot.elapsed
        trials = [reader.trial(elapsed) for reader in self.readers]
        snapshots = [
            snapshot if number == self.playing else view.snapshot()
            for number, view in enumerate(self._views)
        ]
        titles = [variant.demo.title() for variant in self.variants]
        self.query_one(SideBySide).show(trials, titles, snapshots)
        comparison = Comparison(trials, usable_cpus(), is_tutorial(self.variants))
        table = comparison.table(self.size.width - 2)
        lines = [
            Content.styled(table.header, MUTED),
            *(Content(safe(row)) for row in table.rows),
            *(Content.styled(limit, MUTED) for limit in table.limits),
        ]
        self.query_one("#table", PlainText).set_text(Content("\n").join(lines), layout=True)
        told = list(comparison.sentences()) or [look_at(self.variants)]
        notes = "\n".join(safe(line) for line in told)
        self.query_one("#notes", PlainText).set_text(notes, layout=True)
        self.say(self.status(snapshot))

    def status(self, snapshot: Snapshot) -> str:
        """The line at the bottom."""
        if snapshot.kind == "samples":
            sentence = _("the photographs are drawn first, once   {truth}")
            return sentence.format(truth=status_sentence(snapshot))
        if self.playing is None:
            return _(READY)
        if not self.busy:
            trials = [reader.trial() for reader in self.readers]
            well = sum(trial.ok for trial in trials)
            sentence = _("{mark} {well} of {runs} went well   enter runs them again")
            mark = "✓" if well == len(trials) else "✗"
            return sentence.format(mark=mark, well=well, runs=len(trials))
        which = _("{number} of {runs}").format(number=self.playing + 1, runs=len(self.variants))
        return f"{which}   {status_sentence(snapshot)}"

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each key is there when it means something."""
        match action:
            case "back":
                return not self.busy
            case "way":
                return self.is_mounted and self.choosing
        return super().check_action(action, parameters)
