"""The hub of a played script: what its processes report, turned into the events of a run."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tui_app.demos.burial import exit_status
from tui_app.demos.names import MAIN, display_name
from tui_app.demos.order import InOrder
from tui_app.demos.tasks import Tasks
from tui_app.engine.hub import Caller, Hub, _Line
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

AGAIN_SECONDS = 0.02
"""Between two looks at a process whose line has ended, until its exit code is known."""

HELPERS = ("supervisor", "server")


@dataclass(slots=True, eq=False)
class Member(Caller):
    """A process of the script's group.

    Until its name is known what it says is kept in `early`: `process_started` comes first. A
    helper has no name, and is in no event, unless it prints: a fork server may import the script.
    """

    how: str = ""
    parent: int = 0
    told: bool = False
    exited: bool = False
    on: str = ""
    early: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def helper(self) -> bool:
        """Whether it serves the run, and is no part of it."""
        return self.how in HELPERS and not self.told


class PlayHub(Hub):
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
        self.exitcode: int | None = None
        """The main process's; `None` while it runs, or where it could not be learnt."""
        self._codes: dict[int, tuple[int, float]] = {}
        self._announced: dict[int, tuple[int, Mapping[str, Any]]] = {}
        self._names: dict[int, str] = {}
        self._busy: set[_Line] = set()
        self._numbers: dict[str, int] = {}

    def finish(self) -> float:
        """Tells the end of all that is left; returns when the last process ended."""
        self._meet()
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

    def _arrived(self, hello: Mapping[str, Any]) -> Caller:
        pid, how = hello["pid"], hello["how"]
        old = self.callers.get(pid)
        if isinstance(old, Member) and not old.exited and not old.helper:
            old.gone = None  # The same process runs another program now.
            return old
        if how == "main":
            self._began = hello["t"]
            self._begin()
        member = Member(pid, "", max(0.0, hello["t"] - self._began), how=how)
        member.parent = hello["parent"]
        self.callers[pid] = member
        if how == "main":
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
        for data in early:
            self._tell(member, data)

    def _consume(self, line: _Line) -> None:
        self._busy.add(line)
        try:
            super()._consume(line)
        finally:
            self._busy.discard(line)

    def _report(self, caller: Caller, text: bytes) -> None:
        assert isinstance(caller, Member)
        data = json.loads(text)
        match data["event"]:
            case "named":
                name = display_name(data["name"], pool=data["pool"])
                self._introduce(caller, name, data["parent"])
                self.tasks.assign(data["key"], caller.pid)
            case "child":
                self._announce(caller.pid, data)
            case "reaped":
                self._reaped(data["child"], data["code"], data["t"] - self._began)
            case _ if caller.told:
                self._tell(caller, data)
            case _:
                self._keep(caller, data)

    def _keep(self, member: Member, data: Mapping[str, Any]) -> None:
        """Keeps what a process without a name has said; a helper that prints gets one by that."""
        member.early.append(data)
        if member.helper and data["event"] == "output":
            self._introduce(member)

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
        if event == "output" and data["partial"]:
            # What C wrote before it would else be taken for the rest of this line.
            self._drain_stream(member, data["stream"])
        # Who queued a task said so before another began it, and who ran it before it was given up.
        given_up = event == "task_skipped" or (event == "task_failed" and not data["ran"])
        if given_up or (event == "task_started" and not self.tasks.knows(data["key"])):
            self._catch_up()
        t = self.stamp(pid, data["t"] - self._began)
        match event:
            case "output":
                stream, text = Stream(data["stream"]), data["text"]
                self._sink(Output(t=t, pid=pid, stream=stream, text=text, partial=data["partial"]))
            case "line":
                self._sink(Line(t=t, pid=pid, line=data["line"]))
            case "waiting":
                name = self._names.get(data["child"], "")
                member.on = f"{data['on']} {name}".rstrip()
                self._sink(Waiting(t=t, pid=pid, on=member.on))
            case "resumed":
                self._sink(Resumed(t=t, pid=pid, on=member.on))
            case "task_queued":
                self.tasks.queue(data["key"], data["label"], t)
            case _:
                self.tasks.tell(data, pid, t)

    def _catch_up(self) -> None:
        """Reads what the others have said so far."""
        for caller in list(self.callers.values()):
            line = caller.lines.get("events")
            if line is not None and line not in self._busy:
                self._receive_all(line)

    def _say(self, caller: Caller, line: _Line, text: bytes, *, partial: bool) -> None:
        assert isinstance(caller, Member)
        data = {
            "event": "output",
            "t": time.monotonic(),
            "stream": line.kind,
            "text": text.decode("utf-8", "backslashreplace"),
            "partial": partial,
        }
        if not caller.told:
            self._keep(caller, data)
            return
        pid = caller.pid
        # A program that outlives who started it may still write where that one wrote.
        if caller.exited and self.main is not None and not self.main.exited:
            pid = self.main.pid
        t = self.stamp(pid, time.monotonic() - self._began)
        stream = Stream(line.kind)
        self._sink(Output(t=t, pid=pid, stream=stream, text=str(data["text"]), partial=partial))

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
