"""The server that processes talk to: what it reads and when, also without files to spare."""

import asyncio
import os
import resource
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest

from tui_app.engine.channel_server import CHUNK, Channel, ChannelServer


class Heard:
    """A handler that keeps what it gets."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.ended_channels = 0

    def received(self, channel: Channel, data: bytes, *, more: bool) -> None:
        self.lines += channel.whole_lines(data)
        if self.lines:
            channel.kind = "greeted"

    def ended(self, channel: Channel) -> None:
        self.ended_channels += 1


@asynccontextmanager
async def listening(heard: Heard) -> AsyncIterator[ChannelServer]:
    server = ChannelServer(lambda connection: Channel(connection, heard))
    try:
        yield server
    finally:
        server.close()
    assert not os.path.exists(server.address)  # noqa: PTH110


def dial(server: ChannelServer, text: bytes) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    line.connect(server.address)
    line.sendall(text)
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


async def until(lines: list[bytes], count: int) -> None:
    for _ in range(500):
        if len(lines) >= count:
            return
        await asyncio.sleep(0.01)


async def test_who_cannot_be_let_in_is_let_in_when_another_has_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui_app.engine.channel_server.more_files", lambda: False)
    heard = Heard()
    async with listening(heard) as server:
        first = dial(server, b"first\n")
        await until(heard.lines, 1)
        second = dial(server, b"second\n")
        with no_file_to_spare():
            await asyncio.sleep(0.05)
            assert server.refused is not None
            assert heard.lines == [b"first"]
            assert server.notes == [
                "some output of the processes was lost: too many files are open"
            ]
            first.close()
            await until(heard.lines, 2)
            assert server.refused is None
        second.close()
    assert heard.lines == [b"first", b"second"]


async def test_more_files_are_opened_where_that_is_allowed() -> None:
    heard = Heard()
    async with listening(heard) as server:
        line = dial(server, b"first\n")
        with no_file_to_spare():
            await until(heard.lines, 1)
            assert (server.refused, server.notes) == (None, [])
        line.close()
    assert heard.lines == [b"first"]


async def test_lines_are_whole_however_they_come() -> None:
    heard = Heard()
    long = b"x" * (2 * CHUNK)
    async with listening(heard) as server:
        line = dial(server, b"one\ntw")
        await until(heard.lines, 1)
        assert heard.lines == [b"one"]
        line.sendall(b"o\n\n" + long + b"\nrest")
        line.close()
        await until(heard.lines, 4)
        await asyncio.sleep(0)
    assert heard.lines == [b"one", b"two", b"", long]
    assert heard.ended_channels == 1


async def test_who_is_paused_is_not_read_and_yet_can_be_asked() -> None:
    heard = Heard()
    async with listening(heard) as server:
        server.pause()
        line = dial(server, b"one\n")
        await asyncio.sleep(0.05)
        assert heard.lines == []
        server.catch_up()
        assert heard.lines == [b"one"]
        line.sendall(b"two\n")
        await asyncio.sleep(0.05)
        assert heard.lines == [b"one"]
        server.resume()
        await until(heard.lines, 2)
        line.close()
    assert heard.lines == [b"one", b"two"]
    assert heard.ended_channels == 0
