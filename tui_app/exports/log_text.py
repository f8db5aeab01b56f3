"""The log of a run as text, as it is printed without a screen, with the summary below."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TextIO

from tui_app.events import Event
from tui_app.runs.printer import Printer


def put_log(events: Iterable[Event], file: TextIO) -> None:
    """Write the lines of a run as they come, and then its summary."""
    # Progress, and what a terminal would be told beside the log, is left out.
    printer = Printer(file, io.StringIO(), quiet=True)
    for event in events:
        printer.add(event)
