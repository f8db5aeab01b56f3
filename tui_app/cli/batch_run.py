"""What the command `batch` does: print a plan, estimate it, run it, and write files of it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui_app.cli.recipes import save_asked
from tui_app.language import _, counted
from tui_app.system import gc_tuning, signals

if TYPE_CHECKING:
    from tui_app.engine.spec import Pool
    from tui_app.images.plan import Plan
    from tui_app.runs.failure_list import FailureList
    from tui_app.runs.report import Report
    from tui_app.runs.request import BatchRequest


@dataclass(frozen=True, slots=True)
class ResultFiles:
    """The files that a run is to leave beside its outputs.

    Attributes:
        report: Where the report goes, if one is wanted.
        failures: Where the names of what failed go, if they are wanted.
        null: Whether those are parted by NUL.
    """

    report: str | None
    failures: str | None
    null: bool

    @property
    def wanted(self) -> bool:
        """Whether there is any."""
        return bool(self.report or self.failures)

    def readers(self, plan: Plan) -> list[Report | FailureList]:
        """Return what takes a run's events, and writes the files at its end.

        Raises:
            ResultError: A file cannot be written where it is to stand; in a store, none can.
            click.UsageError: Both would be the same file.
        """
        from tui_app.runs.failure_list import FailureList
        from tui_app.runs.report import Report
        from tui_app.runs.result_file import ResultError
        from tui_app.stores.urls import is_url

        for file in (self.report, self.failures):
            if file and is_url(file):
                raise ResultError(
                    _("{file} cannot be written: reports go to a folder of this machine").format(
                        file=file.rpartition("@")[2]
                    )
                )
        if (
            self.report
            and self.failures
            and os.path.realpath(self.report) == os.path.realpath(self.failures)
        ):
            raise click.UsageError(_("--report and --failures name the same file"))
        readers: list[Report | FailureList] = []
        if self.report:
            readers.append(Report(plan, Path(self.report)))
        if self.failures:
            readers.append(FailureList(plan, Path(self.failures), null=self.null))
        return readers


def saved(request: BatchRequest, name: str) -> BatchRequest:
    """Save what is set as a recipe, and return a request for that one."""
    from tui_app.images.errors import RecipeError

    try:
        recipe = request.load_recipe()
    except RecipeError as error:
        raise click.ClickException(str(error)) from error
    # Its title was said of other values.
    save_asked(replace(recipe, title=name), name)
    return replace(request, recipe=name, steps=(), metadata=None, upright=False)


def print_plan(request: BatchRequest, estimating: Pool | None) -> int:
    """Print a plan; with workers that make a few outputs, what all of them will take, too."""
    from tui_app.images.planner import describe_plan
    from tui_app.images.samples import SAMPLES, missing_samples, samples_folder
    from tui_app.runs.formatting import safe

    request = request.resolved()
    if request.of_samples and missing_samples(samples_folder()):
        click.echo(
            counted(
                len(SAMPLES),
                "no image here: {n} sample would be made in {folder} first",
                "no image here: {n} samples would be made in {folder} first",
                folder=samples_folder(),
            )
        )
        return 0
    plan = _plan(request)
    for line in describe_plan(plan):
        click.echo(safe(line))
    return 0 if estimating is None else _estimate(request, plan, estimating)


def _estimate(request: BatchRequest, plan: Plan, pool: Pool) -> int:
    """Print what a plan's outputs will take; nothing where there will be none."""
    from tui_app.cli.headless import run_headless
    from tui_app.images.errors import PlanError
    from tui_app.runs.estimate import EstimateRun

    if not plan.todo:
        return 0
    run = EstimateRun(plan, pool, request.limits(plan))
    try:
        code = run_headless(run, [], recorded=False)
    except (OSError, PlanError) as error:
        raise click.ClickException(str(error)) from error
    if code >= 128:
        return code
    said = run.estimate or _("no output of the sample could be made")
    name = _("estimate")
    click.echo(f"\n{name:<8} {said}")
    return 0


def _plan(request: BatchRequest) -> Plan:
    from tui_app.images.errors import PlanError, RecipeError

    gc_tuning.go_on()
    try:
        return request.plan(stop=lambda: bool(signals.noted()))
    except (PlanError, RecipeError) as error:
        raise click.ClickException(str(error)) from error


def run_without_screen(
    request: BatchRequest, pool: Pool, files: ResultFiles, *, as_json: bool, quiet: bool
) -> int:
    """Run a batch without a screen; return the exit code."""
    from tui_app.cli.headless import readers, run_headless, run_with_samples
    from tui_app.images.errors import PlanError
    from tui_app.images.samples import SAMPLES
    from tui_app.runs.batch import BatchRun
    from tui_app.runs.connection import connection_note
    from tui_app.runs.result_file import ResultError

    request = request.resolved()
    sentence = counted(
        len(SAMPLES),
        "no image here: drawing {n} sample first, once",
        "no image here: drawing {n} samples first, once",
    )
    run_with_samples(needed=request.of_samples, quiet=quiet, pool=pool.local, sentence=sentence)
    plan = _plan(request)
    to = readers(as_json=as_json, quiet=quiet)
    try:
        written = files.readers(plan)
        if not quiet and not signals.hang_up_is_ignored() and (note := connection_note()):
            click.echo(note, err=True)
        code = run_headless(BatchRun(plan, pool, request.limits(plan)), [*to, *written])
        for reader in written:
            if said := reader.write():
                click.echo(said, err=True)
    except (PlanError, ResultError) as error:
        raise click.ClickException(str(error)) from error
    return code
