"""The commands `batch` and `samples`."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui_app.cli.language import command, option
from tui_app.cli.options import (
    Finite,
    asked_fps,
    converted,
    exact_option,
    fps_option,
    headless_option,
    in_folder,
    max_pixels_option,
    memory_option,
    output_options,
    pool_options,
    recursive_option,
    wants_screen,
)
from tui_app.cli.recipes import save_asked, save_recipe_option, step_options
from tui_app.language import N_, _, counted
from tui_app.system import gc_tuning, signals

if TYPE_CHECKING:
    from tui_app.engine.spec import Pool
    from tui_app.images.plan import Plan
    from tui_app.images.recipe import Metadata
    from tui_app.images.recipe_changes import Steps
    from tui_app.runs.failure_list import FailureList
    from tui_app.runs.report import Report
    from tui_app.runs.request import BatchRequest, MaxFailures

METADATA = ("keep", "private", "strip")


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
            ResultError: A file cannot be written where it is to stand.
            click.UsageError: Both would be the same file.
        """
        from tui_app.runs.failure_list import FailureList
        from tui_app.runs.report import Report

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


def _metadata(name: str) -> Metadata:
    from tui_app.images.recipe import Metadata

    return Metadata(name)


def _max_failures(text: str) -> MaxFailures:
    from tui_app.runs.request import MaxFailures

    return MaxFailures.parse(text)


@command(
    short_help=N_("Process images: blur, shrink, save, as a recipe says."),
    help=N_(
        "Process images, in folders or named one by one. A `-` stands for the names on standard"
        " input, one a line.\n\n"
        "Without a SOURCE it takes the images of the current folder; where there are none,"
        " 15 sample photographs of its own. Originals are never written."
    ),
)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...", type=click.Path())
@option("-o", "--output", metavar="DIR", help=N_("Where the results go; `processed` by default."))
@recursive_option
@option(
    "-0",
    "--null",
    is_flag=True,
    help=N_("Read names from standard input, parted by NUL, as of `find -print0`."),
)
@option(
    "--exclude",
    multiple=True,
    metavar="PATTERN",
    help=N_("Leave out what matches, such as '*-small.*' or 'raw/**'; may be given twice."),
)
@option(
    "--keep-structure",
    is_flag=True,
    help=N_("Files that are named keep their folders, from the current one on."),
)
@option(
    "--name",
    metavar="PATTERN",
    help=N_(
        "What outputs are called, such as '{{stem}}-{{width}}{{ext}}'; the fields are {fields}. A"
        " slash makes folders."
    ),
    words={"fields": "stem, ext, folder, width, height, date, counter, recipe"},
)
@option(
    "--recipe",
    metavar="NAME|FILE",
    help=N_(
        "What is done to each image; {default} by default, or {plain} where steps are asked for."
    ),
    words={"default": "tutorial", "plain": "plain"},
)
@step_options
@save_recipe_option
@option(
    "--metadata",
    type=click.Choice(METADATA),
    callback=converted(_metadata),
    help=N_("Instead of the recipe's own."),
)
@option(
    "--upright",
    is_flag=True,
    help=N_("Turn pixels upright, and encode them anew, though nothing else is done to them."),
)
@exact_option
@option(
    "--overwrite",
    is_flag=True,
    help=N_("Replace outputs that others made or changed, and those of another recipe."),
)
@option("--fresh", is_flag=True, help=N_("Make again what an earlier run has done."))
@option("--keep-dates", is_flag=True, help=N_("Give each output its source's dates."))
@option("--dry-run", is_flag=True, help=N_("Print the plan and stop."))
@option("--report", metavar="FILE", help=N_("Write the result of each image: .csv or .json."))
@option(
    "--failures",
    metavar="FILE",
    help=N_("Write the paths of what failed, one a line, or with -0 parted by NUL."),
)
@option(
    "--timeout",
    type=Finite(0, min_open=True),
    metavar="SECONDS",
    help=N_("Give an image up that takes longer; its worker is replaced."),
)
@option(
    "--retries",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help=N_("How many times to try again what failed."),
)
@option(
    "--max-failures",
    metavar="N|P%",
    callback=converted(_max_failures),
    help=N_("Stop when so many images have failed."),
)
@memory_option
@max_pixels_option
@headless_option
@fps_option
@pool_options
@output_options
@in_folder
def batch(
    *,
    sources: tuple[str, ...],
    null: bool,
    recipe: str | None,
    steps: Steps,
    save_recipe: str | None,
    dry_run: bool,
    report: str | None,
    failures: str | None,
    headless: bool,
    pool: Pool,
    as_json: bool,
    quiet: bool,
    **asked: Any,
) -> int:
    """Print the plan of a batch, or run it, with or without a screen.

    `asked` has the attributes of a `BatchRequest`.
    """
    from tui_app.cli.standard_input import STANDARD_INPUT, with_names
    from tui_app.images.recipe import DEFAULT_RECIPE, PLAIN_RECIPE
    from tui_app.runs.request import BatchRequest

    # Where sources are named, -0 may be about the names that are written.
    reads = not (failures and sources) or STANDARD_INPUT in sources
    base = recipe or (PLAIN_RECIPE if steps else DEFAULT_RECIPE)
    named = with_names(sources, null=null and reads)
    request = BatchRequest(named, recipe=base, steps=steps, **asked)
    if save_recipe is not None:
        request = _saved(request, save_recipe)
    if dry_run:
        if as_json:
            raise click.UsageError(
                _("--dry-run prints a plan, which has no events: leave out --json")
            )
        return _dry_run(request)
    files = ResultFiles(report, failures, null)
    if files.wanted or not wants_screen(headless=headless, as_json=as_json, quiet=quiet):
        return _batch_headless(request, pool, files, as_json=as_json, quiet=quiet)
    from tui_app.app import run_app

    return run_app(request, pool, fps=asked_fps())


