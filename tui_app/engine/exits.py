"""How processes ended, in words and by blame."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Mapping

from tui_app.engine.hub import Caller
from tui_app.engine.worker import POOL_SIGNAL
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
    if exitcode == -POOL_SIGNAL:
        return _("was ended with its pool")
    if exitcode < 0:
        return _("was killed by {signal}").format(signal=exit_name(exitcode))
    return _("exited with code {code}").format(code=exitcode)


def first_to_die(callers: Iterable[Caller], codes: Mapping[int, int | None]) -> Caller | None:
    """The worker that broke its pool, of those that are gone; `None` where none had come up."""
    dead = sorted((c for c in callers if c.gone is not None), key=lambda c: c.gone or 0.0)
    by_itself = [c for c in dead if codes.get(c.pid) not in (0, -POOL_SIGNAL)]
    return next(iter([*by_itself, *dead]), None)
