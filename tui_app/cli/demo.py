"""The commands that play scripts: `demo`, `watch` and `check`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui_app.cli.language import command, option
from tui_app.cli.options import (
    asked_fps,
    draw_samples_first,
    fps_option,
    in_folder,
    on_terminal,
    output_options,
    readers,
    say_stopped,
)
from tui_app.engine.exit_status import shell_code
from tui_app.engine.machine import StartMethod, start_methods
from tui_app.files.error_words import reason
from tui_app.language import N_, _, counted
from tui_app.system import signals
from tui_app.terminal.standard_streams import is_closed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_app.demos.catalogue import Demo
    from tui_app.demos.demo_run import DemoRun
    from tui_app.runs.runnable import EventReader
    from tui_app.script.script_run import ScriptRun

START_METHOD = option(
    "--start-method",
    type=click.Choice([str(method) for method in StartMethod]),
    help=N_("How its processes start; by default as in plain python, or as a demo needs it."),
)
HEADLESS = option(
    "--headless", is_flag=True, help=N_("Play without a screen, as when there is no terminal.")
)


@command(
    short_help=N_("Play a demo: a script that shows one step of parallel Python."),
    help=N_(
        "Play the demo of that NAME, or number, and exit as its script does.\n\n"
        "What it prints, which process does what, and how long it took are told."
    ),
)
@click.argument("name", required=False)
@option("--list", "as_list", is_flag=True, help=N_("Name the demos, one a line, and stop."))
@option(
    "--set",
    "assignments",
    multiple=True,
    metavar="NAME=VALUE",
    help=N_("Play it with another value of one of its parameters, such as seconds=0.5."),
)
@option("--mended", is_flag=True, help=N_("Play the mended script of a pitfall."))
@START_METHOD
@HEADLESS
@fps_option
@output_options
@in_folder
def demo(
    name: str | None,
    as_list: bool,
    assignments: tuple[str, ...],
    mended: bool,
    start_method: str | None,
    headless: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """One demo, with or without a screen; or their list."""
    from tui_app.demos.catalogue import DemoError, find_demo
    from tui_app.demos.demo_run import DemoRun
    from tui_app.demos.parameters import ParameterError, with_values
    from tui_app.runs.measurement_lines import MeasuredPrinter

    if as_list:
        _list(as_json=as_json)
        return 0
    if name is None:
        raise click.UsageError(_("name a demo; `procession demo --list` names them all"))
    try:
        chosen = find_demo(name)
        text = _mended(chosen) if mended else chosen.source
        source = with_values(text, chosen.parse(pairs(assignments)))
    except (DemoError, ParameterError) as error:
        raise click.UsageError(str(error)) from error
    off_screen = headless or as_json or quiet or not on_terminal()
    if not (off_screen or assignments or start_method or mended):
        from tui_app.app import run_app

        return run_app(demo=chosen, fps=asked_fps())
    if code := draw_samples([chosen], quiet=quiet):
        return code
    run = DemoRun(chosen, source, start_method=start_method_of(start_method))
    to = readers(as_json=as_json, quiet=quiet)
    if not (as_json or quiet or is_closed(sys.stdout)):
        to.append(MeasuredPrinter(chosen.name, sys.stdout.write))
    return play_run(run, to)


@command(
    short_help=N_("Play a script of your own."),
    help=N_(
        "Play SCRIPT as `python SCRIPT ARGS` would, and exit as it does.\n\n"
        "Options of `watch` stand before SCRIPT; whatever follows it is the script's. Its standard"
        " input is closed."
    ),
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("script", type=click.Path())
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[ARGS]...")
@START_METHOD
@HEADLESS
@fps_option
@output_options
@in_folder
def watch(
    script: str,
    arguments: tuple[str, ...],
    start_method: str | None,
    headless: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """A script of somebody's own, with or without a screen."""
    from tui_app.script.script_run import ScriptRun, ScriptSpec

    try:
        with Path(script).open("rb"):
            pass
    except OSError as error:
        raise click.UsageError(
            _("cannot read the script {script!r}: {error}").format(
                script=script, error=reason(error)
            )
        ) from error
    spec = ScriptSpec(
        kind="watch",
        title=" ".join([script, *arguments]),
        script=script,
        arguments=arguments,
        start_method=start_method_of(start_method),
    )
    if not (headless or as_json or quiet or not on_terminal()):
        from tui_app.app import run_app

        return run_app(script=spec, fps=asked_fps())
    return play_run(ScriptRun(spec), readers(as_json=as_json, quiet=quiet))


