"""A report of a batch: a row for each image, as CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from tui_app.events import Event, RunFinished, RunStarted, TaskFailed, TaskFinished, TaskSkipped
from tui_app.files.atomic_write import Place, write_whole
from tui_app.files.error_words import reason
from tui_app.files.folder import Folder, ForeignLinkError, Stamp, stamp
from tui_app.files.paths import absolute
from tui_app.images.output.hidden import open_existing
from tui_app.images.output.journal import Journal
from tui_app.images.output.journal_lines import JournalError, Reported
from tui_app.images.plan import Plan
from tui_app.language import _


class ReportError(ValueError):
    """A report that cannot be written; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What became of one image.

    `source` and `output` are paths, filled in when the row is written. Sizes are pixels and bytes;
    `seconds` is the time of the work on it.
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


_COLUMNS = [field.name for field in fields(ReportRow)]
_NOT_DONE = ReportRow()


class Report:
    """Collects the rows of a batch from its events; `write` writes them.

    The file's ending tells the format, `.csv` or `.json`. A file that stands there is replaced if
    the journal of the output folder knows it as a report, and it is as it was written.

    Args:
        plan: The plan of the batch.
        file: Where the report is to stand; a link is followed to where it leads.

    Raises:
        ReportError: The ending is another one, the folder is not there or cannot be written, or a
            file is there that may not be replaced.
    """

    def __init__(self, plan: Plan, file: Path) -> None:
        if file.suffix.lower() not in (".csv", ".json"):
            raise ReportError(
                _("a report is a .csv or a .json file, not {file!r}").format(file=str(file))
            )
        self._plan, self._file = plan, file
        self._notes: list[str] = []
        self._ended: dict[int, ReportRow] = {}
        try:
            self._target = _target(file)
            # What the journal calls the report.
            self._name = os.path.relpath(self._target, plan.output)
            with Folder.open(str(self._target.parent)) as folder:
                self._over = self._replaceable(folder)
        except OSError as error:
            raise self._cannot(reason(error)) from error
        if not os.access(self._target.parent, os.W_OK | os.X_OK):
            raise self._cannot(_("permission denied"))

    def _cannot(self, why: str) -> ReportError:
        return ReportError(
            _("cannot write the report {file!r}: {reason}").format(file=str(self._file), reason=why)
        )

    def _replaceable(self, folder: Folder) -> Stamp | None:
        """Return the stamp of the file that the report may replace; None where nothing stands."""
        there = folder.lstat(self._target.name)
        if there is None:
            return None
        if not stat.S_ISREG(there.st_mode):
            raise self._cannot(_("something that is no file is in its place"))
        for item in self._plan.items:
            with suppress(OSError):
                if os.path.samestat(there, os.stat(item.source)):  # noqa: PTH116 - of 100,000
                    raise self._cannot(_("that is a source"))
        if not self._plan.overwrite and stamp(there) not in self._reported():
            raise self._cannot(
                _("that file is there already, and no report of ours: name another, or --overwrite")
            )
        return stamp(there)

    def _reported(self) -> set[Stamp]:
        """Return the stamps of reports that were written there, as the journal knows them."""
        found: set[Stamp] = set()
        with suppress(OSError, JournalError), open_existing(self._plan.output) as (root, hidden):
            if hidden.folder is not None:
                for line in Journal(hidden.folder, root.status).lines():
                    if isinstance(line, Reported) and line.output == self._name:
                        found.add(line.stamp)
        return found

    def _journalled(self, made: Stamp) -> None:
        """Note the report in the journal, where there is one."""
        with suppress(OSError), open_existing(self._plan.output) as (root, hidden):
            if hidden.folder is not None:
                Journal(hidden.folder, root.status).append(Reported(self._name, made))

    def add(self, event: Event) -> None:
        """Take one event."""
        match event:
            case RunStarted():
                self._notes = [note for note in event.notes if note not in self._plan.standings]
            case RunFinished():
                self._notes += event.notes
            case TaskFinished():
                result = dict(event.result)
                notes = "; ".join(result.pop("notes", ()))
                sizes = {key: value for key, value in result.items() if key in _COLUMNS}
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
        """Yield each row as it is written: images in the plan's order, flaws, notes on the run."""
        for task, item in enumerate(self._plan.items, 1):
            row = asdict(self._ended.get(task, _NOT_DONE))
            yield row | {"source": item.source, "output": self._plan.output_of(item)}
        for task, flaw in enumerate(self._plan.flaws, len(self._plan.items) + 1):
            yield asdict(self._ended.get(task, _NOT_DONE)) | {"source": flaw.name}
        for note in self._notes:
            yield asdict(ReportRow(outcome="note", notes=note))

    def write(self) -> None:
        """Write the whole report, or leave the file as it was.

        Raises:
            ReportError: The file could not be written.
        """
        put = _put_csv if self._file.suffix.lower() == ".csv" else _put_json

        def save(file: BinaryIO) -> None:
            # Names that are no UTF-8 are written as they are on disk.
            text = io.TextIOWrapper(file, "utf-8", "surrogateescape", newline="")
            put(self._rows(), text)
            text.flush()
            text.detach()

        try:
            with Folder.open(str(self._target.parent)) as folder:
                place = Place(
                    folder,
                    self._target.name,
                    folder,
                    ".report",
                    over=self._over,
                    overwrite=self._plan.overwrite,
                )
                write_whole(place, save, prepared=self._journalled)
        except OSError as error:
            raise self._cannot(reason(error)) from error


def _target(file: Path) -> Path:
    """Return the file that a path leads to, from the root; a link in its place must be ours.

    Raises:
        OSError: It cannot be asked for, or is a link of somebody else's.
    """
    path = Path(absolute(str(file)))
    with Folder.open(str(path.parent)) as folder:
        there = folder.lstat(path.name)
    if there is None or not stat.S_ISLNK(there.st_mode):
        return path
    if there.st_uid != os.geteuid():
        raise ForeignLinkError(str(path))
    return path.resolve()


def _put_csv(rows: Iterable[dict[str, Any]], file: TextIO) -> None:
    writer = csv.DictWriter(file, _COLUMNS)
    writer.writeheader()
    writer.writerows(rows)


def _put_json(rows: Iterable[dict[str, Any]], file: TextIO) -> None:
    # A row at a time, because the text of 100,000 need not stand in memory.
    between = "[\n"
    for row in rows:
        file.write(between + json.dumps(row, indent=1))
        between = ",\n"
    file.write("\n]\n" if between == ",\n" else "[]\n")
