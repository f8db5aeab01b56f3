"""The engine's side of its workers: it knows them, and turns what they send into events.

A worker connects three times (`engine/worker.py`): for its events, for what is written to its fd 1
and for fd 2. Each connection greets with one line of JSON; after it come events, or raw text.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tui_app.engine.channel_server import Channel, ChannelServer
from tui_app.engine.run_clock import RunClock
from tui_app.engine.worker import COST, EVENTS
from tui_app.events import (
    Event,
    Output,
    ProcessExited,
    ProcessStarted,
    Stream,
    TaskFailed,
    TaskFinished,
    from_dict,
)

ENDS = (TaskFinished.event, TaskFailed.event)


@dataclass(slots=True)
class Caller:
    """A worker that has connected. Times are seconds of the run.

    Attributes:
        events: the channel of its events.
        t: when it was last heard of.
        gone: when that channel ended; `None` while it is open.
        raw: the channels of what is written to its fds 1 and 2.
        cost: what it has cost so far, as fields of `ProcessExited`.
    """

    pid: int
    events: Channel
    t: float
    gone: float | None = None
    raw: dict[str, Channel] = field(default_factory=dict)
    cost: Mapping[str, Any] = field(default_factory=dict)


class EventServer:
    """Turns what workers send into events; a `ChannelHandler`.

    Args:
        clock: tells the time of the run.
        sink: takes each event, on the loop's thread.
        gone: called when a worker's events have ended, on the loop's thread too.

    Attributes:
        channels: the server that workers connect to.
        callers: the workers that have connected and not exited, by pid.

    Raises:
        OSError: there can be no socket.
    """

    def __init__(
        self, clock: RunClock, sink: Callable[[Event], None], gone: Callable[[], None]
    ) -> None:
        self._clock, self._sink, self._gone = clock, sink, gone
        self.callers: dict[int, Caller] = {}
        self.channels = ChannelServer(lambda connection: Channel(connection, self))

    def drain(self, pid: int) -> None:
        """Take all that this worker has sent so far, also a line whose end has not come."""
        self.channels.accept()
        caller = self.callers.get(pid)
        if caller is not None:
            self.channels.drain(caller.events)
            self._drain_raw(caller)

    def stamp(self, pid: int, t: float) -> float:
        """Return `t` for an event of that worker: never earlier than what it reported last."""
        caller = self.callers.get(pid)
        if caller is None:
            return t
        caller.t = max(caller.t, t)
        return caller.t

    def time_of_end(self, pid: int) -> float:
        """Return when that worker has gone, or the present time where that is not known."""
        caller = self.callers.get(pid)
        gone = caller.gone if caller is not None else None
        return self.stamp(pid, self._clock.now() if gone is None else gone)

    def exited(self, pid: int, exitcode: int | None) -> None:
        """Tell that a worker has exited, if it had connected, and forget it."""
        caller = self.callers.get(pid)
        if caller is not None:
            t = self.time_of_end(pid)
            self._sink(ProcessExited(t=t, pid=pid, exitcode=exitcode, **caller.cost))
            del self.callers[pid]

    def received(self, channel: Channel, data: bytes, *, more: bool) -> None:
        """Take the lines that are whole now. See `ChannelHandler.received`."""
        for text in channel.whole_lines(data):
            if not channel.kind:
                self._greet(channel, json.loads(text))
            elif caller := self.callers.get(channel.pid):
                if channel is caller.events:
                    self._report(caller, json.loads(text))
                else:
                    self._write(caller, channel, text, partial=False)

    def ended(self, channel: Channel) -> None:
        """Take notice of a worker's end. See `ChannelHandler.ended`."""
        caller = self.callers.get(channel.pid)
        if caller is not None and caller.events is channel:
            self._drain_raw(caller)
            caller.gone = max(caller.t, self._clock.now())
            self._gone()

    def _greet(self, channel: Channel, hello: Mapping[str, Any]) -> None:
        channel.kind, channel.pid = hello["kind"], hello["pid"]
        if channel.kind == EVENTS:
            t, pid, parent = self._clock.at(hello["t"]), channel.pid, os.getpid()
            self.callers[pid] = Caller(pid, channel, t)
            self._sink(ProcessStarted(t=t, pid=pid, parent=parent, name=hello["name"]))
            return
        if channel.pid not in self.callers:
            # The worker has greeted on its first connection already; it was only not read yet.
            self.channels.catch_up()
        caller = self.callers.get(channel.pid)
        if caller is None:
            self.channels.hang_up(channel)
            return
        caller.raw[channel.kind] = channel
        # What the worker reported before it wrote raw text is read first: times stay in order.
        channel.first = caller.events

    def _report(self, caller: Caller, data: dict[str, Any]) -> None:
        """Pass an event on."""
        if data["event"] == COST:
            caller.cost = data[COST]
            return
        if data.get("partial") or data["event"] in ENDS:
            # Raw text that was written before it would else be taken for the rest of this line, or
            # come after the end of its task.
            self._drain_raw(caller)
        data["t"] = self.stamp(caller.pid, data["t"] - self._clock.began)
        event = from_dict(data)
        if event is not None:
            self._sink(event)

    def _drain_raw(self, caller: Caller) -> None:
        for stream in Stream:
            if stream not in caller.raw:
                self.channels.catch_up()
            if channel := caller.raw.get(stream):
                self.channels.drain(channel)
                if channel.rest:
                    self._write(caller, channel, bytes(channel.rest), partial=True)
                    channel.rest.clear()

    def _write(self, caller: Caller, channel: Channel, text: bytes, *, partial: bool) -> None:
        """Tell what was written to an fd of a worker, by C or by another program."""
        self._sink(
            Output(
                t=self.stamp(caller.pid, self._clock.now()),
                pid=caller.pid,
                stream=Stream(channel.kind),
                text=text.decode("utf-8", "backslashreplace"),
                partial=partial,
            )
        )
