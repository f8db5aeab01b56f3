"""The hub of a played script: what its processes report, turned into the events of a run."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tui_app.engine.event_server import Caller, EventServer, ReadLine
from tui_app.events import (
    Event,
    Line,
    Output,
    ProcessExited,
    ProcessStarted,
    Resumed,
    Stream,
    Waiting,
)
from tui_app.script.connections import Life, PipeEnd, PipeLine, ReportLine
from tui_app.script.exit_status import exit_status
from tui_app.script.frames import LONGEST_REPORT, Frames, Said, read_hello, read_report
from tui_app.script.ordering import InOrder
from tui_app.script.process_names import MAIN, display_name
from tui_app.script.tasks import Tasks

AGAIN_SECONDS = 0.02
"""Between two looks at a process whose line has ended, until its exit code is known."""

HELPERS = ("supervisor", "server")

NEW = (*HELPERS, "main", "process", "python", "fork")
"""How a process comes to be that dials for the first time."""

AT_ONCE = 16
"""Chunks of a pipe that are taken at once: 1 MiB."""


@dataclass(slots=True, eq=False)
class Member(Caller):
    """A process of the script's group.

    Until its name is known what it says is kept in `early`: `process_started` comes first. A
    helper has no name, and is in no event, unless it prints: a fork server may import the script.
    """

    how: str = ""
    parent: int = 0
    born: float = 0.0
    told: bool = False
    exited: bool = False
    early: list[Callable[[], None]] = field(default_factory=list)

    @property
    def helper(self) -> bool:
        """Whether it serves the run, and is no part of it."""
        return self.how in HELPERS and not self.told


class ScriptEventServer(EventServer):
    """Listens to the supervisor and to the probe in each of the script's processes.

    Args:
        label: what the main process is called where it is the one task.
        begin: called when the main process is there, before the first event.
        sink: takes each event.
        over: called when the supervisor has gone: nothing of the script is left then.
    """

    def __init__(
        self,
        label: str,
        begin: Callable[[], None],
        sink: Callable[[Event], None],
        over: Callable[[], None],
    ) -> None:
        self._order = InOrder(self._now, sink)
        super().__init__(0.0, os.getpid(), self._order.add, over)
        self._label, self._begin = label, begin
        self.tasks = Tasks(self._order.add)
        self.main: Member | None = None
        self._supervisor: Member | None = None
        self.exitcode: int | None = None
        """The main process's; `None` while it runs, or where it could not be learnt."""
        self._codes: dict[int, tuple[int, float]] = {}
        self._announced: dict[int, tuple[int, Mapping[str, Any]]] = {}
        self._names: dict[int, str] = {}
        self._busy: set[ReadLine] = set()
        self._numbers: dict[str, int] = {}

    def interrupt(self, seconds: float) -> bool:
        """Has the script interrupted now, and killed after so many seconds, or at a second call.

        Returns:
            Whether there is a script, and somebody to do so.
        """
        line = self._supervisor.lines["events"] if self._supervisor is not None else None
        if self.main is None or line not in self._lines:
            return False
        with suppress(OSError):
            os.write(line.socket.fileno(), f"{seconds}\n".encode())
            return True
        return False

    def wake_supervisor(self) -> None:
        """Has the supervisor go on, should it have been stopped: it is about to be needed."""
        if self._supervisor is not None and self._supervisor.gone is None:
            with suppress(OSError):
                os.kill(self._supervisor.pid, signal.SIGCONT)

    def finish(self) -> float:
        """Tells the end of all that is left; returns when the last process ended."""
        self._catch_up()
        members = [m for m in self.callers.values() if isinstance(m, Member) and not m.helper]
        for member in members:
            if not member.exited:
                self._introduce(member)
                member.gone = member.gone or max(member.t, self._now())
                code, t = self._codes.get(member.pid, (None, member.gone))
                self._exit(member, code, t)
        end = max((member.t for member in members), default=0.0)
        self.tasks.close(end)
        self._order.flush()
        return end

    def _now(self) -> float:
        return max(0.0, time.monotonic() - self._began)

    def _time(self, member: Member, t: float) -> float:
        """The time of the run at which a process did something, `t` by its own clock."""
        t = min(max(t - self._began, member.born), self._now())
        member.t = max(member.t, t)
        return t

    # Who is there

    def _line(self, connection: socket.socket) -> ReadLine:
        return ReportLine(connection)

    def _greet(self, line: ReadLine, text: bytes) -> None:
        """Lets a process in with its pipes; hangs up on who does not greet."""
        assert isinstance(line, ReportLine)
        hello = read_hello(text)
        member = self._arrived({**hello, "pid": line.peer(hello["pid"])}) if hello else None
        if hello is None or member is None:
            self._hang_up(line)
            return
        line.kind, line.pid = "reports", member.pid
        for stream, fd in zip(hello["pipes"].split(), list(line.fds), strict=False):
            if stream in list(Stream):
                with suppress(OSError):
                    end = PipeEnd(fd)
                    line.fds.remove(fd)
                    frames = Frames(self.address, time.monotonic, hello["encoding"])
                    pipe = PipeLine(end, stream, member.pid, frames=frames)
                    member.lines[stream] = pipe
                    self._add(pipe)
        line.close_fds()
        if hello["how"] != "report":
            self._attend(member, line)

    def _attend(self, member: Member, line: ReportLine) -> None:
        """Will notice when a process ends."""
        if member.how == "supervisor" or sys.platform != "linux":
            member.lines["events"] = line
        elif member.lines.get("events") not in self._lines:
            try:
                life = ReadLine(Life(member.pid), "life", member.pid)
            except OSError:
                self._look_for(member)
                return
            member.lines["events"] = life
            self._add(life)

    def _look_for(self, member: Member) -> None:
        """Looks now and then whether a process is there."""
        there, code = exit_status(member.pid)
        if there and code is None:
            self._loop.call_later(AGAIN_SECONDS, self._look_for, member)
        elif not member.exited:
            self._drain_raw(member)
            member.gone = max(member.t, self._now())
            self._left(member)

    def _arrived(self, hello: Mapping[str, Any]) -> Member | None:  # type: ignore[override]
        """The process that has this greeting; `None`: no process of the script has."""
        pid, how = hello["pid"], hello["how"]
        old = self.callers.get(pid)
        if isinstance(old, Member) and not old.exited:
            if how in ("again", "report"):
                return old
            if not old.helper:
                old.gone = None  # It runs another program now.
                return old
        there = {"main": self.main, "supervisor": self._supervisor}
        if how not in NEW or there.get(how) is not None:
            return None
        if how == "main":
            self._began = hello["t"]
            self._begin()
        born = min(max(0.0, hello["t"] - self._began), self._now())
        member = Member(pid, "", born, how=how, parent=hello["parent"], born=born)
        self.callers[pid] = member
        if how == "supervisor":
            self._supervisor = member
        elif how == "main":
            self.main = member
            self._introduce(member, MAIN, os.getpid())
        elif how == "process" and pid in self._announced:
            self._announce(*self._announced.pop(pid))
        elif how in ("python", "fork"):
            self._introduce(member)
        return member

    def _introduce(self, member: Member, name: str = "", parent: int = 0) -> None:
        """Tells that a process started, unless it is told; then what it has said so far."""
        if member.told:
            return
        if not name:
            number = self._numbers[member.how] = self._numbers.get(member.how, 0) + 1
            name = f"{member.how}-{number}"
        member.told, member.name, member.parent = True, name, parent or member.parent
        self._sink(ProcessStarted(t=member.t, pid=member.pid, parent=member.parent, name=name))
        early, member.early = member.early, []
        for tell in early:
            tell()

    def _hang_up(self, line: ReadLine) -> None:
        super()._hang_up(line)
        if isinstance(line, ReportLine):
            line.close_fds()

    # What they say

    def _ready(self, line: ReadLine) -> None:
        self._receive(line)

    def _receive(self, line: ReadLine) -> bool:
        if not isinstance(line, PipeLine):
            return super()._receive(line)
        if line not in self._lines or line in self._busy:
            return False
        chunks: list[bytes] = []
        more, ended = True, False
        while more and not ended and len(chunks) < AT_ONCE:
            try:
                chunks.append(line.receive())
                ended = not chunks[-1]
            except BlockingIOError:
                more = False
        more = more and not ended
        said = line.frames.take(b"".join(chunks), more=more, before=line.before)
        self._busy.add(line)
        try:
            self._hear(line, said)
        finally:
            self._busy.discard(line)
        if ended:
            if text := line.frames.end():
                self._write(line, time.monotonic(), text)
            self._end(line)
        return more

    def _hear(self, line: PipeLine, said: Sequence[tuple[float, Said]]) -> None:
        """Takes what came through a pipe; what was written to the other before goes first."""
        member = self.callers[line.pid]
        reported = next((t for t, one in said if not isinstance(one, str)), None)
        for other in list(member.lines.values()) if reported is not None else ():
            if isinstance(other, PipeLine) and other is not line:
                other.before = reported
                self._receive(other)
                other.before = None
        for t, one in said:
            if isinstance(one, str):
                self._write(line, t, one)
            else:
                self._take(member, one)

    def _write(self, line: PipeLine, t: float, text: str) -> None:
        """Tells what was written to a stream, by lines: by a process, or others that it started."""
        member = self.callers[line.pid]
        assert isinstance(member, Member)
        if member.exited and self.main is not None and not self.main.exited:
            member = self.main
        if not member.told:
            member.early.append(partial(self._write, line, t, text))
            if member.helper:
                self._introduce(member)
            return
        pid, stream, at = member.pid, Stream(line.kind), self._time(member, t)
        *whole, rest = text.split("\n")
        for one in whole:
            self._sink(Output(t=at, pid=pid, stream=stream, text=one, partial=False))
        if rest:
            self._sink(Output(t=at, pid=pid, stream=stream, text=rest, partial=True))

    def _consume(self, line: ReadLine, data: bytes) -> None:
        texts = self._whole(line, data)
        if texts and not line.kind:
            self._greet(line, texts.pop(0))
        for text in texts if line in self._lines else ():
            if report := read_report(text):
                self._take(self.callers[line.pid], report)
        if len(line.rest) > LONGEST_REPORT:
            line.rest.clear()
            if not line.kind:
                self._hang_up(line)

    def _take(self, caller: Caller, data: Mapping[str, Any]) -> None:
        assert isinstance(caller, Member)
        match data["event"]:
            case "named":
                name = display_name(data["name"], pool=data["pool"])
                self._introduce(caller, name, data["parent"])
                self.tasks.assign(data["key"], caller.pid)
            case "encoding":
                pass  # It concerns what comes after it, there.
            case "child":
                self._announce(caller.pid, data)
            case "reaped":
                self._reaped(data["child"], data["code"], self._time(caller, data["t"]))
            case _ if caller.told:
                self._tell(caller, data)
            case _:
                caller.early.append(partial(self._tell, caller, data))

    def _announce(self, parent: int, data: Mapping[str, Any]) -> None:
        """A process has told that it started another."""
        child = self.callers.get(data["child"])
        name = display_name(data["name"], pool=data["pool"])
        self._names[data["child"]] = name
        if isinstance(child, Member) and not child.exited:
            self._introduce(child, name, parent)
            self.tasks.assign(data["key"], child.pid)
        elif child is None:
            self._announced[data["child"]] = (parent, data)

    def _tell(self, member: Member, data: Mapping[str, Any]) -> None:
        """Passes on what a process has reported."""
        pid, event = member.pid, data["event"]
        # Who queued a task said so before another began it, and who ran it before it was given up.
        given_up = event == "task_skipped" or (event == "task_failed" and not data["ran"])
        if given_up or (event == "task_started" and not self.tasks.knows(data["key"])):
            self._catch_up()
        t = self._time(member, data["t"])
        match event:
            case "line":
                self._sink(Line(t=t, pid=pid, line=data["line"]))
            case "waiting":
                what = self._names.get(data["child"], data["object"])
                self._sink(
                    Waiting(
                        t=t,
                        pid=pid,
                        kind=data["kind"],
                        object=what,
                        file=data["file"],
                        line=data["line"],
                        timeout=data["timeout"],
                    )
                )
            case "resumed":
                self._sink(Resumed(t=t, pid=pid))
            case "task_queued":
                self.tasks.queue(data["key"], data["label"], t)
            case _:
                self.tasks.tell(data, pid, t)

    def _catch_up(self) -> None:
        """Reads what the others have said so far."""
        self._meet()
        for line in list(self._lines):
            if isinstance(line, PipeLine) or line.kind == "reports":
                self._receive(line)

    def _left(self, caller: Caller) -> None:
        assert isinstance(caller, Member)
        self._meet()
        self._drain_raw(caller)
        if caller.how == "supervisor":
            self._gone()
        elif not caller.helper:
            self._introduce(caller)
            self._loop.call_soon(self._settle, caller)

    def _reaped(self, pid: int, code: int, t: float) -> None:
        """Somebody has learnt how a process ended."""
        self._codes[pid] = (code, t)
        self._meet()
        member = self.callers.get(pid)
        if isinstance(member, Member):
            self._loop.call_soon(self._settle, member)
        elif pid in self._announced:
            # It ended before it could say a word.
            parent, data = self._announced.pop(pid)
            unseen = Member(pid, "", max(0.0, data["t"] - self._began), how="process")
            self.callers[pid] = unseen
            self._introduce(unseen, display_name(data["name"], pool=data["pool"]), parent)
            self.tasks.assign(data["key"], pid)
            unseen.gone = max(unseen.t, t)
            self._loop.call_soon(self._settle, unseen)

    def _settle(self, member: Member) -> None:
        """Tells that a process has ended, once its line has and its exit code is known.

        Called by the loop only, between two reads: all that led to this end has been heard then.
        """
        if member.exited or member.helper or member.gone is None:
            return
        self._catch_up()
        if member.pid in self._codes:
            code, t = self._codes.pop(member.pid)
            self._exit(member, code, t)
            return
        there, unburied = exit_status(member.pid)
        if unburied is not None:
            self._exit(member, unburied, member.gone)
        elif there:
            # It only closed its line, or is about to end: look again.
            self._loop.call_later(AGAIN_SECONDS, self._settle, member)

    def _exit(self, member: Member, code: int | None, t: float) -> None:
        member.exited = True
        t = max(member.t, min(t, member.gone if member.gone is not None else t))
        if member is self.main:
            self.exitcode = code
            if not self.tasks.count:
                self.tasks.main_was_it(member.pid, self._label, 0.0, code, t)
        self.tasks.process_gone(member.pid, member.name, code, t)
        self._sink(ProcessExited(t=self.stamp(member.pid, t), pid=member.pid, exitcode=code))
