"""A recorded run at any moment."""

from __future__ import annotations

from tui_app.records.reader import RecordedRun, RecordFile
from tui_app.runs.log import Log
from tui_app.runs.view import RunView


def view_at_end(record: RecordFile, part: RecordedRun, log: Log | None = None) -> RunView:
    """Return a run as it ended, or as far as it is known.

    Args:
        record: the record.
        part: which of its runs.
        log: takes the lines; another one if it is not given.

    Raises:
        RecordError: the record is damaged.
    """
    view = RunView(log)
    for event in record.events(part):
        view.add(event)
    return view
