"""What the server of a played script reads: connections of its processes, pipes, ends of processes.

Each class is a `Readable`.
"""

from __future__ import annotations

import fcntl
import os
import select
import socket
import stat
import struct
import sys
from contextlib import suppress

from tui_app.engine.limits import more_files
from tui_app.events import Stream

PEER = struct.Struct("3i")
"""`struct ucred`: pid, uid, gid (https://man7.org/linux/man-pages/man7/unix.7.html)."""


class ProbeSocket:
    """A connection of a process of the script; with its greeting come the pipes to its streams.

    Attributes:
        greeted: whether the greeting was read; nothing is handed over after it.
        fds: the files that were handed over.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self.greeted = False
        self.fds: list[int] = []

    def fileno(self) -> int:
        """Return the file descriptor."""
        return self._socket.fileno()

    def recv(self, most: int, /) -> bytes:
        """Return what has come. See `Readable.recv`."""
        if self.greeted:
            return self._socket.recv(most)
        # A pipe that there is no room for would be lost, and with it what the process writes.
        if not has_room(self.fileno()):
            raise BlockingIOError
        data, fds, _flags, _address = socket.recv_fds(self._socket, most, len(Stream))
        self.fds += fds
        return data

    def send_fd(self, fd: int) -> None:
        """Hand a file over to the process at the other end; nothing if it has gone."""
        with suppress(OSError):
            socket.send_fds(self._socket, [b"."], [fd])

    def peer(self, told: int) -> int:
        """Return the pid at the other end, as the kernel knows it; where it does not, as `told`."""
        if sys.platform != "linux":
            return told
        who = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, PEER.size)
        pid: int = PEER.unpack(who)[0]
        return pid

    def close_fds(self) -> None:
        """Close the files that were handed over and that nobody has taken."""
        while self.fds:
            os.close(self.fds.pop())

    def close(self) -> None:
        """Close the connection, and what came through it."""
        self._socket.close()
        self.close_fds()


class ReadEnd:
    """The end of a pipe that is read.

    Args:
        fd: the pipe; it belongs to this object from now on.

    Raises:
        OSError: the fd is no such end, and still the caller's.
    """

    def __init__(self, fd: int) -> None:
        reads = fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY
        if not (reads and stat.S_ISFIFO(os.fstat(fd).st_mode)):
            raise OSError(f"fd {fd} is no end of a pipe that can be read")
        os.set_blocking(fd, False)
        self._fd = fd

    def fileno(self) -> int:
        """Return the file descriptor."""
        return self._fd

    def recv(self, most: int, /) -> bytes:
        """Return what has come. See `Readable.recv`."""
        return os.read(self._fd, most)

    def close(self) -> None:
        """Close the pipe."""
        os.close(self._fd)


class PidFd:
    """A process, to be read like a socket: nothing comes until it ends, and then the end.

    Raises:
        OSError: the process is gone, or this system has no such files.
    """

    def __init__(self, pid: int) -> None:
        if sys.platform != "linux":
            raise OSError("there is no pidfd")
        self._fd = os.pidfd_open(pid)
        self._poll = select.poll()
        self._poll.register(self._fd, select.POLLIN)

    def fileno(self) -> int:
        """Return the file descriptor."""
        return self._fd

    def recv(self, _most: int, /) -> bytes:
        """Return nothing when the process has ended. See `Readable.recv`."""
        if not self._poll.poll(0):
            raise BlockingIOError
        return b""

    def close(self) -> None:
        """Close the file descriptor."""
        os.close(self._fd)


def has_room(fd: int) -> bool:
    """Return whether a process's pipes and its pidfd can be opened; raise the limit for them.

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
