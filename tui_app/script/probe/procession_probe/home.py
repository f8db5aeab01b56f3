"""The way to the event server. The script finds none of it among its open files.

Each process has two pipes to the server, as fds 1 and 2. Whoever writes there, Python, C or another
program, writes to the server. The probe writes frames in between: reports, and stamps with the time
at which Python wrote. Where both fds lead elsewhere, it connects to the server for each report.
"""

from __future__ import annotations

import _socket
import _thread
import fcntl
import os
import sys
from _json import encode_basestring_ascii as _quoted
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

ADDRESS = os.environ["PROCESSION_PROBE"]
"""The event server's Unix socket."""

MAIN = "PROCESSION_MAIN"
"""The environment variable that has the pid of the script's main process."""

PIPES = "PROCESSION_PIPES"
"""The environment variable that says which pipes lead to the server, and for which stream."""

STREAMS = ("stdout", "stderr")

UTF_8 = "utf-8"

_MOST = os.sysconf("SC_OPEN_MAX")

HIGH = (_MOST if 0 < _MOST < 1024 else 1024) * 3 // 4
"""The lowest fd for what is open for a moment, out of the script's way."""

LONGEST_TEXT = 300
"""Characters of any text that are reported: a frame has to be written at once (`PIPE_BUF`)."""

if TYPE_CHECKING:
    from typing import Union

    Value = Union[str, int, float, bool, None]


class Home:
    """This process's way to the event server. `tell` may be called from any thread.

    Attributes:
        is_main: whether this is the script's main process.
        is_helper: whether this is the fork server, which reports who ended and what it prints.
        thread: this process's main thread, the one whose waits are reported.
        bell: the name of the semaphore by which the server asks this process; empty: it cannot.
        sampler: the number of the thread that looks at lines; 0: there was none.
        encoding: the encoding in which Python writes.
    """

    def __init__(self) -> None:
        self._pipes: dict[str, str] = {}
        self._line: _socket.socket | None = None
        self._hears = False
        self.is_main = False
        self.is_helper = False
        self.thread = _thread.get_ident()
        self.bell = ""
        self.sampler = 0
        self.encoding = getattr(sys.stdout, "encoding", None) or UTF_8

    def take_over(self) -> bool:
        """Take the pipes that were laid for the main process; return whether this is it.

        After an `exec` it is not, though its pid is the same.
        """
        self.is_main = os.environ.pop(MAIN, "") == str(os.getpid())
        if self.is_main:
            self._pipes = _inherited()
            if self.encoding != UTF_8:
                report = _report("encoding", {"encoding": self.encoding})
                self._write(1, report)
                self._write(2, report)
            if sys.platform != "linux":
                self._connect("again", [])  # The line went with the program before.
        return self.is_main

    def hand_over(self) -> None:
        """Leave the pipes to the program that this process is about to become."""
        os.environ[MAIN] = str(os.getpid())
        os.environ[PIPES] = self._told_pipes()

    def dial(self, how: str, led: Mapping[int, str] | None = None, *, hears: bool = False) -> None:
        """Greet the server, and lay this process's own pipes.

        Args:
            how: how this process came to be: `process`, `server`, `python`, ….
            led: the fds that are to lead to the server, with the stream of each; without it, those
                that do so already. Any other fd is left alone.
            hears: whether the line stays open for what the server says.
        """
        leading = self._pipes or _inherited()
        self._pipes, self._line, self._hears = {}, None, hears
        self.sampler = 0
        self.thread = _thread.get_ident()
        if led is None:
            led = {fd: leading[at] for fd in (1, 2) if (at := identity(fd)) in leading}
        laid: list[tuple[str, int, int]] = []
        try:
            laid += [(stream, *os.pipe()) for stream in STREAMS if stream in led.values()]
            self._connect(how, laid)
            for stream, _, into in laid:
                for fd, leads_to in led.items():
                    if leads_to == stream:
                        os.dup2(into, fd)
                self._pipes[identity(into)] = stream
            if laid and PIPES in os.environ:
                os.environ[PIPES] = self._told_pipes()
        except OSError:
            pass  # The server is gone, and this process will be; or it may have no more files.
        finally:
            for _, out, into in laid:
                os.close(out)
                os.close(into)

    def _told_pipes(self) -> str:
        return " ".join(f"{at} {stream}" for at, stream in self._pipes.items())

    def _connect(self, how: str, pipes: list[tuple[str, int, int]], report: str = "") -> None:
        line = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        line.connect(ADDRESS)
        hello = _hello(how, self.encoding, " ".join(stream for stream, _, _ in pipes), self.bell)
        fds = b"".join(fd.to_bytes(4, sys.byteorder) for _, fd, _ in pipes)
        handed = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, fds)] if fds else []
        line.sendmsg([f"{hello}{report}".encode()], handed)
        if self._hears or (not report and sys.platform != "linux"):
            # Elsewhere only the end of the line tells the server that this process has ended.
            self._line = _socket.socket(fileno=_copy(line.fileno()))
        line.close()

    def take_input(self) -> int:
        """Return the standard input that the server hands over to the main process.

        Raises:
            OSError: it hands over none.
        """
        line = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        line.connect(ADDRESS)
        line.sendall(_hello("input", "", "").encode())
        _data, handed, *_rest = line.recvmsg(1, _socket.CMSG_SPACE(4))
        line.close()
        for _level, _kind, data in handed:
            return int.from_bytes(data[:4], sys.byteorder)
        raise OSError("the server hands over no standard input")

    def fileno(self) -> int:
        """Return the fd of the line that is kept; -1 where there is none."""
        return self._line.fileno() if self._line is not None else -1

    def hear(self) -> bytes:
        """Wait for what the server says on the line that is kept; nothing: it is gone."""
        try:
            return os.read(self.fileno(), 64)
        except OSError:
            return b""

    def leads_home(self, fd: int) -> bool:
        """Return whether this fd leads to the server."""
        return identity(fd) in self._pipes

    def stamp(self, fd: int) -> None:
        """Report the time of the next write to this fd, where it leads to the server."""
        self._write(fd, f"{monotonic():.9f}")

    def tell(self, event: str, **fields: Value) -> None:
        """Report an event, with the time in `t`, or else with the time now."""
        report = _report(event, fields)
        try:
            if self._hears:
                os.write(self.fileno(), f"{report}\n".encode())
            elif not (self._pipes and (self._write(1, report) or self._write(2, report))):
                self._connect("report", [], f"{report}\n")
        except OSError:
            pass  # The server is gone.

    def answer(self, told: dict[str, Any]) -> None:
        """Tell what the server has asked for, by a connection of its own: it may be long."""
        try:  # noqa: SIM105 - `contextlib` would have to be imported
            self._connect("report", [], _json(told) + "\n")
        except OSError:
            pass  # The server is gone, or this process may open no more files.

    def _write(self, fd: int, text: str) -> bool:
        """Write a frame to this fd, if it leads to the server; return whether it was written.

        The script may put another file under the fd meanwhile, so a copy is looked at and used.
        """
        try:
            copy = _copy(fd)
        except OSError:
            return False
        try:
            if identity(copy) not in self._pipes:
                return False
            os.write(copy, f"\0{ADDRESS} {text}\0".encode())
        except OSError:
            return False  # The pipe is full, and the script has made it never wait.
        finally:
            os.close(copy)
        return True


