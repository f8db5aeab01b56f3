"""Sees to it that calls do not go on: Dask itself lets a cancelled call go on until its end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping

from tui_app.engine.cluster.inspection import some
from tui_app.engine.cluster.link import Link
from tui_app.engine.cluster.workers import ClusterWorkers
from tui_app.language import _
from tui_app.system.background import aside

LATE_SECONDS = 0.2
"""How long it may take to hear that a call had begun before it was stopped."""

MEET_SECONDS = 2.0
"""Time that a stopped call has until its next step; then its worker is killed."""

GONE_SECONDS = 5.0
"""How long it may take to hear that a killed worker is gone."""

LOOK_SECONDS = 0.02
"""Time between two looks."""


class CallStopper:
    """Stops calls of a run, on whichever worker they are.

    Args:
        run: the id of the run.
        workers: the workers of the cluster.
        note: takes a sentence that a person should know.
    """

    def __init__(self, run: str, workers: ClusterWorkers, note: Callable[[str], None]) -> None:
        self._run, self._workers, self._note = run, workers, note
        self._calls: dict[int, str | None] = {}
        self._over: set[int] = set()

    def heard(self, call: int, worker: str, *, over: bool) -> None:
        """Take notice of what a worker has told of a call: that it goes on, or is over."""
        if over:
            self._over.add(call)
        elif call in self._calls:
            self._calls[call] = worker

    async def stop(self, link: Link, calls: Mapping[int, str | None]) -> None:
        """Stop calls, each with the worker that it has begun on, if it is known to have begun.

        They end at their next step. Where one does not, its worker is killed.
        """
        self._calls |= calls
        began = time.monotonic()
        await aside(link.stop, self._run, list(calls))
        while (left := self._going_on(calls)) or time.monotonic() - began < LATE_SECONDS:
            if time.monotonic() - began > MEET_SECONDS:
                break
            await asyncio.sleep(LOOK_SECONDS)
        killed = [address for address in left if self._workers[address].has_nanny]
        if killed:
            await aside(link.kill, killed)
        until = time.monotonic() + GONE_SECONDS
        while self._still_there(killed) and time.monotonic() < until:
            await asyncio.sleep(LOOK_SECONDS)
        if left := self._still_there(left):
            sentence = _("{workers} could not be stopped: what is in hand there goes on to its end")
            names = (self._workers[address].name for address in left)
            self._note(sentence.format(workers=some(names)))

    def _going_on(self, calls: Iterable[int]) -> list[str]:
        """Return the workers on which these calls go on."""
        on = {self._calls[call] for call in calls if call not in self._over}
        return self._still_there(address for address in on if address is not None)

    def _still_there(self, workers: Iterable[str]) -> list[str]:
        known = (address for address in workers if address in self._workers)
        return sorted(address for address in known if not self._workers[address].gone)
