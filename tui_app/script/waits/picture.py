"""All threads of a script at one moment: what each sleeps in, and who could wake it."""

from __future__ import annotations

import os
import re
import socket
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tui_app.script.tree import below, children
from tui_app.script.waits.identities import shared_memory
from tui_app.script.waits.kernel import Call, RunMarks, Sleep, marks_of, sleep_of, target

Key = tuple[int, int]
"""A thread: its process, and its number in the system."""

ANYBODY: Key = (0, 0)
"""Somebody outside of the script, or time: whoever needs it can go on."""

_OWN_HANDLERS = ~(1 << 1 | 3 << 31)
"""Caught signals that count: not SIGINT, which Python catches, and 32 and 33, which are the C
library's."""

_SOCK_DIAG, _REQUEST, _DUMP, _DONE, _ERROR, _PEER = 20, 1, 0x300, 3, 2, 2
"""Numbers of https://man7.org/linux/man-pages/man7/sock_diag.7.html."""


@dataclass(frozen=True, slots=True)
class ThreadPicture:
    """The threads at one moment.

    Attributes:
        marks: how long each had run.
        sleeps: what each thread sleeps in that sleeps.
        needs: of each thread that cannot go on by itself, groups of threads one of which must wake
            it.
        shared: the pipes, and the memory of semaphores, that are waited for.
    """

    marks: Mapping[Key, RunMarks | None] = field(default_factory=dict)
    sleeps: Mapping[Key, Sleep] = field(default_factory=dict)
    needs: Mapping[Key, Sequence[frozenset[Key]]] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()


def take(
    pids: Sequence[int],
    own: Callable[[int], frozenset[int]],
    known: Callable[[Key], Sequence[frozenset[Key]] | None],
) -> ThreadPicture:
    """Return the picture of these processes.

    Args:
        pids: the script's processes.
        own: returns the probe's own threads of a process, which are no part of the script.
        known: returns the needs of a thread where they are known from inside.
    """
    return _Taker(pids, own, known).take()


class _Taker:
    def __init__(
        self,
        pids: Sequence[int],
        own: Callable[[int], frozenset[int]],
        known: Callable[[Key], Sequence[frozenset[Key]] | None],
    ) -> None:
        self._known = known
        self._threads = {
            pid: [tid for tid in _numbers(f"/proc/{pid}/task") if tid not in own(pid)]
            for pid in pids
        }
        self._files: dict[int, Mapping[int, tuple[str, int]]] = {}
        self._maps: dict[int, str] = {}
        self._peers: Mapping[int, int] | None = None
        self._shared: set[str] = set()

    def take(self) -> ThreadPicture:
        """Return the picture; who moved meanwhile has no needs."""
        marks = self._marks()
        sleeps = {key: sleep for key in marks if (sleep := sleep_of(*key)) is not None}
        needs = {}
        for key, sleep in sleeps.items():
            groups = self._needs(key, sleep)
            if groups and not (key[0] == key[1] and _has_handlers(key[0])):
                needs[key] = groups
        later = self._marks()
        still = {key: groups for key, groups in needs.items() if marks[key] == later.get(key)}
        return ThreadPicture(marks, sleeps, still, frozenset(self._shared))

    def _marks(self) -> dict[Key, RunMarks | None]:
        return {
            (pid, tid): marks_of(pid, tid) for pid, tids in self._threads.items() for tid in tids
        }

    def _needs(self, key: Key, sleep: Sleep) -> list[frozenset[Key]]:
        """Return the groups that a thread needs; none: it can go on by itself."""
        if not sleep.forever or sleep.stopped:
            return []
        known = self._known(key)
        if known is not None:
            return [group for group in known if ANYBODY not in group]
        pid = key[0]
        match sleep.call:
            case Call.FUTEX:
                group = self._wakers_by_memory(key, sleep)
            case Call.CHILD:
                group = self._child(pid, sleep.child)
            case Call.READ | Call.WRITE | Call.POLL | Call.SELECT | Call.EPOLL if sleep.fds:
                writes = sleep.call is Call.WRITE
                ends = [self._other_ends(pid, fd, writes=writes) for fd in sleep.fds]
                group = frozenset().union(*ends)
            case _:
                return []
        return [] if ANYBODY in group else [group - {key}]

    def _threads_of(self, pid: int) -> frozenset[Key]:
        return frozenset((pid, tid) for tid in self._threads.get(pid, ()))

    def _wakers_by_memory(self, key: Key, sleep: Sleep) -> frozenset[Key]:
        pid = key[0]
        memory = "" if sleep.private else shared_memory(pid, sleep.address)
        if not memory:
            return self._threads_of(pid)
        self._shared.add(memory)
        pids = [one for one in self._threads if f"{memory} " in self._map(one)]
        return frozenset[Key]().union(*map(self._threads_of, pids))

    def _map(self, pid: int) -> str:
        if pid not in self._maps:
            try:
                self._maps[pid] = Path(f"/proc/{pid}/maps").read_text("utf-8", "replace")
            except OSError:
                self._maps[pid] = ""
        return self._maps[pid]

    def _child(self, pid: int, child: int) -> frozenset[Key]:
        """Return the threads whose end a parent waits for: its children's main threads."""
        awaited = [child] if child > 0 else list(children(pid))
        if not awaited or any(one not in self._threads for one in awaited):
            # Another program; or it has ended, and is about to be seen.
            return frozenset([ANYBODY])
        return frozenset((one, one) for one in awaited)

    def _other_ends(self, pid: int, fd: int, *, writes: bool) -> frozenset[Key]:
        """Return the threads that have the other end of what a descriptor leads to."""
        name = self._open(pid).get(fd, ("", 0))[0]
        if name.startswith("pipe:"):
            self._shared.add(name)
            wanted = (os.O_RDONLY, os.O_RDWR) if writes else (os.O_WRONLY, os.O_RDWR)
        elif name.startswith("socket:"):
            if self._peers is None:
                self._peers = peers()
            peer = self._peers.get(int(name[8:-1]))
            if not peer:
                return frozenset([ANYBODY])
            name, wanted = f"socket:[{peer}]", (os.O_RDWR, os.O_RDWR)
            self._shared.add(name)
        else:
            return frozenset([ANYBODY])
        pids = [
            one
            for one in self._threads
            if any(name == found and mode in wanted for found, mode in self._open(one).values())
        ]
        # Nobody has the other end: the end of the file is about to be seen.
        return (
            frozenset[Key]().union(*map(self._threads_of, pids)) if pids else frozenset([ANYBODY])
        )

    def _open(self, pid: int) -> Mapping[int, tuple[str, int]]:
        """Return what each descriptor of a process leads to, and how it may be used."""
        if pid not in self._files:
            found = {}
            for fd in _numbers(f"/proc/{pid}/fd"):
                info = _text(f"/proc/{pid}/fdinfo/{fd}")
                flags = re.search(r"flags:\s*([0-7]+)", info)
                found[fd] = (target(pid, fd), int(flags[1], 8) & os.O_ACCMODE if flags else 0)
            self._files[pid] = found
        return self._files[pid]


