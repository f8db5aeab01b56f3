"""Who holds the locks that processes share, also where it has ended since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui_app.script.member import Member
from tui_app.script.members import Members
from tui_app.script.waits.bells import Bells
from tui_app.script.waits.identities import Identities, Identity


@dataclass(frozen=True, slots=True)
class LockHolder:
    """Who holds something: its name, where that is known, and whether it has ended."""

    name: str | None = None
    ended: bool = False


NOBODY_KNOWS = LockHolder()


class LockHolders:
    """Knows holders by the latest answers of the processes, and by what they said at their ends.

    Args:
        members: the script's processes.
        bells: has their latest answers.
        identities: tells their objects apart.
    """

    def __init__(self, members: Members, bells: Bells, identities: Identities) -> None:
        self._members, self._bells, self._identities = members, bells, identities
        self._left: dict[Identity, LockHolder] = {}

    def holder(self, identity: Identity) -> LockHolder:
        """Return who holds a lock that processes share."""
        holding = [
            (answer.t, member.name)
            for member in self._members.living()
            if (answer := self._bells.answers.get(member.pid)) is not None
            and any(identity == one for one, _ in self._identities.held(member.pid, answer))
        ]
        if not holding:
            return self._left.get(identity, NOBODY_KNOWS)
        self._left.pop(identity, None)
        # It may have gone from one to another between two answers.
        return LockHolder(max(holding)[1])

    def left(self, member: Member, identities: Sequence[Identity]) -> None:
        """Take notice of the locks that a process has, which is about to end, and is sure."""
        self._leave(member, identities)
        self._bells.answers.pop(member.pid, None)

    def gone(self, member: Member) -> None:
        """Take notice of the end of a process: it keeps what it had when it last answered."""
        answer = self._bells.answers.get(member.pid)
        if answer is not None:
            self._leave(member, [one for one, _ in self._identities.held(member.pid, answer)])

    def _leave(self, member: Member, identities: Iterable[Identity]) -> None:
        self._left.update(dict.fromkeys(identities, LockHolder(member.name, ended=True)))

    def abandon(self, identity: Identity) -> None:
        """Take notice that nobody holds a lock who lives, and that it is not free."""
        self._left.setdefault(identity, LockHolder(ended=True))
