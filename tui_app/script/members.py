"""The processes of a played script: who is there, what each is called, and how it ended."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tui_app.engine.channel_server import Channel, ChannelServer
from tui_app.engine.run_clock import RunClock
from tui_app.events import Event, ProcessExited, ProcessStarted, Stream
from tui_app.script.connections import PidFd
from tui_app.script.exit_status import exit_status
from tui_app.script.process_names import (
    MAIN,
    PYTHON,
    command_line,
    command_name,
    command_words,
    display_name,
    is_service,
)
from tui_app.script.tasks import Tasks

AGAIN_SECONDS = 0.02
"""Time between two looks at a process that has ended, until its exit code is known."""

CODE_SECONDS = 0.1
"""Time in which a parent that has learnt a program's exit code tells it; a shell never does."""

COMMAND = "command"
"""How a process came to be that runs another program, and may never greet."""

HELPERS = ("supervisor", "server")
"""How those processes came to be that serve the run, and are no part of the script."""

NEW = (*HELPERS, "main", "process", "python", "fork")
"""How a process can have come to be that greets for the first time."""

REPORTS, END = "reports", "end"
"""Kinds of channels: one for reports, and one that ends with its process. Pipes have a `Stream`."""

TALKING = (REPORTS, *Stream)
"""Kinds of channels through which processes tell something."""


@dataclass(slots=True, eq=False)
class Member:
    """A process of the script, or a helper that serves the run. Times are seconds of the run.

    Attributes:
        how: how it came to be, as its greeting has it.
        born: when it greeted.
        t: when it was last heard of.
        name: empty until `process_started` is told.
        gone: when its end was seen; `None` while it runs.
        exited: whether `process_exited` is told.
        ended_by: how the script ended it on purpose.
        early: what it has said before its name was known: `process_started` comes first.
        end: the channel that ends with it.
        pool: whether it is a worker of a pool.
    """

    pid: int
    how: str
    parent: int
    born: float
    t: float
    name: str = ""
    gone: float | None = None
    exited: bool = False
    ended_by: str = ""
    early: list[Callable[[], None]] = field(default_factory=list)
    pipes: dict[str, Channel] = field(default_factory=dict)
    end: Channel | None = None
    pool: bool = False

    @property
    def told(self) -> bool:
        """Whether `process_started` is told."""
        return bool(self.name)

    @property
    def helper(self) -> bool:
        """Whether it is in no event. A helper that prints is: a fork server may import a script."""
        return self.how in HELPERS and not self.told


