"""Starts a script in a process group of its own, buries its dead, and ends with its owners.

    python -I -S supervisor.py ADDRESS PYTHON SCRIPT [ARGUMENT...]

Runs by itself, in a session of its own, and imports nothing of this package. It has two owners:
the player (its standard input) and the hub (the socket at ADDRESS). When either is gone, however
it went, everything below this process is killed. On Linux whatever the script leaves behind
becomes a child of this process, so it knows when the last one has ended, and how.
"""

from __future__ import annotations

import _socket
import _thread
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import NoReturn

PR_SET_CHILD_SUBREAPER = 36
"""From `linux/prctl.h`: orphans below this process become its children."""

AGAIN_SECONDS = 0.01

CANNOT_RUN = 127
"""The exit code of a command that could not be run, as a shell has it."""


def supervise(address: str, command: list[str]) -> None:
    """Plays the command; returns when nothing of it is left."""
    line = dial(address, "events", "supervisor")
    # Before there is a script: an orphan that it leaves at once must not get past this process.
    _adopt_orphans()
    script = os.fork()
    if script == 0:
        become(address, command)
    _thread.start_new_thread(_end_with, (lambda: os.read(0, 1), script))
    _thread.start_new_thread(_end_with, (lambda: line.recv(1), script))
    _bury(line)
    while _is_there(script):
        time.sleep(AGAIN_SECONDS)


def dial(address: str, kind: str, how: str) -> _socket.socket:
    """A line to the hub for this process; `kind` is what goes over it, as the hub names it."""
    line = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    line.connect(address)
    hello = (
        f'{{"kind": "{kind}", "how": "{how}", "pid": {os.getpid()},'
        f' "parent": {os.getppid()}, "t": {time.monotonic()!r}}}\n'
    )
    line.sendall(hello.encode())
    return line


def become(address: str, command: list[str]) -> NoReturn:
    """Turns this process into the script's main process.

    Its three lines are laid here, so that not even a word of its starting interpreter is lost;
    the probe takes over the one for events.
    """
    # Ignored above, by Python and by the pool's worker: a script finds them as a shell leaves them.
    for signum in (signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(signum, signal.SIG_DFL)
    try:
        os.setpgid(0, 0)
        events = dial(address, "events", "main")
        os.set_inheritable(events.fileno(), True)
        for fd, kind in ((1, "stdout"), (2, "stderr")):
            line = dial(address, kind, "main")
            os.dup2(line.fileno(), fd)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ["PROCESSION_PROBE"] = address
        os.environ["PROCESSION_LINE"] = f"{os.getpid()} {events.fileno()}"
        os.execv(command[0], command)
    except BaseException as error:  # noqa: BLE001 - whatever it is, this child must not go on
        os.write(2, f"cannot run {command[0]}: {error}\n".encode())
    os._exit(CANNOT_RUN)


def _adopt_orphans() -> None:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _bury(line: _socket.socket) -> None:
    """Waits for every child, and tells the hub of each."""
    while True:
        try:
            pid, status = os.wait()
        except ChildProcessError:
            return
        code = os.waitstatus_to_exitcode(status)
        told = f'{{"event": "reaped", "t": {time.monotonic()!r}, "child": {pid}, "code": {code}}}\n'
        try:
            line.sendall(told.encode())
        except OSError:
            continue  # The hub is gone: what is left is being killed, and buried here.


def _end_with(owner: Callable[[], bytes], group: int) -> None:
    """Waits until the owner is gone; then kills all that is left, until nothing is."""
    try:
        while owner():
            pass
    except OSError:
        pass  # A connection that was reset is gone as well.
    while True:
        for kill, pid in ((os.killpg, group), *((os.kill, pid) for pid in descendants())):
            try:
                kill(pid, signal.SIGKILL)
            except OSError:
                continue  # It was quicker.
        time.sleep(AGAIN_SECONDS)


def descendants() -> list[int]:
    """Every process below this one, also those that left its group; known on Linux only."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc") if sys.platform == "linux" else ():  # noqa: PTH208
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123
                    parent = int(file.read().rpartition(b")")[2].split()[1])
            except OSError:
                continue  # It has ended meanwhile.
            children.setdefault(parent, []).append(int(name))
    found = [os.getpid()]
    for pid in found:
        found += children.get(pid, [])
    return found[1:]


def _is_there(group: int) -> bool:
    """Whether a process of the group is left that is no child of this one."""
    try:
        os.killpg(group, 0)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    supervise(sys.argv[1], sys.argv[2:])
