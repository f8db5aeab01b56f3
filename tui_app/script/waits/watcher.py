"""Looks at a script's processes from outside, and tells their waits."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tui_app.engine.channel_server import ChannelServer
from tui_app.engine.run_clock import RunClock
from tui_app.events import Deadlock, Event, HolderChanged, Resumed, ThreadKind, Waiting, WaitKind
from tui_app.script.member import Member
from tui_app.script.members import Members
from tui_app.script.tasks import Tasks
from tui_app.script.waits.deadlocks import STILL_SECONDS, Deadlocks, ReportedWait, StillThread
from tui_app.script.waits.holders import LockHolder
from tui_app.script.waits.inquiries import Inquiries, SeenWait
from tui_app.script.waits.kernel import (
    NANOSECONDS,
    Call,
    RunMarks,
    marks_of,
    sleep_of,
    threads_of,
)
from tui_app.script.waits.loops import LoopTasks
from tui_app.script.waits.owners import ThreadOwners
from tui_app.script.waits.renewals import Renewals
from tui_app.script.waits.short_waits import ShortWaitTeller
from tui_app.script.waits.sights import Sight
from tui_app.script.waits.threads import ThreadTeller
from tui_app.script.waits.turns import GilTurns

LOOK_SECONDS = 0.033
"""Time between two looks."""

LOOKS_SHARE = 0.1
"""The share of the time that looks take at most: with very many processes they become seldom."""

LEAST_DISK_WAIT = 0.2
"""Seconds that a thread waits for a disk before it is told: modules that are imported are read."""

SAME_WAIT = 0.0002
"""Seconds that a thread runs at most which was woken and finds the lock taken by another one."""


class Watcher:
    """Looks at the threads of each process some times a second, while the loop runs.

    A wait that the probe reports by itself is left to the probe. A pool's worker without a task
    waits for work, and that is no wait of the script. Threads that a library has for itself are
    left out, and so are those that Python's `threading` does not know.
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
        self._sights: dict[int, dict[int, Sight]] = {}
        self._short_waits = ShortWaitTeller(clock, sink)
        self._teller = ThreadTeller(sink)
        self._owners = ThreadOwners(clock, self._inquiries.bells, self._teller)
        self._loops = LoopTasks(clock, members, self._teller, sink)
        self._turns = GilTurns(self._wait_for_turn, self._end_turn, clock.at)
        self._reported: dict[int, ReportedWait] = {}
        self._deadlocks = Deadlocks(members, self._inquiries, self._reported, self._tell_deadlock)
        self._timer: asyncio.TimerHandle | None = None
        if sys.platform == "linux":  # Elsewhere nobody tells from outside who sleeps.
            self._timer = self._loop.call_later(LOOK_SECONDS, self._look)

    def close(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
        for sights in self._sights.values():
            for sight in sights.values():
                self._owners.close(sight)
        self._inquiries.bells.close()

    # What the processes tell

    def greeted(self, member: Member, bell: str) -> None:
        """Take notice that a process began, and by which semaphore it can be asked."""
        self._loops.begin_anew(member)
        self._inquiries.bells.hang(member, bell)

    def answered(self, member: Member, data: Mapping[str, Any]) -> None:
        """Take a process's answer: whose its threads are, and what they wait for."""
        self._inquiries.answered(member, data)
        if member.told:
            answer = self._inquiries.bells.answers[member.pid]
            self._owners.answered(member, answer, self._sights.get(member.pid, {}))

    def tasks(self, member: Member, data: Mapping[str, Any]) -> None:
        """Take a report of a process's asyncio tasks."""
        self._loops.take(member, data)

    def counted(self, member: Member, data: Mapping[str, Any]) -> None:
        """Take notice of how many threads and tasks a process started that is about to end."""
        counts = {ThreadKind.THREAD: data["threads"], ThreadKind.ASYNCIO: data["tasks"]}
        self._teller.count_all(member, counts)

    def reported(self, member: Member, t: float, wait: ReportedWait | None) -> None:
        """Take notice that the probe reports, at second `t` of the run, a wait, or its end.

        Whatever was seen from outside is over then.
        """
        if wait is not None:
            self._reported[member.pid] = wait
        else:
            self._reported.pop(member.pid, None)
        sight = self._sights.get(member.pid, {}).get(member.pid)
        if sight is not None:
            self._resume(sight, t)
            sight.rest, sight.aside, sight.sleep = 0.0, True, None

    def left(self, member: Member, data: Mapping[str, Any]) -> None:
        """Take notice of what a process, which is about to end, has locked."""
        self._inquiries.holders.left(member, data["locked"].split(";") if data["locked"] else [])

    def leaving(self, member: Member) -> None:
        """Tell what is left to tell of a process, whose end is about to be told."""
        sights = self._sights.pop(member.pid, {})
        self._reported.pop(member.pid, None)
        self._inquiries.gone(member)
        self._owners.gone(member)
        self._loops.gone(member)
        self._turns.gone(member)
        self._teller.gone(member)
        for sight in sights.values():
            self._owners.close(sight)
            self._renewals.end(member.pid, sight.tid)
            sight.seconds += sight.rest
            self._short_waits.tell(sight)

    # Looks

    def _look(self) -> None:
        began = time.thread_time()
        for member in self._members.living():
            self._look_at(member)
        self._inquiries.look()
        now = time.monotonic()
        self._short_waits.adapt(now)
        self._renewals.look(now)
        still = [
            StillThread(one.member, one.marks)
            for sights in self._sights.values()
            for one in sights.values()
            if one.main and now - one.moved >= STILL_SECONDS
        ]
        self._deadlocks.look(now, still)
        took = time.thread_time() - began
        self._timer = self._loop.call_later(max(LOOK_SECONDS, took / LOOKS_SHARE), self._look)

    def _look_at(self, member: Member) -> None:
        pid = member.pid
        sights = self._sights.setdefault(pid, {})
        others = self._owners.others.get(pid, set())
        there = threads_of(pid)
        if not there:
            return
        ran: list[tuple[Sight, float]] = []
        now = time.monotonic()
        for tid in there:
            if tid in others:
                continue
            sight = sights.get(tid)
            marks = marks_of(pid, tid) if sight is None else sight.read()
            if marks is None:
                continue
            now = time.monotonic()
            if sight is None:
                sights[tid] = Sight(member, tid, marks, now, now, now, first=now)
                continue
            if marks != sight.marks:
                if sight.known and not (sight.main and pid in self._reported):
                    ran.append((sight, (marks.ran - sight.marks.ran) / NANOSECONDS))
                self._moved(sight, marks, now)
            elif not sight.known:
                pass
            elif not sight.told and now - sight.begun >= self._short_waits.least(sight):
                self._asleep(sight)
            sight.looked = now
            self._owners.seen(sight, now)
            self._short_waits.look(sight, now)
        if len(sights) + len(others) > len(there):
            self._part(member, set(there), now)
        self._turns.look(member, ran, now)

    def _part(self, member: Member, there: set[int], now: float) -> None:
        """Take notice that threads have gone."""
        sights, unknown = self._sights[member.pid], False
        for tid in [tid for tid in sights if tid not in there]:
            sight = sights.pop(tid)
            self._owners.close(sight)
            self._turns.part(sight)
            unknown |= not sight.known
            if sight.thread is not None:
                t = max(member.t, self._clock.at(now))
                self._inquiries.conclude(member.pid, tid, sight.looked)
                self._resume(sight, t)
                self._short_waits.tell(sight)
                self._teller.end(member, sight.thread, t, sight.marks.ran / NANOSECONDS)
        self._owners.parted(member, there, unknown, now)

    def _moved(self, sight: Sight, marks: RunMarks, now: float) -> None:
        """Take notice that a thread has run since the last look."""
        pid = sight.member.pid
        ran = marks.since(sight.marks)
        takes = sight.sleep is not None and sight.sleep.call is Call.FUTEX
        if takes and ran < SAME_WAIT and sleep_of(pid, sight.tid) == sight.sleep:
            # It was woken, somebody else was quicker, and it sleeps again in the same call.
            self._inquiries.woken(pid, sight.tid, marks)
            sight.marks, sight.moved = marks, now
            return
        sight.sleep = None
        self._inquiries.conclude(pid, sight.tid, sight.looked)
        if sight.told:
            # It woke when it had been asleep, and then ran until now, unless it sleeps again.
            self._resume(sight, self._clock.at(max(sight.looked, now - ran)))
            sight.begun, sight.rest = now, 0.0
        else:
            sight.begun = min(now, sight.looked + ran)
            slept = 0.0
            if not (self._is_reported(sight) or sight.aside or self._turns.wants(sight)):
                slept = max(0.0, now - sight.moved - ran)
            self._short_waits.slept(sight, slept, now)
        sight.marks, sight.moved, sight.aside = marks, now, False

    def _is_reported(self, sight: Sight) -> bool:
        return sight.main and sight.member.pid in self._reported

    def _asleep(self, sight: Sight) -> None:
        """Inquire into the wait of a thread, if it sleeps and nobody else tells it."""
        member = sight.member
        if (member.pid, sight.tid) in self._inquiries or self._is_reported(sight):
            return
        sleep = sleep_of(member.pid, sight.tid)
        if sleep is None or (sleep.disk and time.monotonic() - sight.begun < LEAST_DISK_WAIT):
            return
        if sight.main:
            # What the probe has said goes first: it may have told this very wait.
            for channel in list(member.pipes.values()):
                self._channels.drain(channel)
            idle = member.pool and not self._tasks.working(member.pid)
            if member.pid in self._reported or idle:
                return
        sight.sleep = sleep
        self._inquiries.begin(SeenWait(member, sight.tid, sight.begun, sight.marks, sleep))

    # Events

    def _tell(self, found: SeenWait, event: Waiting) -> None:
        """Tell a wait, unless the probe has reported another one meanwhile."""
        sight = self._sights.get(found.member.pid, {}).get(found.tid)
        if sight is None or sight.told or sight.marks != found.marks or self._is_reported(sight):
            return
        self._end_turn(sight, self._clock.at(found.begun))
        sight.told = True
        self._short_waits.told(sight)
        t = self._members.stamp(found.member, found.begun)
        self._sink(replace(event, t=t, thread=sight.thread))
        self._renewals.begin(found, event)

    def _tell_holder(self, found: SeenWait, holder: LockHolder) -> None:
        """Tell who has now what a thread waits for."""
        sight = self._sights.get(found.member.pid, {}).get(found.tid)
        if sight is not None and sight.told:
            changed = HolderChanged(
                t=self._members.stamp(found.member, time.monotonic()),
                pid=found.member.pid,
                thread=sight.thread,
                holder=holder.name,
                holder_ended=holder.ended,
            )
            self._sink(changed)

    def _resume(self, sight: Sight, t: float) -> None:
        if sight.told:
            sight.told = False
            self._renewals.end(sight.member.pid, sight.tid)
            sight.member.t = max(sight.member.t, t)
            self._sink(Resumed(t=t, pid=sight.member.pid, thread=sight.thread))
        self._end_turn(sight, t)

    def _wait_for_turn(self, sight: Sight, holder: str, t: float) -> None:
        """Tell that a thread waits for the GIL, which another one has, from `t` on."""
        if sight.known and not sight.told and not self._is_reported(sight):
            sight.turn = True
            at = self._members.stamp(sight.member, t)
            pid, thread = sight.member.pid, sight.thread
            self._sink(Waiting(t=at, pid=pid, thread=thread, kind=WaitKind.GIL, holder=holder))

    def _end_turn(self, sight: Sight, t: float) -> None:
        """Tell that a thread has the GIL, or waits for something else."""
        if sight.turn:
            sight.turn = False
            sight.member.t = max(sight.member.t, t)
            self._sink(Resumed(t=t, pid=sight.member.pid, thread=sight.thread))

    def _tell_deadlock(self, event: Deadlock) -> None:
        self._sink(replace(event, t=self._clock.now()))
