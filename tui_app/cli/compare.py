"""The command `compare`: demos played one after another, and their times in one table."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING

import click

from tui_app.cli.demo import HEADLESS, draw_samples, pairs, play_run
from tui_app.cli.language import command, option
from tui_app.cli.options import asked_fps, fps_option, in_folder, on_terminal, output_options
from tui_app.language import N_, _
from tui_app.system import signals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui_app.demos.variant import Variant
    from tui_app.runs.comparison.trial import TrialReader
    from tui_app.runs.runnable import EventReader


@command(
    short_help=N_("Play two or three demos one after another, and compare their times."),
    help=N_(
        "Play the demos of these NAMEs, or numbers, one after another, and compare their times.\n\n"
        "A NAME may carry settings: `13:workers=8 13:workers=2`, or `5:start=spawn`. Without a"
        " NAME: the pairs that are worth it. Exits as the first script does that does not end well."
    ),
)
@click.argument("names", nargs=-1, metavar="[NAME[:SETTING=VALUE]...]...")
@option("--list", "as_list", is_flag=True, help=N_("Name the ready pairs, and stop."))
@option(
    "--set",
    "assignments",
    multiple=True,
    metavar="NAME=VALUE",
    help=N_("For each of them that has this parameter; `start` is the start method."),
)
@HEADLESS
@fps_option
@output_options
@in_folder
def compare(
    names: tuple[str, ...],
    as_list: bool,
    assignments: tuple[str, ...],
    headless: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """A comparison, with or without a screen."""
    from tui_app.demos.pairs import MOST

    without_screen = headless or as_json or quiet or not on_terminal()
    if as_list or (not names and without_screen):
        _list(as_json=as_json)
        return 0
    if names and not 2 <= len(names) <= MOST:
        sentence = _("name two or three demos, not {n}; `procession compare --list` has pairs")
        raise click.UsageError(sentence.format(n=len(names)))
    variants = _variants(names, pairs(assignments))
    if not without_screen:
        from tui_app.app import run_app

        return run_app(compared=variants, fps=asked_fps())
    if code := draw_samples([variant.demo for variant in variants], quiet=quiet):
        return code
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
    """The demos of these names, with the settings that they know.

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
    """Plays them in turn, and prints the table; a signal ends all of it. Returns the exit code."""
    from tui_app.demos.play_times import keep_play_time
    from tui_app.runs.comparison.table import labels
    from tui_app.runs.comparison.trial import TrialReader
    from tui_app.runs.formatting import safe
    from tui_app.runs.printer import JsonPrinter, Printer
    from tui_app.runs.view import RunState

    trials = [TrialReader(label) for label in labels(variants)]
    first_failure = 0
    for number, (variant, trial) in enumerate(zip(variants, trials, strict=True), 1):
        if signals.noted():
            break
        if not quiet:
            label = trial.trial().label
            sentence = _("{number} of {runs}: {name}")
            told = sentence.format(number=number, runs=len(variants), name=safe(label))
            click.echo(told, err=True)
        readers: list[EventReader] = [trial, Printer(None, sys.stderr, quiet=quiet)]
        if as_json:
            readers.append(JsonPrinter(sys.stdout))
        code = play_run(variant.run(), readers)
        first_failure = first_failure or code
        ended = trial.trial()
        if ended.ok and variant.is_own:
            keep_play_time(variant.demo.name, ended.wall)
        if ended.state is RunState.CANCELLED:
            break
    if not (as_json or quiet):
        for line in _table(variants, trials):
            click.echo(line)
    return first_failure


def _table(variants: Sequence[Variant], readers: Sequence[TrialReader]) -> Iterator[str]:
    from tui_app.engine.machine import usable_cpus
    from tui_app.runs.comparison.table import Comparison, is_tutorial
    from tui_app.runs.formatting import safe

    trials = [reader.trial() for reader in readers]
    comparison = Comparison(trials, usable_cpus(), is_tutorial(variants))
    table = comparison.table(shutil.get_terminal_size().columns)
    yield from (safe(line) for line in (table.header, *table.rows, *table.limits))
    yield ""
    yield from (safe(sentence) for sentence in comparison.sentences())
