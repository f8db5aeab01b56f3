"""Textual's driver of a terminal, repaired: any input and any stop leaves the app usable.

What Textual 8.2.8 does in `textual/drivers/linux_driver.py` and `textual/_xterm_parser.py`:

- The input thread decodes strictly. It ends, and the app with it, at the first byte that is not
  UTF-8, such as a letter from a Latin-1 terminal or noise on a line. It also ends at sequences that
  the parser knows only in part, such as `ESC [ 97 : 65 u`. It takes the bytes of a click in the
  oldest mouse protocol for keys.
- At SIGCONT it starts again although it never stopped. Two threads then read the keys, and the
  modes that the terminal had are forgotten.
"""

from __future__ import annotations

import asyncio
import os
import re
import select
import signal
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from typing import Protocol, cast

from textual import events
from textual._xterm_parser import XTermParser
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui_app.terminal.output import in_background

POLL_SECONDS = 0.1
"""Seconds between two looks of the input thread whether it shall end."""

SETTLE_SECONDS = 0.2
"""Seconds from SIGCONT until the terminal is taken back.

A program that is stopped and continued many times a second (`cpulimit`) keeps its terminal.
"""

MOST_CELLS = 1_000_000
"""The largest terminal; a report of more cells is ignored."""

_CLICK = re.compile(rb"\x1b\[M[\x00\x20-\xff]{3}")
"""A click of the oldest protocol: three bytes up to 255, whatever the terminal's encoding.

See https://invisible-island.net/xterm/ctlseqs/ctlseqs.html#h2-Mouse-Tracking
"""

_CLICK_BEGUN = re.compile(rb"\x1b\[M[\x00\x20-\xff]{0,2}\Z")


class TerminalOwner(Protocol):
    """What the driver needs of the app."""

    @property
    def is_running(self) -> bool:
        """Whether the app still takes messages."""
        ...

    def take_terminal_back(self) -> None:
        """Draw everything again on a terminal that another program may have used."""
        ...


class InputDecoder:
    """Makes messages of what a terminal sends, and leaves out what it cannot read."""

    def __init__(self) -> None:
        self._decode = getincrementaldecoder("utf-8")("ignore").decode
        self._parser = XTermParser()
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[Message]:
        """Yield the messages that are complete now.

        Args:
            data: what the terminal has sent. If empty, nothing more comes for a while: what waits
                for more is then read as it is.
        """
        # A click that is not completed is left out.
        data = _CLICK.sub(b"", self._rest + data) if data else data
        begun = _CLICK_BEGUN.search(data)
        end = begun.start() if begun else len(data)
        data, self._rest = data[:end], data[end:]
        for character in self._decode(data):
            yield from self._parse(character)
        yield from self._parse("")

    def _parse(self, character: str) -> Iterable[Message]:
        try:
            parsed = self._parser.feed(character) if character else self._parser.tick()
            return [message for message in parsed if not _is_absurd(message)]
        except (ValueError, ArithmeticError):
            # A new parser has forgotten the sequence that raised.
            self._parser = XTermParser()
            return []


def _is_absurd(message: Message) -> bool:
    return isinstance(message, events.Resize) and not 0 < message.size.area <= MOST_CELLS


class TerminalDriver(LinuxDriver):
    """A driver that survives any input and any stop."""

    _settled: asyncio.TimerHandle | None = None

    def run_input_thread(self) -> None:
        """Pass on what the terminal sends, until the driver or the terminal ends."""
        decoder = InputDecoder()
        while not self.exit_event.is_set():
            ready = select.select([self.fileno], [], [], POLL_SECONDS)[0]
            try:
                data = os.read(self.fileno, 4096) if ready else b""
            except OSError:
                data = b""
            if ready and not data:
                # The terminal has hung up. The app looks for that, and leaves.
                return
            for message in decoder.feed(data):
                self.process_message(message)

    def _sigtstp_application(self, *_: object) -> None:
        """Stop as ctrl+z does."""
        self._loop.call_soon_threadsafe(self._app.action_suspend_process)

    def _sigcont_application(self, *_: object) -> None:
        """Take the terminal back some time later, unless the app itself has given it away."""
        if self._auto_restart:
            self._loop.call_soon_threadsafe(self._settle)

    def _settle(self) -> None:
        if self._settled is not None:
            self._settled.cancel()
        self._settled = self._loop.call_later(SETTLE_SECONDS, self._take_back)

    def _take_back(self) -> None:
        app = cast("TerminalOwner", self._app)
        if app.is_running:
            app.take_terminal_back()

    def stop_application_mode(self) -> None:
        """Restore the terminal; in the background, leave its modes, which are the shell's now."""
        if in_background():
            # Reading the modes would stop this process.
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            self.attrs_before = None
        super().stop_application_mode()


def repaired(driver: type[Driver]) -> type[Driver]:
    """Return our driver in place of Textual's; any other, such as the web's, unchanged."""
    return TerminalDriver if driver is LinuxDriver else driver
