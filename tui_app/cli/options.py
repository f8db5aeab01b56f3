"""Options that several commands share, and whether the app can be shown."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable
from functools import wraps
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from tui_app.cli.completion import complete_recipe
from tui_app.cli.language import option
from tui_app.engine.cluster.errors import NEEDS_DASK
from tui_app.engine.machine import (
    MOST_WORKERS,
    StartMethod,
    default_start_method,
    folder_trouble,
    start_methods,
)
from tui_app.engine.spec import LOCAL_EXECUTORS, Cluster, ExecutorKind, Pool
from tui_app.language import N_, _
from tui_app.runs.usual import usual_workers
from tui_app.terminal import standard_streams
from tui_app.terminal.output import FPS, FPS_OVER_SSH, MOST_FPS

if TYPE_CHECKING:
    from tui_app.records.recording import Recording

F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")
R = TypeVar("R")

EXECUTORS = tuple(str(kind) for kind in LOCAL_EXECUTORS)
SCHEDULER_VARIABLE = "DASK_SCHEDULER_ADDRESS"
"""The variable of the environment by which Dask's own tools find a scheduler, too."""

ASKED_FPS = "procession.fps"
"""Where Click keeps `--fps`, for a command and what stands before its name."""

ASKED_EXPORTS = "procession.exports"
"""Where Click keeps that `--export` was asked for."""

ASKED_RECORDING = "procession.recording"
"""The same of how runs are recorded."""


def in_folder(command: Callable[P, R]) -> Callable[P, R]:
    """Let a command refuse to run if nothing can be done in the current folder."""

    @wraps(command)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        if trouble := folder_trouble():
            raise click.UsageError(trouble)
        return command(*args, **kwargs)

    return checked


def refuse_secrets(*paths: str | None) -> None:
    """Refuse a URL that holds a secret before anything shows it.

    Raises:
        click.ClickException: One does.
    """
    from tui_app.stores.errors import StoreError
    from tui_app.stores.urls import is_url, located

    for path in paths:
        if path is not None and is_url(path):
            try:
                located(path)
            except StoreError as error:
                raise click.ClickException(str(error)) from None


class Finite(click.FloatRange):
    """A number other than `nan` and `inf`, which Python reads as numbers in no range."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number. See `click.ParamType.convert`."""
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            sentence = _("{value!r} is not a valid {number_type}.")
            self.fail(sentence.format(value=value, number_type=self.name), param, ctx)
        return number


Callback = Callable[[click.Context, click.Parameter, Any], object]


def converted(convert: Callable[[str], object]) -> Callback:
    """Make a callback of an option that converts its text; without a text, its value is `None`.

    Args:
        convert: raises `ValueError`, with a sentence, if the text means nothing.
    """

    def take(context: click.Context, _option: click.Parameter, text: str | None) -> object:
        if not text or context.resilient_parsing:
            return None
        try:
            return convert(text)
        except ValueError as error:
            raise click.UsageError(str(error)) from error

    return take


def _bytes(text: str) -> int:
    from tui_app.runs.request import parse_bytes

    return parse_bytes(text)


def _pixels(text: str) -> int:
    from tui_app.runs.request import parse_pixels

    return parse_pixels(text)


def _available(name: str) -> StartMethod:
    """Return the start method of that name, if this platform has it."""
    method = StartMethod(name)
    if method not in start_methods():
        sentence = _("there is no start method {method} here: {methods}")
        raise ValueError(sentence.format(method=method, methods=", ".join(start_methods())))
    return method


def _start_method(help_: str, **words: object) -> Callable[[F], F]:
    choices = click.Choice([str(method) for method in StartMethod])
    take = converted(_available)
    return option("--start-method", type=choices, callback=take, help=help_, words=words)


def _keep_fps(context: click.Context, _option: click.Parameter, fps: int | None) -> None:
    if fps is not None:
        context.meta[ASKED_FPS] = fps


recipe_option = option(
    "--recipe",
    default="tutorial",
    metavar="NAME|FILE",
    shell_complete=complete_recipe,
    show_default=True,
    help=N_("What is done to each image."),
)
recursive_option = option(
    "-r", "--recursive", is_flag=True, help=N_("Folders within folders as well.")
)
exact_option = option(
    "--exact",
    is_flag=True,
    help=N_("The tutorial's pixels, at full size; much slower than the fast way."),
)
memory_option = option(
    "--memory",
    metavar="SIZE",
    callback=converted(_bytes),
    help=N_("For all images at once, such as 4G; what is free by default."),
)
max_pixels_option = option(
    "--max-pixels",
    metavar="N",
    callback=converted(_pixels),
    help=N_("Open images of up to so many pixels, such as 250M; 179M by default."),
)
headless_option = option(
    "--headless", is_flag=True, help=N_("Run without a screen, as when there is no terminal.")
)
script_headless_option = option(
    "--headless", is_flag=True, help=N_("Play without a screen, as when there is no terminal.")
)
quiet_option = option(
    "--quiet", is_flag=True, help=N_("Without a screen: print nothing but errors.")
)
json_option = option(
    "--json", "as_json", is_flag=True, help=N_("Without a screen: print events, one a line.")
)
start_method_option = _start_method(
    N_("How processes are started; here {method} by default."), method=default_start_method()
)
script_start_method_option = _start_method(
    N_("How its processes start; by default as in plain python, or as a demo needs it.")
)
executor_option = option(
    "--executor",
    type=click.Choice(EXECUTORS),
    default="processes",
    help=N_("How the work is spread."),
)
any_executor_option = option(
    "--executor",
    type=click.Choice([str(kind) for kind in ExecutorKind]),
    default="processes",
    help=N_("How the work is spread; dask: over a Dask cluster, on this machine or many."),
)
_record_option = option(
    "--record",
    metavar="FILE",
    help=N_("Record what runs into a new file, instead of among the recorded runs."),
)
_no_record_option = option("--no-record", is_flag=True, help=N_("Record nothing of what runs."))
_CLUSTER_OPTIONS = (
    option(
        "--scheduler",
        metavar="ADDRESS",
        help=N_("With dask: the cluster's scheduler, such as tcp://host:8786; {variable} else."),
        words={"variable": SCHEDULER_VARIABLE},
    ),
    option("--tls-ca", metavar="FILE", help=N_("For tls://: who signed the certificates.")),
    option("--tls-cert", metavar="FILE", help=N_("For tls://: our certificate.")),
    option("--tls-key", metavar="FILE", help=N_("For tls://: the key of our certificate.")),
)
workers_option = option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    metavar="N",
    help=N_("How many work at once; by default as the settings say, else one for each CPU."),
)
fps_option = option(
    "--fps",
    type=click.IntRange(1, MOST_FPS),
    metavar="N",
    expose_value=False,
    callback=_keep_fps,
    help=N_("Drawings a second in the app; unless set, {here}, or {ssh} over SSH."),
    words={"here": FPS, "ssh": FPS_OVER_SSH},
)
"""`--fps`, which counts before and after a command's name; see `asked_fps`."""


