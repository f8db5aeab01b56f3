"""Batch: the plan as a form, then the run; the failed ones tried again from here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, ContentSwitcher
from textual.worker import get_current_worker
from tui_app.screens.base.estimate import EstimatingScreen
from tui_app.screens.base.run_pane import RUN_PANE_CSS, RUN_PANE_KEYS, RunPaneScreen
from tui_app.screens.dialogs.choice import Answer, ChoiceDialog
from tui_app.screens.dialogs.recipe import edit_recipe
from tui_app.screens.dialogs.save_failures import SaveFailuresDialog

from tui_app.engine.spec import Pool
from tui_app.images.errors import PlanError, RecipeError
from tui_app.images.plan import Plan
from tui_app.images.planner import measure_plan
from tui_app.images.samples import SAMPLES, missing_samples, samples_folder
from tui_app.language import N_, _, counted
from tui_app.runs.batch import BatchRun
from tui_app.runs.pictures import can_show
from tui_app.runs.request import BatchRequest
from tui_app.runs.resources import Usage
from tui_app.runs.samples import SamplesFirst
from tui_app.runs.usual import usual_pool, usual_recipe
from tui_app.runs.view import RunView, Snapshot
from tui_app.system.background import aside
from tui_app.widgets.base.form_fields import FormError
from tui_app.widgets.log_pane import LogPane
from tui_app.widgets.log_view import LogView
from tui_app.widgets.plan_form import PlanForm
from tui_app.widgets.plan_list import PlanList
from tui_app.widgets.run_pane import RunPane
from tui_app.widgets.textual_internals.file_dialogs import FolderDialog

if TYPE_CHECKING:
    from tui_app.screens.dialogs.pictures import PicturesDialog

PLAN_DELAY = 0.25
"""Seconds without a change in the form until its plan is made."""


class BatchScreen(EstimatingScreen, RunPaneScreen):
    """The plan as a form; behind it the run, and the ways to try again.

    Args:
        request: what the form has in it at first.
        pool: the workers that the form has in it at first.
    """

    MODE = "batch"
    AUTO_FOCUS = "#run"  # not the first field, for a moment: ctrl+c would copy what stands there
    CSS_PATH: ClassVar[list[str | PurePath]] = [RUN_PANE_CSS, "batch.tcss"]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+r", "run", N_("Run")),
        Binding("e", "edit", N_("Edit")),
        Binding("t", "estimate", N_("Estimate")),
        Binding("c", "cancel", N_("Cancel")),
        Binding("r", "retry", N_("Retry")),
        Binding("a", "again", N_("Again")),
        Binding("escape", "back", N_("Plan")),
        Binding("f", "failed_only", N_("Failed only")),
        Binding("n", "save_failures", N_("Save names")),
        Binding("i", "pictures", N_("Pictures")),
        *RUN_PANE_KEYS,
    ]

    def __init__(self, request: BatchRequest | None = None, pool: Pool | None = None) -> None:
        super().__init__()
        self._request = (request or BatchRequest(recipe=usual_recipe())).resolved()
        self._pool = pool or usual_pool()
        self.plan: Plan | None = None
        """What would run, or has run last."""
        self._planning = self._run_when_planned = False
        self._pictures: PicturesDialog | None = None

    def compose_body(self) -> ComposeResult:
        """Compose the form and its plan, and behind them the run."""
        with ContentSwitcher(initial="planning"):
            with Vertical(id="planning"):
                yield PlanForm(self._request, self._pool)
                yield PlanList()
                with Horizontal(id="start"):
                    yield Button(variant="primary", id="run", compact=True)
            yield RunPane(id="running")

    def on_mount(self) -> None:
        """Make the first plan."""
        self.query_one("#run", Button).focus()
        self.plan_again()
        self.refresh_bindings()

    def update_texts(self) -> None:
        """Make the plan again if it is shown; what shows a run speaks for itself."""
        super().update_texts()
        self.query_one("#run", Button).label = Content(_("▶ Run (enter)"))
        if self.query_one(ContentSwitcher).current == "planning":
            self.plan_again()

    # Planning

    @on(PlanForm.Changed)
    def plan_again(self) -> None:
        """Make the plan of the form as it is now."""
        self._planning, self.plan = True, None
        self.end_estimate()
        self.make_plan()
        self.refresh_bindings()

    @work(exclusive=True, group="plan", exit_on_error=True)
    async def make_plan(self) -> None:
        """Make the plan of the form, in a thread; another change gives it up."""
        await asyncio.sleep(PLAN_DELAY)
        if self.left:
            return
        listing = self.query_one(PlanList)
        worker = get_current_worker()
        try:
            self._request = self.query_one(PlanForm).request.resolved()
            self._pool = self.query_one(PlanForm).pool
            if self._samples_missing():
                listing.show_sentence(
                    counted(
                        len(SAMPLES),
                        "{n} sample photograph: it is drawn first, once, into {folder}",
                        "{n} sample photographs: they are drawn first, once, into {folder}",
                        folder=samples_folder(),
                    )
                )
            else:
                listing.show_sentence(_("Looking at the images…"))
                plan = await aside(self._request.plan, lambda: worker.is_cancelled)
                figures = await aside(measure_plan, plan)
                if self.left:
                    return
                self.plan = plan
                listing.show(plan, figures)
                self.refresh_bindings()
        except (FormError, PlanError, RecipeError) as error:
            self._planning = self._run_when_planned = False
            listing.show_sentence(f"{error}", wrong=True)
            return
        self._planning = False
        if self._run_when_planned:
            self._run_when_planned = False
            self.action_run()

    @on(PlanForm.SourceWanted)
    def choose_source(self, event: PlanForm.SourceWanted) -> None:
        """Open the folder dialog."""

        def take(folder: object) -> None:
            if folder is not None:
                self.query_one(PlanForm).set_source(str(folder))

        self.app.push_screen(FolderDialog(event.folder, _("Folder with images")), take)

    @on(PlanForm.EditWanted)
    def action_edit(self) -> None:
        """Open the dialog for the recipe's values."""
        edit_recipe(self.app, self.query_one(PlanForm))

    def action_estimate(self) -> None:
        """Make a few outputs, to tell what all of them will take."""
        if self.plan is None or not self.plan.todo:
            self.app.bell()
            return
        limits = self._request.limits(self.plan)
        tell = self.query_one(PlanList).tell_estimate
        self.estimate(self.plan, self._pool.local, limits, tell)

    # Running

    def run_when_planned(self) -> None:
        """Run as soon as there is a plan."""
        self._run_when_planned = True
        if not self._planning:
            self.plan_again()

    @on(Button.Pressed, "#run")
    @on(PlanForm.RunWanted)
    def action_run(self) -> None:
        """Run the plan; ask first if others' outputs are in the way, or if all is done."""
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
            plans = {Answer("overwrite", N_("Overwrite"), "o"): replace(plan, overwrite=True)}
            if plan.todo:
                plans = {Answer("leave", N_("Leave them"), "l"): plan, **plans}
            self._ask(partial(_existing_question, len(plan.existing)), plans)
        elif plan.done and not plan.todo:
            fresh = Answer("fresh", N_("Make them again"), "m")
            self._ask(partial(_done_question, len(plan.done)), {fresh: replace(plan, fresh=True)})
        else:
            self._start(plan)

    def _samples_missing(self) -> bool:
        return self._request.of_samples and bool(missing_samples(samples_folder()))

    def _ask(self, question: Callable[[], str], plans: Mapping[Answer, Plan]) -> None:
        """Ask which of these plans shall run, if any."""

        def take(value: str | None) -> None:
            for answer, plan in plans.items():
                if answer.value == value:
                    self._start(plan)

        self.app.push_screen(ChoiceDialog(question, list(plans)), take)

    def _start(self, plan: Plan | None) -> None:
        self.end_estimate()
        self.query_one(ContentSwitcher).current = "running"
        self.query_one(LogPane).query_one(LogView).focus()
        self.begin(partial(self.run_plan, plan))

    async def run_plan(self, plan: Plan | None) -> None:
        """Run a plan; without one, draw the samples first, and then run theirs."""
        try:
            if plan is None:
                samples = SamplesFirst(pool=self._pool.local)
                await self.watch_run(samples)
                if not samples.drawn:
                    return
                plan = await aside(self._request.plan)
            self.plan = plan
            await self.run_batch(BatchRun(plan, self._pool, self._request.limits(plan)))
        except (PlanError, OSError) as error:
            self.query_one(ContentSwitcher).current = "planning"
            self.query_one(PlanList).show_sentence(str(error), wrong=True)

    def not_begun(self) -> None:
        """Go back to the plan."""
        self.action_back()

    def show_run(self, view: RunView) -> None:
        """Begin to show another run."""
        self.query_one(RunPane).watch_run(view)

    def show_moment(self, snapshot: Snapshot, usage: dict[int, Usage]) -> None:
        """Draw one moment of the run."""
        self.query_one(RunPane).show(snapshot, usage)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell whether a key means something now."""
        shows_run = self.is_mounted and self.query_one(ContentSwitcher).current == "running"
        ended = shows_run and not self.busy
        match action:
            case "run" | "edit" | "estimate":
                return not shows_run
            case "retry" | "save_failures":
                return ended and bool(self.view.snapshot().failures)
            case "again" | "back":
                return ended
            case "pictures":
                return self.plan is not None and len(self.plan.items) > 0
            case "failed_only" | "search" | "show_tab":
                return shows_run
        return super().check_action(action, parameters)

    @property
    def seen_log(self) -> LogView | None:
        """The log, while a run is shown."""
        shows_run = self.query_one(ContentSwitcher).current == "running"
        return super().seen_log if shows_run else None

    def action_retry(self) -> None:
        """Run those that failed again, and no other."""
        failed = {failure.label for failure in self.view.snapshot().failures}
        if self.plan is not None:
            self._start(self.plan.only(failed))

    def action_save_failures(self) -> None:
        """Save the names of those that failed, for the next command."""
        if self.plan is not None:
            failed = [failure.task for failure in self.view.snapshot().failures]
            self.app.push_screen(SaveFailuresDialog(self.plan, failed))

    def action_pictures(self) -> None:
        """Show the image that is chosen before and after."""
        from tui_app.screens.dialogs.pictures import PicturesDialog  # the start takes what it shows

        plan = self.plan
        if plan is None or not plan.items:
            return
        made = self.query_one(ContentSwitcher).current == "running"
        index = self._chosen_task() - 1 if made else self.query_one(PlanList).chosen
        index = min(index, len(plan.items) - 1)
        if not can_show(plan.items[index], plan):
            self.notify(_("images in a store have no pictures here"), markup=False)
            return
        limits = self._request.limits(plan)
        self._pictures = PicturesDialog(plan, index, self._pool, limits, made=made)
        self.app.push_screen(self._pictures)

    async def stop(self) -> None:
        """Cancel what runs, and wait until its processes are gone."""
        if self._pictures is not None:
            await self._pictures.end()
        await super().stop()

    def _chosen_task(self) -> int:
        """Return the number of the image that the log's chosen line tells of, or the first."""
        return self.query_one(LogPane).query_one(LogView).told_task or 1

    def action_again(self) -> None:
        """Make the plan again, and run it."""
        self.action_back()
        self._run_when_planned = True

    def action_back(self) -> None:
        """Go back to the plan, and make it again: outputs exist now."""
        self.query_one(ContentSwitcher).current = "planning"
        self.query_one("#run", Button).focus()
        self.plan_again()
        self.refresh_bindings()


def _existing_question(outputs: int) -> str:
    return counted(
        outputs,
        "{n} output is there already, not made by procession or changed since.",
        "{n} outputs are there already, not made by procession or changed since.",
    )


def _done_question(images: int) -> str:
    return counted(
        images,
        "{n} image is done already: there is nothing to do.",
        "{n} images are done already: there is nothing to do.",
    )
