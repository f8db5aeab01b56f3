"""Who of a process's threads has the GIL, where several would run Python code at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tui_app.script.member import Member
from tui_app.script.waits.kernel import Call, interpreter_memory, sleep_of
from tui_app.script.waits.sights import Sight

TURN_SECONDS = 0.2
"""How long a turn lasts that is told. Python changes threads each 5 ms
(https://docs.python.org/3/library/sys.html#sys.setswitchinterval)."""

RECENT_SECONDS = 1.0
"""How long a thread counts as one that wants the GIL after it was seen to wait for it."""

LEAST_SHARE = 0.2
"""The share of the time that a thread runs, at least, to be one of those that change places."""

MOST_TOGETHER = 1.3
"""Seconds in a second that threads run together, at most, if all need the GIL: the clocks of the
system and of the looks are not one."""


@dataclass(slots=True)
class _Sharing:
    """The threads of a process that ran in the turn under way.

    Attributes:
        began: when the turn began.
        memory: where Python's own variables are.
        ran: the seconds that each ran in it.
        wanted: when each was last seen to wait for the GIL.
        credit: the seconds that each ran and that no turn was told of.
        told: whether somebody was told to wait in the last turn.
    """

    began: float
    memory: tuple[tuple[int, int], ...]
    ran: defaultdict[int, float] = field(default_factory=lambda: defaultdict(float))
    wanted: dict[int, float] = field(default_factory=dict)
    credit: defaultdict[int, float] = field(default_factory=lambda: defaultdict(float))
    sights: dict[int, Sight] = field(default_factory=dict)
    told: bool = False


class GilTurns:
    """Tells turns: in each, one thread runs, and the others wait for the GIL.

    Real turns are much shorter. Those that are told are as long in all: whoever has run more than
    was told gets the next one.

    Args:
        wait: called for each thread that waits from a moment on, with the name of who has the GIL.
        go_on: called for each that waits no more.
        at: returns the time of the run at a moment of the monotonic clock.
    """

    def __init__(
        self,
        wait: Callable[[Sight, str, float], None],
        go_on: Callable[[Sight, float], None],
        at: Callable[[float], float],
    ) -> None:
        self._wait, self._go_on, self._at = wait, go_on, at
        self._groups: dict[int, _Sharing] = {}

    def gone(self, member: Member) -> None:
        """Forget a process, which has gone."""
        self._groups.pop(member.pid, None)

    def wants(self, sight: Sight) -> bool:
        """Return whether a thread was seen to wait for the GIL not long ago."""
        group = self._groups.get(sight.member.pid)
        return group is not None and sight.tid in group.wanted

    def look(self, member: Member, ran: Sequence[tuple[Sight, float]], now: float) -> None:
        """Take notice of the threads of a process that ran since the last look, and how long."""
        group = self._groups.get(member.pid)
        if group is None:
            if len(ran) < 2:
                return
            group = self._groups[member.pid] = _Sharing(now, interpreter_memory(member.pid))
            return
        for sight, seconds in ran:
            group.ran[sight.tid] += seconds
            group.sights[sight.tid] = sight
            if not sight.told and self._wants(group, sight):
                group.wanted[sight.tid] = now
        # Until somebody is seen to wait for the GIL, nobody knows that they change places.
        longest = TURN_SECONDS if group.wanted else RECENT_SECONDS
        if now - group.began >= longest:
            self._end(group, now)
            if not group.told and len(ran) < 2:
                del self._groups[member.pid]

    def _wants(self, group: _Sharing, sight: Sight) -> bool:
        sleep = sleep_of(sight.member.pid, sight.tid)
        if sleep is None or sleep.call is not Call.FUTEX:
            return False
        return any(low <= sleep.address < high for low, high in group.memory)

    def _end(self, group: _Sharing, now: float) -> None:
        """End a turn: tell who has the next one."""
        length = now - group.began
        first = group.began if not group.told else now
        group.wanted = {tid: t for tid, t in group.wanted.items() if now - t < RECENT_SECONDS}
        sharing = set(group.wanted)
        if sharing:  # One waits for the GIL, so one of those that ran has it.
            sharing |= {tid for tid, ran in group.ran.items() if ran >= LEAST_SHARE * length}
        if sum(group.ran[tid] for tid in sharing) > length * MOST_TOGETHER:
            # Most of what they do needs no GIL: they run at the same time.
            sharing = set()
        sharing = {tid for tid in sharing if not group.sights[tid].told}
        runner: Sight | None = None
        if len(sharing) > 1:
            for tid in sharing:
                group.credit[tid] += group.ran[tid]
            best = max(sorted(sharing), key=lambda tid: group.credit[tid])
            group.credit[best] -= sum(group.ran[tid] for tid in sharing)
            runner = group.sights[best]
        for tid, sight in group.sights.items():
            if runner is None or sight is runner or tid not in sharing:
                self._go_on(sight, self._at(now))
        if runner is not None:
            for tid in sorted(sharing - {runner.tid}):
                sight = group.sights[tid]
                if not sight.turn:
                    self._wait(sight, runner.name or runner.member.name, first)
        else:
            group.credit.clear()
        group.told, group.began = runner is not None, now
        group.ran.clear()
        group.sights = {tid: group.sights[tid] for tid in group.wanted}

    def part(self, sight: Sight) -> None:
        """Forget a thread that has ended."""
        group = self._groups.get(sight.member.pid)
        if group is not None:
            for known in (group.ran, group.wanted, group.credit):
                known.pop(sight.tid, None)
            group.sights.pop(sight.tid, None)
