"""The journal of an output in a store: the same lines as in a folder, in numbered objects.

Nothing can be appended to an object. So each thread that writes lines has an object of its own,
made where none stands and written anew with each line, until it has `MOST_LINES`; then it makes the
next one. Names begin with the time, so that a later run's lines are read later. Within a run, lines
of different objects are of different images, or of attempts whose order does not matter.

An output's line is written after the output, because only the store can say what its stamp is. A
worker that dies between the two leaves an image that was begun, and its output; so does one whose
line is refused. The next run makes it again: the same bytes count as written.

Whoever can write there can change what counts as done, as he can change the outputs.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from tui_app.files.folder import Stamp
from tui_app.images.output.hidden import HIDDEN
from tui_app.images.output.journal_lines import HEADER, JournalLine, from_line, to_line
from tui_app.stores.errors import StoreError, TakenError
from tui_app.stores.opening import store_of

JOURNAL = f"{HIDDEN}/journal"
"""Where its objects stand, from the output on."""

MOST_LINES = 200
"""Lines of an object: each line is sent as often as others come after it."""

AT_ONCE = 100
"""Objects that are read at once."""


class StoreJournal:
    """The journal below a URL; there may be none yet.

    Attributes:
        unread: Lines, in the last reading, that were torn or none of ours.
    """

    def __init__(self, url: str) -> None:
        self._store, top = store_of(url)
        self._folder = f"{top}/{JOURNAL}" if top else JOURNAL
        self.unread = 0

    def lines(self) -> Iterator[JournalLine]:
        """Yield what each line says, from the first to the last.

        Raises:
            JournalError: It is of another version.
            StoreError: It cannot be read.
        """
        self.unread = 0
        entries, _below = self._store.entries(self._folder, recursive=False)
        names = sorted(f"{self._folder}/{entry.name}" for entry in entries)
        for at in range(0, len(names), AT_ONCE):
            for data in self._store.read_all(names[at : at + AT_ONCE]):
                if isinstance(data, StoreError):
                    raise data
                yield from self._read(data)

    def _read(self, data: bytes) -> Iterator[JournalLine]:
        for written in filter(None, data.split(b"\n")):
            try:
                line = from_line(written)
            except ValueError:
                self.unread += 1
                continue
            if line is not None:
                yield line

    def append(self, line: JournalLine, run: str) -> None:
        """Append a line; it survives this process from now on.

        Args:
            line: The line.
            run: The id of the run, which the object's name has.

        Raises:
            StoreError: It could not be written.
        """
        key = os.getpid(), threading.get_ident(), self._store.url, self._folder, run
        # Where this fails, nobody knows whether the line stands there: the object is left.
        piece = _pieces.pop(key, None)
        if piece is None or piece.count == MOST_LINES:
            piece = _Piece()
        data = piece.data + to_line(line)
        name, stamp = piece.name, None
        if piece.stamp is not None:
            # Somebody may have removed it: then the next object has its lines, too.
            with suppress(TakenError):
                stamp = self._store.write_over(name, data, piece.stamp)
        if stamp is None:
            name = f"{time.time_ns() // 1_000_000:015}-{run}-{os.urandom(4).hex()}.jsonl"
            name = f"{self._folder}/{name}"
            stamp = self._store.write_new(name, data)
        _pieces[key] = _Piece(name, data, stamp, piece.count + 1)


@dataclass(frozen=True, slots=True)
class _Piece:
    """An object of the journal that this thread is writing, and all that stands in it."""

    name: str = ""
    data: bytes = HEADER
    stamp: Stamp | None = None
    count: int = 0


_pieces: dict[tuple[int, int, str, str, str], _Piece] = {}
"""By process and thread, so that none waits for another's."""
