"""A report of a batch: a row for each image, as CSV or JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, BinaryIO

from tui_app.events import (
    Event,
    RunFinished,
    RunStarted,
    TaskEnd,
    TaskFailed,
    TaskFinished,
    TaskSkipped,
)
from tui_app.images.plan import Plan
from tui_app.language import _
from tui_app.runs.result_file import ResultError, ResultFile
from tui_app.runs.rows import as_text, put_csv, put_json


class ReportError(ResultError):
    """A report that cannot be written; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What became of one image.

    `source` and `output` are paths, filled in when the row is written. Sizes are pixels and bytes;
    `bytes_saved` is negative where the output is the larger one; `seconds` is the time of the work
    on it.
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
    bytes_saved: int | None = None
    notes: str = ""


_COLUMNS = [field.name for field in fields(ReportRow)]
_NOT_DONE = ReportRow()


def report_row(event: TaskEnd) -> ReportRow:
    """Return what became of a task, from its end."""
    match event:
        case TaskFinished():
            result = dict(event.result)
            notes = "; ".join(result.pop("notes", ()))
            before, after = result.get("bytes_in"), result.get("bytes_out")
            if isinstance(before, int) and isinstance(after, int):
                result["bytes_saved"] = before - after
            sizes = {key: value for key, value in result.items() if key in _COLUMNS}
            return ReportRow(
                outcome="done", seconds=event.seconds, pid=event.pid, notes=notes, **sizes
            )
        case TaskFailed():
            return ReportRow(
                outcome="failed",
                step=event.step,
                error=event.error,
                reason=event.reason,
                seconds=event.seconds,
                pid=event.pid,
            )
        case TaskSkipped():
            outcome = "not done" if event.stopped else "skipped"
            outcome = "done before" if event.before else outcome
            return ReportRow(outcome=outcome, reason=event.reason)


class Report:
    """Collects the rows of a batch from its events; `write` writes them.

    The file's ending tells the format, `.csv` or `.json`. `ResultFile` says what it may replace.

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
        self._plan = plan
        self._notes: list[str] = []
        self._ended: dict[int, ReportRow] = {}
        self._file = ResultFile(plan, file, self._cannot)

    @staticmethod
    def _cannot(file: str, why: str) -> ReportError:
        return ReportError(
            _("cannot write the report {file!r}: {reason}").format(file=file, reason=why)
        )

    def add(self, event: Event) -> None:
        """Take one event."""
        match event:
            case RunStarted():
                self._notes = [note for note in event.notes if note not in self._plan.standings]
            case RunFinished():
                self._notes += event.notes
            case TaskFinished() | TaskFailed() | TaskSkipped():
                self._ended[event.task] = report_row(event)

    def _rows(self) -> Iterator[dict[str, Any]]:
        """Yield each row as it is written: images in the plan's order, flaws, notes on the run."""
        for task, item in enumerate(self._plan.items, 1):
            row = asdict(self._ended.get(task, _NOT_DONE))
            yield row | {"source": item.source, "output": self._plan.output_of(item)}
        for task, flaw in enumerate(self._plan.flaws, len(self._plan.items) + 1):
            yield asdict(self._ended.get(task, _NOT_DONE)) | {"source": flaw.name}
        for note in self._notes:
            yield asdict(ReportRow(outcome="note", notes=note))

    def write(self) -> str:
        """Write the whole report, or leave the file as it was; return an empty text.

        Raises:
            ReportError: The file could not be written.
        """

        def save(file: BinaryIO) -> None:
            with as_text(file) as text:
                if self._file.path.suffix.lower() == ".csv":
                    put_csv(_COLUMNS, self._rows(), text)
                else:
                    put_json(self._rows(), text)

        self._file.write(save)
        return ""
