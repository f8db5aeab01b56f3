"""The server of a played script: what its processes report, turned into the events of a run."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from tui_app.engine.channel_server import Channel, ChannelServer
from tui_app.engine.run_clock import RunClock
from tui_app.events import Event, Line, Resumed, Stream, Waiting
from tui_app.script.connections import ProbeSocket
from tui_app.script.ends import Ends
from tui_app.script.member import REPORTS, TALKING, Member
from tui_app.script.members import Members
from tui_app.script.pipes import Pipes
from tui_app.script.reports import LONGEST_REPORT, read_hello, read_report
from tui_app.script.tasks import Tasks
from tui_app.script.tree import Tree
from tui_app.script.waits.deadlocks import ReportedWait
from tui_app.script.waits.watcher import Watcher


class ScriptEventServer:
    """Hears the supervisor, and the probe in each of the script's processes; a `ChannelHandler`.

    Args:
        clock: the time of the run, which begins with the main process.
        label: what the main process is called where it is the one task.
        begin: called when the main process is there.
        sink: takes each event.
        input_: the descriptor that the main process gets as its standard input, if it gets any.

    Raises:
        OSError: there can be no socket.
    """

    def __init__(
        self,
        clock: RunClock,
        label: str,
        begin: Callable[[], None],
        sink: Callable[[Event], None],
        input_: int | None = None,
    ) -> None:
        self._sink, self._input = sink, input_
        self.channels = ChannelServer(lambda line: Channel(ProbeSocket(line), self))
        self.tasks = Tasks(sink, label)
        self.members = Members(self.tasks, clock, begin, sink)
        self._pipes = Pipes(self.channels, self.members, self._take, sink)
        self._watcher = Watcher(clock, self.channels, self.members, self.tasks, sink)
        leaving = self._watcher.leaving
        self.ends = Ends(self.channels, self.members, self.tasks, clock, leaving, sink)
        self._tree = Tree(self.members, self.ends)

    def close(self) -> None:
        """Look at no process any more, and hear nobody."""
        self._tree.stop()
        self._watcher.close()
        self.channels.close()

    def interrupt(self, seconds: float) -> bool:
        """Let the supervisor interrupt the script, and kill it after so many seconds.

        A second call kills the script at once.

        Returns:
            Whether there is a script, and a supervisor to do so.
        """
        supervisor = self.members.supervisor
        line = supervisor.end if supervisor is not None else None
        if self.members.main is None or line is None or line not in self.channels:
            return False
        with suppress(OSError):
            os.write(line.source.fileno(), f"{seconds}\n".encode())
            return True
        return False

    def wake_supervisor(self) -> None:
        """Continue the supervisor, which the script may have stopped: it is about to be needed."""
        supervisor = self.members.supervisor
        if supervisor is not None and supervisor.gone is None:
            with suppress(OSError):
                os.kill(supervisor.pid, signal.SIGCONT)

    def received(self, channel: Channel, data: bytes, *, more: bool) -> None:
        """Take the greeting and the reports of a process. See `ChannelHandler.received`."""
        texts = channel.whole_lines(data)
        if texts and not channel.kind:
            self._greet(channel, texts.pop(0))
        for text in texts if channel in self.channels else ():
            if report := read_report(text):
                self._take(self.members.by_pid[channel.pid], report)
        if len(channel.rest) > LONGEST_REPORT:
            channel.rest.clear()
            if not channel.kind:
                self.channels.hang_up(channel)

    def ended(self, channel: Channel) -> None:
        """Take notice of the end of a process, where nothing else tells it."""
        self.ends.ended(channel)

    def _greet(self, channel: Channel, text: bytes) -> None:
        """Let a process in with its pipes; hang up on whoever does not greet."""
        source, hello, member = channel.source, read_hello(text), None
        assert isinstance(source, ProbeSocket)
        if hello is not None and hello["how"] == "input" and self._input is not None:
            source.send_fd(self._input)
        elif hello is not None:
            member = self.members.arrived({**hello, "pid": source.peer(hello["pid"])})
        if hello is None or member is None:
            self.channels.hang_up(channel)
            return
        channel.kind, channel.pid, source.greeted = REPORTS, member.pid, True
        for stream, fd in zip(hello["pipes"].split(), list(source.fds), strict=False):
            if stream in list(Stream):
                with suppress(OSError):
                    self._pipes.add(member, stream, fd, hello["encoding"])
                    source.fds.remove(fd)
        source.close_fds()
        if hello["how"] != "report":
            self._watcher.greeted(member, hello["bell"])
            self.ends.attend(member, channel)
        if hello["how"] == "main":
            self._tree.start()

    def _take(self, member: Member, data: Mapping[str, Any]) -> None:
        """Take the report of a process."""
        match data["event"]:
            case "named":
                self.members.name(member, data["parent"], data)
            case "encoding":
                pass  # It concerns the text after it, in its pipe.
            case "bell":
                self._watcher.greeted(member, data["bell"])
            case "answer":
                self._watcher.answered(member, data)
            case "left":
                self._watcher.left(member, data)
            case "child":
                self.members.announce(member.pid, data)
            case "command":
                t = self.members.stamp(member, data["t"])
                words = data["words"].split("\n")
                if (child := self.members.found(data["child"], member.pid, words, t)) is not None:
                    self.ends.attend(child, None)
            case "ending":
                self.ends.ending(data["child"], data["how"])
            case "reaped":
                t = self.members.stamp(member, data["t"])
                self.ends.reaped(data["child"], data["code"], t)
            case _ if member.told:
                self._tell(member, data)
            case _:
                member.early.append(partial(self._tell, member, data))

    def _tell(self, member: Member, data: Mapping[str, Any]) -> None:
        """Tell what a process has reported."""
        pid, event = member.pid, data["event"]
        # Who queued a task said so before another began it, and who ran it before it was given up.
        given_up = event == "task_skipped" or (event == "task_failed" and not data["ran"])
        if given_up or (event == "task_started" and not self.tasks.knows(data["key"])):
            self.channels.catch_up(*TALKING)
        t = self.members.stamp(member, data["t"])
        match event:
            case "line":
                self._sink(Line(t=t, pid=pid, line=data["line"]))
            case "waiting":
                what = self.members.names.get(data["child"], data["object"])
                wait = Waiting(
                    t=t,
                    pid=pid,
                    kind=data["kind"],
                    object=what,
                    file=data["file"],
                    line=data["line"],
                    timeout=data["timeout"],
                )
                self._watcher.reported(member, t, ReportedWait(wait, data["child"]))
                self._sink(wait)
            case "resumed":
                self._watcher.reported(member, t, None)
                self._sink(Resumed(t=t, pid=pid))
            case "tasks":
                self._watcher.tasks(member, data)
            case "counts":
                self._watcher.counted(member, data)
            case "task_queued":
                self.tasks.queue(data["key"], data["label"], t)
            case _:
                self.tasks.tell(data, pid, t)
