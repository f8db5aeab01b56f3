"""Finds a deadlock, and says who waits for whom.

It is claimed in two cases only. No thread of the script can go on: all sleep without a timeout, and
only others of them could wake each. Or some hold locks in a circle, each by a `with` block or an
`RLock`, which nobody else may release. Whatever comes from outside, a signal that is handled, a
socket, a file, another program, or time, can wake whoever waits for it, so it is no deadlock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tui_app.events import Deadlock, Waiting, WaitKind
from tui_app.script.member import COMMAND, Member
from tui_app.script.members import Members
from tui_app.script.waits.answers import ThreadStanding
from tui_app.script.waits.inquiries import Inquiries, SeenWait
from tui_app.script.waits.kernel import RunMarks
from tui_app.script.waits.picture import ANYBODY, Key, ThreadPicture, others_have, take
from tui_app.script.waits.stuck import cycle, never

STILL_SECONDS = 0.2
"""How long somebody sleeps before it is looked for a deadlock."""

AGAIN_SECONDS = 0.2
"""Time between the two looks that must find the same."""

SELDOM_SECONDS = 2.0
"""Time between looks while nothing changes, after the first few."""

FIRST_LOOKS = 4

MOST_THREADS = 200
"""Threads of a script among whom a deadlock is looked for."""


@dataclass(frozen=True, slots=True)
class ReportedWait:
    """A wait that the probe has reported; `child` is the process that is waited for."""

    event: Waiting
    child: int | None


@dataclass(frozen=True, slots=True)
class StillThread:
    """A main thread that has not run for a while."""

    member: Member
    marks: RunMarks


class Deadlocks:
    """Looks for a deadlock while somebody stands still; `tell` takes it once.

    Args:
        members: the script's processes.
        inquiries: asks them.
        reported: the waits that the probe has reported and that go on, by pid.
        tell: takes the event, whose `t` is still to be set.
    """

    def __init__(
        self,
        members: Members,
        inquiries: Inquiries,
        reported: Mapping[int, ReportedWait],
        tell: Callable[[Deadlock], None],
    ) -> None:
        self._members, self._inquiries, self._reported = members, inquiries, reported
        self._tell = tell
        self._seen: frozenset[tuple[int, RunMarks]] = frozenset()
        self._looks = 0
        self._next = 0.0
        self._asked = 0.0
        self._claimed: frozenset[tuple[Key, RunMarks | None]] = frozenset()
        self._told: frozenset[Key] = frozenset()

    def look(self, now: float, still: Sequence[StillThread]) -> None:
        """Look for a deadlock, if there may be a new one.

        Args:
            now: the monotonic clock.
            still: the main threads that have slept for `STILL_SECONDS`.
        """
        seen = frozenset((one.member.pid, one.marks) for one in still)
        if seen != self._seen:
            self._seen, self._looks, self._next = seen, 0, now
            if not self._told <= {(pid, pid) for pid, _ in seen}:
                self._told = frozenset()
        if not seen or now < self._next:
            return
        if not self._asked:
            self._asked = now
            for member in self._members.living():
                self._inquiries.bells.ring(member)
            return
        waits_for_answers = any(self._inquiries.bells.awaited(pid) for pid, _ in seen)
        if waits_for_answers and now - self._asked < STILL_SECONDS:
            return
        self._asked = 0.0
        self._looks += 1
        self._next = now + (AGAIN_SECONDS if self._looks < FIRST_LOOKS else SELDOM_SECONDS)
        self._examine(now)

    def _examine(self, now: float) -> None:
        # A program that is not the script's Python counts as outside, whatever it waits for.
        pids = [member.pid for member in self._members.living() if member.how != COMMAND]
        picture = take(pids, self._own, self._known)
        if not picture.needs or len(picture.marks) > MOST_THREADS:
            self._claimed = frozenset()
            return
        stuck = never(picture.needs)
        mains = {(pid, pid) for pid in pids}
        around = cycle(self._sure_needs(picture, stuck), sorted(stuck))
        members = around or (sorted(stuck & mains) if mains <= stuck else [])
        claimed = frozenset((key, picture.marks[key]) for key in members)
        if not members or self._told >= set(members) or self._others_have(picture):
            self._claimed = frozenset()
        elif claimed == self._claimed:
            self._told = frozenset(members)
            shown = [*members, *sorted((stuck & mains) - set(members))]
            self._tell(Deadlock(t=0.0, waits=[self._told_wait(key, picture) for key in shown]))
        else:
            self._claimed, self._looks = claimed, 0
            self._next = now + AGAIN_SECONDS

    def _others_have(self, picture: ThreadPicture) -> bool:
        supervisor = self._members.supervisor
        known = self._members.by_pid.values()
        inside = frozenset(one.pid for one in known if not one.exited and one.how != COMMAND)
        return supervisor is None or others_have(picture.shared, supervisor.pid, inside)

    def _own(self, pid: int) -> frozenset[int]:
        answer = self._inquiries.bells.answers.get(pid)
        return frozenset(answer.own) if answer is not None else frozenset()

    # What is known from inside

    def _standing(self, key: Key) -> ThreadStanding | None:
        answer = self._inquiries.bells.answers.get(key[0])
        return answer.threads.get(key[1]) if answer is not None else None

    def _known(self, key: Key) -> Sequence[frozenset[Key]] | None:
        """Return the needs of a thread where its process tells more than the system."""
        reported = self._reported.get(key[0]) if key[0] == key[1] else None
        if reported is not None and reported.child is not None:
            child = self._members.by_pid.get(reported.child)
            gone = child is None or child.gone is not None
            return [frozenset([ANYBODY if gone else (reported.child, reported.child)])]
        standing = self._standing(key)
        if standing is not None and standing.joined:
            return [frozenset([(key[0], standing.joined)])]
        return self._holders(key)

    def _holders(self, key: Key) -> Sequence[frozenset[Key]] | None:
        """Return who alone may release the lock that a thread waits for, if that is known."""
        standing = self._standing(key)
        if standing is None or not standing.key or not standing.takes:
            return None
        pid, identities = key[0], self._inquiries.identities
        if standing.holders:
            return [frozenset((pid, tid) for tid in standing.holders)]
        wanted = identities.of(pid, standing.key)
        found = frozenset(
            (member.pid, other.tid)
            for member in self._members.living()
            if (answer := self._inquiries.bells.answers.get(member.pid)) is not None
            for other in answer.threads.values()
            if any(identities.of(member.pid, one) == wanted for one in other.holds)
        )
        return [found] if found else None

    def _sure_needs(
        self, picture: ThreadPicture, stuck: set[Key]
    ) -> Mapping[Key, Sequence[frozenset[Key]]]:
        """Return of each thread that waits for a lock who alone may release it."""
        return {key: found for key in stuck if (found := self._holders(key)) is not None}

    # Words

    def _told_wait(self, key: Key, picture: ThreadPicture) -> dict[str, Any]:
        pid, tid = key
        member = self._members.by_pid[pid]
        reported = self._reported.get(pid) if pid == tid else None
        standing = self._standing(key)
        marks = picture.marks[key]
        if reported is not None:
            event = reported.event
        else:
            assert marks is not None
            seen = SeenWait(member, tid, 0.0, marks, picture.sleeps[key])
            event = self._inquiries.describe(seen, standing)
        thread = standing.name if standing is not None and pid != tid else None
        return {
            "pid": pid,
            "thread": thread,
            "kind": str(event.kind),
            "object": event.object,
            "holder": event.holder,
            "holder_ended": event.holder_ended,
            "file": event.file,
            "line": event.line,
        }


def told_waits(event: Deadlock) -> Iterator[tuple[int, str | None, Waiting]]:
    """Yield the process, the thread's name and the wait of each who can never go on."""
    for one in event.waits:
        kind = one.get("kind", WaitKind.CALL)
        wait = Waiting(
            t=event.t,
            pid=one["pid"],
            kind=kind,
            object=one.get("object"),
            holder=one.get("holder"),
            holder_ended=one.get("holder_ended", False),
            file=one.get("file"),
            line=one.get("line"),
        )
        yield one["pid"], one.get("thread"), wait
