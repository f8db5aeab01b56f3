"""The commands `batch` and `samples`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui_app.cli.batch_run import ResultFiles, print_plan, run_without_screen, saved
from tui_app.cli.completion import complete_recipe
from tui_app.cli.exports import export_option
from tui_app.cli.language import command, option
from tui_app.cli.options import (
    Finite,
    asked_fps,
    asked_recording,
    cluster_options,
    converted,
    exact_option,
    fps_option,
    headless_option,
    in_folder,
    max_pixels_option,
    memory_option,
    output_options,
    pool_options,
    record_options,
    recursive_option,
    refuse_secrets,
    wants_screen,
)
from tui_app.cli.recipes import save_recipe_option, step_options
from tui_app.language import N_, _

if TYPE_CHECKING:
    from tui_app.engine.spec import Pool
    from tui_app.images.recipe import Metadata
    from tui_app.images.recipe_changes import Steps
    from tui_app.runs.request import MaxFailures

METADATA = ("keep", "private", "strip")


def _metadata(name: str) -> Metadata:
    from tui_app.images.recipe import Metadata

    return Metadata(name)


def _share(text: str) -> float:
    from tui_app.runs.request import parse_share

    return parse_share(text)


def _max_failures(text: str) -> MaxFailures:
    from tui_app.runs.request import MaxFailures

    return MaxFailures.parse(text)


@command(
    short_help=N_("Process images: blur, shrink, save, as a recipe says."),
    help=N_(
        "Process images, in folders or named one by one. A `-` stands for the names on standard"
        " input, one a line.\n\n"
        "Without a SOURCE it takes the images of the current folder; where there are none,"
        " 15 sample photographs of its own. Originals are never written.\n\n"
        "A SOURCE and the output may be in a store, by a URL such as s3://bucket/photos; that needs"
        " an extra: pip install 'procession[remote]'."
    ),
)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...", type=click.Path())
@option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(),
    help=N_("Where the results go; `processed` by default."),
)
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
    shell_complete=complete_recipe,
    help=N_(
        "What is done to each image; unless set, {default}, or {plain} where steps are asked for."
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
@option(
    "--min-savings",
    metavar="P%",
    callback=converted(_share),
    help=N_("Keep a source's bytes where encoding it anew saves less, such as 5%."),
)
@option("--keep-dates", is_flag=True, help=N_("Give each output its source's dates."))
@option("--dry-run", is_flag=True, help=N_("Print the plan and stop."))
@option(
    "--estimate",
    is_flag=True,
    help=N_("Print the plan and what its outputs will take, by making a few of them."),
)
@option(
    "--report",
    metavar="FILE",
    type=click.Path(),
    help=N_("Write the result of each image: .csv or .json."),
)
@option(
    "--failures",
    metavar="FILE",
    type=click.Path(),
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
@cluster_options
@output_options
@record_options
@export_option
@in_folder
def batch(
    *,
    sources: tuple[str, ...],
    null: bool,
    recipe: str | None,
    steps: Steps,
    save_recipe: str | None,
    dry_run: bool,
    estimate: bool,
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
    from tui_app.images.recipe import PLAIN_RECIPE
    from tui_app.runs.request import BatchRequest
    from tui_app.runs.usual import usual_recipe

    # Where sources are named, -0 may be about the names that are written.
    reads = not (failures and sources) or STANDARD_INPUT in sources
    base = recipe or (PLAIN_RECIPE if steps else usual_recipe())
    named = with_names(sources, null=null and reads)
    refuse_secrets(*named, asked["output"])
    request = BatchRequest(named, recipe=base, steps=steps, **asked)
    if save_recipe is not None:
        request = saved(request, save_recipe)
    if dry_run or estimate:
        if as_json:
            raise click.UsageError(
                _("--dry-run and --estimate print a plan, which has no events: leave out --json")
            )
        return print_plan(request, pool.local if estimate else None)
    files = ResultFiles(report, failures, null)
    if files.wanted or not wants_screen(headless=headless, as_json=as_json, quiet=quiet):
        return run_without_screen(request, pool, files, as_json=as_json, quiet=quiet)
    from tui_app.app import run_app

    return run_app(request, pool, fps=asked_fps(), recording=asked_recording())


@command(
    short_help=N_("Make the sample photographs."),
    help=N_("Make the 15 sample photographs in DIR, or where the app keeps them."),
)
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path())
@pool_options
@output_options
@record_options
@export_option
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
