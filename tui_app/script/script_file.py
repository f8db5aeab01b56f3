"""Whether a file can be played as a script, before it is."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tui_app.files.error_words import reason
from tui_app.language import _, in_bytes
from tui_app.script.program import Program, why_refused
from tui_app.script.syntax_check import flaw

MOST_BYTES = 10_000_000
"""Bytes of a script that is read: what is larger is no text that somebody wrote."""


def why_not(script: str) -> str:
    """Return in one sentence why this file cannot be played; empty where it can.

    It is read, and nothing of it is executed.
    """
    name = os.path.basename(script)  # noqa: PTH119 - of any name
    try:
        status = os.stat(script)  # noqa: PTH116 - of any name
        if not stat.S_ISREG(status.st_mode):
            # A pipe would be waited for.
            return _("{script} is not a file").format(script=name)
        if status.st_size > MOST_BYTES:
            size = in_bytes(status.st_size)
            return _("{script} has {size}: that is no script").format(script=name, size=size)
        source = Path(script).read_bytes()
        if refused := why_refused(Program(script), has_dependencies=False):
            return refused
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else error
        sentence = _("cannot read the script {script!r}: {error}")
        return sentence.format(script=name, error=why)
    problem = flaw(source)
    return "" if problem is None else f"{name}: {problem.sentence}"
