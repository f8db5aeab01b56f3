"""The command `runs`: the recorded runs, listed, shown, played again, pinned and removed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from tui_app.cli.exports import ENDINGS, export_places, write_exports
from tui_app.cli.language import TranslatedGroup, command, option
from tui_app.cli.options import (
    Finite,
    asked_fps,
    fps_option,
    headless_option,
    in_folder,
    output_options,
    wants_screen,
)
from tui_app.files.error_words import told
from tui_app.language import N_, _, counted

if TYPE_CHECKING:
    from tui_app.records.reader import RecordedRun, RecordFile
    from tui_app.records.store import Heading, Kept

P = ParamSpec("P")
R = TypeVar("R")

run_argument = click.argument("run", metavar="ID|last|FILE", default="last")
kept_argument = click.argument("words", metavar="ID...", nargs=-1, required=True)


@click.group(
    cls=TranslatedGroup,
    short_help=N_("List, show, replay, pin and remove recorded runs."),
    help=N_(
        "What was run is recorded: list it, show what it came to, play it again.\n\n"
        "A run is named by its id, which may be cut short, or by `last`; where it is only read,"
        " also by a file, such as one of `--record`, from any machine."
    ),
)
def runs() -> None:
    """Group the commands on recorded runs."""


def in_sentences(command: Callable[P, R]) -> Callable[P, R]:
    """Let a command end in one sentence where a record is not there, or cannot be read."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        from tui_app.records.errors import RecordError

        try:
            return command(*args, **kwargs)
        except RecordError as error:
            raise click.UsageError(str(error)) from error
        except OSError as error:
            raise click.ClickException(told(error)) from error

    return wrapped


@contextmanager
def opened(word: str) -> Iterator[RecordFile]:
    """Open the record that is meant.

    Raises:
        RecordError: there is none, or it cannot be read.
    """
    from tui_app.records.reader import RecordFile
    from tui_app.records.store import find_path

    with RecordFile.open(find_path(word)) as record:
        yield record


@command(name="list", short_help=N_("List them, the latest first."), help=N_("List them."))
@option("--json", "as_json", is_flag=True, help=N_("Print an object for each, one a line."))
@in_sentences
def list_(as_json: bool) -> int:
    """List all records."""
    from tui_app.records.phrases import heading_line
    from tui_app.records.store import headings
    from tui_app.runs.formatting import safe

    number = 0
    for one in headings():
        number += 1
        click.echo(_as_json(one) if as_json else safe(heading_line(one)))
    if not number and not as_json:
        click.echo(_("no run is recorded yet"), err=True)
    return 0


def _as_json(one: Heading) -> str:
    about = {
        "id": one.kept.id,
        "kind": one.kind,
        "title": one.title,
        "started_at": one.started_at,
        "seconds": one.seconds,
        "runs": one.runs,
        "outcome": one.outcome,
        "running": one.growing,
        "pinned": one.pinned,
        "bytes": one.bytes,
        "file": str(one.kept.path),
    }
    return json.dumps(about)


@command(short_help=N_("Tell what a run came to."), help=N_("Tell what a run came to."))
@run_argument
@in_sentences
def show(run: str) -> int:
    """Print the summary of a record, and its failures."""
    with opened(run) as record:
        for number, part in enumerate(record.parts):
            if number:
                click.echo()
            _show(record, part)
    return 0


def _show(record: RecordFile, part: RecordedRun) -> None:
    from tui_app.records.moments import view_at_end
    from tui_app.records.phrases import not_ended, when
    from tui_app.runs.formatting import safe
    from tui_app.runs.printer import print_result

    started = part.started
    start = when(started.started_at, exactly=True)
    click.echo(safe(started.title))
    click.echo(safe(f"{start}, {started.host}, {started.executor}, Python {started.python}"))
    if part.finished is None:
        click.echo(not_ended(part.seconds))
    sys.stdout.flush()
    print_result(view_at_end(record, part).snapshot(), sys.stdout, sys.stdout)