@command(
    short_help=N_("Play all demos, quickly: before a class."),
    help=N_(
        "Play every demo, with short sleeps, and say which do not run here and why.\n\n"
        "The sample photographs are drawn where they are missing."
    ),
)
@START_METHOD
@option("--quiet", is_flag=True, help=N_("Name only those that do not run."))
@in_folder
def check(start_method: str | None, quiet: bool) -> int:
    """All demos in short: which do not run here, and why."""
    from tui_app.demos.catalogue import demos
    from tui_app.demos.check import CheckReader, quick_run

    method = start_method_of(start_method)
    failed = 0
    if code := draw_samples(demos(), quiet=quiet):
        return code
    for one in demos():
        with quick_run(one, method) as run:
            reader = CheckReader(one.flaw)
            code = play_run(run, [reader])
        if signals.noted():
            return code
        if code >= 128 and reader.stopped:
            say_stopped(code)
            return code
        failed += bool(reader.problem)
        if reader.problem or not quiet:
            word = f"✗ {reader.problem}" if reader.problem else f"✓ {reader.seconds:.1f} s"
            click.echo(f"{one.number:>2} {one.name:<24} {word}")
    if not quiet:
        sentence = counted(
            len(demos()),
            "{run} of {n} demo runs here",
            "{run} of {n} demos run here",
            run=len(demos()) - failed,
        )
        click.echo(sentence)
    return 1 if failed else 0


def _list(*, as_json: bool) -> None:
    from tui_app.demos.catalogue import demos

    for one in demos():
        if as_json:
            about = {
                "number": one.number,
                "name": one.name,
                "title": one.title(),
                "group": one.group,
                "mended": one.mended is not None,
                "script": str(one.script),
                "parameters": one.values,
            }
            click.echo(json.dumps(about))
        else:
            click.echo(f"{one.number:>2}  {one.name:<24} {one.title()}")


def _mended(demo: Demo) -> str:
    if demo.mended is None:
        raise click.UsageError(_("there is no mended script of {name}").format(name=demo.name))
    return demo.mended


def pairs(assignments: tuple[str, ...]) -> dict[str, str]:
    """What `--set` says, by name."""
    pairs: dict[str, str] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not (equals and name.strip()):
            raise click.UsageError(
                _("--set wants NAME=VALUE, not {assignment!r}").format(assignment=assignment)
            )
        pairs[name.strip()] = value
    return pairs


def start_method_of(name: str | None) -> StartMethod | None:
    """The start method of that name, if there is one here."""
    if name is None:
        return None
    method = StartMethod(name)
    if method not in start_methods():
        raise click.UsageError(
            _("there is no start method {method} here: {methods}").format(
                method=method, methods=", ".join(start_methods())
            )
        )
    return method


def draw_samples(demos: Sequence[Demo], *, quiet: bool) -> int:
    """Draws the sample photographs if one of the demos needs them; returns the exit code."""
    if not any(one.of_photographs for one in demos):
        return 0
    from tui_app.engine.spec import Pool

    return draw_samples_first(Pool(), quiet=quiet)


def play_run(run: ScriptRun | DemoRun, to: list[EventReader]) -> int:
    """Plays it; returns the script's exit code, 128 + n where signal n ended it, or the run."""
    from tui_app.cli.headless import run_headless

    code = run_headless(run, to)
    if code > 1 or run.exitcode is None:
        return code
    return shell_code(run.exitcode)
