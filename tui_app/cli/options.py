"""What several commands share: options, and where events go."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from tui_app.cli.language import option
from tui_app.engine.machine import (
    MOST_WORKERS,
    StartMethod,
    default_start_method,
    folder_trouble,
    start_methods,
)
from tui_app.files.error_words import reason
from tui_app.language import N_, _, counted
from tui_app.system import signals
from tui_app.terminal import standard_streams
from tui_app.terminal.output import FPS, FPS_OVER_SSH, MOST_FPS

if TYPE_CHECKING:
    from pathlib import Path

    from tui_app.engine.spec import Pool
    from tui_app.runs.request import BatchRequest
    from tui_app.runs.runnable import EventReader

F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")
R = TypeVar("R")

EXECUTORS = ("sequential", "threads", "processes")
ASKED_FPS = "procession.fps"
"""Where Click keeps `--fps`, for a command and what stands before its name."""


def in_folder(command: Callable[P, R]) -> Callable[P, R]:
    """Has a command refuse to run where nothing can be done in the current folder."""

    @wraps(command)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        if trouble := folder_trouble():
            raise click.UsageError(trouble)
        return command(*args, **kwargs)

    return checked


def on_terminal() -> bool:
    """Whether there is a terminal for the app: to draw on, and to read keys from."""
    return not why_no_screen("")


def why_no_screen(headless: str) -> str:
    """Why the app cannot be shown here, in one sentence; empty where it can.

    Args:
        headless: the command that runs without it.
    """
    if sys.stdin is None or not (sys.stdin.isatty() and sys.stdout.isatty()):
        sentence = _("the app needs a terminal; without one, run: {command}")
    elif not standard_streams.has_screen(sys.stdout):
        sentence = _("this terminal shows lines only (TERM={term}); run: {command}")
    elif standard_streams.is_ascii_only(sys.stdout):
        sentence = _("the app needs a locale of UTF-8, such as LC_ALL=C.UTF-8; else run: {command}")
    else:
        return ""
    return sentence.format(command=headless, term=os.environ.get("TERM", ""))


class Finite(click.FloatRange):
    """A number that is one: `nan` and `inf` are read as numbers, too, and are in no range."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number. See `click.ParamType.convert`."""
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            sentence = _("{value!r} is not a valid {number_type}.")
            self.fail(sentence.format(value=value, number_type=self.name), param, ctx)
        return number


recipe_option = option(
    "--recipe",
    default="tutorial",
    metavar="NAME|FILE",
    show_default=True,
    help=N_("What is done to each image."),
)
recursive_option = option(
    "-r", "--recursive", is_flag=True, help=N_("Folders within folders as well.")
)
exact_option = option(
    "--exact",
    is_flag=True,
    help=N_("The tutorial's pixels, at full size; slower than the fast way by far."),
)
memory_option = option(
    "--memory",
    metavar="SIZE",
    help=N_("For all images at once, such as 4G; what is free by default."),
)
headless_option = option(
    "--headless", is_flag=True, help=N_("Run without a screen, as when there is no terminal.")
)


quiet_option = option(
    "--quiet", is_flag=True, help=N_("Without a screen: print nothing but errors.")
)
json_option = option(
    "--json", "as_json", is_flag=True, help=N_("Without a screen: print events, one a line.")
)
start_method_option = option(
    "--start-method",
    type=click.Choice([str(method) for method in StartMethod]),
    help=N_("How processes are started; here {method} by default."),
    words={"method": default_start_method()},
)
executor_option = option(
    "--executor",
    type=click.Choice(EXECUTORS),
    default="processes",
    help=N_("How the work is spread."),
)
workers_option = option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    metavar="N",
    help=N_("How many work at once; as many as there are usable CPUs by default."),
)


def output_options(command: F) -> F:
    """Give a command `--json` and `--quiet`."""
    return json_option(quiet_option(command))


def chosen_start_method(name: str | None) -> StartMethod:
    """The start method of that name; without one, this platform's best.

    Raises:
        click.UsageError: there is none of that name here.
    """
    method = StartMethod(name) if name else default_start_method()
    if method not in start_methods():
        raise click.UsageError(
            _("there is no start method {method} here: {methods}").format(
                method=method, methods=", ".join(start_methods())
            )
        )
    return method


