"""The command `compare`: demos played one after another, and their times in one table."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import click

from tui_app.cli.completion import complete_demo
from tui_app.cli.demo import pairs
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
    wants_screen,
)
from tui_app.language import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_app.demos.variant import Variant
    from tui_app.runs.runnable import EventReader


@command(
    short_help=N_("Play two or three demos one after another, and compare their times."),
    help=N_(
        "Play the demos of these NAMEs, or numbers, one after another, and compare their times.\n\n"
        "A NAME may carry settings: `13:workers=8 13:workers=2`, or `5:start=spawn`. Without a"
        " NAME, ready pairs are listed. The exit code is that of the first script that fails."
    ),
)
@click.argument(
    "names", nargs=-1, metavar="[NAME[:SETTING=VALUE]...]...", shell_complete=complete_demo
)
@option("--list", "as_list", is_flag=True, help=N_("Name the ready pairs, and stop."))
@option(
    "--set",
    "assignments",
    multiple=True,
    metavar="NAME=VALUE",
    help=N_("For each of them that has this parameter; `start` is the start method."),
)
@script_headless_option
@fps_option
@output_options
@record_options
@export_option
@in_folder
def compare(
    names: tuple[str, ...],
    as_list: bool,
    assignments: tuple[str, ...],
    headless: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Compare demos, with or without a screen; or list the ready pairs."""
    from tui_app.demos.pairs import MOST

    on_screen = wants_screen(headless=headless, as_json=as_json, quiet=quiet)
    if as_list or not (names or on_screen):
        _list(as_json=as_json)
        return 0
    if names and not 2 <= len(names) <= MOST:
        sentence = _("name two or three demos, not {n}; `procession compare --list` has pairs")
        raise click.UsageError(sentence.format(n=len(names)))
    variants = _variants(names, pairs(assignments))
    if on_screen:
        from tui_app.app import run_app

        return run_app(compared=variants, fps=asked_fps(), recording=asked_recording())
    return _compare(variants, as_json=as_json, quiet=quiet)


def _list(*, as_json: bool) -> None:
    from tui_app.demos.pairs import READY

    for pair in READY:
        if as_json:
            about = {"names": pair.names, "title": _(pair.title), "look": _(pair.look)}
            click.echo(json.dumps(about))
        else:
            command = " ".join(["procession compare", *pair.names])
            click.echo(command)
            click.echo(f"  {pair.heading}")
            click.echo(f"  {_(pair.look)}")


def _variants(names: Sequence[str], settings: dict[str, str]) -> list[Variant]:
    """Return the demos of these names, with the settings that they know.

    Raises:
        click.UsageError: there is no such demo, or none of them has such a setting.
    """
    from tui_app.demos.catalogue import DemoError
    from tui_app.demos.parameters import ParameterError
    from tui_app.demos.variant import parse_variant

    try:
        variants = [parse_variant(name, settings) for name in names]
    except (DemoError, ParameterError) as error:
        raise click.UsageError(str(error)) from error
    for setting in settings if variants else ():
        if not any(variant.knows(setting) for variant in variants):
            sentence = _("none of them has a parameter {name}")
            raise click.UsageError(sentence.format(name=setting))
    return variants


def _compare(variants: Sequence[Variant], *, as_json: bool, quiet: bool) -> int:
    """Play them in turn, and print the table; a signal ends all of it. Return the exit code."""
    from tui_app.cli.headless import readers_of_next, run_with_samples
    from tui_app.runs.comparison.run import ComparisonRun
    from tui_app.runs.comparison.told import result_lines
    from tui_app.runs.formatting import safe

    run = ComparisonRun(variants)

    def listen() -> list[EventReader]:
        number = run.playing or 0
        sentence = _("{number} of {runs}: {name}")
        label = run.trials()[number].label
        title = sentence.format(number=number + 1, runs=len(variants), name=label)
        return readers_of_next(title, as_json=as_json, quiet=quiet)

    code = run_with_samples(run, listen, needed=run.needs_samples, quiet=quiet)
    if not (as_json or quiet):
        for line in result_lines(run, shutil.get_terminal_size().columns):
            click.echo(safe(line))
    return run.first_failure or code