def others_have(shared: frozenset[str], root: int, inside: frozenset[int]) -> bool:
    """Return whether another program has one of these pipes or semaphores.

    Args:
        shared: what is waited for.
        root: the process below which all programs of the script are, also orphans.
        inside: the processes below it that are known.
    """
    for pid, _parent in below(root) if shared else ():
        if pid in inside:
            continue
        if any(target(pid, fd) in shared for fd in _numbers(f"/proc/{pid}/fd")):
            return True
        maps = _text(f"/proc/{pid}/maps")
        if any(f"{one} " in maps for one in shared if ":[" not in one):
            return True
    return False


def peers() -> Mapping[int, int]:
    """Return the other end of each connected Unix socket, by inode; empty where nobody tells."""
    found: dict[int, int] = {}
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4) as line:
            line.settimeout(1.0)
            want = struct.pack("=BBHIIIQ", socket.AF_UNIX, 0, 0, 0xFFFFFFFF, 0, 4, 0)
            head = struct.pack("=IHHII", 16 + len(want), _SOCK_DIAG, _REQUEST | _DUMP, 1, 0)
            line.send(head + want)
            while True:
                data = line.recv(1 << 18)
                while data:
                    size, kind = struct.unpack_from("=IH", data)
                    if kind in (_ERROR, _DONE) or size < 32:
                        return found
                    found.update(_peer(data[:size]))
                    data = data[size + 3 & ~3 :]
    except OSError:
        return found


def _peer(message: bytes) -> Iterator[tuple[int, int]]:
    inode = struct.unpack_from("=I", message, 20)[0]
    at = 32
    while at + 4 <= len(message):
        length, what = struct.unpack_from("=HH", message, at)
        if what == _PEER and length >= 8:
            yield inode, struct.unpack_from("=I", message, at + 4)[0]
        at += max(4, length + 3 & ~3)


def _has_handlers(pid: int) -> bool:
    caught = re.search(r"SigCgt:\s*(\w+)", _text(f"/proc/{pid}/status"))
    return caught is None or bool(int(caught[1], 16) & _OWN_HANDLERS)


def _numbers(folder: str) -> list[int]:
    try:
        return [int(name) for name in os.listdir(folder) if name.isdigit()]  # noqa: PTH208
    except OSError:
        return []


def _text(path: str) -> str:
    try:
        return Path(path).read_text("utf-8", "replace")
    except OSError:
        return ""
