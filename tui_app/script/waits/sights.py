"""What is known of a thread by looking at it from outside."""

from __future__ import annotations

from dataclasses import dataclass

from tui_app.script.member import Member
from tui_app.script.waits.kernel import OpenMarks, RunMarks, Sleep, marks_of


@dataclass(slots=True, eq=False)
class Sight:
    """What is known of a thread by looking at it. Times are those of the monotonic clock.

    Attributes:
        member: its process.
        tid: its number in the system.
        marks: how long it had run at the last look.
        moved: when a look found that it had run.
        looked: when the last look was.
        begun: when it fell asleep, as far as `marks` tell.
        source: where its marks are read, if it is not the main thread.
        thread: its number in its process; `None`: it is the main thread.
        name: what a lane is called that is not main's; empty: nobody knows yet whether it is the
            script's.
        first: when it was first seen.
        rest: seconds that it slept before `moved`; they count as short waits, unless a longer
            wait is told that began then.
        told: whether a wait of it is told and goes on.
        turn: whether that it waits for the GIL is told.
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
    source: OpenMarks | None = None
    thread: int | None = None
    name: str = ""
    first: float = 0.0
    rest: float = 0.0
    told: bool = False
    turn: bool = False
    sleep: Sleep | None = None
    aside: bool = False
    switches: int = 0
    count: int = 0
    seconds: float = 0.0
    told_seconds: float = 0.0
    told_at: float = 0.0

    def read(self) -> RunMarks | None:
        """Return how long it ran so far; `None`: it is gone."""
        if self.source is not None:
            return self.source.read()
        return marks_of(self.member.pid, self.tid)

    def open(self) -> None:
        """Keep the file open in which its marks are: it is looked at again and again."""
        self.source = OpenMarks(self.member.pid, self.tid)

    def close(self) -> None:
        """Close that file."""
        if self.source is not None:
            self.source.close()
            self.source = None

    @property
    def main(self) -> bool:
        """Whether it is its process's main thread."""
        return self.tid == self.member.pid

    @property
    def known(self) -> bool:
        """Whether it is known to be a thread of the script, which is told."""
        return self.main or self.thread is not None
