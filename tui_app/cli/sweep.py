"""The command `sweep`: the same work with each executor and 1, 2, … workers, and what it shows."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import click

from tui_app.cli.exports import export_option
from tui_app.cli.language import command, option
from tui_app.cli.options import (
    EXECUTORS,
    asked_fps,
    asked_recording,
    exact_option,
    fps_option,
    headless_option,
    in_folder,
    max_pixels_option,
    memory_option,
    output_options,
    recipe_option,
    record_options,
    recursive_option,
    refuse_secrets,
    start_method_option,
    wants_screen,
)
from tui_app.engine.machine import (
    MOST_WORKERS,
    StartMethod,
    default_start_method,
    usable_cpus,
)
from tui_app.engine.spec import ExecutorKind
from tui_app.files.error_words import reason
from tui_app.language import N_, _
from tui_app.runs.sweep.kinds import ROUNDS, WorkKind

if TYPE_CHECKING:
    from tui_app.runs.runnable import EventReader
    from tui_app.runs.sweep.work import SweepRequest


@command(
    short_help=N_("Do the same work with more and more workers, and compare."),
    help=N_(
        "Do the same work with 1, 2, … workers and with each executor, one run after another, and"
        " tell what more workers bring.\n\n"
        "The work is the images of the SOURCEs, or the 15 sample photographs; their outputs go"
        " into a temporary folder and are removed."
    ),
)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...", type=click.Path())
@option(
    "--work",
    type=click.Choice([str(kind) for kind in WorkKind]),
    default="images",
    show_default=True,
    help=N_("What is done: process images, compute in pure Python, or sleep."),
)
@recursive_option
@recipe_option
@exact_option
@option(
    "--up-to",
    type=click.IntRange(1, MOST_WORKERS),
    metavar="N",
    help=N_("Up to how many workers; twice the usable CPUs by default."),
)
@option(
    "--rounds",
    type=click.IntRange(1, 99),
    default=ROUNDS,
    metavar="N",
    show_default=True,
    help=N_("How often each run is made."),
)
@option(
    "--executor",
    "executors",
    multiple=True,
    type=click.Choice(EXECUTORS),
    help=N_("Only this one, beside the sequential runs; may be given twice."),
)
@memory_option
@max_pixels_option
@start_method_option
@headless_option
@fps_option
@output_options
@record_options
@export_option
@in_folder
def sweep(
    *,
    work: str,
    up_to: int | None,
    rounds: int,
    executors: tuple[str, ...],
    start_method: StartMethod | None,
    headless: bool,
    as_json: bool,
    quiet: bool,
    **images: Any,
) -> int:
    """Make a sweep, with or without a screen.

    `images` has attributes of a `BatchRequest`.
    """
    from tui_app.runs.request import BatchRequest
    from tui_app.runs.sweep.result import PARALLEL
    from tui_app.runs.sweep.work import SweepRequest

    kind = WorkKind(work)
    if images["sources"] and kind is not WorkKind.IMAGES:
        raise click.UsageError(_("--work {work} takes no SOURCE").format(work=work))
    refuse_secrets(*images["sources"])
    request = SweepRequest(
        work=kind,
        images=BatchRequest(**images),
        most=up_to or 2 * usable_cpus(),
        rounds=rounds,
        executors=tuple(ExecutorKind(name) for name in executors) or PARALLEL,
        start_method=start_method or default_start_method(),
    )
    if not wants_screen(headless=headless, as_json=as_json, quiet=quiet):
        return _sweep(request, as_json=as_json, quiet=quiet)
    from tui_app.app import run_app

    return run_app(swept=request, fps=asked_fps(), recording=asked_recording())


def _sweep(request: SweepRequest, *, as_json: bool, quiet: bool) -> int:
    """Make all runs, and print what they show, as far as they came. Return the exit code."""
    from tui_app.cli.headless import readers_of_next, run_with_samples
    from tui_app.engine.spec import Pool
    from tui_app.images.errors import PlanError, RecipeError
    from tui_app.runs.formatting import safe
    from tui_app.runs.sweep.phrases import progress_words
    from tui_app.runs.sweep.run import SweepRun
    from tui_app.runs.sweep.told import result_lines

    pool = Pool(start_method=request.start_method)
    run = SweepRun(request)

    def listen() -> list[EventReader]:
        assert run.cell is not None
        title = progress_words(run.sweep, run.cell)
        return readers_of_next(title, as_json=as_json, quiet=quiet)

    try:
        code = run_with_samples(run, listen, needed=run.of_samples, quiet=quiet, pool=pool)
    except (PlanError, RecipeError) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        sentence = _("the sweep cannot be run: {error}")
        raise click.ClickException(sentence.format(error=reason(error))) from error
    if not (as_json or quiet):
        for line in result_lines(run, shutil.get_terminal_size().columns):
            click.echo(safe(line))
    # It is the last run's: 1, too, if one before it failed.
    return max(code, int(any(not one.ok for one in run.sweep.runs)))
