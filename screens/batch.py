"""Batch: the plan as a form, then the run; the failed ones tried again from here."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, ContentSwitcher
from textual.worker import get_current_worker
from textual_fspicker import SelectDirectory
from tui_app.screens.base.run import RUN_GROUP, RunScreen
from tui_app.screens.dialogs.choice import Answer, ChoiceDialog

from tui_app.engine.spec import Pool
from tui_app.images.errors import PlanError, RecipeError
from tui_app.images.plan import Plan
from tui_app.images.samples import SAMPLES, missing_samples, samples_folder
from tui_app.language import N_, _, counted
from tui_app.runs.batch import BatchRun
from tui_app.runs.request import BatchRequest
from tui_app.runs.resources import Usage
from tui_app.runs.samples import SamplesRun
from tui_app.runs.view import RunView, Snapshot
from tui_app.system.background import aside
from tui_app.widgets.base.form_fields import FormError
from tui_app.widgets.log_pane import LogPane
from tui_app.widgets.log_view import LogView
from tui_app.widgets.plan_form import PlanForm
from tui_app.widgets.plan_list import PlanList
from tui_app.widgets.run_pane import RunPane

PLAN_DELAY = 0.25
"""Seconds without a change in the form before its plan is made."""


class BatchScreen(RunScreen):
    """Plan, run, look, and try again."""

    MODE = "batch"
    AUTO_FOCUS = "#run"  # not the first field, for a moment: ctrl+c would copy what stands there
    CSS_PATH = "batch.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "run", N_("Run")),
        Binding("c", "cancel", N_("Cancel")),
        Binding("r", "retry", N_("Retry")),
        Binding("a", "again", N_("Again")),
        Binding("escape", "back", N_("Plan")),
        Binding("f", "failed_only", N_("Failed")),
        Binding("p", "show_tab('processes')", N_("Processes"), show=False),
        Binding("x", "show_tab('failed')", N_("Failures"), show=False),
        Binding("s", "show_tab('summary')", N_("Summary"), show=False),
        Binding("slash", "search", N_("Search"), key_display="/"),
    ]

    def __init__(self, request: BatchRequest | None = None, pool: Pool | None = None) -> None:
        super().__init__()
        self._request = (request or BatchRequest()).resolved()
        self._pool = pool or Pool()
        self.plan: Plan | None = None
        """What would run, or has run last."""
        self._planning = self._run_when_planned = False

    def compose_body(self) -> ComposeResult:
        """The form and its plan; behind them the run."""
        with ContentSwitcher(initial="planning"):
            with Vertical(id="planning"):
                yield PlanForm(self._request, self._pool, id="form")
                yield PlanList(id="plan")
                with Horizontal(id="start"):
                    yield Button(variant="primary", id="run", compact=True)
            yield RunPane(id="running")

    def on_mount(self) -> None:
        """Makes the first plan."""
        self.query_one("#run", Button).focus()
        self.plan_again()
        self.refresh_bindings()

    def speak(self) -> None:
        """Says the plan anew where it is looked at; a run says itself, and goes on."""
        super().speak()
        self.query_one("#run", Button).label = Content(_("▶ Run (enter)"))
        if self.query_one(ContentSwitcher).current == "planning":
            self.plan_again()

    # Planning

    @on(PlanForm.Changed)
    def plan_again(self) -> None:
        """Makes the plan of the form as it is now."""
        self._planning, self.plan = True, None
        self.make_plan()

    @work(exclusive=True, group="plan", exit_on_error=True)
    async def make_plan(self) -> None:
        """Makes the plan of the form, in a thread; a further change gives it up."""
        await asyncio.sleep(PLAN_DELAY)
        if self.left:
            return
        listing = self.query_one(PlanList)
        worker = get_current_worker()
        try:
            self._request = self.query_one(PlanForm).request.resolved()
            self._pool = self.query_one(PlanForm).pool
            if self._samples_missing():
                listing.say(
                    counted(
                        len(SAMPLES),
                        "{n} sample photograph: it is drawn first, once, into {folder}",
                        "{n} sample photographs: they are drawn first, once, into {folder}",
                        folder=samples_folder(),
                    )
                )
            else:
                listing.say(_("Looking at the images…"))
                plan = await aside(self._request.plan, lambda: worker.is_cancelled)
                if self.left:
                    return
                self.plan = plan
                listing.show(plan)
        except (FormError, PlanError, RecipeError) as error:
            self._planning = self._run_when_planned = False
            listing.say(f"{error}", wrong=True)
            return
        self._planning = False
        if self._run_when_planned:
            self._run_when_planned = False
            self.action_run()

    @on(PlanForm.SourceWanted)
    def choose_source(self, event: PlanForm.SourceWanted) -> None:
        """Opens the folder dialog."""

        def take(folder: object) -> None:
            if folder is not None:
                self.query_one(PlanForm).set_source(str(folder))

        dialog = SelectDirectory(
            event.folder,
            _("Folder with images"),
            select_button=_("Select"),
            cancel_button=_("Cancel"),
        )
        self.app.push_screen(dialog, take)

    # Running

    @on(Button.Pressed, "#run")
    @on(PlanForm.RunWanted)
    def start(self) -> None:
        """Runs the plan."""
        self.action_run()

    def run_when_planned(self) -> None:
        """Runs as soon as there is a plan."""
        self._run_when_planned = True
        if not self._planning:
            self.plan_again()

    def action_run(self) -> None:
        """Runs the plan; asks first where others' outputs stand in the way, or all is done."""
        plan = self.plan
        if self.busy:
            return
        if self._planning:
            self._run_when_planned = True
        elif plan is None:
            if self._samples_missing():
                self._start(None)
            else:
                self.app.bell()
        elif plan.existing:
            self._ask_about_existing(plan)
        elif plan.done and not plan.todo:
            self._ask_about_done(plan)
        else:
            self._start(plan)

    def _samples_missing(self) -> bool:
        return self._request.of_samples and bool(missing_samples(samples_folder()))

    def _ask_about_existing(self, plan: Plan) -> None:
        def question() -> str:
            return counted(
                len(plan.existing),
                "{n} output is there already, not made by procession or changed since.",
                "{n} outputs are there already, not made by procession or changed since.",
            )

        answers = [Answer("overwrite", N_("Overwrite"), "o")]
        if plan.todo:
            answers.insert(0, Answer("leave", N_("Leave them"), "l"))

        def take(answer: str | None) -> None:
            if answer == "overwrite":
                self._start(replace(plan, overwrite=True))
            elif answer == "leave":
                self._start(plan)

        self.app.push_screen(ChoiceDialog(question, answers), take)

    def _ask_about_done(self, plan: Plan) -> None:
        def question() -> str:
            return counted(
                len(plan.done),
                "{n} image is done already: there is nothing to do.",
                "{n} images are done already: there is nothing to do.",
            )

        def take(answer: str | None) -> None:
            if answer == "fresh":
                self._start(replace(plan, fresh=True))

        answers = [Answer("fresh", N_("Make them again"), "m")]
        self.app.push_screen(ChoiceDialog(question, answers), take)

    def _start(self, plan: Plan | None) -> None:
        self.busy = True
        self.query_one(ContentSwitcher).current = "running"
        self.query_one(LogPane).query_one(LogView).focus()
        self.run_plan(plan)

    @work(exclusive=True, group=RUN_GROUP)
    async def run_plan(self, plan: Plan | None) -> None:
        """Runs a plan; without one, draws the samples first and then runs theirs."""
        try:
            if plan is None:
                folder = samples_folder()
                if not await self.watch_run(
                    SamplesRun(missing_samples(folder), folder, self._pool)
                ):
                    return
                plan = await aside(self._request.plan)
            self.plan = plan
            await self.watch_run(BatchRun(plan, self._pool, self._request.limits(plan)))
        except (PlanError, OSError) as error:
            self.query_one(ContentSwitcher).current = "planning"
            self.query_one(PlanList).say(str(error), wrong=True)
        finally:
            self.busy = False
            self.refresh_bindings()

    def show_run(self, view: RunView) -> None:
        """Begins to show another run."""
        self.query_one(RunPane).watch_run(view)

    def show_moment(self, snapshot: Snapshot, usage: dict[int, Usage]) -> None:
        """Draws one moment of the run."""
        self.query_one(RunPane).show(snapshot, usage)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each key is there when it means something."""
        shows_run = self.is_mounted and self.query_one(ContentSwitcher).current == "running"
        ended = shows_run and not self.busy
        match action:
            case "run":
                return not shows_run
            case "retry":
                return ended and bool(self.view.snapshot().failures)
            case "again" | "back":
                return ended
            case "failed_only" | "search" | "show_tab":
                return shows_run
        return super().check_action(action, parameters)

    def action_retry(self) -> None:
        """Runs those that failed again, and no other."""
        failed = {failure.label for failure in self.view.snapshot().failures}
        if self.plan is not None:
            self._start(self.plan.only(failed))

    def action_again(self) -> None:
        """Makes the plan anew and runs it."""
        self.action_back()
        self._run_when_planned = True

    def action_back(self) -> None:
        """Goes back to the plan, made anew: outputs exist now."""
        self.query_one(ContentSwitcher).current = "planning"
        self.query_one("#run", Button).focus()
        self.plan_again()
        self.refresh_bindings()

    def action_failed_only(self) -> None:
        """Cuts the log down to what failed, or shows it all again."""
        self.query_one(LogPane).toggle_failed_only()

    def action_search(self) -> None:
        """Searches the log."""
        self.query_one(LogPane).search()

    def action_show_tab(self, name: str) -> None:
        """Brings processes, failures or the summary to the front."""
        self.query_one(RunPane).show_tab(name)
