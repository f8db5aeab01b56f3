"""What is said when the app itself fails: one short paragraph, and the traceback in a file."""

from __future__ import annotations

import traceback
from contextlib import suppress
from pathlib import Path

from tui_app.files.error_words import refusal
from tui_app.files.private_files import write_small
from tui_app.language import _
from tui_app.runs.formatting import safe
from tui_app.system.user_folders import state_folder


def crash_file() -> Path:
    """Where the latest traceback is kept."""
    return state_folder() / "crash.txt"


def describe_crash(error: BaseException) -> str:
    """Keeps the traceback, and says what happened and how to go on, in a few lines.

    Where it cannot be kept, it is in the text.
    """
    # Of a worker of Textual's it is what was raised in it that tells something.
    error = getattr(error, "error", error)
    trace = "".join(traceback.format_exception(error))
    told = "".join(traceback.format_exception_only(error)).strip().splitlines()[-1]
    if isinstance(error, OSError | MemoryError):
        # Not a mistake: the machine refused something.
        sentence, told = _("procession stopped: {error}"), refusal(error)
    else:
        sentence = _("procession stopped because of a mistake of its own: {error}")
    lines = [
        sentence.format(error=safe(told)),
        _("Originals are untouched, finished outputs stand; the same command does what is left."),
    ]
    file = crash_file()
    with suppress(OSError):
        write_small(file, trace)
        lines.append(_("The traceback, for a report, is in {file}").format(file=safe(str(file))))
        return "\n".join(lines) + "\n"
    return "\n".join([*lines, safe(trace).replace("␊", "\n")]) + "\n"
