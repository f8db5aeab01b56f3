"""What Linux tells of a thread of another process: when it ran, and in which call it sleeps.

`/proc/PID/task/TID/schedstat` has the nanoseconds that a thread ran and that it waited for a CPU;
they stand still while it sleeps. `/proc/PID/task/TID/syscall` has the number and the arguments of
the system call that it sleeps in. See https://man7.org/linux/man-pages/man5/proc_pid_syscall.5.html
and https://docs.kernel.org/scheduler/sched-stats.html.
"""

from __future__ import annotations

import os
import platform
import re
import struct
import sys
from dataclasses import dataclass, replace
from enum import StrEnum

NANOSECONDS = 1e9

_MOST_BYTES = 4096

_PRIVATE = 0x80
"""`FUTEX_PRIVATE_FLAG`: only threads of one process use this futex."""

_MOST_FDS = 64
"""Descriptors of a `poll` or `select` that are looked at."""


class Call(StrEnum):
    """The kind of a system call in which a thread can sleep."""

    FUTEX = "futex"
    READ = "read"
    WRITE = "write"
    CONNECT = "connect"
    POLL = "poll"
    SELECT = "select"
    EPOLL = "epoll"
    CHILD = "child"
    SLEEP = "sleep"
    SIGNAL = "signal"
    FLOCK = "flock"
    OTHER = "other"


_X86_64: dict[Call, tuple[int, ...]] = {
    Call.FUTEX: (202, 449),
    Call.READ: (0, 17, 19, 43, 45, 47, 288, 295),
    Call.WRITE: (1, 18, 20, 44, 46, 296),
    Call.CONNECT: (42,),
    Call.POLL: (7, 271),
    Call.SELECT: (23, 270),
    Call.EPOLL: (232, 281, 441),
    Call.CHILD: (61, 247),
    Call.SLEEP: (35, 230),
    Call.SIGNAL: (34, 128, 130),
    Call.FLOCK: (72, 73),
}

_AARCH64: dict[Call, tuple[int, ...]] = {
    Call.FUTEX: (98, 449),
    Call.READ: (63, 65, 67, 69, 202, 207, 212, 242),
    Call.WRITE: (64, 66, 68, 70, 206, 211),
    Call.CONNECT: (203,),
    Call.POLL: (73,),
    Call.SELECT: (72,),
    Call.EPOLL: (22, 441),
    Call.CHILD: (95, 260),
    Call.SLEEP: (101, 115),
    Call.SIGNAL: (133, 137),
    Call.FLOCK: (25, 32),
}

_CALLS: dict[int, Call] = {
    number: call
    for call, numbers in {"x86_64": _X86_64, "aarch64": _AARCH64}.get(
        platform.machine(), {}
    ).items()
    for number in numbers
}

_POLL, _EPOLL_PWAIT2, _FUTEX_WAITV = 7, 441, 449


@dataclass(frozen=True, slots=True)
class RunMarks:
    """How long a thread ran, and how long it waited for a CPU, in nanoseconds."""

    ran: int
    queued: int

    def since(self, before: RunMarks) -> float:
        """Return the seconds that it ran or waited for a CPU since then."""
        return (self.ran - before.ran + self.queued - before.queued) / NANOSECONDS


@dataclass(frozen=True, slots=True)
class Sleep:
    """What a thread sleeps in.

    Attributes:
        call: the kind of the system call.
        disk: whether it cannot even be interrupted, as while a disk is read.
        forever: whether it has no timeout.
        fds: the descriptors that it waits for.
        address: the futex's, in the memory of its process; 0: it is none.
        private: whether only threads of its own process can wake it, as the futex tells.
        child: the process that it waits for; -1: any.
        stopped: whether a signal has stopped it, or a debugger.
    """

    call: Call
    forever: bool = False
    fds: tuple[int, ...] = ()
    address: int = 0
    private: bool = False
    child: int = 0
    stopped: bool = False
    disk: bool = False


def marks_of(pid: int, tid: int) -> RunMarks | None:
    """Return how long the thread ran so far; `None`: it is gone, or this system does not say."""
    words = _read(f"/proc/{pid}/task/{tid}/schedstat").split()
    if len(words) < 2 or words[0] == b"0":
        return None
    return RunMarks(int(words[0]), int(words[1]))


def threads_of(pid: int) -> list[int]:
    """Return the numbers of a process's threads; none: it is gone."""
    try:
        return [int(name) for name in os.listdir(f"/proc/{pid}/task")]  # noqa: PTH208
    except OSError:
        return []


