"""Finds the processes of a script that nobody has told of: programs that are not Python, and such.

A Python that a played script starts tells of itself, and the probe tells of what `subprocess`
starts. Others (of a shell, by `os.system`, with an empty environment) are seen in `/proc`, if they
live long enough to be there at two looks. On Linux only.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator

from tui_app.script.ends import Ends
from tui_app.script.members import Members
from tui_app.script.process_names import command_words, is_service

LOOK_SECONDS = 0.1

COST = 0.05
"""Most of the app's time that may go into looking."""

LATE_LOOKS = 20
"""Looks after which a copy of its parent is shown: it should have told of itself long before."""


class Tree:
    """Looks at the processes below the supervisor, again and again, until it is stopped."""

    def __init__(self, members: Members, ends: Ends) -> None:
        self._members, self._ends = members, ends
        self._looks: dict[int, int] = {}
        """How often each process was seen that is not known."""
        self._next: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to look; nothing happens where there is no `/proc`."""
        supervisor = self._members.supervisor
        if supervisor is not None and os.path.exists(f"/proc/{supervisor.pid}/task"):  # noqa: PTH110
            self._look()

    def stop(self) -> None:
        """Look no more."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        members, supervisor = self._members, self._members.supervisor
        if supervisor is not None and supervisor.gone is None:
            seen = dict(below(supervisor.pid))
            for pid, parent in seen.items():
                if not members.knows(pid):
                    self._take(pid, parent)
            self._looks = {pid: looks for pid, looks in self._looks.items() if pid in seen}
            took = loop.time() - began
            self._next = loop.call_later(max(LOOK_SECONDS, took / COST), self._look)

    def _take(self, pid: int, parent: int) -> None:
        """Tell of a process when it has been here for a moment and is no helper."""
        looks = self._looks[pid] = self._looks.get(pid, 0) + 1
        words = command_words(pid)
        if looks < 2 or not words or is_service(words):
            return
        if looks >= LATE_LOOKS or words != command_words(parent):
            del self._looks[pid]
            if (member := self._members.found(pid, parent, words)) is not None:
                self._ends.attend(member, None)


def below(root: int) -> Iterator[tuple[int, int]]:
    """Yield each process below this one, with its parent."""
    todo = [root]
    while todo:
        parent = todo.pop()
        for pid in children(parent):
            todo.append(pid)
            yield pid, parent


def children(parent: int) -> Iterator[int]:
    """Yield the processes that one has started and that are there; none: it has ended, too."""
    try:
        threads = os.listdir(f"/proc/{parent}/task")  # noqa: PTH208
    except OSError:
        return
    for thread in threads:
        try:
            with open(f"/proc/{parent}/task/{thread}/children", "rb") as file:  # noqa: PTH123
                yield from map(int, file.read().split())
        except OSError:
            continue
