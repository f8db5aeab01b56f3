"""Looks at a script's processes from outside, and tells their waits."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tui_app.engine.channel_server import ChannelServer
from tui_app.engine.run_clock import RunClock
from tui_app.events import Deadlock, Event, HolderChanged, Resumed, ShortWaits, Waiting
from tui_app.script.member import Member
from tui_app.script.members import Members
from tui_app.script.tasks import Tasks
from tui_app.script.waits.deadlocks import STILL_SECONDS, Deadlocks, ReportedWait, StillThread
from tui_app.script.waits.holders import LockHolder
from tui_app.script.waits.inquiries import Inquiries, SeenWait
from tui_app.script.waits.kernel import (
    Call,
    RunMarks,
    Sleep,
    marks_of,
    sleep_of,
    voluntary_switches,
)
from tui_app.script.waits.renewals import Renewals

LOOK_SECONDS = 0.033
"""Time between two looks."""

LOOKS_SHARE = 0.05
"""The share of the time that looks take at most: with very many processes they become seldom."""

LEAST_WAIT = 0.03
"""Seconds that a thread sleeps before its wait is told; shorter waits are only counted."""

LEAST_DISK_WAIT = 0.2
"""The same for a wait for a disk: modules that are imported are read, too."""

SAME_WAIT = 0.0002
"""Seconds that a thread runs at most which was woken and finds the lock taken by another one."""

SHORT_WAITS_SECONDS = 1.0
"""Time between two events that tell of a process's short waits."""

LEAST_SHORT = 0.001
"""Seconds of sleep between two looks that count."""


@dataclass(slots=True)
class Sight:
    """What is known of a thread by looking at it. Times are those of the monotonic clock.

    Attributes:
        member: its process.
        tid: its number in the system.
        marks: how long it had run at the last look.
        moved: when a look found that it had run.
        looked: when the last look was.
        begun: when it fell asleep, as far as `marks` tell.
        rest: seconds that it slept before `moved`; they count as short waits, unless a longer
            wait is told that began then.
        told: whether a wait of it is told and goes on.
        sleep: what it sleeps in, while a wait is told or inquired into.
        aside: whether the probe has reported a wait of it since `moved`.
        switches: how often it had given up its CPU by itself.
        count, seconds: its short waits so far, how many and how long.
        told_seconds, told_at: how long they were when they were last told, and when that was.
    """

    member: Member
    tid: int
    marks: RunMarks
    moved: float
    looked: float
    begun: float
    rest: float = 0.0
    told: bool = False
    sleep: Sleep | None = None
    aside: bool = False
    switches: int = 0
    count: int = 0
    seconds: float = 0.0
    told_seconds: float = 0.0
    told_at: float = 0.0


