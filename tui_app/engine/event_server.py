"""The engine's side of the line: takes workers' calls and turns what they send into events."""

from __future__ import annotations

import asyncio
import errno
import json
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from tui_app.engine.forkserver import make_room_for_sockets
from tui_app.engine.limits import more_files
from tui_app.engine.worker import COST
from tui_app.events import (
    Event,
    Output,
    ProcessStarted,
    Stream,
    TaskFailed,
    TaskFinished,
    from_dict,
)
from tui_app.files.error_words import reason
from tui_app.language import _

CHUNK = 64 * 1024
DRAIN = 64
"""Chunks that are taken at once: 4 MiB, more than a socket holds, so what was sent is all read."""

ENDS = (TaskFinished.event, TaskFailed.event)


class Connection(Protocol):
    """What can be read without waiting: a socket, or what has the same methods."""

    def fileno(self) -> int:
        """Its number."""
        ...

    def recv(self, most: int, /) -> bytes:
        """So many bytes at most of what came; nothing at the end."""
        ...

    def close(self) -> None:
        """Reads no more."""
        ...


@dataclass(slots=True, eq=False)
class ReadLine:
    """One connection. `rest` is what came and was not looked at yet."""

    socket: Connection
    kind: str = ""
    pid: int = 0
    rest: bytearray = field(default_factory=bytearray)

    def receive(self) -> bytes:
        """One chunk of what came; nothing at the end.

        Raises:
            BlockingIOError: nothing has come.
            ConnectionResetError: the other end is gone.
        """
        return self.socket.recv(CHUNK)


@dataclass(slots=True)
class Caller:
    """A worker that has dialled home. `t` is when it was last heard of, in seconds of the run.

    `cpu`, `memory` and `gil` are what it told last: see `ProcessExited`.
    """

    pid: int
    name: str
    t: float
    gone: float | None = None
    cpu: float | None = None
    memory: int | None = None
    gil: bool | None = None
    lines: dict[str, ReadLine] = field(default_factory=dict)


