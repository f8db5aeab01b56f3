"""The commands `batch` and `samples`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui_app.cli.options import (
    Finite,
    chosen_pool,
    draw_samples_first,
    exact_option,
    fps_option,
    headless_option,
    in_folder,
    make_samples,
    memory_option,
    on_terminal,
    open_screen,
    output_options,
    pool_options,
    readers,
    recipe_option,
    recursive_option,
)
from tui_app.language import _, counted
from tui_app.system import gc_tuning, signals

if TYPE_CHECKING:
    from tui_app.engine.spec import Pool
    from tui_app.images.plan import Plan
    from tui_app.runs.request import BatchRequest

METADATA = ("keep", "private", "strip")


@click.command(
    short_help=_("Process images: blur, shrink, save, as a recipe says."),
    help=_(
        "Process images, in folders or named one by one.\n\n"
        "Without a SOURCE it takes the images of the current folder; where there are none,"
        " 15 sample photographs of its own. Originals are never written."
    ),
)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...", type=click.Path())
@click.option(
    "-o", "--output", metavar="DIR", help=_("Where the results go; `processed` by default.")
)
@recursive_option
@recipe_option
@click.option("--metadata", type=click.Choice(METADATA), help=_("Instead of the recipe's own."))
@exact_option
@click.option(
    "--overwrite",
    is_flag=True,
    help=_("Replace outputs that others made or changed; else they are left alone."),
)
@click.option("--fresh", is_flag=True, help=_("Make again what an earlier run has done."))
@click.option("--keep-dates", is_flag=True, help=_("Give each output its source's dates."))
@click.option("--dry-run", is_flag=True, help=_("Print the plan and stop."))
@click.option("--report", metavar="FILE", help=_("Write what became of each image: .csv or .json."))
@click.option(
    "--timeout",
    type=Finite(0, min_open=True),
    metavar="SECONDS",
    help=_("Give an image up that takes longer; its worker is replaced."),
)
@click.option(
    "--retries",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help=_("Try what failed so often again."),
)
@click.option("--max-failures", metavar="N|P%", help=_("Stop when so many images have failed."))
@memory_option
@headless_option
@fps_option
@pool_options
@output_options
@in_folder
def batch(
    sources: tuple[str, ...],
    output: str | None,
    recursive: bool,
    recipe: str,
    metadata: str | None,
    exact: bool,
    overwrite: bool,
    fresh: bool,
    keep_dates: bool,
    dry_run: bool,
    report: str | None,
    timeout: float | None,
    retries: int,
    max_failures: str | None,
    memory: str | None,
    headless: bool,
    workers: int | None,
    executor: str,
    start_method: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """A batch: its plan, or its run, with or without a screen."""
    pool = chosen_pool(executor, workers, start_method)
    from tui_app.images.recipe import Metadata
    from tui_app.runs.request import BatchRequest, MaxFailures, parse_bytes

    try:
        failures = MaxFailures.parse(max_failures) if max_failures else None
        most_memory = parse_bytes(memory) if memory else None
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    request = BatchRequest(
        sources=sources,
        output=output,
        recipe=recipe,
        metadata=Metadata(metadata) if metadata else None,
        recursive=recursive,
        overwrite=overwrite,
        keep_dates=keep_dates,
        fresh=fresh,
        exact=exact,
        timeout=timeout,
        retries=retries,
        max_failures=failures,
        memory=most_memory,
    )
    if dry_run:
        if as_json:
            raise click.UsageError(
                _("--dry-run prints a plan, which has no events: leave out --json")
            )
        return _dry_run(request)
    if headless or as_json or quiet or report or not on_terminal():
        return _batch_headless(request, pool, report, as_json=as_json, quiet=quiet)
    return open_screen(request, pool, "procession batch --headless")


@click.command(
    short_help=_("Make the sample photographs."),
    help=_("Make the 15 sample photographs in DIR, or where the app keeps them."),
)
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path())
@pool_options
@output_options
@in_folder
def samples(
    folder: str | None,
    workers: int | None,
    executor: str,
    start_method: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Make the 15 sample photographs in DIR, or where the app keeps them."""
    from tui_app.images.samples import samples_folder

    into = Path(folder) if folder else samples_folder()
    if os.path.lexists(into) and not os.path.isdir(into):  # noqa: PTH112
        raise click.UsageError(
            _("{folder} is not a folder: name one, or one to be made").format(folder=into)
        )
    pool = chosen_pool(executor, workers, start_method)
    return make_samples(into, pool, readers(as_json=as_json, quiet=quiet))


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
    request: BatchRequest, pool: Pool, report: str | None, *, as_json: bool, quiet: bool
) -> int:
    from tui_app.cli.headless import run_headless
    from tui_app.images.errors import PlanError
    from tui_app.images.samples import SAMPLES
    from tui_app.runs.batch import BatchRun
    from tui_app.runs.report import Report, ReportError

    request = request.resolved()
    sentence = counted(
        len(SAMPLES),
        "no image here: drawing {n} sample first, once",
        "no image here: drawing {n} samples first, once",
    )
    if request.of_samples and (code := draw_samples_first(pool, sentence, quiet=quiet)):
        return code
    plan = _plan(request)
    to = readers(as_json=as_json, quiet=quiet)
    try:
        table = Report(plan, Path(report)) if report else None
        code = run_headless(
            BatchRun(plan, pool, request.limits(plan)), [*to, *([table] if table else [])]
        )
        if table:
            table.write()
    except (PlanError, ReportError) as error:
        raise click.ClickException(str(error)) from error
    return code
