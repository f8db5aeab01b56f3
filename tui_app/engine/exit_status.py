"""How processes ended, in words."""

from __future__ import annotations

import signal

from tui_app.language import N_, _


def exit_name(exitcode: int | None) -> str:
    """Return a short name for an error field, such as "SIGKILL" or "exit code 3".

    It is "WorkerGone" where the exit code is not known. It is recorded, so it has no language.
    """
    if exitcode is None:
        return "WorkerGone"
    if exitcode >= 0:
        return f"exit code {exitcode}"
    try:
        return signal.Signals(-exitcode).name
    except ValueError:
        return f"signal {-exitcode}"


_MEANT = {
    "terminate": N_("was ended by terminate()"),
    "kill": N_("was ended by kill()"),
    "interrupt": N_("was ended by interrupt()"),
    "daemon": N_("was ended as a daemon, at its parent's end"),
}
"""How a script ends its processes on purpose (`ProcessExited.ended_by`)."""


def describe_exit(exitcode: int | None, ended_by: str = "") -> str:
    """Return the end of a sentence, such as "was killed by SIGKILL" or "exited with code 3".

    Args:
        exitcode: negative for a signal; `None` where it is not known.
        ended_by: how a script ended the process on purpose.
    """
    if ended_by in _MEANT:
        return _(_MEANT[ended_by])
    if exitcode is None:
        return _("is gone")
    if exitcode < 0:
        return _("was killed by {signal}").format(signal=exit_name(exitcode))
    return _("exited with code {code}").format(code=exitcode)


def shell_code(exitcode: int) -> int:
    """Return an exit code as a shell has it: 128 + n where signal n ended the process."""
    return exitcode if exitcode >= 0 else 128 - exitcode
