"""What is one object in several processes, what it is called, and who has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tui_app.script.waits.answers import KnownObject, ProcessAnswer
from tui_app.script.waits.kernel import target

Identity = str
"""What tells an object apart from all others of the script."""


class Identities:
    """Knows the objects that processes share. A semaphore's shared memory is its identity.

    How a process came by it, by a fork or through a pipe, makes no difference then.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], Identity] = {}
        self._names: dict[Identity, tuple[int, str]] = {}
        self._lines: dict[Identity, str] = {}

    def of(self, pid: int, key: str) -> Identity:
        """Return the identity of the object that this process tells apart by `key`."""
        if key.startswith("f"):
            return target(pid, int(key[1:])) if key[1:].isdigit() else f"{pid}:{key}"
        if not key.startswith("s"):
            return f"{pid}:{key}"
        if (pid, key) not in self._known:
            self._known[pid, key] = shared_memory(pid, int(key[1:] or 0)) or f"{pid}:{key}"
        return self._known[pid, key]

    def forget(self, pid: int) -> None:
        """Forget a process's addresses: it has gone, or is another program now."""
        for one in [one for one in self._known if one[0] == pid]:
            del self._known[one]

    def learn(self, pid: int, answer: ProcessAnswer, *, main: bool) -> None:
        """Learn from an answer what objects are called; the name in the process that made one wins.

        Args:
            pid: the process that has answered.
            answer: its answer.
            main: whether it is the script's main process, whose names come next.
        """
        for one in answer.objects:
            identity = self.of(pid, one.key)
            rank = 0 if one.made else 1 if main else 2
            if one.name and rank <= self._names.get(identity, (3, ""))[0]:
                self._names[identity] = (rank, one.name)
            if one.line and one.type:
                self._lines.setdefault(identity, f"{one.type} (line {one.line})")

    def name(self, identity: Identity) -> str:
        """Return what the script calls an object; its kind and line where it has no name."""
        return self._names.get(identity, (3, ""))[1] or self._lines.get(identity, "")

    def held(self, pid: int, answer: ProcessAnswer) -> Iterator[tuple[Identity, KnownObject]]:
        """Yield the objects that a process holds, by its answer."""
        for one in answer.objects:
            if one.held > 0:
                yield self.of(pid, one.key), one


def shared_memory(pid: int, address: int) -> str:
    """Return the file that is mapped at an address of a process; empty where the memory is its own.

    The file's device and number: its name may be gone.
    """
    try:
        rows = Path(f"/proc/{pid}/maps").read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    for row in rows:
        span, rights, _offset, device, number = row.split()[:5]
        low, _, high = span.partition("-")
        if int(low, 16) <= address < int(high, 16):
            return f"{device} {number}" if rights.endswith("s") else ""
    return ""