@command(
    short_help=N_("Make the sample photographs."),
    help=N_("Make the 15 sample photographs in DIR, or where the app keeps them."),
)
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path())
@pool_options
@output_options
@in_folder
def samples(folder: str | None, pool: Pool, as_json: bool, quiet: bool) -> int:
    """Make the 15 sample photographs in DIR, or where the app keeps them."""
    from tui_app.cli.headless import cannot_draw, readers, run_headless
    from tui_app.images.samples import samples_folder
    from tui_app.runs.samples import SamplesRun

    into = Path(folder) if folder else samples_folder()
    if os.path.lexists(into) and not os.path.isdir(into):  # noqa: PTH112
        raise click.UsageError(
            _("{folder} is not a folder: name one, or one to be made").format(folder=into)
        )
    run = SamplesRun(into, pool)
    if not run.missing:
        click.echo(_("all samples are in {folder} already").format(folder=into), err=True)
        return 0
    try:
        return run_headless(run, readers(as_json=as_json, quiet=quiet))
    except OSError as error:
        raise cannot_draw(into, error) from error


def _saved(request: BatchRequest, name: str) -> BatchRequest:
    """Save what is set as a recipe, and return a request for that one."""
    from tui_app.images.errors import RecipeError

    try:
        recipe = request.load_recipe()
    except RecipeError as error:
        raise click.ClickException(str(error)) from error
    # Its title was said of other values.
    save_asked(replace(recipe, title=name), name)
    return replace(request, recipe=name, steps=(), metadata=None, upright=False)


def _dry_run(request: BatchRequest) -> int:
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
    for line in describe_plan(_plan(request)):
        click.echo(safe(line))
    return 0


def _plan(request: BatchRequest) -> Plan:
    from tui_app.images.errors import PlanError, RecipeError

    gc_tuning.go_on()
    try:
        return request.plan(stop=lambda: bool(signals.noted()))
    except (PlanError, RecipeError) as error:
        raise click.ClickException(str(error)) from error


def _batch_headless(
    request: BatchRequest, pool: Pool, files: ResultFiles, *, as_json: bool, quiet: bool
) -> int:
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
    run_with_samples(needed=request.of_samples, quiet=quiet, pool=pool, sentence=sentence)
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
