"""How processes ended, in words."""

from __future__ import annotations

import signal


def exit_name(exitcode: int | None) -> str:
    """A short name for an error field: "SIGKILL", "exit code 3"; "WorkerGone" where unknown."""
    if exitcode is None:
        return "WorkerGone"
    if exitcode >= 0:
        return f"exit code {exitcode}"
    try:
        return signal.Signals(-exitcode).name
    except ValueError:
        return f"signal {-exitcode}"


def describe_exit(exitcode: int | None) -> str:
    """The same for a sentence: "was killed by SIGKILL", "exited with code 3", "is gone"."""
    if exitcode is None:
        return "is gone"
    if exitcode < 0:
        return f"was killed by {exit_name(exitcode)}"
    return f"exited with code {exitcode}"
