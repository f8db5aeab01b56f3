"""Runs without a screen: events to readers, signals to an orderly end, the end to an exit code."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from contextlib import aclosing

from tui_app.events import Outcome, RunFinished
from tui_app.runs.runnable import LEAVING_SECONDS, EventReader, Runnable
from tui_app.system import gc_tuning, signals


def run_headless(runnable: Runnable, readers: Sequence[EventReader]) -> int:
    """Runs it to its end; returns the exit code.

    0 where all went well, 1 where something failed, 128 + n where signal n ended it; which signals
    do, `signals.Taken` says.
    """
    gc_tuning.go_on()
    return asyncio.run(_run(runnable, readers))


async def _run(runnable: Runnable, readers: Sequence[EventReader]) -> int:
    loop = asyncio.get_running_loop()

    def stop(signum: int) -> None:
        runnable.cancel(signals.sentence(signum))
        if signum != signal.SIGINT:
            loop.call_later(LEAVING_SECONDS, runnable.cancel)

    def take(signum: int) -> None:
        loop.call_soon_threadsafe(stop, signum)

    if signum := signals.noted():
        return 128 + signum
    outcome = Outcome.FAILED
    with signals.Taken(take) as taken:
        loop.add_reader(taken.wake, taken.awake)
        try:
            async with aclosing(runnable.events()) as events:
                async for event in events:
                    for reader in readers:
                        reader.add(event)
                    if isinstance(event, RunFinished):
                        outcome = event.outcome
        finally:
            loop.remove_reader(taken.wake)
    if taken.first is not None:
        return 128 + taken.first
    return 0 if outcome is Outcome.OK else 1
