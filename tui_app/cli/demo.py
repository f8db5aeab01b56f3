"""The commands that play demos: `demo` and `check`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from tui_app.cli.completion import complete_demo
from tui_app.cli.exports import export_option
from tui_app.cli.language import command, option
from tui_app.cli.options import (
    asked_fps,
    asked_recording,
    fps_option,
    in_folder,
    output_options,
    record_options,
    script_headless_option,
    script_start_method_option,
    wants_screen,
)
from tui_app.language import N_, _, counted
from tui_app.system import signals
from tui_app.terminal.standard_streams import is_closed

if TYPE_CHECKING:
    from tui_app.demos.catalogue import Demo
    from tui_app.engine.machine import StartMethod
    from tui_app.runs.runnable import EventReader


@command(
    short_help=N_("Play a demo: a script that shows one step of parallel Python."),
    help=N_(
        "Play the demo of that NAME, or number, and exit as its script does.\n\n"
        "What it prints, which process does what, and how long it took are told."
    ),
)
@click.argument("name", required=False, shell_complete=complete_demo)
@option("--list", "as_list", is_flag=True, help=N_("Name the demos, one a line, and stop."))
@option(
    "--set",
    "assignments",
    multiple=True,
    metavar="NAME=VALUE",
    help=N_("Play it with another value of one of its parameters, such as seconds=0.5."),
)
@option("--mended", is_flag=True, help=N_("Play the repaired script of a pitfall."))
@script_start_method_option
@script_headless_option
@fps_option
@output_options
@record_options
@export_option
@in_folder
def demo(
    name: str | None,
    as_list: bool,
    assignments: tuple[str, ...],
    mended: bool,
    start_method: StartMethod | None,
    headless: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Play one demo, with or without a screen; or list them."""
    from tui_app.cli.headless import readers, run_with_samples
    from tui_app.demos.catalogue import DemoError, find_demo
    from tui_app.demos.demo_run import DemoRun
    from tui_app.demos.parameters import ParameterError, with_values
    from tui_app.runs.measurement_lines import MeasuredPrinter
    from tui_app.runs.runnable import played_code

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
    on_screen = wants_screen(headless=headless, as_json=as_json, quiet=quiet)
    if on_screen and not (assignments or start_method or mended):
        from tui_app.app import run_app

        return run_app(demo=chosen, fps=asked_fps(), recording=asked_recording())
    run = DemoRun(chosen, source, start_method=start_method)

    def listen() -> list[EventReader]:
        to = readers(as_json=as_json, quiet=quiet)
        if not (as_json or quiet or is_closed(sys.stdout)):
            to.append(MeasuredPrinter(chosen.name, sys.stdout.write))
        return to

    code = run_with_samples(run, listen, needed=chosen.of_photographs, quiet=quiet)
    return played_code(code, run.exitcode)


@command(
    short_help=N_("Play all demos, quickly: before a class."),
    help=N_(
        "Play every demo, with short sleeps, and say which do not run here and why.\n\n"
        "The sample photographs are drawn where they are missing."
    ),
)
@script_start_method_option
@option("--quiet", is_flag=True, help=N_("Name only those that do not run."))
@record_options
@export_option
@in_folder
def check(start_method: StartMethod | None, quiet: bool) -> int:
    """Play all demos quickly; say which do not run here, and why."""
    from tui_app.cli.headless import run_headless, run_with_samples, say_stopped
    from tui_app.demos.catalogue import demos
    from tui_app.demos.check import CheckReader, quick_run

    failed = 0
    run_with_samples(needed=any(one.of_photographs for one in demos()), quiet=quiet)
    for one in demos():
        with quick_run(one, start_method) as run:
            reader = CheckReader(one.flaw)
            code = run_headless(run, [reader])
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
        raise click.UsageError(_("there is no repaired script of {name}").format(name=demo.name))
    return demo.mended


def pairs(assignments: tuple[str, ...]) -> dict[str, str]:
    """Return what `--set` says, by name.

    Raises:
        click.UsageError: one of them is no assignment.
    """
    pairs: dict[str, str] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not (equals and name.strip()):
            raise click.UsageError(
                _("--set wants NAME=VALUE, not {assignment!r}").format(assignment=assignment)
            )
        pairs[name.strip()] = value
    return pairs
