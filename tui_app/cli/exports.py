"""Exports of what a command runs (`--export`), and of what was recorded (`runs export`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tui_app.cli.language import option
from tui_app.cli.options import ASKED_EXPORTS, ASKED_RECORDING, asked_recording
from tui_app.language import N_, _

if TYPE_CHECKING:
    from tui_app.records.recording import Recording

R = TypeVar("R")

ENDINGS = ".html, .trace.json (Perfetto), .svg, .csv, .json, .txt"
"""The endings of exports, as help tells them; a test holds them against those that there are."""

_option = option(
    "--export",
    multiple=True,
    metavar="FILE",
    help=N_(
        "Run without a screen, and write the run into a file of this kind: {endings}; may be given"
        " twice."
    ),
    words={"endings": ENDINGS},
)


def export_option(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command `--export`, for files that are written when what it runs has ended."""

    @wraps(command)
    def exporting(*args: Any, export: tuple[str, ...], **kwargs: Any) -> R:
        if not export:
            return command(*args, **kwargs)
        files = export_places(export)
        click.get_current_context().meta[ASKED_EXPORTS] = True
        with _recorded() as recording:
            done = command(*args, **kwargs)
            recording.close()
            if not recording.paths:
                raise click.ClickException(_("nothing was run, or recorded: there is no export"))
            write_exports(recording.paths[-1], files)
        return done

    return _option(exporting)


def export_places(names: Sequence[str], *, overwrite: bool = False) -> list[Path]:
    """Return the files, if an export can stand in each, as far as one can see before it is made.

    Raises:
        click.UsageError: it cannot.
    """
    from tui_app.exports.writing import ExportError, ExportFile, export_path

    try:
        files = [export_path(name) for name in dict.fromkeys(names)]
        for file in files:
            ExportFile(file, overwrite=overwrite)
    except ExportError as error:
        raise click.UsageError(str(error)) from error
    return files


@contextmanager
def _recorded() -> Iterator[Recording]:
    """Record what runs meanwhile, in a temporary file where no record is wanted."""
    from tui_app.records.recording import Recording
    from tui_app.runs.scratch_folder import ScratchFolder

    asked = asked_recording()
    if asked.wanted:
        yield asked
        return
    with closing(ScratchFolder("procession-export-")) as scratch:
        recording = Recording.into(scratch.folder / "run.jsonl.gz")
        click.get_current_context().meta[ASKED_RECORDING] = recording
        yield recording


def write_exports(record: Path, files: Sequence[Path], *, overwrite: bool = False) -> None:
    """Write the runs of a record into each file, and say on stderr where they are.

    Raises:
        click.ClickException: one cannot be written, or the record cannot be read.
    """
    from tui_app.exports.of_record import export_record
    from tui_app.exports.writing import ExportError
    from tui_app.records.errors import RecordError
    from tui_app.records.reader import RecordFile
    from tui_app.runs.formatting import safe

    try:
        with RecordFile.open(record) as opened:
            for file in files:
                for written in export_record(opened, file, overwrite=overwrite):
                    click.echo(safe(_("exported: {file}").format(file=written)), err=True)
    except (ExportError, RecordError) as error:
        raise click.ClickException(str(error)) from error
