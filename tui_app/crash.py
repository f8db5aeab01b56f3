"""What a person is told when the app itself fails: a short paragraph; the traceback is kept."""

from __future__ import annotations

import traceback
from pathlib import Path

from tui_app.files.error_words import refusal
from tui_app.files.private_files import write_small
from tui_app.language import _
from tui_app.runs.formatting import safe
from tui_app.system.user_folders import state_folder


def crash_file() -> Path:
    """Return the file that keeps the latest traceback."""
    return state_folder() / "crash.txt"


def describe_crash(error: BaseException) -> str:
    """Keep an error's traceback, and return a few lines: what happened, and how to go on.

    Where the traceback cannot be kept, the lines have it.
    """
    # Textual's `WorkerFailed` says less than the error that was raised in the worker.
    error = getattr(error, "error", error)
    trace = "".join(traceback.format_exception(error))
    told = "".join(traceback.format_exception_only(error)).strip().splitlines()[-1]
    if isinstance(error, OSError | MemoryError):
        # The machine refused something: that is no mistake of this program.
        sentence, told = _("procession stopped: {error}"), refusal(error)
    else:
        sentence = _("procession stopped because of a mistake of its own: {error}")
    lines = [
        sentence.format(error=safe(told)),
        _("Originals are untouched, finished outputs stand; the same command does what is left."),
    ]
    file = crash_file()
    try:
        write_small(file, trace)
        lines.append(_("The traceback, for a report, is in {file}").format(file=safe(str(file))))
    except OSError:
        lines.append(safe(trace).replace("␊", "\n"))
    return "\n".join(lines) + "\n"