class Watcher:
    """Looks at the main thread of each process some times a second, while the loop runs.

    A wait that the probe reports by itself is left to the probe. A pool's worker without a task
    waits for work, and that is no wait of the script.
    """

    def __init__(
        self,
        clock: RunClock,
        channels: ChannelServer,
        members: Members,
        tasks: Tasks,
        sink: Callable[[Event], None],
    ) -> None:
        self._clock, self._channels, self._sink = clock, channels, sink
        self._members, self._tasks = members, tasks
        self._inquiries = Inquiries(members, channels.address, self._tell)
        self._renewals = Renewals(members, self._inquiries, self._tell_holder)
        self._loop = asyncio.get_running_loop()
        self._sights: dict[int, Sight] = {}
        self._reported: dict[int, ReportedWait] = {}
        self._deadlocks = Deadlocks(members, self._inquiries, self._reported, self._tell_deadlock)
        self._timer: asyncio.TimerHandle | None = None
        if sys.platform == "linux":  # Elsewhere nobody tells from outside who sleeps.
            self._timer = self._loop.call_later(LOOK_SECONDS, self._look)

    def close(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
        self._inquiries.bells.close()

    # What the processes tell

    def greeted(self, member: Member, bell: str) -> None:
        """Take notice by which semaphore a process can be asked."""
        self._inquiries.bells.hang(member, bell)

    def answered(self, member: Member, data: Mapping[str, Any]) -> None:
        """Take a process's answer."""
        self._inquiries.answered(member, data)

    def reported(self, member: Member, t: float, wait: ReportedWait | None) -> None:
        """Take notice that the probe reports, at second `t` of the run, a wait, or its end.

        Whatever was seen from outside is over then.
        """
        if wait is not None:
            self._reported[member.pid] = wait
        else:
            self._reported.pop(member.pid, None)
        sight = self._sights.get(member.pid)
        if sight is not None:
            self._resume(sight, t)
            sight.rest, sight.aside, sight.sleep = 0.0, True, None

    def left(self, member: Member, data: Mapping[str, Any]) -> None:
        """Take notice of what a process, which is about to end, has locked."""
        self._inquiries.holders.left(member, data["locked"].split(";") if data["locked"] else [])

    def leaving(self, member: Member) -> None:
        """Tell what is left to tell of a process, whose end is about to be told."""
        sight = self._sights.pop(member.pid, None)
        self._reported.pop(member.pid, None)
        self._inquiries.gone(member)
        if sight is not None:
            self._renewals.end(member.pid, sight.tid)
            sight.seconds += sight.rest
            self._tell_short_waits(sight)

    # Looks

    def _look(self) -> None:
        began = time.monotonic()
        for member in self._members.living():
            self._look_at(member)
        self._inquiries.look()
        now = time.monotonic()
        self._renewals.look(now)
        still = [
            StillThread(one.member, one.marks)
            for one in self._sights.values()
            if now - one.moved >= STILL_SECONDS
        ]
        self._deadlocks.look(now, still)
        took = time.monotonic() - began
        self._timer = self._loop.call_later(max(LOOK_SECONDS, took / LOOKS_SHARE), self._look)

    def _look_at(self, member: Member) -> None:
        now, marks = time.monotonic(), marks_of(member.pid, member.pid)
        if marks is None:
            return
        sight = self._sights.get(member.pid)
        if sight is None:
            self._sights[member.pid] = Sight(member, member.pid, marks, now, now, now)
            return
        if marks != sight.marks:
            self._moved(sight, marks, now)
        elif not sight.told and now - sight.begun >= LEAST_WAIT:
            self._asleep(sight)
        sight.looked = now
        if now - sight.told_at >= SHORT_WAITS_SECONDS:
            self._tell_short_waits(sight)

    def _moved(self, sight: Sight, marks: RunMarks, now: float) -> None:
        """Take notice that a thread has run since the last look."""
        pid = sight.member.pid
        ran = marks.since(sight.marks)
        takes = sight.sleep is not None and sight.sleep.call is Call.FUTEX
        if takes and ran < SAME_WAIT and sleep_of(pid, sight.tid) == sight.sleep:
            # It was woken, somebody else was quicker, and it sleeps again in the same call.
            self._inquiries.woken(pid, marks)
            sight.marks, sight.moved = marks, now
            return
        sight.sleep = None
        self._inquiries.conclude(pid, sight.looked)
        if sight.told:
            # It woke when it had been asleep, and then ran until now, unless it sleeps again.
            self._resume(sight, self._clock.at(max(sight.looked, now - ran)))
            sight.begun, sight.rest = now, 0.0
        else:
            sight.begun = min(now, sight.looked + ran)
            slept = 0.0
            if pid not in self._reported and not sight.aside:
                slept = max(0.0, now - sight.moved - ran)
            rest = min(slept, now - sight.looked)
            sight.seconds += sight.rest + slept - rest
            sight.rest = rest
            self._count(sight, slept)
        sight.marks, sight.moved, sight.aside = marks, now, False

    def _count(self, sight: Sight, slept: float) -> None:
        if slept >= LEAST_SHORT or not sight.switches:
            switches = voluntary_switches(sight.member.pid, sight.tid)
            if sight.switches:
                sight.count += max(1, switches - sight.switches)
            sight.switches = switches

    def _asleep(self, sight: Sight) -> None:
        """Inquire into the wait of a thread, if it sleeps and nobody else tells it."""
        member = sight.member
        if member.pid in self._inquiries or member.pid in self._reported:
            return
        sleep = sleep_of(member.pid, sight.tid)
        if sleep is None or (sleep.disk and time.monotonic() - sight.begun < LEAST_DISK_WAIT):
            return
        # What the probe has said goes first: it may have told this very wait.
        for channel in list(member.pipes.values()):
            self._channels.drain(channel)
        if member.pid in self._reported or (member.pool and not self._tasks.working(member.pid)):
            return
        sight.sleep = sleep
        self._inquiries.begin(SeenWait(member, sight.tid, sight.begun, sight.marks, sleep))

    # Events

    def _tell(self, found: SeenWait, event: Waiting) -> None:
        """Tell a wait, unless the probe has reported another one meanwhile."""
        pid = found.member.pid
        sight = self._sights.get(pid)
        if sight is None or pid in self._reported or sight.told or sight.marks != found.marks:
            return
        sight.told, sight.rest = True, 0.0
        self._sink(replace(event, t=self._members.stamp(found.member, found.begun)))
        self._renewals.begin(found, event)

    def _tell_holder(self, found: SeenWait, holder: LockHolder) -> None:
        """Tell who has now what a thread waits for."""
        sight = self._sights.get(found.member.pid)
        if sight is not None and sight.told:
            t = self._members.stamp(found.member, time.monotonic())
            changed = HolderChanged(
                t=t, pid=found.member.pid, holder=holder.name, holder_ended=holder.ended
            )
            self._sink(changed)

    def _resume(self, sight: Sight, t: float) -> None:
        if sight.told:
            sight.told = False
            self._renewals.end(sight.member.pid, sight.tid)
            sight.member.t = max(sight.member.t, t)
            self._sink(Resumed(t=t, pid=sight.member.pid))

    def _tell_deadlock(self, event: Deadlock) -> None:
        self._sink(replace(event, t=self._clock.now()))

    def _tell_short_waits(self, sight: Sight) -> None:
        """Tell the short waits so far, if there were others since they were told."""
        seconds = sight.seconds
        if seconds - sight.told_seconds >= LEAST_WAIT:
            sight.told_seconds, sight.told_at = seconds, time.monotonic()
            t = max(sight.member.t, self._clock.at(sight.looked))
            pid = sight.member.pid
            self._sink(ShortWaits(t=t, pid=pid, count=sight.count, seconds=seconds))
