"""The line to the hub. Each process has one of its own, and one each under fds 1 and 2."""

from __future__ import annotations

import _socket
import _thread
import os
import sys
from _json import encode_basestring_ascii as _quoted
from time import monotonic

ADDRESS = os.environ["PROCESSION_PROBE"]
"""The hub's Unix socket."""

LINE = "PROCESSION_LINE"
"""Names the variable that hands the line for events to the main process: its pid, and the fd."""

Value = str | int | float | bool | None


class Home:
    """This process's line to the hub. `tell` may be called from any thread."""

    def __init__(self) -> None:
        self._line: _socket.socket | None = None
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
            os.set_inheritable(int(fd), False)
            self._line = _socket.socket(fileno=int(fd))
        return self.is_main

    def dial(self, how: str) -> None:
        """Lays this process's own lines; `how` it came to be: `process`, `server`, `python`, ….

        A stream that does not lead to the hub already is somebody else's, and is let alone.
        """
        old, self._line = self._line, None
        self.lock = _thread.RLock()
        self._late, self._sending = [], False
        self.thread = _thread.get_ident()
        try:
            self._line = _dial("events", how)
            for fd, kind in ((1, "stdout"), (2, "stderr")):
                if leads_home(fd):
                    raw = _dial(kind, how)
                    os.dup2(raw.fileno(), fd)
                    raw.close()
        except OSError:
            self._line = None  # The hub is gone; so will be this process, in a moment.
        if old is not None:
            old.close()

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
            self._late.append(text)
            if self._sending:
                return  # A signal's handler came in between: whom it interrupted sends this too.
            self._sending = True
            try:
                while self._late and self._line is not None:
                    self._line.sendall(self._late.pop(0))
            except OSError:
                self._line = None
            finally:
                self._sending = False
                self._late.clear()
        finally:
            self.lock.release()


def leads_home(fd: int) -> bool:
    """Whether what is written to this fd comes to the hub."""
    try:
        peer = _socket.socket(fileno=os.dup(fd))
    except OSError:
        return False
    try:
        return bool(peer.getpeername() == ADDRESS)
    except OSError:
        return False
    finally:
        peer.close()


def _dial(kind: str, how: str) -> _socket.socket:
    line = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    line.connect(ADDRESS)
    hello = (
        f'{{"kind": "{kind}", "how": "{how}", "pid": {os.getpid()},'
        f' "parent": {os.getppid()}, "t": {monotonic()!r}}}\n'
    )
    line.sendall(hello.encode())
    return line


def _json(value: Value) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if value is None:
        return "null"
    return repr(value).lower() if isinstance(value, bool) else repr(value)


home = Home()
"""The only one."""
