"""Runs without a screen: events to readers, signals to an orderly end, the end to an exit code."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Protocol

from tui_app import garbage
from tui_app.events import Event, Outcome, RunFinished
from tui_app.language import _

if TYPE_CHECKING:
    from tui_app.runs.batch import Runnable

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

LEAVING_SECONDS = 0.3
"""How long a script that is told to stop has, where it is not a person's Ctrl-C that stops it."""


class Reader(Protocol):
    """Takes the events of a run, one after another."""

    def add(self, event: Event) -> None:
        """Takes one event."""
        ...


def run_headless(runnable: Runnable, readers: Sequence[Reader]) -> int:
    """Runs it to its end; returns the exit code.

    0 where all went well, 1 where something failed, 128 + n where signal n ended it. The signals
    are SIGINT, SIGTERM and SIGHUP, the last one only if it was not ignored from outside (`nohup`).
    """
    garbage.go_on()
    return asyncio.run(_run(runnable, readers))


async def _run(runnable: Runnable, readers: Sequence[Reader]) -> int:
    caught: list[int] = []

    loop = asyncio.get_running_loop()

    def stop(signum: int) -> None:
        caught.append(signum)
        runnable.cancel(_("stopped by {signal}").format(signal=signal.Signals(signum).name))
        if signum != signal.SIGINT:
            loop.call_later(LEAVING_SECONDS, runnable.cancel)

    for signum in SIGNALS:
        if signal.getsignal(signum) is not signal.SIG_IGN:
            loop.add_signal_handler(signum, stop, signum)
    outcome = Outcome.FAILED
    async with aclosing(runnable.events()) as events:
        async for event in events:
            for reader in readers:
                reader.add(event)
            if isinstance(event, RunFinished):
                outcome = event.outcome
    if caught:
        # What is left of this process takes a moment: nobody needs to hurry it.
        for signum in SIGNALS:
            loop.remove_signal_handler(signum)
            signal.signal(signum, signal.SIG_IGN)
        return 128 + caught[0]
    return 0 if outcome is Outcome.OK else 1
