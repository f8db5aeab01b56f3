"""Whose a process's threads are: the script's, or a library's, the probe's, or nobody's known."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from tui_app.engine.run_clock import RunClock
from tui_app.events import ThreadKind
from tui_app.script.member import Member
from tui_app.script.waits.answers import ProcessAnswer
from tui_app.script.waits.bells import Bells
from tui_app.script.waits.kernel import NEVER, began
from tui_app.script.waits.sights import Sight
from tui_app.script.waits.threads import ThreadTeller

LEAST_LIFE = 0.05
"""Seconds that a thread is there before its process is asked whose it is."""

AGAIN_SECONDS = 1.0
"""Time between two questions about threads that had gone before they were asked about."""


MOST_OPEN = 300
"""Threads whose files are kept open."""


class ThreadOwners:
    """Asks processes whose their threads are, and has the script's told.

    Attributes:
        others: by pid, the threads that are none of the script's.
    """

    def __init__(self, clock: RunClock, bells: Bells, teller: ThreadTeller) -> None:
        self._clock, self._bells, self._teller = clock, bells, teller
        self.others: dict[int, set[int]] = {}
        self._open = 0
        self._asked: dict[int, float] = {}
        """By pid, when it was asked about threads that had gone; 0: it was not."""

    def gone(self, member: Member) -> None:
        """Forget a process, which has gone."""
        self.others.pop(member.pid, None)
        self._asked.pop(member.pid, None)

    def close(self, sight: Sight) -> None:
        """Look at a thread no more."""
        self._open -= sight.source is not None
        sight.close()

    def seen(self, sight: Sight, now: float) -> None:
        """Ask whose a thread is that is still there."""
        if not sight.known and now - sight.first >= LEAST_LIFE:
            self._bells.ring(sight.member)

    def parted(self, member: Member, there: AbstractSet[int], unknown: bool, now: float) -> None:
        """Take notice that threads have gone.

        Args:
            member: their process.
            there: the threads that it has left.
            unknown: whether one had gone before anybody knew whose it was.
            now: the monotonic clock.
        """
        if member.pid in self.others:
            self.others[member.pid] &= there
        if unknown:
            self._asked.setdefault(member.pid, 0.0)
        last = self._asked.get(member.pid)
        if last is not None and now - last >= AGAIN_SECONDS:
            self._asked[member.pid] = now
            self._bells.ring(member)

    def answered(self, member: Member, answer: ProcessAnswer, sights: dict[int, Sight]) -> None:
        """Learn from an answer which threads are the script's, and tell those that are new.

        Args:
            member: the process that has answered.
            answer: its answer.
            sights: its threads; what is no thread of the script is taken out.
        """
        others = self.others.setdefault(member.pid, set())
        unknown = answer.threads.keys() - sights.keys() - others - {member.pid}
        later = sum(not answer.threads[tid].helper for tid in unknown)
        for tid, sight in sorted(sights.items()):
            if sight.known:
                continue
            if sight.first > answer.t:
                later += 1
                continue
            standing = answer.threads.get(tid)
            if standing is None or standing.helper or self._teller.full(member, answer.t):
                del sights[tid]
                others.add(tid)
            else:
                self._meet(sight, standing.name or f"Thread-{tid}")
        now = max(member.t, self._clock.at(answer.t))
        self._teller.count(member, ThreadKind.THREAD, answer.started - later, now)

    def _meet(self, sight: Sight, name: str) -> None:
        """Tell a thread of the script."""
        member = sight.member
        start = min(began(member.pid, sight.tid) or sight.first, sight.first)
        t = max(member.born, self._clock.at(start))
        sight.name = name
        if self._open < MOST_OPEN:
            self._open += 1
            sight.open()
        sight.thread = self._teller.begin(member, name, ThreadKind.THREAD, t)
        if sight.moved == sight.first:  # It sleeps since it has run for as long as it did.
            sight.begun = min(sight.first, start + sight.marks.since(NEVER))