class Members:
    """Knows the processes of a script, and tells when each started and ended.

    It is the `ChannelHandler` of the channels that end with their processes. The run begins with
    the main process: `begin` is called then, before the first event.

    Attributes:
        names: what processes are called that others have started, by pid.
        main: the script's main process.
        over: set when the supervisor has gone: nothing of the script is left then.
        exitcode: the main process's; `None` while it runs, or where nobody knows it.
        leaving: called when the end of a process is about to be told.
    """

    def __init__(
        self,
        channels: ChannelServer,
        tasks: Tasks,
        clock: RunClock,
        begin: Callable[[], None],
        sink: Callable[[Event], None],
    ) -> None:
        self._channels, self._tasks, self._clock = channels, tasks, clock
        self._begin, self._sink = begin, sink
        self._loop = asyncio.get_running_loop()
        self.by_pid: dict[int, Member] = {}
        self.names: dict[int, str] = {}
        self.main: Member | None = None
        self.supervisor: Member | None = None
        self.over = asyncio.Event()
        self.exitcode: int | None = None
        self.leaving: Callable[[Member], None] = lambda _: None
        self._codes: dict[int, tuple[int, float]] = {}
        self._announced: dict[int, tuple[int, Mapping[str, Any]]] = {}
        self._numbers: dict[str, int] = {}

    @property
    def any_left(self) -> bool:
        """Whether the end of a process has not been seen."""
        return any(member.gone is None for member in self.by_pid.values())

    def living(self) -> list[Member]:
        """Return the script's processes whose end was not seen."""
        return [one for one in self.by_pid.values() if one.told and one.gone is None]

    def stamp(self, member: Member, t: float) -> float:
        """Return the time of the run at which a process did something, `t` by its own clock."""
        t = min(max(self._clock.at(t), member.born), self._clock.now())
        member.t = max(member.t, t)
        return t

    # Who is there

    def arrived(self, hello: Mapping[str, Any]) -> Member | None:
        """Return the process that has this greeting; `None` where no process of the script has."""
        pid, how = hello["pid"], hello["how"]
        old = self.by_pid.get(pid)
        if old is not None and not old.exited:
            if how in ("again", "report"):
                return old
            if not old.helper:
                old.gone = None  # It runs another program now.
                return old
        there = {"main": self.main, "supervisor": self.supervisor}
        if how not in NEW or there.get(how) is not None:
            return None
        if how == "main":
            self._clock.began = hello["t"]
            self._begin()
        born = min(self._clock.at(hello["t"]), self._clock.now())
        member = self._enter(pid, how, hello["parent"], born)
        if how == "supervisor":
            self.supervisor = member
        elif how == "main":
            self.main = member
            self.introduce(member, MAIN, os.getpid())
        elif how == "process" and pid in self._announced:
            self.announce(*self._announced.pop(pid))
        elif how in ("python", "fork"):
            self.introduce(member)
        return member

    def _enter(self, pid: int, how: str, parent: int, born: float) -> Member:
        member = self.by_pid[pid] = Member(pid, how, parent, born=born, t=born)
        return member

    def knows(self, pid: int) -> bool:
        """Return whether a process is there that is known, or has been told of."""
        member = self.by_pid.get(pid)
        return (member is not None and not member.exited) or pid in self._announced

    def found(self, pid: int, parent: int, words: Sequence[str], t: float | None = None) -> None:
        """Take notice of a process that runs another program."""
        if self.knows(pid) or is_service(words):
            return
        if self.supervisor is not None and self.main is not None and parent == self.supervisor.pid:
            parent = self.main.pid
        member = self._enter(pid, COMMAND, parent, self._clock.now() if t is None else t)
        self.introduce(member, words=words)
        self.attend(member, None)

    def introduce(
        self,
        member: Member,
        name: str = "",
        parent: int = 0,
        method: str = "",
        words: Sequence[str] = (),
    ) -> None:
        """Tell that a process started, unless it is told; then what it has said so far.

        Args:
            member: the process.
            name: what it is called; empty: by what it runs.
            parent: who started it; 0: as it has said itself.
            method: how `multiprocessing` started it.
            words: the program that it runs.
        """
        if member.told:
            return
        if not name:
            words = words or (command_words(member.pid) if member.how == "python" else ())
            stem = command_name(words) if words else member.how
            number = self._numbers[stem] = self._numbers.get(stem, 0) + 1
            alone = words and stem != PYTHON and number == 1
            name = stem if alone else f"{stem}-{number}"
        member.name, member.parent = name, parent or member.parent
        self._sink(
            ProcessStarted(
                t=member.t,
                pid=member.pid,
                parent=member.parent,
                name=name,
                start_method=method,
                command=command_line(words),
            )
        )
        early, member.early = member.early, []
        for tell in early:
            tell()

    def announce(self, parent: int, data: Mapping[str, Any]) -> None:
        """Take notice that a process has started another."""
        child = self.by_pid.get(data["child"])
        self.names[data["child"]] = display_name(data["name"], pool=data["pool"])
        if child is None:
            self._announced[data["child"]] = (parent, data)
        elif not child.exited:
            self.name(child, parent, data)

    def name(self, member: Member, parent: int, data: Mapping[str, Any]) -> None:
        """Tell that a process started whose name, parent and task are known."""
        name = display_name(data["name"], pool=data["pool"])
        member.pool = data["pool"]
        self.introduce(member, name, parent, data["method"])
        self._tasks.assign(data["key"], member.pid)

    # Who has gone

    def attend(self, member: Member, channel: Channel | None) -> None:
        """See to it that a process's end is noticed; `channel` is the one for its reports, if any.

        Where nothing else tells the end of a program without such a channel, its parent does.
        """
        if member.how == "supervisor" or sys.platform != "linux":
            member.end = channel
        elif member.end not in self._channels:
            try:
                member.end = Channel(PidFd(member.pid), self, END, member.pid)
            except OSError:
                # Not now: it may have gone, and what waits behind it would be read in here.
                self._loop.call_soon(self._look_for, member)
                return
            self._channels.add(member.end)

    def _look_for(self, member: Member) -> None:
        """Look now and then whether a process is there."""
        there, code = exit_status(member.pid)
        if there and code is None:
            self._loop.call_later(AGAIN_SECONDS, self._look_for, member)
        elif not member.exited:
            self._left(member)

    def received(self, channel: Channel, data: bytes, *, more: bool) -> None:
        """See `ChannelHandler.received`: nothing comes."""

    def ended(self, channel: Channel) -> None:
        """Take notice of a process's end, if the channel ends with it."""
        member = self.by_pid.get(channel.pid)
        if member is not None and member.end is channel:
            self._left(member)

    def _left(self, member: Member) -> None:
        """Take notice that a process has gone, after all that it has said."""
        self._drain(member)
        member.gone = max(member.t, self._clock.now())
        self._channels.catch_up()
        self._drain(member)
        if member.how == "supervisor":
            self.over.set()
        elif not member.helper:
            self.introduce(member)
            self._loop.call_soon(self._settle, member)

    def _drain(self, member: Member) -> None:
        for channel in list(member.pipes.values()):
            self._channels.drain(channel)

    def reaped(self, pid: int, code: int, t: float) -> None:
        """Take notice that somebody has learnt how a process ended."""
        self._codes[pid] = (code, t)
        self._channels.catch_up()
        member = self.by_pid.get(pid)
        if member is None and pid in self._announced:
            # It ended before it could say a word.
            parent, data = self._announced.pop(pid)
            member = self._enter(pid, "process", parent, 0.0)
            member.t = self._clock.at(data["t"])
            self.name(member, parent, data)
            member.gone = max(member.t, t)
        if member is not None:
            if member.how == COMMAND and member.end is None:
                member.gone = member.gone or t
            self._loop.call_soon(self._settle, member)

    def ending(self, pid: int, how: str) -> None:
        """Take notice that the script ends a process on purpose."""
        member = self.by_pid.get(pid)
        if member is not None and not member.exited:
            member.ended_by = how
            self._tasks.ended_by[pid] = how

    def _settle(self, member: Member) -> None:
        """Tell that a process has ended, once its end was seen and its exit code is known.

        Called by the loop only, between two reads: all that led to this end has been read then.
        """
        if member.exited or member.helper or member.gone is None:
            return
        self._channels.catch_up(*TALKING)
        if member.pid in self._codes:
            code, t = self._codes.pop(member.pid)
            self._exit(member, code, t)
            return
        there, unburied = exit_status(member.pid)
        if unburied is not None:
            self._exit(member, unburied, member.gone)
        elif there:
            # It has only closed its connection, or is about to end.
            self._loop.call_later(AGAIN_SECONDS, self._settle, member)
        elif member.how == COMMAND:
            self._loop.call_later(CODE_SECONDS, self._give_up, member)

    def _give_up(self, member: Member) -> None:
        """Tell the end of a program whose exit code nobody tells."""
        if not member.exited and member.gone is not None:
            self._exit(member, *self._codes.pop(member.pid, (None, member.gone)))

    def _exit(self, member: Member, code: int | None, t: float) -> None:
        self.leaving(member)
        member.exited = True
        t = max(member.t, min(t, member.gone if member.gone is not None else t))
        if member is self.main:
            self.exitcode = code
            self._tasks.main_gone(member.pid, code, t)
        self._tasks.process_gone(member.pid, member.name, code, t)
        member.t = t
        ended_by = member.ended_by if code else ""
        self._sink(ProcessExited(t=t, pid=member.pid, exitcode=code, ended_by=ended_by))

    def finish(self) -> float:
        """Tell the end of all processes and tasks that are left.

        Returns:
            When the last process ended, in seconds of the run.
        """
        self._channels.catch_up(*TALKING)
        members = [member for member in self.by_pid.values() if not member.helper]
        for member in members:
            if not member.exited:
                self.introduce(member)
                member.gone = member.gone or max(member.t, self._clock.now())
                code, t = self._codes.get(member.pid, (None, member.gone))
                self._exit(member, code, t)
        end = max((member.t for member in members), default=0.0)
        self._tasks.close(end)
        return end
