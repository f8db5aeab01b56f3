"""The events of a run, on their way to its reader."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine
from dataclasses import replace
from typing import Any

from tui_app.engine.channel_server import ChannelServer
from tui_app.engine.run_clock import RunClock
from tui_app.events import Event, RunFinished, TaskStarted
from tui_app.summary import Tally

MOST_EVENTS = 5_000
"""Events that may wait for the reader; beyond it processes are not read, until half are taken."""

HELD_SECONDS = 0.02
"""How long an event waits for an earlier one from another process, which is read after it."""


class Inbox:
    """Events that wait for the reader of a run; `full`: so many that no more should be made."""

    def __init__(self, clock: RunClock) -> None:
        self._clock = clock
        self._events: deque[Event] = deque()
        self._news = asyncio.Event()
        self._tally = Tally()
        self._held: list[tuple[float, int, Event]] = []
        self._numbers = itertools.count()
        self._latest: dict[tuple[int, int | None], float] = {}
        self._channels: ChannelServer | None = None
        self._begun = self._left = False
        self.full = False

    async def events(
        self, drive: Callable[[], Coroutine[Any, Any, None]], leave: Callable[[], None]
    ) -> AsyncGenerator[Event, None]:
        """Run, and yield each event as it happens. To be iterated once.

        A caller that stops iterating leaves the run; with `contextlib.aclosing` it does so at once,
        and the run has ended when the block is left.

        Args:
            drive: does all of the run, and adds its events; what it raises is raised here.
            leave: called when nobody reads any more: `drive` should end soon then.
        """
        assert not self._begun, "a run runs once"
        self._begun = True
        driver = asyncio.create_task(drive())
        driver.add_done_callback(lambda _: self._news.set())
        try:
            while self._events or not driver.done():
                await self._news.wait()
                self._news.clear()
                while self._events:
                    if len(self._events) <= MOST_EVENTS // 2:
                        self._read_on()
                    yield self._events.popleft()
                # A reader takes a burst without a pause; keys and timers get their turn after it.
                await asyncio.sleep(0)
            driver.result()
        finally:
            # The driver ends by itself then: cancelled, it would leave workers and sockets behind.
            self._left = True
            leave()
            self._read_on()
            await asyncio.wait([driver])

    def paces(self, channels: ChannelServer) -> None:
        """Pause this server while too many events wait."""
        self._channels = channels

    def add(self, event: Event) -> None:
        """Take an event, behind all others."""
        self._tally.add(event)
        self._events.append(event)
        self._news.set()
        if len(self._events) > MOST_EVENTS and not (self.full or self._left):
            self.full = True
            if self._channels is not None:
                self._channels.pause()

    def _read_on(self) -> None:
        if self.full:
            self.full = False
            if self._channels is not None:
                self._channels.resume()

    def add_in_order(self, event: Event) -> None:
        """Hold an event for a moment, and take it behind those that happened before it.

        Each process has channels of its own, and they are read one after another: a child's last
        event may be read after that of the parent who waited for it. An event that comes too late
        even so gets the time of the last one of its process and thread.
        """
        if not self._held:
            asyncio.get_running_loop().call_later(HELD_SECONDS, self._release)
        heapq.heappush(self._held, (event.t, next(self._numbers), event))

    def _release(self) -> None:
        self._pass_on(self._clock.now() - HELD_SECONDS)
        if self._held:
            asyncio.get_running_loop().call_later(HELD_SECONDS, self._release)

    def _pass_on(self, until: float) -> None:
        """Take the events that were held and happened until then."""
        while self._held and self._held[0][0] <= until:
            event = heapq.heappop(self._held)[2]
            pid = getattr(event, "pid", None)
            # That the main process of a script was its one task is told at its end, as of then.
            if pid is not None and not isinstance(event, TaskStarted):
                who = (pid, getattr(event, "thread", None))
                latest = self._latest.get(who, 0.0)
                if event.t < latest:
                    event = replace(event, t=latest)
                self._latest[who] = event.t
            self.add(event)

    def finish(self, finished: RunFinished) -> None:
        """Take the last event, with the summary of all before it; nothing is held after it."""
        self._pass_on(float("inf"))
        self._tally.add(finished)
        self._events.append(replace(finished, summary=self._tally.summary().to_dict()))
        self._news.set()