class EventServer:
    """Listens at `address` for workers; every event that they send goes to `sink`.

    Args:
        began: `time.monotonic()` of the run's start: times in events are relative to it.
        parent: the pid that `process_started` names as the workers' parent.
        sink: takes each event; called on the loop's thread.
        gone: called when a worker's line has ended; on the loop's thread too.
    """

    def __init__(
        self,
        began: float,
        parent: int,
        sink: Callable[[Event], None],
        gone: Callable[[], None],
    ) -> None:
        self._began, self._parent, self._sink, self._gone = began, parent, sink, gone
        self._loop = asyncio.get_running_loop()
        self._lines: set[ReadLine] = set()
        self._paused = False
        self._closed = False
        self.callers: dict[int, Caller] = {}
        self.refused: OSError | None = None
        """Why somebody who has dialled cannot be let in now."""
        self.notes: list[str] = []
        make_room_for_sockets()
        # First what may be refused, and then what would be left behind.
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.setblocking(False)
        self._folder = tempfile.mkdtemp(prefix="procession-")
        self.address = f"{self._folder}/s"
        self._listener.bind(self.address)
        self._listener.listen(1024)
        self._loop.add_reader(self._listener, self._accept)

    def drain(self, pid: int) -> None:
        """Takes in all that this worker has sent so far.

        A line whose end has not come is taken as it is.
        """
        self._accept()
        caller = self.callers.get(pid)
        if caller is not None:
            self._receive_all(caller.lines["events"])
            self._drain_raw(caller)

    def stamp(self, pid: int, t: float) -> float:
        """The time `t` for an event of that worker: never before what it reported last."""
        caller = self.callers.get(pid)
        if caller is None:
            return t
        caller.t = max(caller.t, t)
        return caller.t

    def pause(self) -> None:
        """Stops listening: workers that go on writing wait until `resume`."""
        if not self._paused:
            self._paused = True
            for line in self._lines:
                self._loop.remove_reader(line.socket)

    def resume(self) -> None:
        """Listens again."""
        if self._paused:
            self._paused = False
            for line in self._lines:
                self._listen(line)

    def close(self) -> None:
        """Hangs up on everyone and removes the socket."""
        self._closed = True
        self._loop.remove_reader(self._listener)
        self._listener.close()
        for line in list(self._lines):
            self._hang_up(line)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _accept(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno == errno.EMFILE and more_files():
                    continue
                self._wait_for_room(error)
                return
            connection.setblocking(False)
            self._add(self._line(connection))

    def _line(self, connection: socket.socket) -> ReadLine:
        """What a connection is read by."""
        return ReadLine(connection)

    def _add(self, line: ReadLine) -> None:
        self._lines.add(line)
        self._listen(line)

    def _wait_for_room(self, error: OSError) -> None:
        """Nobody else can be let in, because too many files are open; until one is closed."""
        if self.refused is None:
            self._loop.remove_reader(self._listener)
        self.refused = error
        sentence = _("not all that processes said was heard: {why}")
        self.notes = [sentence.format(why=reason(error))]

    def _listen(self, line: ReadLine) -> None:
        if not self._paused:
            self._loop.add_reader(line.socket, self._ready, line)

    def _ready(self, line: ReadLine) -> None:
        # What the worker reported before it wrote raw text is taken first: times stay in order.
        caller = self.callers.get(line.pid)
        if line.kind not in ("", "events") and caller is not None:
            self._receive_all(caller.lines["events"])
        self._receive(line)

    def _receive_all(self, line: ReadLine) -> None:
        for _turn in range(DRAIN):
            if not self._receive(line):
                return

    def _receive(self, line: ReadLine) -> bool:
        """Takes one chunk; whether there may be more to take now."""
        if line not in self._lines:
            return False
        try:
            data = line.receive()
        except BlockingIOError:
            return False
        except ConnectionResetError:
            data = b""
        if not data:
            self._end(line)
            return False
        self._consume(line, data)
        return True

    def _consume(self, line: ReadLine, data: bytes) -> None:
        """Looks at the whole lines that came."""
        for text in self._whole(line, data):
            if not line.kind:
                self._greet(line, text)
            elif line.kind != "events":
                self._say(self.callers[line.pid], line, text, partial=False)
            else:
                self._report(self.callers[line.pid], text)

    def _whole(self, line: ReadLine, data: bytes) -> list[bytes]:
        """The lines that are whole now. What waits for its end is not looked through again."""
        line.rest += data
        if b"\n" not in data:
            return []
        *whole, rest = bytes(line.rest).split(b"\n")
        line.rest = bytearray(rest)
        return whole

    def _drain_raw(self, caller: Caller) -> None:
        for stream in Stream:
            self._drain_stream(caller, stream)

    def _drain_stream(self, caller: Caller, stream: str) -> None:
        if stream not in caller.lines:
            self._meet()
        line = caller.lines.get(stream)
        if line is not None:
            self._receive_all(line)
            if line.rest:
                self._say(caller, line, bytes(line.rest), partial=True)
                line.rest.clear()

    def _meet(self) -> None:
        """Lets in whoever has dialled, and may be gone already."""
        self._accept()
        for line in [line for line in self._lines if not line.kind]:
            self._receive(line)

    def _greet(self, line: ReadLine, text: bytes) -> None:
        hello = json.loads(text)
        line.kind, line.pid = hello["kind"], hello["pid"]
        if line.kind == "events":
            self.callers[line.pid] = self._arrived(hello)
        elif line.pid not in self.callers:
            # The worker greeted on its events line first; here it was only not read first.
            self._meet()
        self.callers[line.pid].lines[line.kind] = line

    def _arrived(self, hello: Mapping[str, Any]) -> Caller:
        """Takes a worker in that has just dialled."""
        t = max(0.0, hello["t"] - self._began)
        pid, name = hello["pid"], hello["name"]
        self._sink(ProcessStarted(t=t, pid=pid, parent=self._parent, name=name))
        return Caller(pid, name, t)

    def _report(self, caller: Caller, text: bytes) -> None:
        """Passes an event on."""
        data = json.loads(text)
        if data["event"] == COST:
            caller.cpu, caller.memory, caller.gil = data["cpu"], data["memory"], data["gil"]
            return
        if data.get("partial") or data["event"] in ENDS:
            # What C wrote before it would else be taken for the rest of this line, or come after
            # the end of its task.
            self._drain_raw(caller)
        data["t"] = self.stamp(caller.pid, data["t"] - self._began)
        event = from_dict(data)
        if event is not None:
            self._sink(event)

    def _say(self, caller: Caller, line: ReadLine, text: bytes, *, partial: bool) -> None:
        self._sink(
            Output(
                t=self.stamp(caller.pid, time.monotonic() - self._began),
                pid=caller.pid,
                stream=Stream(line.kind),
                text=text.decode("utf-8", "backslashreplace"),
                partial=partial,
            )
        )

    def _end(self, line: ReadLine) -> None:
        caller = self.callers.get(line.pid)
        self._hang_up(line)
        if caller is None or caller.lines.get("events") is not line:
            return
        self._drain_raw(caller)
        caller.gone = max(caller.t, time.monotonic() - self._began)
        self._left(caller)

    def _left(self, caller: Caller) -> None:
        """Takes notice that a worker's line has ended."""
        self._gone()

    def _hang_up(self, line: ReadLine) -> None:
        self._lines.discard(line)
        self._loop.remove_reader(line.socket)
        line.socket.close()
        if self.refused is not None and not self._closed:
            self.refused = None
            self._loop.add_reader(self._listener, self._accept)