def identity(fd: int) -> str:
    """Return which file this fd leads to, whatever its number; empty where it is closed."""
    try:
        found = os.fstat(fd)
    except OSError:
        return ""
    return f"{found.st_dev}:{found.st_ino}"


def _inherited() -> dict[str, str]:
    """Return the pipes to the server that the parent had, with the stream of each."""
    words = os.environ.get(PIPES, "").split()
    return dict(zip(words[::2], words[1::2]))


def _copy(fd: int) -> int:
    """Return a copy of this fd with a high number, which no program inherits.

    Raises:
        OSError: the fd is closed, or no fd is free.
    """
    try:
        return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, HIGH)
    except OSError:
        # The script may have lowered the highest number that there is.
        return os.dup(fd)


def _hello(how: str, encoding: str, pipes: str, bell: str = "") -> str:
    return (
        f'{{"how": "{how}", "pid": {os.getpid()}, "parent": {os.getppid()}, "t": {monotonic()!r},'
        f' "encoding": {_json(encoding)}, "pipes": "{pipes}",'
        f' "bell": "{bell}"}}\n'
    )


def _report(event: str, fields: dict[str, Value]) -> str:
    fields.setdefault("t", monotonic())
    parts = [f'"{name}": {_json(value)}' for name, value in fields.items()]
    return f'{{"event": "{event}", {", ".join(parts)}}}'


def _json(value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value[:LONGEST_TEXT])
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_quoted(key)}: {_json(one)}' for key, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_json, value))}]"
    if value is None:
        return "null"
    return repr(value).lower() if isinstance(value, bool) else repr(value)


home = Home()
"""The only `Home` of this process."""
