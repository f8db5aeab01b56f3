"""How processes ended, in words."""

from __future__ import annotations

import signal

from tui_app.language import _


def exit_name(exitcode: int | None) -> str:
    """A short name for an error field: "SIGKILL", "exit code 3"; "WorkerGone" where unknown.

    It is recorded, and so the same in every language.
    """
    if exitcode is None:
        return "WorkerGone"
    if exitcode >= 0:
        return f"exit code {exitcode}"
    try:
        return signal.Signals(-exitcode).name
    except ValueError:
        return f"signal {-exitcode}"


def describe_exit(exitcode: int | None) -> str:
    """The end of a sentence: "was killed by SIGKILL", "exited with code 3", "is gone"."""
    if exitcode is None:
        return _("is gone")
    if exitcode < 0:
        return _("was killed by {signal}").format(signal=exit_name(exitcode))
    return _("exited with code {code}").format(code=exitcode)


def shell_code(exitcode: int) -> int:
    """An exit code as a shell has it: 128 + n where signal n ended the process."""
    return exitcode if exitcode >= 0 else 128 - exitcode
