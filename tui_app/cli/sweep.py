"""The command `sweep`: the same work with each executor and 1, 2, … workers, and what it shows."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import click

from tui_app.cli.options import (
    EXECUTORS,
    asked_fps,
    chosen_start_method,
    draw_samples_first,
    exact_option,
    fps_option,
    headless_option,
    in_folder,
    memory_option,
    on_terminal,
    output_options,
    recipe_option,
    recursive_option,
    say_stopped,
    start_method_option,
)
from tui_app.engine.machine import MOST_WORKERS
from tui_app.files.error_words import reason
from tui_app.language import _, counted
from tui_app.system import signals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_app.events import Event
    from tui_app.runs.runnable import EventReader
    from tui_app.runs.sweep.run import SweepRun
    from tui_app.runs.sweep.work import SweepRequest

WORKS = ("images", "computing", "sleeping")

ROUNDS = 5
"""As in `runs/sweep/result.py`, which is not imported for a help text."""

MOST_COLUMNS, PLOT_ROWS = 100, 18


@click.command(
    short_help=_("Do the same work with more and more workers, and compare."),
    help=_(
        "Do the same work with 1, 2, … workers and with each executor, one run after another, and"
        " tell what more workers bring.\n\n"
        "The work is the images of the SOURCEs, or the 15 sample photographs; their outputs go"
        " into a temporary folder and are removed."
    ),
)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...", type=click.Path())
@click.option(
    "--work",
    type=click.Choice(WORKS),
    default="images",
    show_default=True,
    help=_("What is done: process images, compute in pure Python, or sleep."),
)
@recursive_option
@recipe_option
@exact_option
@click.option(
    "--up-to",
    type=click.IntRange(1, MOST_WORKERS),
    metavar="N",
    help=_("Up to how many workers; twice the usable CPUs by default."),
)
@click.option(
    "--rounds",
    type=click.IntRange(1, 99),
    default=ROUNDS,
    metavar="N",
    show_default=True,
    help=_("How often each run is made."),
)
@click.option(
    "--executor",
    "executors",
    multiple=True,
    type=click.Choice(EXECUTORS),
    help=_("Only this one, beside the sequential runs; may be given twice."),
)
@memory_option
@start_method_option
@headless_option
@fps_option
@output_options
@in_folder
def sweep(
    sources: tuple[str, ...],
    work: str,
    recursive: bool,
    recipe: str,
    exact: bool,
    up_to: int | None,
    rounds: int,
    executors: tuple[str, ...],
    memory: str | None,
    start_method: str | None,
    headless: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """A sweep, with or without a screen."""
    from tui_app.engine.executors import ExecutorKind
    from tui_app.engine.machine import usable_cpus
    from tui_app.runs.request import BatchRequest, parse_bytes
    from tui_app.runs.sweep.result import PARALLEL, WorkKind
    from tui_app.runs.sweep.work import SweepRequest

    kind = WorkKind(work)
    if sources and kind is not WorkKind.IMAGES:
        raise click.UsageError(_("--work {work} takes no SOURCE").format(work=work))
    try:
        most_memory = parse_bytes(memory) if memory else None
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    request = SweepRequest(
        work=kind,
        images=BatchRequest(
            sources=sources,
            recipe=recipe,
            recursive=recursive,
            exact=exact,
            memory=most_memory,
        ),
        most=up_to or 2 * usable_cpus(),
        rounds=rounds,
        executors=tuple(ExecutorKind(name) for name in executors) or PARALLEL,
        start_method=chosen_start_method(start_method),
    )
    if headless or as_json or quiet or not on_terminal():
        return _sweep(request, as_json=as_json, quiet=quiet)
    from tui_app.app import run_app

    return run_app(swept=request, fps=asked_fps())


def _sweep(request: SweepRequest, *, as_json: bool, quiet: bool) -> int:
    """Makes all runs and prints what they show, as far as they came. Returns the exit code."""
    from tui_app.cli.headless import run_headless
    from tui_app.engine.spec import Pool
    from tui_app.images.errors import PlanError, RecipeError
    from tui_app.runs.formatting import safe
    from tui_app.runs.printer import JsonPrinter
    from tui_app.runs.sweep.run import SweepRun

    pool = Pool(start_method=request.start_method)
    run = SweepRun(request)
    if run.of_samples and (code := draw_samples_first(pool, quiet=quiet)):
        return code
    progress = _Progress(run, quiet=quiet)
    readers: list[EventReader] = [progress]
    if as_json:
        readers.append(JsonPrinter(sys.stdout))
    try:
        code = run_headless(run, readers)
    except (PlanError, RecipeError) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        sentence = _("the sweep cannot be run: {error}")
        raise click.ClickException(sentence.format(error=reason(error))) from error
    if code >= 128 and not (progress.told_end or signals.noted()):
        say_stopped(code)
    if not (as_json or quiet):
        for line in _told(run):
            click.echo(safe(line))
    # It is the last run's: 1, too, where one before it failed.
    return max(code, int(any(not one.ok for one in run.sweep.runs)))


class _Progress:
    """Says on stderr which run it is, and prints its progress and its failures there.

    `told_end`: whether it has told that a run was stopped.
    """

    def __init__(self, run: SweepRun, *, quiet: bool) -> None:
        self._run, self._quiet = run, quiet
        self._printer: EventReader | None = None
        self.told_end = False

    def add(self, event: Event) -> None:
        """Takes one event."""
        from tui_app.events import RunFinished, RunStarted
        from tui_app.runs.printer import Printer
        from tui_app.runs.sweep.phrases import progress_words

        if isinstance(event, RunStarted) and self._run.cell is not None:
            self._printer = Printer(None, sys.stderr, quiet=self._quiet)
            if not self._quiet:
                click.echo(progress_words(self._run.sweep, self._run.cell), err=True)
        if self._printer is not None:
            self._printer.add(event)
            self.told_end = isinstance(event, RunFinished) and bool(event.reason)


def _told(run: SweepRun) -> Iterator[str]:
    """The table, the plot, and what they mean; nothing where nothing was measured."""
    from tui_app.runs.phrases import count_cpus
    from tui_app.runs.sweep.phrases import LEGEND, sentences, table
    from tui_app.runs.sweep.plot import drawn_plot

    sweep = run.sweep
    if not sweep.runs:
        return
    rounds = counted(sweep.rounds, "{n} round", "{n} rounds")
    yield run.title
    yield f"{count_cpus(sweep.cpus)}, {rounds}"
    yield ""
    told = table(sweep)
    yield from (told.header, *(row.text for row in told.rows), "")
    yield from map(_, LEGEND)
    yield ""
    if sweep.baseline is not None:
        width = min(MOST_COLUMNS, shutil.get_terminal_size().columns)
        for pieces in drawn_plot(sweep, width, PLOT_ROWS):
            yield "".join(text for text, _role in pieces).rstrip()
        yield ""
    yield from sentences(sweep)