@command(
    short_help=N_("Play a run again from its record."),
    help=N_(
        "Play a run again from its record; nothing is started.\n\n"
        "On a terminal the app opens it, with its time cursor; else its log is printed."
    ),
)
@run_argument
@option(
    "--speed",
    type=Finite(0, min_open=True),
    metavar="N",
    help=N_("Print the log N times as fast as it was, in its own time with 1."),
)
@headless_option
@fps_option
@output_options
@in_folder
@in_sentences
def replay(run: str, speed: float | None, headless: bool, as_json: bool, quiet: bool) -> int:
    """Open a record on the screen, or print its log."""
    from tui_app.cli.headless import readers, run_headless
    from tui_app.records.phrases import not_ended
    from tui_app.records.replay import ReplayRun

    headless = headless or speed is not None
    if wants_screen(headless=headless, as_json=as_json, quiet=quiet):
        from tui_app.app import run_app
        from tui_app.records.store import find_path

        return run_app(record=find_path(run), fps=asked_fps())
    with opened(run) as record:
        to = readers(as_json=as_json, quiet=quiet)
        code = run_headless(ReplayRun(record, speed), to, recorded=False)
        if code < 128 and record.parts[-1].finished is None:
            click.echo(not_ended(record.parts[-1].seconds), err=True)
    return code if code >= 128 else 0


@command(
    short_help=N_("Write a run into a file for others: page, trace, tables, picture."),
    help=N_(
        "Write a run into files for others; the ending of each says what it gets: {endings}.\n\n"
        "A record of several runs, as of a sweep, becomes as many files, with numbers."
    ),
)
@click.argument("run", metavar="ID|last|FILE")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path())
@option("--overwrite", is_flag=True, help=N_("Replace a file that is no such export, too."))
@in_sentences
def export(run: str, files: tuple[str, ...], overwrite: bool) -> int:
    """Write exports of a record."""
    from tui_app.records.store import find_path

    places = export_places(files, overwrite=overwrite)
    write_exports(find_path(run), places, overwrite=overwrite)
    return 0


export.words = {"endings": ENDINGS}


@command(
    short_help=N_("Keep runs until they are removed by name."),
    help=N_("Keep runs until they are removed by name."),
)
@kept_argument
@option("--off", is_flag=True, help=N_("Keep them no longer than others."))
@in_sentences
def pin(words: tuple[str, ...], off: bool) -> int:
    """Pin records."""
    for one in _meant(words):
        one.pin(not off)
        click.echo(one.id)
    return 0


@command(short_help=N_("Remove runs."), help=N_("Remove runs."))
@kept_argument
@option("--force", is_flag=True, help=N_("Also those that are pinned."))
@in_sentences
def rm(words: tuple[str, ...], force: bool) -> int:
    """Remove records; all of them, or none where one may not be removed."""
    found = _meant(words)
    for one in found:
        if one.growing:
            raise click.UsageError(_("{id} still runs: stop it first").format(id=one.id))
        if one.pinned and not force:
            raise click.UsageError(
                _("{id} is pinned: add --force, or take the pin off").format(id=one.id)
            )
    for one in found:
        one.remove()
    click.echo(counted(len(found), "{n} run removed", "{n} runs removed"))
    return 0


@command(
    short_help=N_("Print where a run's file is."),
    help=N_("Print where a run's file is; without a run, the folder with all of them."),
)
@click.argument("run", metavar="[ID|last]", required=False)
@in_sentences
def path(run: str | None) -> int:
    """Print a path."""
    from tui_app.records.store import find, records_folder

    where: Path = records_folder() if run is None else find(run).path
    click.echo(where)
    return 0


def _meant(words: tuple[str, ...]) -> list[Kept]:
    """Return the records that are meant, each once.

    Raises:
        RecordError: one of them is not there.
    """
    from tui_app.records.store import find

    return list({one.id: one for one in map(find, words)}.values())


for _command in (list_, show, replay, export, pin, rm, path):
    runs.add_command(_command)
