"""Asks again who holds a lock, while somebody waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tui_app.events import Waiting
from tui_app.script.members import Members
from tui_app.script.waits.bells import PATIENCE_SECONDS
from tui_app.script.waits.holders import NOBODY_KNOWS, LockHolder
from tui_app.script.waits.identities import Identity
from tui_app.script.waits.inquiries import HELD, Inquiries, SeenWait
from tui_app.script.waits.kernel import RunMarks, marks_of, threads_of
from tui_app.script.waits.picture import Key

AGAIN_SECONDS = 0.3
"""Time between two times that it is asked."""

PROCESSES_AT_ONCE = 16
"""Processes that are asked so often; more of them are asked more seldom."""


@dataclass(slots=True)
class _Renewal:
    """A wait that goes on.

    Attributes:
        found: the wait.
        identity: what it waits for, as the waiter's process tells; empty: that is not known yet.
        holder: as it was last told.
        doubts: how often in a row nobody knew the holder.
    """

    found: SeenWait
    holder: LockHolder
    identity: Identity = ""
    doubts: int = 0


class Renewals:
    """Keeps the holders of what is waited for up to date.

    Args:
        members: the script's processes.
        inquiries: asks them.
        tell: takes the present holder, where it is another one than was last told.
    """

    def __init__(
        self, members: Members, inquiries: Inquiries, tell: Callable[[SeenWait, LockHolder], None]
    ) -> None:
        self._members, self._inquiries, self._tell = members, inquiries, tell
        self._waits: dict[Key, _Renewal] = {}
        self._next = 0.0
        self._asked: frozenset[int] = frozenset()
        self._asked_at = 0.0
        self._still: Mapping[Key, RunMarks | None] = {}

    def begin(self, found: SeenWait, event: Waiting) -> None:
        """Take notice of a wait that is told."""
        if event.kind in HELD:
            holder = LockHolder(event.holder, event.holder_ended)
            if not self._waits:
                self._next = time.monotonic() + AGAIN_SECONDS
            self._waits[found.member.pid, found.tid] = _Renewal(found, holder)

    def end(self, pid: int, tid: int) -> None:
        """Take notice that a thread waits no more."""
        self._waits.pop((pid, tid), None)

    def look(self, now: float) -> None:
        """Ask, or tell what was answered, when it is time to."""
        if self._asked:
            answers = self._inquiries.bells.answers
            fresh = {
                pid
                for pid in self._asked
                if (answer := answers.get(pid)) is not None and answer.t >= self._asked_at
            }
            if fresh >= self._asked or now - self._asked_at > PATIENCE_SECONDS:
                self._asked = frozenset()
                self._compare(fresh)
        elif self._waits and now >= self._next:
            self._ask(now)

    def _ask(self, now: float) -> None:
        living = self._members.living()
        # Only its own process can tell of a lock that no other process has.
        if all(one.found.sleep.private for one in self._waits.values()):
            waiting = {pid for pid, _tid in self._waits}
            living = [member for member in living if member.pid in waiting]
        self._next = now + AGAIN_SECONDS * max(1.0, len(living) / PROCESSES_AT_ONCE)
        self._asked_at = now
        self._asked = frozenset(one.pid for one in living if self._inquiries.bells.ring(one))

    def _compare(self, fresh: set[int]) -> None:
        abandoned = self._nobody_else_runs(fresh)
        for (pid, tid), one in list(self._waits.items()):
            answer = self._inquiries.bells.answers.get(pid)
            standing = answer.threads.get(tid) if answer is not None and pid in fresh else None
            if standing is None or not standing.key:
                continue
            identity = self._inquiries.identities.of(pid, standing.key)
            if one.identity not in ("", identity):
                continue  # It waits for something else now, and that is about to be seen.
            one.identity = identity
            holder = self._inquiries.holder(one.found, standing, identity)
            if holder == NOBODY_KNOWS and abandoned and standing.takes and standing.is_shared:
                self._inquiries.holders.abandon(identity)
                holder = self._inquiries.holder(one.found, standing, identity)
            # Between two holders there may be none.
            one.doubts = one.doubts + 1 if holder == NOBODY_KNOWS else 0
            if holder != one.holder and one.doubts != 1:
                one.holder = holder
                self._tell(one.found, holder)

    def _nobody_else_runs(self, fresh: set[int]) -> bool:
        """Return whether nobody of the script has run since the look before, and one has ended.

        What nobody holds then who answers, one has left locked who has ended.
        """
        living = self._members.living()
        before, self._still = self._still, {}
        if not all(member.pid in fresh for member in living):
            return False
        if all(one.gone is None for one in self._members.by_pid.values() if not one.helper):
            return False
        answers = self._inquiries.bells.answers
        self._still = {
            (member.pid, tid): marks_of(member.pid, tid)
            for member in living
            for tid in threads_of(member.pid)
            if tid not in answers[member.pid].own
        }
        return self._still == before
