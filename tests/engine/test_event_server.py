"""What workers send, in the order in which it is told."""

import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tui_app.engine.event_server import EventServer
from tui_app.engine.run_clock import RunClock
from tui_app.events import (
    Event,
    Output,
    ProcessExited,
    ProcessStarted,
    Stream,
    TaskFinished,
    TaskStarted,
    to_json,
)

PID = 1_000_001


@asynccontextmanager
async def listening(events: list[Event]) -> AsyncIterator[EventServer]:
    server = EventServer(RunClock(), events.append, lambda: None)
    try:
        yield server
    finally:
        server.channels.close()


def dial(server: EventServer, kind: str) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    line.connect(server.channels.address)
    send(line, {"kind": kind, "pid": PID, "name": "W-1", "t": time.monotonic()})
    return line


def send(line: socket.socket, data: dict[str, Any]) -> None:
    line.sendall(json.dumps(data).encode() + b"\n")


async def test_raw_text_comes_after_what_was_reported_before_it_and_before_the_end() -> None:
    events: list[Event] = []
    async with listening(events) as server:
        line, raw = dial(server, "events"), dial(server, Stream.STDERR)
        line.sendall(to_json(TaskStarted(t=time.monotonic(), task=1, pid=PID)).encode() + b"\n")
        raw.sendall(b"a complaint\nhalf of another")
        end = TaskFinished(t=time.monotonic(), task=1, pid=PID, seconds=0.1)
        line.sendall(to_json(end).encode() + b"\n")
        send(line, {"event": "cost", "cost": {"cpu": 1.5, "memory": 2, "gil": True}})
        server.channels.catch_up()
        server.drain(PID)
        server.exited(PID, 0)
        line.close()
        raw.close()
    assert [event.event for event in events] == [
        "process_started",
        "task_started",
        "output",
        "output",
        "task_finished",
        "process_exited",
    ]
    said = [event for event in events if isinstance(event, Output)]
    assert [(one.text, one.partial) for one in said] == [
        ("a complaint", False),
        ("half of another", True),
    ]
    assert [event.t for event in events] == sorted(event.t for event in events)
    last = events[-1]
    assert isinstance(last, ProcessExited)
    assert (last.cpu, last.memory, last.gil) == (1.5, 2, True)


async def test_nothing_is_told_of_a_worker_that_has_exited() -> None:
    """Another program may still hold its fd 1, or its connection may have waited for a file."""
    events: list[Event] = []
    async with listening(events) as server:
        line, raw = dial(server, "events"), dial(server, Stream.STDOUT)
        server.channels.catch_up()
        server.drain(PID)
        line.close()
        server.exited(PID, -9)
        late = dial(server, Stream.STDERR)
        raw.sendall(b"a grandchild speaks\n")
        server.channels.catch_up(Stream.STDOUT)
        late.close()
        raw.close()
    assert [type(event) for event in events] == [ProcessStarted, ProcessExited]
