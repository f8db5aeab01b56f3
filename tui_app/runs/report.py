"""A report of a batch: a row for each image, as CSV or JSON."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TextIO

from tui_app.events import Event, TaskFailed, TaskFinished, TaskSkipped
from tui_app.images.plan import Plan
from tui_app.language import _


class ReportError(ValueError):
    """A report that cannot be written; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What became of one image. Sizes are pixels and bytes; `seconds` is the work on it.

    `source` and `output` are paths; they are filled in when the row is written.
    """

    source: str = ""
    output: str = ""
    outcome: str = "not done"
    step: str = ""
    error: str = ""
    reason: str = ""
    seconds: float = 0.0
    pid: int | None = None
    width: int | None = None
    height: int | None = None
    out_width: int | None = None
    out_height: int | None = None
    bytes_in: int | None = None
    bytes_out: int | None = None
    notes: str = ""


_NOT_DONE = ReportRow()


class Report:
    """Collects the rows of a batch from its events; `write` puts them down.

    The format is told by the file's ending, `.csv` or `.json`.

    Raises:
        ReportError: another ending, or a folder that is not there or cannot be written.
    """

    def __init__(self, plan: Plan, file: Path) -> None:
        if file.suffix.lower() not in (".csv", ".json"):
            raise ReportError(
                _("a report is a .csv or a .json file, not {file!r}").format(file=str(file))
            )
        if file.is_dir() or not os.access(file.resolve().parent, os.W_OK | os.X_OK):
            raise ReportError(
                _("cannot write the report {file!r}: name a file in a folder of yours").format(
                    file=str(file)
                )
            )
        self._plan, self._file = plan, file
        self._ended: dict[int, ReportRow] = {}

    def add(self, event: Event) -> None:
        """Takes one event."""
        match event:
            case TaskFinished():
                result = dict(event.result)
                notes = "; ".join(result.pop("notes", ()))
                known = {f.name for f in fields(ReportRow)}
                sizes = {key: value for key, value in result.items() if key in known}
                self._row(
                    event.task, "done", seconds=event.seconds, pid=event.pid, notes=notes, **sizes
                )
            case TaskFailed():
                self._row(
                    event.task,
                    "failed",
                    step=event.step,
                    error=event.error,
                    reason=event.reason,
                    seconds=event.seconds,
                    pid=event.pid,
                )
            case TaskSkipped():
                outcome = "not done" if event.stopped else "skipped"
                outcome = "done before" if event.before else outcome
                self._row(event.task, outcome, reason=event.reason)

    def _row(self, task: int, outcome: str, **values: object) -> None:
        self._ended[task] = ReportRow(outcome=outcome, **values)  # type: ignore[arg-type]

    def _rows(self) -> Iterator[dict[str, Any]]:
        """Every row as it is written, in the plan's order."""
        for task, item in enumerate(self._plan.items, 1):
            row = asdict(self._ended.get(task, _NOT_DONE))
            yield row | {"source": item.source, "output": self._plan.output_of(item)}

    def write(self) -> None:
        """Writes the whole report, or leaves the file as it was.

        Raises:
            ReportError: the file could not be written.
        """
        put = _put_csv if self._file.suffix.lower() == ".csv" else _put_json
        temporary = ""
        try:
            handle, temporary = tempfile.mkstemp(dir=self._file.resolve().parent, prefix=".report-")
            # Names that are no UTF-8 are written as they are on disk.
            with os.fdopen(
                handle, "w", encoding="utf-8", errors="surrogateescape", newline=""
            ) as file:
                put(self._rows(), file)
                os.fchmod(file.fileno(), 0o666 & ~_umask())
            Path(temporary).replace(self._file.resolve())
        except OSError as error:
            if temporary:
                Path(temporary).unlink(missing_ok=True)
            raise ReportError(
                _("cannot write the report {file!r}: {reason}").format(
                    file=str(self._file), reason=error.strerror or error
                )
            ) from error


def _put_csv(rows: Iterable[dict[str, Any]], file: TextIO) -> None:
    writer = csv.DictWriter(file, [f.name for f in fields(ReportRow)])
    writer.writeheader()
    writer.writerows(rows)


def _put_json(rows: Iterable[dict[str, Any]], file: TextIO) -> None:
    # A row at a time: the text of 100,000 need not stand in memory.
    between = "[\n"
    for row in rows:
        file.write(between + json.dumps(row, indent=1))
        between = ",\n"
    file.write("\n]\n" if between == ",\n" else "[]\n")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
