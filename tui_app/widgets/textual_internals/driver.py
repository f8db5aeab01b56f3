"""Textual's driver of a terminal, mended: the one room that knows this part of Textual's insides.

Of Textual 8.2.8, `textual/drivers/linux_driver.py` and `textual/_xterm_parser.py`:

- The input thread decodes strictly. It ends, and the app with it, at the first byte that is no
  UTF-8: a letter from a Latin-1 terminal, noise on a line. So it does at sequences that the parser
  half knows, such as `ESC [ 97 : 65 u`. The bytes of a click in the oldest mouse protocol are
  taken for keys.
- At SIGCONT it starts anew though it never stopped: two threads then read the keys, and the modes
  that the terminal had are forgotten.
"""

from __future__ import annotations

import asyncio
import os
import re
import select
import signal
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, cast

from textual import events
from textual._xterm_parser import XTermParser
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui_app.terminal.output import in_background

if TYPE_CHECKING:
    from tui_app.app import ProcessionApp

LOOK_SECONDS = 0.1
"""How often the input thread looks whether it shall end."""

SETTLE_SECONDS = 0.2
"""How long after SIGCONT the terminal is looked after: what is stopped and continued many times a
second (`cpulimit`) keeps its terminal."""

MOST_CELLS = 1_000_000
"""A terminal that says that it has more is not believed."""

_CLICK = re.compile(rb"\x1b\[M[\x00\x20-\xff]{3}")
"""Three bytes tell it, up to 255, whatever the terminal's encoding. See
https://invisible-island.net/xterm/ctlseqs/ctlseqs.html#h2-Mouse-Tracking"""

_CLICK_BEGUN = re.compile(rb"\x1b\[M[\x00\x20-\xff]{0,2}\Z")


class InputDecoder:
    """Makes messages of what a terminal sends, and leaves out what is none."""

    def __init__(self) -> None:
        self._decode = getincrementaldecoder("utf-8")("ignore").decode
        self._parser = XTermParser()
        self._rest = b""

    def hear(self, data: bytes) -> Iterator[Message]:
        """The messages that are whole now; with no data, those that waited for more."""
        # A click of which nothing more comes is none.
        data = _CLICK.sub(b"", self._rest + data) if data else data
        begun = _CLICK_BEGUN.search(data)
        at = begun.start() if begun else len(data)
        data, self._rest = data[:at], data[at:]
        for character in self._decode(data):
            yield from self._parsed(character)
        yield from self._parsed("")

    def _parsed(self, character: str) -> Iterable[Message]:
        try:
            parsed = self._parser.feed(character) if character else self._parser.tick()
            return [message for message in parsed if not _is_absurd(message)]
        except (ValueError, ArithmeticError):
            # What it stumbled over is forgotten with it.
            self._parser = XTermParser()
            return []


def _is_absurd(message: Message) -> bool:
    return isinstance(message, events.Resize) and not 0 < message.size.area <= MOST_CELLS


class TerminalDriver(LinuxDriver):
    """Drives the terminal; whatever it sends and however often it was stopped."""

    _settled: asyncio.TimerHandle | None = None

    def run_input_thread(self) -> None:
        """Passes on what the terminal sends, until the driver or the terminal ends."""
        ear = InputDecoder()
        while not self.exit_event.is_set():
            there = select.select([self.fileno], [], [], LOOK_SECONDS)[0]
            try:
                data = os.read(self.fileno, 4096) if there else b""
            except OSError:
                data = b""
            if there and not data:
                # It has hung up: the app looks for that, and leaves.
                return
            for message in ear.hear(data):
                self.process_message(message)

    def _sigtstp_application(self, *_: object) -> None:
        """Stops as ctrl+z does."""
        self._loop.call_soon_threadsafe(self._app.action_suspend_process)

    def _sigcont_application(self, *_: object) -> None:
        """Takes the terminal back some time later, unless it was given away in order."""
        if self._auto_restart:
            self._loop.call_soon_threadsafe(self._settle)

    def _settle(self) -> None:
        if self._settled is not None:
            self._settled.cancel()
        self._settled = self._loop.call_later(SETTLE_SECONDS, self._take_back)

    def _take_back(self) -> None:
        if self._app.is_running:
            cast("ProcessionApp", self._app).take_terminal_back()

    def stop_application_mode(self) -> None:
        """Gives the terminal back as it was; in the back, its modes are the shell's by now."""
        if in_background():
            # To ask for them would stop this process.
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            self.attrs_before = None
        super().stop_application_mode()


def mended(driver: type[Driver]) -> type[Driver]:
    """The driver in whose place this one stands; others, such as the web's, as they are."""
    return TerminalDriver if driver is LinuxDriver else driver
