"""Sweep: the same work with more and more workers: a plot, a table, and what they mean."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import partial
from typing import ClassVar, TextIO

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, ContentSwitcher, Static
from tui_app.screens.base.run import RunScreen

from tui_app.images.errors import PlanError, RecipeError
from tui_app.language import N_, _, counted
from tui_app.runs.formatting import duration, safe
from tui_app.runs.phrases import STATE_MARKS, status_sentence
from tui_app.runs.printer import print_result
from tui_app.runs.resources import Usage
from tui_app.runs.samples import SAMPLES_KIND, SamplesFirst
from tui_app.runs.sweep.measurement import Cell
from tui_app.runs.sweep.phrases import LEGEND, progress_words, sentences, table
from tui_app.runs.sweep.result import Sweep
from tui_app.runs.sweep.run import SweepRun
from tui_app.runs.sweep.told import result_lines
from tui_app.runs.sweep.work import SweepRequest
from tui_app.runs.view import RunState, RunView, Snapshot
from tui_app.widgets.base.form_fields import FormError
from tui_app.widgets.base.line_widget import PlainText
from tui_app.widgets.base.palette import MUTED
from tui_app.widgets.plot_view import PlotView
from tui_app.widgets.progress_line import ProgressLine
from tui_app.widgets.sweep_form import SweepForm

ASKING, SHOWING = "asking", "showing"

READY = N_("○ enter makes {runs}, one after another")


class SweepScreen(RunScreen):
    """A form, and behind it the sweep: it grows with every run, and stays to be read.

    Args:
        request: what the form has in it at first.
    """

    MODE = "sweep"
    AUTO_FOCUS = "#run"  # as on Batch
    CSS_PATH = "sweep.tcss"
    MEASURES = True

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+r", "run", N_("Run")),
        Binding("c", "cancel", N_("Cancel")),
        Binding("p", "show_table(False)", N_("Plot")),
        Binding("t", "show_table(True)", N_("Table")),
        Binding("escape", "back", N_("Change")),
    ]

    def __init__(self, request: SweepRequest | None = None) -> None:
        super().__init__()
        self.request = request or SweepRequest()
        """What is swept, or was last."""
        self.run_shown = SweepRun(self.request)
        """The sweep that is shown: what it has come to, and what runs now."""
        self._drawn: object = None

    @property
    def exit_code(self) -> int:
        """The latest run's; 1 also if a run before it failed."""
        return super().exit_code or int(any(not run.ok for run in self.run_shown.sweep.runs))

    @property
    def loss(self) -> str:
        """How far the sweep is that leaving would stop."""
        sweep = self.run_shown.sweep
        if self.asking or not self.busy:
            return ""
        return counted(
            sweep.runs_in_all,
            "{made} of {n} run is made, and will be printed. The same command begins anew.",
            "{made} of {n} runs are made, and will be printed. The same command begins anew.",
            made=len(sweep.runs),
        )

    def print_result(self, file: TextIO) -> None:
        """Print what the run before the end came to, if it did not go well, and then all of it."""
        snapshot = self.view.snapshot()
        if snapshot.kind:
            print_result(snapshot, None, file)
        columns = shutil.get_terminal_size().columns
        file.writelines(f"{safe(line)}\n" for line in result_lines(self.run_shown, columns))

    def compose_body(self) -> ComposeResult:
        """Compose the form with an empty plot; behind it plot, table and what they mean."""
        with ContentSwitcher(initial=ASKING):
            with Vertical(id=ASKING):
                yield SweepForm(self.request)
                yield Button(variant="primary", id="run", compact=True)
                yield Static(id="hint", markup=False)
                yield PlotView(id="preview")
            with Vertical(id=SHOWING):
                yield Static(id="title", markup=False)
                yield ProgressLine(id="progress")
                yield PlotView(id="plot")
                with VerticalScroll(id="figures"):
                    yield Static(id="table", markup=False)
                with VerticalScroll(id="told"):
                    yield Static(id="notes", markup=False)
        yield PlainText(id="status")

    def on_mount(self) -> None:
        """Let enter run what is in the form."""
        self.query_one("#run", Button).focus()

    def on_resize(self) -> None:
        """Offer the keys that choose what is seen on a short screen, or not."""
        self.call_after_refresh(self.refresh_bindings)

    def update_texts(self) -> None:
        """Say everything in the present language."""
        super().update_texts()
        self.query_one("#run", Button).label = Content(_("▶ Run (enter)"))
        self.query_one("#hint", Static).update(
            Content.styled(_("What more workers bring is drawn here, run by run."), MUTED)
        )
        self._drawn = None
        if self.asking:
            self.look_at_form()
        else:
            self.draw()

    # Asking

    @property
    def asking(self) -> bool:
        """Whether the form is shown."""
        return self.query_one(ContentSwitcher).current == ASKING

    @on(SweepForm.Changed)
    def look_at_form(self) -> None:
        """Tell how many runs the form asks for, and draw what can be reached at most."""
        if not self.asking:
            return
        try:
            sweep = self.query_one(SweepForm).request.sweep()
        except FormError as error:
            self.show_status(f"✗ {error}")
            return
        self.query_one("#preview", PlotView).sweep = sweep
        runs = counted(sweep.runs_in_all, "{n} run", "{n} runs")
        self.show_status(_(READY).format(runs=runs))

    # Running

    @on(Button.Pressed, "#run")
    @on(SweepForm.RunWanted)
    def action_run(self) -> None:
        """Run what the form asks for, or what is shown once more."""
        if self.busy:
            return
        if self.asking:
            try:
                self.request = self.query_one(SweepForm).request
            except FormError as error:
                self.show_status(f"✗ {error}")
                return
        self.begin(partial(self.make_runs, SweepRun(self.request)))

    async def make_runs(self, run: SweepRun) -> None:
        """Make all runs of a sweep, and show them."""
        self.prepare(run)
        run_and_samples = SamplesFirst(run, needed=run.of_samples)
        try:
            await self.watch_run(run_and_samples)
        except (PlanError, RecipeError, OSError) as error:
            if isinstance(error, OSError) and not run_and_samples.drawn:
                self.tell_error(error)
            else:
                self._ask()
                self.show_status(f"✗ {error}")

    def prepare(self, run: SweepRun) -> None:
        """Show a sweep before its first run."""
        self.run_shown, self._drawn = run, None
        self.view = RunView()
        self.query_one(ContentSwitcher).current = SHOWING
        self.query_one("#figures").focus()
        self.refresh_bindings()
        self.draw()

    def show_run(self, view: RunView) -> None:
        """Keep nothing of the run before: its figures are in the table."""

    def show_moment(self, snapshot: Snapshot, usage: dict[int, Usage]) -> None:
        """Draw one moment: the present run, and what the others came to."""
        if self.asking:
            return
        if snapshot.kind == SAMPLES_KIND and snapshot.state is not RunState.RUNNING:
            # The photographs are there, and the first run has not begun.
            snapshot = Snapshot()
        progress = self.query_one(ProgressLine)
        progress.display = self.busy
        progress.show(snapshot)
        self.show_status(self.status(snapshot))
        # Plot and table change only from run to run.
        sweep = replace(self.run_shown.sweep, beside=self.beside)
        title, now = self.run_shown.title, self.now
        shown = (sweep, title, now)
        if shown != self._drawn:
            self._drawn = shown
            self.query_one("#title", Static).update(safe(title))
            self.query_one("#plot", PlotView).sweep = sweep
            self.query_one("#table", Static).update(Content("\n").join(_table(sweep, now)))
            notes = "\n".join(safe(line) for line in sentences(sweep))
            waits = _("What it means appears here after the first runs.")
            told = Content(notes) if notes else Content.styled(waits, MUTED)
            self.query_one("#notes", Static).update(told)

    @property
    def now(self) -> Cell | None:
        """The cell that is measured now; `None` before the first run, and after the last."""
        return self.run_shown.cell if self.busy else None

    def status(self, snapshot: Snapshot) -> str:
        """Return the line at the bottom."""
        if snapshot.kind == SAMPLES_KIND:
            sentence = _("the photographs are drawn first, once   {truth}")
            return sentence.format(truth=status_sentence(snapshot))
        sweep = self.run_shown.sweep
        if self.now is not None:
            state = f"{_(STATE_MARKS[RunState.RUNNING])}  {duration(snapshot.elapsed):>7}"
            return f"{state}   {progress_words(sweep, self.now)}"
        if self.busy:
            return _("● getting ready")
        made, total = len(sweep.runs), sweep.runs_in_all
        failed = sum(not run.ok for run in sweep.runs)
        if made < total and not sweep.hopeless:
            sentence = _("■ cancelled after {made} of {total} runs: their times are shown")
            words = sentence.format(made=made, total=total)
        elif failed:
            words = counted(failed, "✗ {n} run failed", "✗ {n} runs failed")
        else:
            words = counted(total, "✓ {n} run made", "✓ {n} runs made")
        return "   ".join([words, _("enter runs again, escape changes")])

    # Keys

    def action_show_table(self, table: bool) -> None:
        """On a short screen, show the table in the plot's place, or the plot."""
        self.set_class(table, "-table")
        self.refresh_bindings()

    def action_back(self) -> None:
        """Go back to the form."""
        self._ask()

    def _ask(self) -> None:
        self.query_one(ContentSwitcher).current = ASKING
        self.query_one("#run", Button).focus()
        self.look_at_form()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell whether a key means something now."""
        match action:
            case "back":
                return not self.busy and self.is_mounted and not self.asking
            case "show_table":
                one_of_two = self.is_mounted and not self.asking and self.has_class("-short")
                return one_of_two and parameters != (self.has_class("-table"),)
        return super().check_action(action, parameters)


def _table(sweep: Sweep, now: Cell | None) -> list[Content]:
    figures = table(sweep, now)
    lines = [Content.styled(figures.header, MUTED)]
    for row in figures.rows:
        look = "$error" if row.failed else "bold" if row.now else ""
        lines.append(Content.styled(safe(row.text), look))
    return [*lines, Content(""), *(Content.styled(_(line), MUTED) for line in LEGEND)]
