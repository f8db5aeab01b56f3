"""Asks the processes about a wait, and tells it when they have answered."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tui_app.events import Waiting, WaitKind
from tui_app.script.member import Member
from tui_app.script.members import Members
from tui_app.script.waits.answers import ThreadStanding, read_answer
from tui_app.script.waits.bells import PATIENCE_SECONDS, Bells
from tui_app.script.waits.holders import NOBODY_KNOWS, LockHolder, LockHolders
from tui_app.script.waits.identities import Identities, Identity
from tui_app.script.waits.kernel import Call, RunMarks, Sleep
from tui_app.script.waits.naming import kind_of, object_of

MANY_THREADS = 20
SECONDS_OF_EACH = 0.005
"""A process with more threads answers for long, so it is asked only after so many seconds for each
since it answered last."""

HELD = (WaitKind.LOCK,)
"""Waits for what somebody holds."""


@dataclass(frozen=True, slots=True)
class SeenWait:
    """A wait that was seen from outside.

    Attributes:
        member: the process.
        tid: the thread's number in the system.
        begun: when it began, by the monotonic clock.
        marks: how long the thread had run: what is told of it holds while they stand still.
        sleep: what it sleeps in.
    """

    member: Member
    tid: int
    begun: float
    marks: RunMarks
    sleep: Sleep


@dataclass(slots=True)
class _Inquiry:
    found: SeenWait
    asked: set[int]
    began: float


class Inquiries:
    """Asks about waits; `tell` takes each as an event, whose `t` is still to be set."""

    def __init__(
        self, members: Members, address: str, tell: Callable[[SeenWait, Waiting], None]
    ) -> None:
        self._members, self._tell = members, tell
        self.bells = Bells(address)
        self.identities = Identities()
        self.holders = LockHolders(members, self.bells, self.identities)
        self._open: dict[tuple[int, int], _Inquiry] = {}
        self._objects: dict[tuple[int, int], Waiting] = {}

    def __contains__(self, thread: tuple[int, int]) -> bool:
        """Return whether a wait of this thread is inquired into: its process, its number."""
        return thread in self._open

    def begin(self, found: SeenWait) -> None:
        """Ask the process about a wait; about one that others can end, ask all processes."""
        sleep, asked = found.sleep, [found.member]
        if sleep.call is Call.FUTEX and not sleep.private:
            asked += [one for one in self._members.living() if one is not found.member]
        pids = {one.pid for one in asked if self._may_ask(one) and self.bells.ring(one)}
        inquiry = _Inquiry(found, pids, time.monotonic())
        self._open[found.member.pid, found.tid] = inquiry
        if found.member.pid not in pids:
            self._settle(inquiry)

    def _may_ask(self, member: Member) -> bool:
        answer = self.bells.answers.get(member.pid)
        if answer is None or len(answer.threads) <= MANY_THREADS:
            return True
        return time.monotonic() - answer.t >= SECONDS_OF_EACH * len(answer.threads)

    def conclude(self, pid: int, tid: int, until: float) -> None:
        """Tell a wait that is over, by what is known of it so far.

        Args:
            pid: its process.
            tid: its thread.
            until: the last look that found it asleep: later answers are not about it.
        """
        if (inquiry := self._open.get((pid, tid))) is not None:
            self._settle(inquiry, until)

    def woken(self, pid: int, tid: int, marks: RunMarks) -> None:
        """Take notice that a thread was woken, and sleeps again in the same call."""
        if (inquiry := self._open.get((pid, tid))) is not None:
            inquiry.found = replace(inquiry.found, marks=marks)

    def gone(self, member: Member) -> None:
        """Forget a process, but for what it has left locked."""
        self.holders.gone(member)
        self.bells.remove(member)
        self.identities.forget(member.pid)
        for at in [at for at in self._objects if at[0] == member.pid]:
            del self._objects[at]
        for thread in [thread for thread in self._open if thread[0] == member.pid]:
            del self._open[thread]

    def answered(self, member: Member, data: Mapping[str, Any]) -> None:
        """Take an answer, and tell the waits about which nothing more is to be asked."""
        answer = read_answer(data)
        self.bells.answered(member, answer)
        self.identities.learn(member.pid, answer, main=member is self._members.main)
        for inquiry in list(self._open.values()):
            if member.pid not in inquiry.asked:
                continue
            if answer.t < inquiry.began:
                self.bells.ring(member)  # It answers what was asked before.
                continue
            inquiry.asked.discard(member.pid)
            if not inquiry.asked:
                self._settle(inquiry)

    def look(self) -> None:
        """Tell the waits about which somebody does not answer."""
        now = time.monotonic()
        for inquiry in list(self._open.values()):
            if now - inquiry.began > PATIENCE_SECONDS:
                self._settle(inquiry)

    def _settle(self, inquiry: _Inquiry, until: float = math.inf) -> None:
        found = inquiry.found
        pid = found.member.pid
        self._open.pop((pid, found.tid), None)
        answer = self.bells.answers.get(pid)
        standing = None
        if answer is not None and inquiry.began <= answer.t <= until:
            standing = answer.threads.get(found.tid)
        event = self.describe(found, standing)
        # Who sleeps on the same futex waits for the same object, though it did not say so now.
        at = (pid, found.sleep.address)
        if standing is not None:
            self._objects[at] = event
        elif found.sleep.address and (before := self._objects.get(at)) is not None:
            event = replace(event, kind=before.kind, object=before.object)
        self._tell(found, event)

    def describe(self, found: SeenWait, standing: ThreadStanding | None) -> Waiting:
        """Return a wait as an event; its `t` is still to be set."""
        pid, sleep = found.member.pid, found.sleep
        kind = kind_of(pid, sleep, standing)
        if standing is None:
            return Waiting(t=0.0, pid=pid, kind=kind)
        identity = self.identities.of(pid, standing.key) if standing.key else ""
        name = self.identities.name(identity) if standing.is_shared else ""
        counted = kind not in HELD
        holder = NOBODY_KNOWS if counted else self.holder(found, standing, identity)
        return Waiting(
            t=0.0,
            pid=pid,
            kind=kind,
            object=object_of(kind, standing, name),
            holder=holder.name,
            holder_ended=holder.ended,
            file=standing.file,
            line=standing.line,
            timeout=standing.timeout if kind is WaitKind.SLEEP else None,
            count=standing.count if counted else None,
            bound=standing.bound if counted else None,
        )

    def holder(self, found: SeenWait, standing: ThreadStanding, identity: Identity) -> LockHolder:
        """Return who holds what a thread waits for."""
        if standing.holders:
            names = [self._thread_name(found.member, tid) for tid in standing.holders]
            return LockHolder(", ".join(names))
        return self.holders.holder(identity) if identity else NOBODY_KNOWS

    def _thread_name(self, member: Member, tid: int) -> str:
        answer = self.bells.answers.get(member.pid)
        standing = answer.threads.get(tid) if answer is not None else None
        return member.name if tid == member.pid or standing is None else standing.name
