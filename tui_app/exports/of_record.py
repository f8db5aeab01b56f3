"""The export of a record: a file for each of its runs."""

from __future__ import annotations

from pathlib import Path

from tui_app.exports.kinds import ending_of
from tui_app.exports.writing import ExportFile
from tui_app.records.reader import RecordedRun, RecordFile
from tui_app.runs.samples import SAMPLES_KIND


def export_record(record: RecordFile, file: Path, *, overwrite: bool = False) -> list[Path]:
    """Write the runs of a record, in the present language; return the files.

    Of several runs, as of a sweep, each has its number before the ending: `all-1.html`. The drawing
    of the sample photographs is left out where another run follows.

    Args:
        record: The record.
        file: Where it is to stand, if there is one run; `ExportFile` says what it may replace.
        overwrite: Whether any file is replaced.

    Raises:
        ExportError: A file cannot be written.
        RecordError: The record is damaged.
    """
    parts = [part for part in record.parts if part.started.kind != SAMPLES_KIND] or record.parts
    files = [file] if len(parts) == 1 else [_numbered(file, n + 1) for n in range(len(parts))]
    places = [ExportFile(one, overwrite=overwrite) for one in files]
    for part, place in zip(parts, places, strict=True):
        _write(record, part, place)
    return files


def _write(record: RecordFile, part: RecordedRun, place: ExportFile) -> None:
    place.write(lambda: record.events(part))


def _numbered(file: Path, number: int) -> Path:
    ending = ending_of(file)
    return file.with_name(f"{file.name[: len(file.name) - len(ending)]}-{number}{ending}")
