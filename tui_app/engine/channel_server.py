"""The server that processes talk to: it accepts connections and reads them, in a chosen order.

It reads by hand, and not through asyncio's transports: before some events are told, what another
process has written so far must be read, and a transport cannot be asked for that.
"""

from __future__ import annotations

import asyncio
import errno
import shutil
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from tui_app.engine.forkserver import make_room_for_sockets
from tui_app.engine.limits import more_files
from tui_app.files.error_words import reason
from tui_app.language import _

CHUNK = 64 * 1024
"""Bytes that are read at once."""

DRAIN = 64
"""Reads that empty a channel: 4 MiB, more than a socket or a pipe holds."""


class Readable(Protocol):
    """A socket that does not block, or an object with the same methods."""

    def fileno(self) -> int:
        """Return the file descriptor."""

    def recv(self, most: int, /) -> bytes:
        """Return what has come, `most` bytes at most; nothing at the end.

        Raises:
            BlockingIOError: nothing has come.
            ConnectionResetError: the other end has gone.
        """

    def close(self) -> None:
        """Close the file descriptor."""


class ChannelHandler(Protocol):
    """What a channel's data is given to."""

    def received(self, channel: Channel, data: bytes, *, more: bool) -> None:
        """Take the data that has come; `more`: there may be more to read now."""

    def ended(self, channel: Channel) -> None:
        """Take notice that the channel has ended and is closed."""


@dataclass(slots=True, eq=False)
class Channel:
    """One way in which a process reaches this server.

    Attributes:
        source: what is read.
        handler: takes what was read.
        kind: what the channel is for; empty until the process has greeted.
        pid: the process; 0 until it has greeted.
        first: another channel, which is emptied before this one is read.
        most_chunks: the most chunks that are read before the handler gets them.
        tells_empty: whether the handler gets empty data when it has been read to its end.
        rest: a line whose end has not come.
        busy: whether the handler is at work on what was read.
    """

    source: Readable
    handler: ChannelHandler
    kind: str = ""
    pid: int = 0
    first: Channel | None = None
    most_chunks: int = 1
    tells_empty: bool = False
    rest: bytearray = field(default_factory=bytearray)
    busy: bool = False

    def read(self) -> tuple[bytes, bool, bool]:
        """Return what has come, whether there may be more, and whether this was the end."""
        chunks: list[bytes] = []
        while len(chunks) < self.most_chunks:
            try:
                chunk = self.source.recv(CHUNK)
            except BlockingIOError:
                return b"".join(chunks), False, False
            except ConnectionResetError:
                chunk = b""
            if not chunk:
                return b"".join(chunks), False, True
            chunks.append(chunk)
        return b"".join(chunks), True, False

    def whole_lines(self, data: bytes) -> list[bytes]:
        """Return the lines that `data` completes, without their newlines; keep the rest."""
        self.rest += data
        if b"\n" not in data:
            return []
        *whole, rest = bytes(self.rest).split(b"\n")
        self.rest = bytearray(rest)
        return whole


class ChannelServer:
    """Listens on a Unix socket, and reads each channel when something has come.

    Args:
        accepted: makes the channel of a new connection.

    Attributes:
        address: the path of the socket.
        refused: why nobody can be accepted now; `None` while everybody can.
        notes: a sentence, where somebody could not be accepted at once.

    Raises:
        OSError: there can be no socket.
    """

    def __init__(self, accepted: Callable[[socket.socket], Channel]) -> None:
        self._accepted = accepted
        self._loop = asyncio.get_running_loop()
        self._channels: dict[Channel, None] = {}
        self._paused = False
        self._closed = False
        self.refused: OSError | None = None
        self.notes: list[str] = []
        make_room_for_sockets()
        # The socket comes first: where it is refused, no folder is left behind.
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.setblocking(False)
        self._folder = tempfile.mkdtemp(prefix="procession-")
        self.address = f"{self._folder}/s"
        self._listener.bind(self.address)
        self._listener.listen(1024)
        self._loop.add_reader(self._listener, self.accept)

    def __contains__(self, channel: object) -> bool:
        """Return whether the channel is read."""
        return channel in self._channels

    def accept(self) -> None:
        """Accept every connection that waits."""
        while True:
            try:
                connection, _address = self._listener.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno == errno.EMFILE and more_files():
                    continue
                self._refuse(error)
                return
            connection.setblocking(False)
            self.add(self._accepted(connection))

    def _refuse(self, error: OSError) -> None:
        """Accept nobody until a channel is closed: too many files are open."""
        if self.refused is None:
            self._loop.remove_reader(self._listener)
        self.refused = error
        sentence = _("some output of the processes was lost: {why}")
        self.notes = [sentence.format(why=reason(error))]

    def add(self, channel: Channel) -> None:
        """Read this channel from now on."""
        self._channels[channel] = None
        if not self._paused:
            self._loop.add_reader(channel.source, self._ready, channel)

    def _ready(self, channel: Channel) -> None:
        if channel.first is not None:
            self.drain(channel.first)
        self.receive(channel)

    def receive(self, channel: Channel) -> bool:
        """Give the handler what has come through a channel; return whether there may be more."""
        if channel not in self._channels or channel.busy:
            return False
        data, more, ended = channel.read()
        if data or channel.tells_empty:
            channel.busy = True
            try:
                channel.handler.received(channel, data, more=more)
            finally:
                channel.busy = False
        if ended:
            self.hang_up(channel)
            channel.handler.ended(channel)
        return more

    def drain(self, channel: Channel) -> None:
        """Read all that has come through a channel."""
        for _turn in range(DRAIN):
            if not self.receive(channel):
                return

    def catch_up(self, *kinds: str) -> None:
        """Accept and greet all who have connected, then read each channel of these kinds once."""
        self.accept()
        for wanted in ("",), kinds:
            for channel in [channel for channel in self._channels if channel.kind in wanted]:
                self.receive(channel)

    def hang_up(self, channel: Channel) -> None:
        """Close a channel, without a word to its handler."""
        if channel not in self._channels:
            return
        del self._channels[channel]
        self._loop.remove_reader(channel.source)
        channel.source.close()
        if self.refused is not None and not self._closed:
            self.refused = None
            self._loop.add_reader(self._listener, self.accept)

    def pause(self) -> None:
        """Stop reading: processes that go on writing wait until `resume`."""
        if not self._paused:
            self._paused = True
            for channel in self._channels:
                self._loop.remove_reader(channel.source)

    def resume(self) -> None:
        """Read again."""
        if self._paused:
            self._paused = False
            for channel in self._channels:
                self._loop.add_reader(channel.source, self._ready, channel)

    def close(self) -> None:
        """Close every channel, and remove the socket."""
        self._closed = True
        self._loop.remove_reader(self._listener)
        self._listener.close()
        for channel in list(self._channels):
            self.hang_up(channel)
        shutil.rmtree(self._folder, ignore_errors=True)