def pool_options(command: F) -> F:
    """Give a command `--workers`, `--executor` and `--start-method`; `chosen_pool` reads them."""
    return workers_option(executor_option(start_method_option(command)))


def chosen_pool(executor: str, workers: int | None, start_method: str | None) -> Pool:
    """The pool that the options ask for."""
    from tui_app.engine.executors import ExecutorKind
    from tui_app.engine.machine import usable_cpus
    from tui_app.engine.spec import Pool

    method = chosen_start_method(start_method)
    return Pool(ExecutorKind(executor), workers or usable_cpus(), method)


def _keep_fps(context: click.Context, _option: click.Parameter, fps: int | None) -> None:
    if fps is not None:
        context.meta[ASKED_FPS] = fps


fps_option = option(
    "--fps",
    type=click.IntRange(1, MOST_FPS),
    metavar="N",
    expose_value=False,
    callback=_keep_fps,
    help=N_("Drawings a second in the app; {here} by default, {ssh} over SSH."),
    words={"here": FPS, "ssh": FPS_OVER_SSH},
)
"""`--fps`, which counts before and after a command's name; see `asked_fps`."""


def asked_fps() -> int | None:
    """The drawings a second that the command line asks for."""
    return click.get_current_context().meta.get(ASKED_FPS)


def readers(*, as_json: bool, quiet: bool) -> list[EventReader]:
    """Who takes the events of a run without a screen."""
    from tui_app.runs.printer import JsonPrinter, Printer

    # Who closed stdout wants no log.
    silent = as_json or quiet or standard_streams.is_closed(sys.stdout)
    people = Printer(None if silent else sys.stdout, sys.stderr, quiet=quiet)
    return [JsonPrinter(sys.stdout), people] if as_json else [people]


def say_stopped(code: int) -> None:
    """Says which signal ended a run, whose exit code that is, where no reader of it does."""
    click.echo(f"procession: {signals.sentence(code - 128)}", err=True)


def draw_samples_first(pool: Pool, sentence: str = "", *, quiet: bool) -> int:
    """Draws the sample photographs where they are missing; returns the exit code.

    Args:
        pool: who draws them.
        sentence: says that they are drawn, on stderr; by default only that.
        quiet: neither that nor progress is told.
    """
    from tui_app.images.samples import SAMPLES, missing_samples, samples_folder
    from tui_app.runs.printer import Printer

    if not missing_samples(samples_folder()):
        return 0
    if signum := signals.noted():
        return 128 + signum
    if not quiet:
        drawing = counted(
            len(SAMPLES),
            "drawing {n} sample photograph first, once",
            "drawing {n} sample photographs first, once",
        )
        click.echo(sentence or drawing, err=True)
    # Its events are not those of the run to come: on stdout there is only that one.
    return make_samples(samples_folder(), pool, [Printer(None, sys.stderr, quiet=quiet)])


def make_samples(folder: Path, pool: Pool, to: list[EventReader]) -> int:
    """Makes the sample photographs that are missing in a folder; returns the exit code.

    Raises:
        click.ClickException: the folder cannot be written.
    """
    from tui_app.cli.headless import run_headless
    from tui_app.images.samples import missing_samples
    from tui_app.runs.samples import SamplesRun

    missing = missing_samples(folder)
    if not missing:
        click.echo(_("all samples are in {folder} already").format(folder=folder), err=True)
        return 0
    try:
        return run_headless(SamplesRun(missing, folder, pool), to)
    except OSError as error:
        raise click.ClickException(
            _("cannot make samples in {folder}: {error}").format(folder=folder, error=reason(error))
        ) from error


@in_folder
def open_screen(request: BatchRequest | None, pool: Pool | None, headless: str) -> int:
    """Runs the app; with a request it opens at that batch's plan."""
    if not on_terminal():
        raise click.UsageError(why_no_screen(headless))
    from tui_app.app import run_app

    return run_app(request, pool, fps=asked_fps())