def sleep_of(pid: int, tid: int) -> Sleep | None:
    """Return what the thread sleeps in; `None`: it runs, or waits for a CPU, or has ended."""
    base = f"/proc/{pid}/task/{tid}"
    state = _read(f"{base}/stat").rpartition(b")")[2].split()[:1]
    if not state or state[0] not in b"SDIPTt":
        return None
    if state[0] in b"Tt":
        return Sleep(Call.OTHER, forever=True, stopped=True)
    words = _read(f"{base}/syscall").split()
    if len(words) < 7:
        return Sleep(Call.OTHER, disk=state[0] == b"D")
    number, arguments = int(words[0]), [int(word, 16) for word in words[1:7]]
    sleep = _sleep(pid, number, arguments)
    return replace(sleep, disk=True) if state[0] == b"D" else sleep


def _sleep(pid: int, number: int, a: list[int]) -> Sleep:
    call = _CALLS.get(number, Call.OTHER)
    match call:
        case Call.FUTEX if number != _FUTEX_WAITV:
            return Sleep(call, forever=a[3] == 0, address=a[0], private=bool(a[1] & _PRIVATE))
        case Call.READ | Call.WRITE:
            return Sleep(call, forever=True, fds=(a[0],))
        case Call.CONNECT | Call.FLOCK:
            return Sleep(call, fds=(a[0],))
        case Call.POLL:
            forever = _signed(a[2]) < 0 if number == _POLL and a[0] else a[2] == 0
            return Sleep(call, forever=forever, fds=_polled(pid, a[0], a[1]))
        case Call.SELECT:
            return Sleep(call, forever=a[4] == 0, fds=_selected(pid, a[0], a[1], a[2]))
        case Call.EPOLL:
            forever = a[3] == 0 if number == _EPOLL_PWAIT2 else _signed(a[3]) < 0
            return Sleep(call, forever=forever, fds=_watched(pid, a[0]))
        case Call.CHILD:
            return Sleep(call, forever=True, child=max(-1, _signed(a[0])) or -1)
        case _:
            return Sleep(call)


def _signed(value: int) -> int:
    value &= 0xFFFFFFFF
    return value - (1 << 32) if value >> 31 else value


def _polled(pid: int, address: int, count: int) -> tuple[int, ...]:
    data = memory(pid, address, 8 * min(count, _MOST_FDS))
    return tuple(
        fd for fd, _events, _found in struct.iter_unpack("=ihh", data[: len(data) // 8 * 8])
    )


def _selected(pid: int, count: int, *sets: int) -> tuple[int, ...]:
    found: set[int] = set()
    for address in filter(None, sets):
        bits = int.from_bytes(memory(pid, address, 128), sys.byteorder)
        found.update(fd for fd in range(min(count, 1024)) if bits >> fd & 1)
    return tuple(sorted(found)[:_MOST_FDS])


def _watched(pid: int, fd: int) -> tuple[int, ...]:
    text = _read(f"/proc/{pid}/fdinfo/{fd}")
    return tuple(int(one) for one in re.findall(rb"tfd:\s*(\d+)", text)[:_MOST_FDS])


def memory(pid: int, address: int, size: int) -> bytes:
    """Return a piece of a process's memory; nothing where it cannot be read."""
    try:
        fd = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.pread(fd, size, address)
    except (OSError, OverflowError):
        return b""
    finally:
        os.close(fd)


def target(pid: int, fd: int) -> str:
    """Return what a descriptor leads to, such as `pipe:[4711]`; empty where nobody knows."""
    try:
        return os.readlink(f"/proc/{pid}/fd/{fd}")  # noqa: PTH115 - `pipe:[4711]` is no path
    except OSError:
        return ""


def voluntary_switches(pid: int, tid: int) -> int:
    """Return how often the thread gave up its CPU by itself, as one that waits does."""
    found = re.search(
        rb"\nvoluntary_ctxt_switches:\s*(\d+)", _read(f"/proc/{pid}/task/{tid}/status")
    )
    return int(found[1]) if found else 0


def _read(path: str) -> bytes:
    """Return the beginning of a file of `/proc`; nothing where it cannot be read."""
    try:
        fd = os.open(path, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(fd, _MOST_BYTES)
    except OSError:
        return b""
    finally:
        os.close(fd)