def record_options(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command `--record` and `--no-record`; see `asked_recording`."""

    @wraps(command)
    def recorded(*args: Any, record: str | None, no_record: bool, **kwargs: Any) -> R:
        if record is not None and no_record:
            raise click.UsageError(_("--record and --no-record exclude each other"))
        if record is not None or no_record:
            _begin_recording(record)
        return command(*args, **kwargs)

    return _record_option(_no_record_option(recorded))


def _begin_recording(file: str | None) -> None:
    """Record what the command runs into a new file, or not at all.

    Raises:
        click.UsageError: the file cannot be made.
    """
    from tui_app.files.error_words import reason
    from tui_app.records.recording import Recording

    context = click.get_current_context()
    try:
        recording = Recording(wanted=False) if file is None else Recording.into(Path(file))
    except FileExistsError as error:
        sentence = _("cannot record into {file}: it is there already, name another")
        raise click.UsageError(sentence.format(file=file)) from error
    except OSError as error:
        sentence = _("cannot record into {file}: {error}")
        raise click.UsageError(sentence.format(file=file, error=reason(error))) from error
    context.meta[ASKED_RECORDING] = recording
    context.call_on_close(recording.close)


def asked_recording() -> Recording:
    """Return how what the command runs is recorded: by itself among the records of this machine."""
    from tui_app.records.recording import Recording

    context = click.get_current_context()
    if ASKED_RECORDING not in context.meta:
        context.meta[ASKED_RECORDING] = recording = Recording()
        context.call_on_close(recording.close)
    asked: Recording = context.meta[ASKED_RECORDING]
    return asked


def output_options(command: F) -> F:
    """Give a command `--json` and `--quiet`."""
    return json_option(quiet_option(command))


def pool_options(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command `--workers`, `--executor` and `--start-method`; it gets them as `pool`."""

    @wraps(command)
    def pooled(
        *, executor: str, workers: int | None, start_method: StartMethod | None, **others: Any
    ) -> R:
        method = start_method or default_start_method()
        pool = Pool(ExecutorKind(executor), workers or usual_workers(), method)
        return command(pool=pool, **others)

    return workers_option(executor_option(start_method_option(pooled)))


def cluster_options(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command the options of `pool_options`, and those of a Dask cluster, as `pool`."""

    @wraps(command)
    def pooled(
        *,
        executor: str,
        workers: int | None,
        start_method: StartMethod | None,
        scheduler: str | None,
        tls_ca: str | None,
        tls_cert: str | None,
        tls_key: str | None,
        **others: Any,
    ) -> R:
        dask = executor == ExecutorKind.DASK
        if not dask and (scheduler or tls_ca or tls_cert or tls_key):
            raise click.UsageError(_("--scheduler and --tls-… go with --executor dask"))
        address = scheduler or (os.environ.get(SCHEDULER_VARIABLE, "") if dask else "")
        if address and workers is not None:
            raise click.UsageError(
                _("--workers goes with workers of this machine: a scheduler has its own")
            )
        if dask and find_spec("distributed") is None:
            raise click.UsageError(_(NEEDS_DASK))
        cluster = Cluster(address, tls_ca or "", tls_cert or "", tls_key or "")
        method = start_method or default_start_method()
        pool = Pool(ExecutorKind(executor), workers or usual_workers(), method, cluster=cluster)
        return command(pool=pool, **others)

    for one in reversed(_CLUSTER_OPTIONS):
        pooled = one(pooled)
    return workers_option(any_executor_option(start_method_option(pooled)))


def asked_fps() -> int | None:
    """Return the drawings per second that the command line asks for."""
    return click.get_current_context().meta.get(ASKED_FPS)


def asked_exports() -> bool:
    """Return whether the command line asks for an export of what runs."""
    return ASKED_EXPORTS in click.get_current_context().meta


# The screen


def wants_screen(*, headless: bool, as_json: bool, quiet: bool) -> bool:
    """Return whether a command shows the app: there is a terminal, and no option is against it."""
    return not (headless or as_json or quiet or asked_exports() or why_no_screen(""))


def why_no_screen(headless: str) -> str:
    """Return in one sentence why the app cannot be shown here; empty if it can.

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
