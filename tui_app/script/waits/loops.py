"""The asyncio tasks of a script: what each does, told as the waits of a lane of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tui_app.engine.run_clock import RunClock
from tui_app.events import Event, LoopBlocked, Resumed, ThreadKind, Waiting, WaitKind
from tui_app.script.member import Member
from tui_app.script.members import Members
from tui_app.script.waits.answers import TaskStanding, read_tasks
from tui_app.script.waits.threads import ThreadTeller

_CALLS: Mapping[str, WaitKind] = {
    "asyncio.tasks:sleep": WaitKind.SLEEP,
    "asyncio.tasks:wait": WaitKind.GATHER,
    "asyncio.tasks:_wait": WaitKind.GATHER,
    "asyncio.tasks:as_completed.<locals>._wait_for_one": WaitKind.GATHER,
    "asyncio.tasks:_AsCompletedIterator._wait_for_one": WaitKind.GATHER,
    "asyncio.taskgroups:TaskGroup.__aexit__": WaitKind.GATHER,
    "asyncio.locks:Lock.acquire": WaitKind.LOCK,
    "asyncio.locks:Semaphore.acquire": WaitKind.SEMAPHORE,
    "asyncio.locks:Event.wait": WaitKind.EVENT,
    "asyncio.locks:Condition.wait": WaitKind.CONDITION,
    "asyncio.locks:Condition.wait_for": WaitKind.CONDITION,
    "asyncio.locks:Barrier.wait": WaitKind.BARRIER,
    "asyncio.locks:Barrier.__aenter__": WaitKind.BARRIER,
    "asyncio.queues:Queue.get": WaitKind.QUEUE_GET,
    "asyncio.queues:Queue.put": WaitKind.QUEUE_PUT,
    "asyncio.queues:Queue.join": WaitKind.QUEUE_JOIN,
    "asyncio.threads:to_thread": WaitKind.EXECUTOR,
}
"""The kind of a wait, by the function of asyncio that the script awaits."""

_MODULES: Mapping[str, WaitKind] = {
    "asyncio.streams": WaitKind.STREAM,
    "asyncio.subprocess": WaitKind.PROGRAM,
    "asyncio.base_subprocess": WaitKind.PROGRAM,
    "asyncio.base_events": WaitKind.SOCKET,
    "asyncio.selector_events": WaitKind.SOCKET,
    "asyncio.unix_events": WaitKind.SOCKET,
}
"""The same by the function's module, where the function is none of those."""

_NAMELESS = (WaitKind.SLEEP, WaitKind.GATHER, WaitKind.STREAM, WaitKind.SOCKET, WaitKind.PROGRAM)
"""Waits whose object is no object of the script."""


def kind_of(task: TaskStanding) -> WaitKind:
    """Return what an asyncio task awaits: by asyncio's functions, else by the future."""
    for call in task.calls:
        if (found := _CALLS.get(call)) is not None:
            return found
    if task.task:
        return WaitKind.TASK
    if task.gathers:
        return WaitKind.GATHER
    if task.executor:
        return WaitKind.EXECUTOR
    for call in task.calls:
        if (found := _MODULES.get(call.partition(":")[0])) is not None:
            return found
    return WaitKind.FUTURE


def object_of(kind: WaitKind, task: TaskStanding) -> str | None:
    """Return what an asyncio task awaits, as the script calls it; `None`: it has no name."""
    if kind is WaitKind.TASK:
        return task.task or None
    return None if kind in _NAMELESS else task.object or None


@dataclass(slots=True)
class LaneTask:
    """A task that was told: its number as a thread, what it does, and since when."""

    number: int
    t: float
    waiting: bool = False
    until: float | None = None


class LoopTasks:
    """Tells the asyncio tasks of a script from what its processes report."""

    def __init__(
        self,
        clock: RunClock,
        members: Members,
        teller: ThreadTeller,
        sink: Callable[[Event], None],
    ) -> None:
        self._clock, self._members, self._teller, self._sink = clock, members, teller, sink
        self._tasks: dict[int, dict[int, LaneTask]] = {}
        self._looked: dict[int, float] = {}

    def begin_anew(self, member: Member) -> None:
        """Tell the end of a process's tasks: it is another program now."""
        for lane in self._tasks.pop(member.pid, {}).values():
            self._teller.end(member, lane.number, max(lane.t, member.t))

    def gone(self, member: Member) -> None:
        """Forget a process, which has gone."""
        self._tasks.pop(member.pid, None)
        self._looked.pop(member.pid, None)

    def take(self, member: Member, data: Mapping[str, Any]) -> None:
        """Take a report of what the tasks of a process do."""
        now = self._members.stamp(member, data["t"])
        before = min(now, self._looked.get(member.pid, member.born))
        for task in read_tasks(data):
            self._take(member, task, before, now)
        self._looked[member.pid] = now
        self._teller.count(member, ThreadKind.ASYNCIO, data["made"], now)

    def _take(self, member: Member, task: TaskStanding, before: float, now: float) -> None:
        known = self._tasks.setdefault(member.pid, {})
        lane = known.get(task.n)
        if task.done:
            if lane is not None:
                self._resume(member, lane, now, before)
                self._teller.end(member, lane.number, max(lane.t, now))
                del known[task.n]
            return
        since = self._begin(task, before, now)
        if lane is None:
            # What sleeps already had begun before it.
            start = max(before, since)
            number = self._teller.begin(member, task.name or "task", ThreadKind.ASYNCIO, start)
            lane = known[task.n] = LaneTask(number, start)
        over = lane.until is not None and before <= lane.until < since
        if over or not (task.waits or task.ready):
            # Else the next wait ends this one.
            self._resume(member, lane, since, before)
        lane.t = max(lane.t, since)
        pid, number = member.pid, lane.number
        if task.blocks:
            place = {"file": task.file, "line": task.line}
            self._sink(LoopBlocked(t=lane.t, pid=pid, thread=number, **place))  # type: ignore[arg-type]
        elif task.ready:
            self._wait(
                lane,
                Waiting(
                    t=lane.t, pid=pid, thread=number, kind=WaitKind.TURN, holder=task.holder or None
                ),
            )
        elif task.waits:
            kind = kind_of(task)
            self._wait(
                lane,
                Waiting(
                    t=lane.t,
                    pid=pid,
                    thread=number,
                    kind=kind,
                    object=object_of(kind, task),
                    file=task.file,
                    line=task.line,
                    timeout=task.timeout,
                    count=task.count,
                    bound=task.bound,
                ),
            )
            if task.until is not None:
                lane.until = self._clock.at(task.until)

    def _begin(self, task: TaskStanding, before: float, now: float) -> float:
        """Return when a task began what it does: a sleep tells it, else it is when it was seen."""
        since = task.since
        if task.until is not None and task.timeout is not None:
            since = task.until - task.timeout
        return now if since is None else min(max(self._clock.at(since), before), now)

    def _wait(self, lane: LaneTask, event: Waiting) -> None:
        self._sink(event)
        lane.waiting, lane.until = True, None

    def _resume(self, member: Member, lane: LaneTask, t: float, before: float) -> None:
        """Tell that a task goes on: a sleep that is over since the last look ended when it was to.

        Who was not told of for longer may have slept again, so its sleep ends now.
        """
        if lane.waiting:
            ended = lane.until if lane.until is not None and lane.until >= before else t
            lane.t = max(lane.t, min(t, ended))
            self._sink(Resumed(t=lane.t, pid=member.pid, thread=lane.number))
            lane.waiting, lane.until = False, None
