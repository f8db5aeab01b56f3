"""The processes of a played script: who is there, and what each is called."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tui_app.engine.run_clock import RunClock
from tui_app.events import Event, ProcessStarted
from tui_app.script.member import COMMAND, HELPERS, Member
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

NEW = (*HELPERS, "main", "process", "python", "fork")
"""How a process can have come to be that greets for the first time."""


class Members:
    """Knows the processes of a script, and tells when each started.

    The run begins with the main process: `begin` is called then, before the first event.

    Attributes:
        names: what processes are called that others have started, by pid.
        main: the script's main process.
    """

    def __init__(
        self,
        tasks: Tasks,
        clock: RunClock,
        begin: Callable[[], None],
        sink: Callable[[Event], None],
    ) -> None:
        self._tasks, self._clock = tasks, clock
        self._begin, self._sink = begin, sink
        self.by_pid: dict[int, Member] = {}
        self.names: dict[int, str] = {}
        self.main: Member | None = None
        self.supervisor: Member | None = None
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

    def found(
        self, pid: int, parent: int, words: Sequence[str], t: float | None = None
    ) -> Member | None:
        """Return a process that runs another program, and that was not known; tell it."""
        if self.knows(pid) or is_service(words):
            return None
        if self.supervisor is not None and self.main is not None and parent == self.supervisor.pid:
            parent = self.main.pid
        member = self._enter(pid, COMMAND, parent, self._clock.now() if t is None else t)
        self.introduce(member, words=words)
        return member

    def unheard(self, pid: int) -> Member | None:
        """Return a process that was told of and ended before it could say a word; tell it."""
        if pid not in self._announced:
            return None
        parent, data = self._announced.pop(pid)
        member = self._enter(pid, "process", parent, 0.0)
        member.t = self._clock.at(data["t"])
        self.name(member, parent, data)
        return member

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
