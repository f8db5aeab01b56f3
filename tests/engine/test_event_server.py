"""The hub where too many files are open: it waits, and hears whoever comes when there is room."""

import asyncio
import json
import os
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tui_app.engine.event_server import EventServer
from tui_app.events import Event, ProcessStarted

NAMES = {1_000_001: "first", 1_000_002: "second"}


def dial(hub: EventServer, pid: int) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    line.connect(hub.address)
    hello = {"kind": "events", "pid": pid, "name": NAMES[pid], "t": time.monotonic()}
    line.sendall(json.dumps(hello).encode() + b"\n")
    return line


@contextmanager
def no_file_to_spare() -> Iterator[None]:
    """Meanwhile this process can open no other file."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
    fillers: list[int] = []
    try:
        while True:
            try:
                fillers.append(os.dup(0))
            except OSError:
                break
        yield
    finally:
        for filler in fillers:
            os.close(filler)
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


async def until(events: list[Event], count: int) -> None:
    for _ in range(500):
        if len(events) >= count:
            return
        await asyncio.sleep(0.01)


async def test_who_cannot_be_let_in_is_let_in_when_another_has_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui_app.engine.event_server.more_files", lambda: False)
    events: list[Event] = []
    hub = EventServer(time.monotonic(), os.getpid(), events.append, lambda: None)
    first = dial(hub, 1_000_001)
    await until(events, 1)
    second = dial(hub, 1_000_002)
    with no_file_to_spare():
        await asyncio.sleep(0.05)
        assert hub.refused is not None
        assert len(events) == 1
        assert hub.notes == ["not all that processes said was heard: too many files are open"]
        first.close()
        await until(events, 2)
        assert hub.refused is None
    second.close()
    hub.close()
    assert [e.name for e in events if isinstance(e, ProcessStarted)] == list(NAMES.values())


async def test_more_files_are_opened_where_that_is_allowed() -> None:
    events: list[Event] = []
    hub = EventServer(time.monotonic(), os.getpid(), events.append, lambda: None)
    line = dial(hub, 1_000_001)
    with no_file_to_spare():
        await until(events, 1)
        assert (hub.refused, hub.notes) == (None, [])
    line.close()
    hub.close()
    assert len(events) == 1
