"""The command line: reads what is asked, starts the screen or a run without one.

Textual and Pillow are imported only by the commands that need them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from tui_app import garbage, signals, standard
from tui_app.command import (
    EXECUTORS,
    Finite,
    asked_fps,
    chosen_start_method,
    draw_samples_first,
    exact_option,
    fps_option,
    headless_option,
    in_folder,
    make_samples,
    memory_option,
    on_terminal,
    output_options,
    readers,
    recipe_option,
    recursive_option,
    start_method_option,
    why_no_screen,
)
from tui_app.command_compare import compare
from tui_app.command_language import add_option, click_speaks
from tui_app.command_play import check, demo, watch
from tui_app.command_sweep import sweep
from tui_app.engine.machine import MOST_WORKERS, supported_platform
from tui_app.files.reasons import told
from tui_app.language import _, counted

if TYPE_CHECKING:
    from tui_app.engine.spec import Pool
    from tui_app.images.plan import Plan
    from tui_app.runs.request import BatchRequest

F = TypeVar("F", bound=Callable[..., Any])

LONGEST_SENTENCE = 1_000
"""Characters: what was typed is in it, and may be anything."""

METADATA = ("keep", "private", "strip")


def run() -> NoReturn:
    """Runs the command line and exits: 0 all well, 1 something failed, 2 wrong usage.

    128 + n where signal n came before anything ran, and 1 instead of 0 where stdout did not take
    what was told: each is said on stderr in one sentence. What the system refuses, and nobody else
    has dealt with, is something that failed.
    """
    code, sentence = 0, ""
    with suppress(signals.Interrupted):
        code, sentence = _main()
        # It may wait for a reader who takes his time.
        sys.stdout.flush()
    if signum := signals.noted():
        code, sentence = 128 + signum, signals.sentence(signum)
    signals.end(code)
    if sentence:
        _say(sentence)
    if why := standard.lost():
        _say(_("what was told on stdout is lost: {error}").format(error=why))
    sys.exit(code or int(bool(why)))


def _main() -> tuple[int, str]:
    """The exit code of the command line, and a sentence on stderr, where there is one."""
    if not supported_platform():
        sentence = _("procession runs on Linux and macOS, not on {platform}")
        return 2, sentence.format(platform=sys.platform)
    try:
        with click_speaks():
            code = procession.main(standalone_mode=False)
    except click.ClickException as error:
        return 2, error.format_message()
    except OSError as error:
        return 1, told(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, people are told how to go on
        from tui_app.crash import describe_crash

        # Click makes this of an end of file, which only a helper process can have come to.
        mistake = error.__cause__ if isinstance(error, click.Abort) else error
        sys.stderr.write(describe_crash(mistake or error))
        return 1, ""
    return code if isinstance(code, int) else 0, ""


def _say(sentence: str) -> None:
    from tui_app.runs.text import safe, shorten

    told = shorten(" ".join(sentence.split()), LONGEST_SENTENCE)
    sys.stderr.write(f"procession: {safe(told)}\n")


def _pool_options(command: F) -> F:
    for option in (
        start_method_option,
        click.option(
            "--executor",
            type=click.Choice(EXECUTORS),
            default="processes",
            help=_("How the work is spread."),
        ),
        click.option(
            "--workers",
            type=click.IntRange(1, MOST_WORKERS),
            metavar="N",
            help=_("How many work at once; as many as there are usable CPUs by default."),
        ),
    ):
        command = option(command)
    return command


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_(
        "See parallel Python run, and process photographs with it.\n\n"
        "Without a command: the app, in this terminal."
    ),
)
@click.version_option(
    package_name="procession",
    prog_name="procession",
    message=_("%(prog)s, version %(version)s"),
    help=_("Show the version and exit."),
)
@fps_option
@click.pass_context
def procession(context: click.Context) -> int | None:
    """The group of all commands; without one, the app."""
    if context.invoked_subcommand is not None:
        return None
    return _screen(None, None, "procession batch --headless")


@procession.command(
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
@_pool_options
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
    pool = _pool(executor, workers, start_method)
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
    return _screen(request, pool, "procession batch --headless")


@procession.command(
    short_help=_("Make the sample photographs."),
    help=_("Make the 15 sample photographs in DIR, or where the app keeps them."),
)
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path())
@_pool_options
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
    pool = _pool(executor, workers, start_method)
    return make_samples(into, pool, readers(as_json=as_json, quiet=quiet))


@procession.command(
    short_help=_("Tell versions, terminal, CPUs, memory, folders."),
    help=_("Tell what is worth knowing when something is wrong."),
)
def doctor() -> int:
    """Tell what is worth knowing when something is wrong."""
    from tui_app.doctor import examine
    from tui_app.runs.text import safe

    for name, value in examine():
        click.echo(f"{name:<14} {safe(value)}")
    return 0


for _command in (demo, compare, watch, check, sweep):
    procession.add_command(_command)
for _command in (procession, *procession.commands.values()):
    add_option(_command)


def _pool(executor: str, workers: int | None, start_method: str | None) -> Pool:
    from tui_app.engine.executors import ExecutorKind
    from tui_app.engine.machine import usable_cpus
    from tui_app.engine.spec import Pool

    method = chosen_start_method(start_method)
    return Pool(ExecutorKind(executor), workers or usable_cpus(), method)


def _dry_run(request: BatchRequest) -> int:
    from tui_app.images.plan import describe_plan
    from tui_app.images.samples import SAMPLES, missing_samples, samples_folder
    from tui_app.runs.text import safe

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
    from tui_app.images.plan import PlanError
    from tui_app.images.recipe import RecipeError

    garbage.go_on()
    try:
        return request.plan(stop=lambda: bool(signals.noted()))
    except (PlanError, RecipeError) as error:
        raise click.ClickException(str(error)) from error


def _batch_headless(
    request: BatchRequest, pool: Pool, report: str | None, *, as_json: bool, quiet: bool
) -> int:
    from tui_app.headless import run_headless
    from tui_app.images.plan import PlanError
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


@in_folder
def _screen(request: BatchRequest | None, pool: Pool | None, headless: str) -> int:
    """Runs the app; with a request it opens at that batch's plan."""
    if not on_terminal():
        raise click.UsageError(why_no_screen(headless))
    from tui_app.app import run_app

    return run_app(request, pool, fps=asked_fps())
