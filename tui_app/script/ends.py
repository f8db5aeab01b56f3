"""How the processes of a played script end: when, and with which exit code."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

from tui_app.engine.channel_server import Channel, ChannelServer
from tui_app.engine.run_clock import RunClock
from tui_app.events import Event, ProcessExited
from tui_app.script.connections import PidFd
from tui_app.script.exit_status import exit_status
from tui_app.script.member import COMMAND, END, TALKING, Member
from tui_app.script.members import Members
from tui_app.script.tasks import Tasks

AGAIN_SECONDS = 0.02
"""Time between two looks at a process that has ended, until its exit code is known."""

CODE_SECONDS = 0.1
"""Time in which a parent that has learnt a program's exit code tells it; a shell never does."""


class Ends:
    """Sees the ends of a script's processes, and tells them.

    It is the `ChannelHandler` of the channels that end with their processes.

    Args:
        channels: reads those channels.
        members: the processes.
        tasks: take notice of what ends with a process.
        clock: the time of the run.
        leaving: called when the end of a process is about to be told.
        sink: takes each event.

    Attributes:
        over: set when the supervisor has gone: nothing of the script is left then.
        exitcode: the main process's; `None` while it runs, or where nobody knows it.
    """

    def __init__(
        self,
        channels: ChannelServer,
        members: Members,
        tasks: Tasks,
        clock: RunClock,
        leaving: Callable[[Member], None],
        sink: Callable[[Event], None],
    ) -> None:
        self._channels, self._members, self._tasks, self._clock = channels, members, tasks, clock
        self._leaving, self._sink = leaving, sink
        self._loop = asyncio.get_running_loop()
        self.over = asyncio.Event()
        self.exitcode: int | None = None
        self._codes: dict[int, tuple[int, float]] = {}

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
        member = self._members.by_pid.get(channel.pid)
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
            self._members.introduce(member)
            self._loop.call_soon(self._settle, member)

    def _drain(self, member: Member) -> None:
        for channel in list(member.pipes.values()):
            self._channels.drain(channel)

    def reaped(self, pid: int, code: int, t: float) -> None:
        """Take notice that somebody has learnt how a process ended."""
        self._codes[pid] = (code, t)
        self._channels.catch_up()
        member = self._members.by_pid.get(pid)
        if member is None and (member := self._members.unheard(pid)) is not None:
            member.gone = max(member.t, t)
        if member is not None:
            if member.how == COMMAND and member.end is None:
                member.gone = member.gone or t
            self._loop.call_soon(self._settle, member)

    def ending(self, pid: int, how: str) -> None:
        """Take notice that the script ends a process on purpose."""
        member = self._members.by_pid.get(pid)
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
        self._leaving(member)
        member.exited = True
        t = max(member.t, min(t, member.gone if member.gone is not None else t))
        if member is self._members.main:
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
        members = [member for member in self._members.by_pid.values() if not member.helper]
        for member in members:
            if not member.exited:
                self._members.introduce(member)
                member.gone = member.gone or max(member.t, self._clock.now())
                code, t = self._codes.get(member.pid, (None, member.gone))
                self._exit(member, code, t)
        end = max((member.t for member in members), default=0.0)
        self._tasks.close(end)
        return end
