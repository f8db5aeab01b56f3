"""The line to the hub, and the pipes that lead there. Each process has its own.

What a process does goes over its line, a Unix socket. What it writes goes through two pipes, under
fds 1 and 2, whoever writes: Python, C, or another program. When Python wrote, a stamp stands before
it in the pipe.
"""

from __future__ import annotations

import _socket
import _thread
import os
import sys
from _json import encode_basestring_ascii as _quoted
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

ADDRESS = os.environ["PROCESSION_PROBE"]
"""The hub's Unix socket."""

LINE = "PROCESSION_LINE"
"""Names the variable that hands the line to the main process: its pid, and the fd."""

PIPES = "PROCESSION_PIPES"
"""Names the variable that tells an interpreter which pipes lead to the hub: for stdout, stderr."""

STREAMS = ("stdout", "stderr")

HIGHEST = 1024
"""Fds of the probe's own are below it, and near it: a script's have the numbers that they would
have without, and a table of more would make each fork slower."""

LONGEST_TEXT = 500
"""Characters that are told of any text."""

_SEND_FLAGS = getattr(_socket, "MSG_NOSIGNAL", 0)

Value = str | int | float | bool | None


class Home:
    """This process's line to the hub, and its pipes. `tell` may be called from any thread."""

    def __init__(self) -> None:
        self._line: _socket.socket | None = None
        self._line_is = ""
        self._streams: dict[str, str] = {}
        self._outs: dict[str, int] = {}
        self.lock = _thread.RLock()
        self.is_main = False
        """Whether this is the script's main process."""
        self.is_helper = False
        """Whether this is the fork server: it reports who ended, and what it prints."""
        self.thread = _thread.get_ident()
        """The thread that `waiting` is told of: this process's main one."""
        self._late: list[bytes] = []
        self._sending = False

    def take_over(self) -> bool:
        """Takes the line that the supervisor laid; whether this is the main process.

        After an `exec` it is not, though its pid is the same: the line has gone with the program.
        """
        pid, _, fd = os.environ.pop(LINE, "").partition(" ")
        self.is_main = pid == str(os.getpid())
        if self.is_main:
            self._hold(_socket.socket(fileno=int(fd)))
            self._adopt(_inherited())
        return self.is_main

    def hand_over(self) -> None:
        """Leaves the line and the pipes to the program that this process is about to become."""
        assert self._line is not None
        os.set_inheritable(self._line.fileno(), True)
        os.environ[LINE] = f"{os.getpid()} {self._line.fileno()}"
        os.environ[PIPES] = " ".join(f"{at} {to}" for at, to in self._streams.items())

    def dial(self, how: str, led: Mapping[int, str] | None = None) -> None:
        """Lays this process's own line and pipes.

        Args:
            how: how it came to be: `process`, `server`, `python`, ….
            led: the fds that are to lead to the hub, and the stream that each is; without it, those
                that do so already. Any other is somebody else's, and let alone.
        """
        leading = self._streams or _inherited()
        self._forget()
        laid: list[tuple[str, int, int]] = []
        try:
            if led is None:
                led = {fd: leading[at] for fd in (1, 2) if (at := identity(fd)) in leading}
            laid += [(stream, *os.pipe()) for stream in STREAMS if stream in led.values()]
            self._connect(how, laid)
            for stream, _, into in laid:
                for fd, leads_to in led.items():
                    if leads_to == stream:
                        os.dup2(into, fd)
            self._adopt({identity(into): stream for stream, _, into in laid})
            if laid and PIPES in os.environ:
                os.environ[PIPES] = " ".join(f"{at} {to}" for at, to in self._streams.items())
        except OSError:
            pass  # The hub is gone, and so will be this process; or it may have no more files.
        finally:
            for _, out, into in laid:
                os.close(out)
                os.close(into)

    def _adopt(self, pipes: dict[str, str]) -> None:
        """Takes those of the pipes that are under fds 1 and 2 for its own."""
        for fd in (1, 2):
            at = identity(fd)
            if at in pipes and at not in self._outs:
                self._streams[at], self._outs[at] = pipes[at], _out_of_the_way(fd)

    def _forget(self) -> None:
        """Lets go of a parent's line and pipes, in the child of a fork."""
        for at, fd in self._outs.items():
            if identity(fd) == at:
                os.close(fd)
        self._streams, self._outs = {}, {}
        self._drop_line()
        self.lock = _thread.RLock()
        self._late, self._sending = [], False
        self.thread = _thread.get_ident()

    def _connect(self, how: str, pipes: list[tuple[str, int, int]]) -> None:
        line = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        line.connect(ADDRESS)
        hello = (
            f'{{"how": "{how}", "pid": {os.getpid()}, "parent": {os.getppid()},'
            f' "t": {monotonic()!r}, "pipes": "{" ".join(stream for stream, _, _ in pipes)}"}}\n'
        )
        fds = b"".join(fd.to_bytes(4, sys.byteorder) for _, fd, _ in pipes)
        handed = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, fds)] if fds else []
        line.sendmsg([hello.encode()], handed, _SEND_FLAGS)
        self._hold(line)

    def _hold(self, line: _socket.socket) -> None:
        self._line = _socket.socket(fileno=_out_of_the_way(line.fileno()))
        self._line_is = identity(self._line.fileno())
        line.close()

    def _drop_line(self) -> None:
        """Closes the line; where its number is another file's by now, that one stays open."""
        line, self._line = self._line, None
        if line is not None and identity(line.fileno()) == self._line_is:
            line.close()
        elif line is not None:
            line.detach()

    def fileno(self) -> int:
        """The line's; -1 where there is none any more."""
        return self._line.fileno() if self._line is not None else -1

    def hear(self) -> bytes:
        """What the hub says, when it does; nothing when it is gone."""
        try:
            return os.read(self.fileno(), 64)
        except OSError:
            return b""

    def stamp(self, fd: int) -> None:
        """Tells when what is written to this fd next was written, where that leads to the hub."""
        at = identity(fd)
        if at not in self._outs:
            return
        try:
            if identity(self._outs[at]) != at:
                self._outs[at] = _out_of_the_way(fd)
            os.write(self._outs[at], f"\0{ADDRESS} {monotonic():.9f}\0".encode())
        except OSError:
            pass  # What is written then is told when it comes.

    def leads_home(self, fd: int) -> bool:
        """Whether what is written to this fd comes to the hub."""
        return identity(fd) in self._outs

    def tell(self, event: str, **fields: Value) -> None:
        """Reports an event, stamped now."""
        fields["t"] = monotonic()
        parts = [f'"{name}": {_json(value)}' for name, value in fields.items()]
        self._send(f'{{"event": "{event}", {", ".join(parts)}}}\n'.encode())

    def _send(self, text: bytes) -> None:
        # At its very end an interpreter may have stopped a thread that still holds the lock.
        if not self.lock.acquire(timeout=1.0 if sys.is_finalizing() else -1):
            return
        try:
            if self._line is None:
                return
            self._late.append(text)
            if self._sending:
                return  # A signal's handler came in between: whom it interrupted sends this too.
            self._sending = True
            try:
                if identity(self._line.fileno()) != self._line_is:
                    # The script has closed it, with all that it did not know.
                    self._drop_line()
                    self._connect("again", [])
                while self._late and self._line is not None:
                    self._line.sendall(self._late.pop(0), _SEND_FLAGS)
            except OSError:
                self._line = None
            finally:
                self._sending = False
                self._late.clear()
        finally:
            self.lock.release()


def identity(fd: int) -> str:
    """Which file this fd leads to, whatever its number; empty where it is closed."""
    try:
        found = os.fstat(fd)
    except OSError:
        return ""
    return f"{found.st_dev}:{found.st_ino}"


def _inherited() -> dict[str, str]:
    """The pipes to the hub that the parent had, and the stream that each is for."""
    words = os.environ.get(PIPES, "").split()
    return dict(zip(words[::2], words[1::2], strict=False))


def _out_of_the_way(fd: int) -> int:
    """A copy of this fd under a high number, which no program inherits.

    Raises:
        OSError: none is free.
    """
    most = os.sysconf("SC_OPEN_MAX")
    for number in range(min(most if most > 0 else HIGHEST, HIGHEST) - 1, 2, -1):
        if not identity(number):
            return os.dup2(fd, number, inheritable=False)
    raise OSError("no fd is free")


def _json(value: Value) -> str:
    if isinstance(value, str):
        return _quoted(value[:LONGEST_TEXT])
    if value is None:
        return "null"
    return repr(value).lower() if isinstance(value, bool) else repr(value)


home = Home()
"""The only one."""
