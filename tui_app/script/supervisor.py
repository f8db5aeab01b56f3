"""Starts a script in a process group of its own, waits for all of it, and ends with its owners.

    python -I -S supervisor.py [--input] PYTHON SCRIPT [ARGUMENT...]

It runs in its own session, and imports nothing of this package but the probe's connection to the
server. It has two owners: the player, which holds its standard input, and the server. When either
has gone, however it went, every process below this one is killed. When the server sends a number of
seconds, the script is interrupted as by a terminal's Ctrl-C, and killed after that time, or when
the server sends more. On Linux orphans of the script become children of this process, so it knows
when the last one has ended, and how.
"""

from __future__ import annotations

import _thread
import os
import select
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from procession_probe.home import Home  # type: ignore[import-not-found]

PR_SET_CHILD_SUBREAPER = 36
"""Orphans below this process become its children
(https://man7.org/linux/man-pages/man2/PR_SET_CHILD_SUBREAPER.2const.html)."""

AGAIN_SECONDS = 0.01

TRACKERS_SECONDS = 1.0
"""Time that `multiprocessing`'s resource trackers have to remove what was left in shared memory.
They begin when all other processes have been killed, for nobody holds their pipe then."""

CANNOT_RUN = 127
"""The exit code of a command that could not be run, as shells have it."""


def supervise(command: list[str], *, has_input: bool = False) -> None:
    """Play the command; return when nothing of it is left.

    Args:
        command: the interpreter's path and its words.
        has_input: whether the server hands over the script's standard input; else it is closed.
    """
    from procession_probe.home import Home

    # This process goes on, whatever signal the script sends to its parent.
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    server = Home()
    server.dial("supervisor", {}, hears=True)
    # Before there is a script: an orphan that it leaves at once must become our child.
    adopt_orphans()
    group, script = _start(command, has_input=has_input)
    _thread.start_new_thread(_end_with_player, (group,))
    _thread.start_new_thread(_obey, (server, group, script))
    _bury(server)
    while _is_there(group):
        time.sleep(AGAIN_SECONDS)


def _start(command: list[str], *, has_input: bool) -> tuple[int, int]:
    """Start the script in a group without a leader: a leader could not leave its session.

    Returns:
        The group, and the script's main process.
    """
    wait, go = os.pipe()
    leader = os.fork()
    if leader == 0:
        os.close(go)
        os.read(wait, 1)
        os._exit(0)
    os.setpgid(leader, leader)
    script = os.fork()
    if script == 0:
        become(command, leader, has_input=has_input)
    os.close(wait)
    os.close(go)
    os.waitpid(leader, 0)
    return leader, script


def become(command: list[str], group: int, *, has_input: bool) -> NoReturn:
    """Turn this process into the script's main process.

    It takes the standard input, connects and makes its pipes here, so that nothing is lost that the
    starting interpreter writes; the probe takes them over.
    """
    from procession_probe.home import Home

    # Python and the pool's worker ignore them; a script finds them as a shell leaves them.
    for signum in (signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(signum, signal.SIG_DFL)
    try:
        os.setpgid(0, group)
        home = Home()
        os.dup2(home.take_input() if has_input else os.open(os.devnull, os.O_RDONLY), 0)
        home.dial("main", {1: "stdout", 2: "stderr"})
        home.hand_over()
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        os.execv(command[0], command)
    except BaseException as error:  # noqa: BLE001 - whatever it is, this child must not go on
        os.write(2, f"cannot run {command[0]}: {error}\n".encode())
    os._exit(CANNOT_RUN)


def adopt_orphans() -> None:
    """Let orphans below this process become its children; possible on Linux only."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _bury(server: Home) -> None:
    """Wait for every child, and tell the server of each."""
    with suppress(ChildProcessError):
        while True:
            pid, status = os.wait()
            server.tell("reaped", child=pid, code=os.waitstatus_to_exitcode(status))


def _end_with_player(group: int) -> None:
    """Wait until the player has gone, and end all that is left."""
    with suppress(OSError):
        while os.read(0, 64):
            pass
    end_all(group)


def _obey(server: Home, group: int, script: int) -> None:
    """Wait until the server sends something or has gone, and end all that is left.

    Where the server has sent a number of seconds, interrupt the script first, and wait so long for
    its end.
    """
    if seconds := float(server.hear() or 0):
        with suppress(OSError):
            os.killpg(group, signal.SIGINT)
        with suppress(OSError):
            if os.getpgid(script) != group:
                os.kill(script, signal.SIGINT)
        until = time.monotonic() + seconds
        while time.monotonic() < until and (_is_there(group) or _is_there(script, alone=True)):
            if select.select([server.fileno()], [], [], AGAIN_SECONDS)[0]:
                break
    end_all(group)


def end_all(group: int) -> NoReturn:
    """Kill all below this process, and the group, again and again while this process lives."""
    until = time.monotonic() + TRACKERS_SECONDS
    while True:
        patient = time.monotonic() < until
        kill_below(patient=patient)
        # Where nobody knows who is there, or they start others faster than each is killed.
        if not patient or sys.platform != "linux":
            with suppress(OSError):
                os.killpg(group, signal.SIGKILL)
        time.sleep(AGAIN_SECONDS)


def kill_below(*, patient: bool) -> bool:
    """Kill all below this process once; return whether there was anybody.

    Args:
        patient: whether resource trackers may end by themselves.
    """
    found = descendants()
    for pid in found:
        if not (patient and _is_tracker(pid)):
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
    return bool(found)


def descendants() -> list[int]:
    """Return every process below this one, also those that left its group; known on Linux only."""
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


def _is_tracker(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:  # noqa: PTH123
            return b"resource_tracker import main" in file.read()
    except OSError:
        return False


def _is_there(pid: int, *, alone: bool = False) -> bool:
    """Return whether a process of this group is left, or, `alone`, the process of this number."""
    try:
        (os.kill if alone else os.killpg)(pid, 0)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "probe"))  # noqa: PTH100, PTH118, PTH120
    has_input = sys.argv[1] == "--input"
    supervise(sys.argv[1 + has_input :], has_input=has_input)
