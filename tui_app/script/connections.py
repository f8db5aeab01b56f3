"""What the hub of a played script reads: greetings with pipes, pipes, and the end of a life."""

from __future__ import annotations

import fcntl
import os
import select
import socket
import stat
import struct
import sys
from dataclasses import dataclass, field

from tui_app.engine.event_server import CHUNK, ReadLine
from tui_app.engine.limits import more_files
from tui_app.events import Stream
from tui_app.script.frames import Frames

PEER = struct.Struct("3i")
"""`struct ucred` of Linux: pid, uid, gid."""


class PipeEnd:
    """The end of a pipe that is read, with a socket's methods.

    Raises:
        OSError: the fd is no such thing.
    """

    def __init__(self, fd: int) -> None:
        reads = fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY
        if not (reads and stat.S_ISFIFO(os.fstat(fd).st_mode)):
            raise OSError(f"fd {fd} is no end of a pipe that can be read")
        os.set_blocking(fd, False)
        self._fd = fd

    def fileno(self) -> int:
        """Its number."""
        return self._fd

    def recv(self, most: int, /) -> bytes:
        """So many bytes at most of what came; nothing at the end."""
        return os.read(self._fd, most)

    def close(self) -> None:
        """Reads no more."""
        os.close(self._fd)


@dataclass(slots=True, eq=False)
class ReportLine(ReadLine):
    """The line of a process of the script. With its greeting come its pipes."""

    fds: list[int] = field(default_factory=list)

    def receive(self) -> bytes:
        """See `ReadLine.receive`."""
        if self.kind:
            return ReadLine.receive(self)
        assert isinstance(self.socket, socket.socket)
        # Pipes that there is no room for would be lost: the process would write into nothing.
        if not has_room(self.socket.fileno()):
            raise BlockingIOError
        data, fds, _flags, _address = socket.recv_fds(self.socket, CHUNK, len(Stream))
        self.fds += fds
        return data

    def close_fds(self) -> None:
        """Lets go of what came along and is no pipe of its."""
        while self.fds:
            os.close(self.fds.pop())

    def peer(self, told: int) -> int:
        """The pid of who is at the other end: as the kernel has it, where it does; else as told."""
        assert isinstance(self.socket, socket.socket)
        if sys.platform != "linux":
            return told
        who = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, PEER.size)
        pid: int = PEER.unpack(who)[0]
        return pid


@dataclass(slots=True, eq=False)
class PipeLine(ReadLine):
    """A pipe through which a process of the script writes to one of its streams.

    `before` is when something happened that comes after the text in it, where that is known.
    """

    frames: Frames = field(kw_only=True)
    before: float | None = None


class Life:
    """The life of a process, to be read like a socket: nothing comes until it ends.

    Raises:
        OSError: the process is gone, or this system does not tell.
    """

    def __init__(self, pid: int) -> None:
        if sys.platform != "linux":
            raise OSError("there is no pidfd")
        self._fd = os.pidfd_open(pid)
        self._poll = select.poll()
        self._poll.register(self._fd, select.POLLIN)

    def fileno(self) -> int:
        """Its number."""
        return self._fd

    def recv(self, _most: int, /) -> bytes:
        """Nothing, at the end."""
        if not self._poll.poll(0):
            raise BlockingIOError
        return b""

    def close(self) -> None:
        """Looks no more."""
        os.close(self._fd)


def has_room(fd: int) -> bool:
    """Whether a process's pipes and its life can be opened; the limit of files rises for them.

    Args:
        fd: any that is open.
    """
    while True:
        copies: list[int] = []
        try:
            copies += (os.dup(fd) for _ in range(len(Stream) + 1))
        except OSError:
            if not more_files():
                return False
        else:
            return True
        finally:
            for copy in copies:
                os.close(copy)
