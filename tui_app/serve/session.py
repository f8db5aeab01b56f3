"""The app in a pseudo-terminal of its own, for one page, and the end of all that it has started."""

from __future__ import annotations

import asyncio
import os
import pty
import secrets
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from contextlib import suppress
from tempfile import TemporaryDirectory

import psutil

from tui_app.system import guest

COMMAND = (
    sys.executable,
    "-P",
    "-c",
    "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    " from tui_app.__main__ import main; main()",
)
"""The app, which first makes the pseudo-terminal its controlling one: SIGHUP comes by that. (Python
code between fork and exec would not be safe beside the server's threads.)"""

ROWS, COLUMNS = (5, 24, 300), (20, 80, 500)
"""The least, the usual and the most of a terminal."""

PATIENCE = 0.4
"""Seconds that the app has to leave by itself after its terminal has gone."""

LAST_SECONDS = 5.0
"""Seconds after which processes that are killed and yet do not end are given up."""

WRITE_SECONDS = 1.0
"""Seconds that keys wait for an app that reads none; then they are dropped."""

CHUNK = 1 << 16
"""Bytes that are read at once."""


class Session:
    """One running app.

    Args:
        environment: what it gets besides the server's own environment.
        apart: whether it has settings and notes of its own, which end with it.
        size: rows and columns of its terminal, as the page asks for them.
    """

    def __init__(
        self, environment: Mapping[str, str], *, apart: bool, size: Mapping[str, object]
    ) -> None:
        self._mark = secrets.token_hex(8)
        self._own = TemporaryDirectory(prefix="procession-session-") if apart else None
        told = {**os.environ, **environment, guest.SESSION: self._mark}
        told |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        for variable in ("SSH_CONNECTION", "NO_COLOR"):  # they are about the server's terminal
            told.pop(variable, None)
        if self._own is not None:
            told |= {f"XDG_{kind}_HOME": f"{self._own.name}/{kind}" for kind in ("CONFIG", "STATE")}
        self._fd, terminal = pty.openpty()
        os.set_blocking(self._fd, False)
        self.resize(size)
        try:
            self._app = subprocess.Popen(
                COMMAND,
                stdin=terminal,
                stdout=terminal,
                stderr=terminal,
                start_new_session=True,
                env=told,
            )
        except OSError:
            os.close(self._fd)
            raise
        finally:
            os.close(terminal)
        self._arrived = asyncio.Event()
        asyncio.get_running_loop().add_reader(self._fd, self._arrived.set)

    def resize(self, size: Mapping[str, object]) -> None:
        """Give the terminal another size: `height` rows and `width` columns."""
        rows, columns = _within(size.get("height"), ROWS), _within(size.get("width"), COLUMNS)
        termios.tcsetwinsize(self._fd, (rows, columns))

    async def read(self) -> bytes:
        """Return what the app has written since; nothing where it has ended."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            try:
                return os.read(self._fd, CHUNK)
            except BlockingIOError:
                continue  # the loop may tell twice of the same bytes
            except OSError:
                return b""  # EIO: nobody has the terminal any more

    async def write(self, keys: str) -> None:
        """Hand keys to the app."""
        rest, until = keys.encode("utf-8", "replace"), time.monotonic() + WRITE_SECONDS
        while rest and time.monotonic() < until:
            try:
                rest = rest[os.write(self._fd, rest) :]
            except BlockingIOError:
                await asyncio.sleep(0.01)
            except OSError:
                return  # EIO, as in `read`

    async def end(self) -> None:
        """Take the terminal away, wait shortly until the app has left, and kill what is left."""
        asyncio.get_running_loop().remove_reader(self._fd)
        os.close(self._fd)
        until = time.monotonic() + PATIENCE
        while self._app.poll() is None and time.monotonic() < until:
            await asyncio.sleep(0.02)
        await asyncio.to_thread(self._kill)
        if self._own is not None:
            self._own.cleanup()

    def _kill(self) -> None:
        """Kill every process of the session, also those that left its process group."""
        until = time.monotonic() + LAST_SECONDS
        while (left := self._left()) and time.monotonic() < until:
            for process in left:
                with suppress(psutil.Error):
                    process.kill()
            self._app.poll()
            time.sleep(0.02)

    def _left(self) -> list[psutil.Process]:
        """Return the session's processes, by the mark in their environment."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                zombie = process.status() == psutil.STATUS_ZOMBIE
                if not zombie and process.environ().get(guest.SESSION) == self._mark:
                    found.append(process)
        return found


def _within(value: object, bounds: tuple[int, int, int]) -> int:
    """Return a number that a page has sent, within bounds; the usual one where it is none."""
    least, usual, most = bounds
    try:
        number = int(str(value))
    except ValueError:
        return usual
    return max(least, min(number, most))
