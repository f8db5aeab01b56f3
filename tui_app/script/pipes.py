"""The pipes of a played script: what its processes write to their streams, as events.

Text comes through them, and between it, in frames, the probe's reports and stamps.
"""

from __future__ import annotations

import re
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from tui_app.engine.channel_server import Channel, ChannelServer
from tui_app.events import Event, Output, Stream
from tui_app.script.connections import ReadEnd
from tui_app.script.member import Member
from tui_app.script.members import Members
from tui_app.script.reports import read_report

MOST_CHUNKS = 16
"""Chunks of a pipe that are read at once: 1 MiB."""

STAMP = re.compile(rb"\d{1,12}\.\d{1,12}")
"""A stamp: the time of the text after it, by the monotonic clock."""

Said = str | Mapping[str, Any]
"""Text that somebody wrote, or a report."""


class Pipes:
    """Reads the pipes of all processes of a script; a `ChannelHandler`.

    Text becomes events, and a report is given to `take`.
    """

    def __init__(
        self,
        channels: ChannelServer,
        members: Members,
        take: Callable[[Member, Mapping[str, Any]], None],
        sink: Callable[[Event], None],
    ) -> None:
        self._channels, self._members, self._take, self._sink = channels, members, take, sink
        self._frames: dict[Channel, Frames] = {}
        self._before: dict[Channel, float] = {}

    def add(self, member: Member, stream: str, fd: int, encoding: str) -> None:
        """Read a pipe to one of a process's streams from now on.

        Raises:
            OSError: the fd is no such pipe.
        """
        channel = Channel(ReadEnd(fd), self, stream, member.pid)
        # A line without its end is told when the pipe is empty.
        channel.most_chunks, channel.tells_empty = MOST_CHUNKS, True
        self._frames[channel] = Frames(self._channels.address, time.monotonic, encoding)
        member.pipes[stream] = channel
        self._channels.add(channel)

    def received(self, channel: Channel, data: bytes, *, more: bool) -> None:
        """Take what came; what was written to the other pipe before goes first."""
        said = self._frames[channel].take(data, more=more, before=self._before.get(channel))
        member = self._members.by_pid[channel.pid]
        reported = next((t for t, one in said if not isinstance(one, str)), None)
        if reported is not None:
            for other in [other for other in member.pipes.values() if other is not channel]:
                self._before[other] = reported
                self._channels.receive(other)
                del self._before[other]
        for t, one in said:
            if isinstance(one, str):
                self._write(channel, t, one)
            else:
                self._take(member, one)

    def ended(self, channel: Channel) -> None:
        """Tell what is left of a character that nobody has completed."""
        if text := self._frames.pop(channel).end():
            self._write(channel, time.monotonic(), text)

    def _write(self, channel: Channel, t: float, text: str) -> None:
        """Tell each line that was written: by the process, or by others that it started."""
        member, main = self._members.by_pid[channel.pid], self._members.main
        if member.exited and main is not None and not main.exited:
            member = main
        if not member.told:
            member.early.append(partial(self._write, channel, t, text))
            if member.helper:
                self._members.introduce(member)
            return
        pid, stream, at = member.pid, Stream(channel.kind), self._members.stamp(member, t)
        *whole, rest = text.split("\n")
        for one in whole:
            self._sink(Output(t=at, pid=pid, stream=stream, text=one, partial=False))
        if rest:
            self._sink(Output(t=at, pid=pid, stream=stream, text=rest, partial=True))


class Frames:
    """What comes through a pipe: text, and in frames the probe's reports and stamps.

    A stamp or a report tells when the text after it was written, until that text has been read and
    the pipe is empty. Other text was written by another program, before what comes after it.

    Args:
        address: the server's, which is in each frame.
        now: returns the time, by the clock of the frames.
        encoding: the text's.
    """

    def __init__(self, address: str, now: Callable[[], float], encoding: str) -> None:
        self._mark = f"\0{address} ".encode()
        self._now = now
        self._decode_as(encoding)
        self._rest = b""
        self._t: float | None = None
        self._latest = 0.0

    def _decode_as(self, encoding: str) -> None:
        """Read text in this encoding from now on; in UTF-8, if Python cannot read it."""
        try:
            bytes(range(256)).decode(encoding, "backslashreplace")
            decoder = getincrementaldecoder(encoding)
        except (LookupError, ValueError):
            decoder = getincrementaldecoder("utf-8")
        self._decoder = decoder("backslashreplace")

    def take(
        self, data: bytes, *, more: bool, before: float | None = None
    ) -> list[tuple[float, Said]]:
        """Take what was read; return it in pieces, each with the time when it was written.

        Args:
            data: what was read.
            more: whether there may be more to read; an unfinished line waits for it then.
            before: a time before which text without a stamp was written, where one is known.
        """
        data = self._rest + data
        cut = self._whole(data) if more else len(data)
        data, self._rest = data[:cut], data[cut:]
        pieces = list(self._pieces(data))
        now = latest = self._now()
        found: list[tuple[float, bytes | Mapping[str, Any]]] = []
        for t, said in reversed(pieces):
            if t is None:
                latest = latest if before is None else min(latest, before)
            else:
                latest = min(t, now)
            if said:
                found.append((latest, said))
        if not more and pieces[-1][1]:
            self._t = None
        return [(self._not_before(t), self._read(said)) for t, said in reversed(found)]

    def _not_before(self, t: float) -> float:
        """Return the time, but none before what came through this pipe already.

        A process may be held up between its stamp and its text, until what came before is read.
        """
        self._latest = max(self._latest, t)
        return self._latest

    def _read(self, said: bytes | Mapping[str, Any]) -> Said:
        if isinstance(said, bytes):
            return self._decoder.decode(said)
        if said["event"] == "encoding":
            self._decode_as(said["encoding"])
        return said

    def _whole(self, data: bytes) -> int:
        """Return how many bytes are whole: lines, where there is one, else all but half a frame."""
        if newline := data.rfind(b"\n") + 1:
            return newline
        start = data.rfind(self._mark)
        end = data.find(b"\0", start + 1) + 1 if start >= 0 else 0
        if start >= 0 and not end:
            return start
        begun = data.rfind(b"\0", max(end, len(data) - len(self._mark)))
        return begun if begun >= 0 and self._mark.startswith(data[begun:]) else len(data)

    def _pieces(self, data: bytes) -> Iterator[tuple[float | None, bytes | Mapping[str, Any]]]:
        first, *framed = data.split(self._mark)
        yield self._t, first
        for piece in framed:
            frame, _end, text = piece.partition(b"\0")
            if STAMP.fullmatch(frame):
                self._t = float(frame)
            elif report := read_report(frame):
                self._t = report["t"]
                yield self._t, report
            else:
                text = self._mark + piece  # The probe did not write it.
            yield self._t, text

    def end(self) -> str:
        """Return what is left of a character that nobody has completed."""
        return self._decoder.decode(b"", final=True)
