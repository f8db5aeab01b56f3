"""A terminal for the app: a pseudo-terminal that is read all the time, and remembered."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.commands import COMMAND, PATIENCE, Marked, ignore_hang_up

MODES = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
USUALLY_ON = {"7", "25"}
"""Wrapping at the right edge, and the cursor."""


class Terminal:
    """The other end of the app's terminal, as a person has it."""

    def __init__(self, width: int = 80, height: int = 24) -> None:
        self._master, self._slave = pty.openpty()
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.attributes_before = self.attributes
        self.shown = b""
        self._closed = threading.Event()
        self.stalled = False
        """Whether nothing is taken from the app, as on a link that hangs."""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while not self._closed.is_set():
            if self.stalled:
                time.sleep(0.01)
            elif select.select([self._master], [], [], 0.05)[0]:
                with suppress(OSError):
                    self.shown += os.read(self._master, 65536)

    @property
    def attributes(self) -> list[Any]:
        """What `stty` would tell."""
        return termios.tcgetattr(self._slave)

    @property
    def modes(self) -> set[str]:
        """The private modes that are not as a shell has them: alternate screen, mouse, paste, …."""
        changed: set[str] = set()
        for numbers, switch in MODES.findall(self.shown):
            for number in numbers.decode().split(";"):
                if (switch == b"h") is (number in USUALLY_ON):
                    changed.discard(number)
                else:
                    changed.add(number)
        return changed

    def press(self, keys: bytes) -> None:
        """Types."""
        os.write(self._master, keys)

    def wait_for(self, text: bytes) -> None:
        """Waits until that has been written."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.shown:
            assert time.monotonic() < deadline, (text, self.shown[-2000:])
            time.sleep(0.01)

    def settle(self) -> None:
        """Waits until all that was written has been read."""
        time.sleep(0.05)
        while select.select([self._master], [], [], 0.1)[0]:
            time.sleep(0.01)

    def close(self) -> None:
        """Closes the window: the kernel hangs up on what runs in it."""
        if not self._closed.is_set():
            self._closed.set()
            self._reader.join()
            os.close(self._slave)
            os.close(self._master)

    @contextmanager
    def start(
        self,
        *words: str | Path,
        where: Marked,
        cwd: Path,
        command: Sequence[str] | None = None,
        hears_hang_up: bool = True,
    ) -> Iterator[subprocess.Popen[bytes]]:
        """The command in this terminal, as a shell would start it; killed at the end."""

        def take_terminal() -> None:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            if not hears_hang_up:
                ignore_hang_up()

        with subprocess.Popen(
            [*(command or COMMAND), *map(str, words)],
            cwd=cwd,
            env={**where.env, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            start_new_session=True,
            preexec_fn=take_terminal,
        ) as process:
            try:
                yield process
            finally:
                process.kill()


@contextmanager
def terminal() -> Iterator[Terminal]:
    """A terminal that is closed at the end."""
    made = Terminal()
    try:
        yield made
    finally:
        made.close()
