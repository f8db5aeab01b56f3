"""The folder with all records: their names, which one is meant, pins, and how many are kept."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tui_app.events import Outcome
from tui_app.files.append_file import AppendFile, is_growing
from tui_app.files.private_files import write_small
from tui_app.language import _
from tui_app.records.errors import RecordError
from tui_app.records.reader import RecordFile
from tui_app.settings import Settings
from tui_app.system.user_folders import state_folder

ENDING = ".jsonl.gz"

_NAME = re.compile(r"\d{8}T\d{12}-([0-9a-f]{8})\.jsonl\.gz")

LATEST = "last"
"""The word for the latest record."""

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class RecordLimits:
    """How many records are kept, and how many bytes they may take together."""

    records: int
    bytes: int

    @classmethod
    def load(cls) -> RecordLimits:
        """Return what a person has set."""
        settings = Settings.load()
        return cls(settings.records_kept, settings.records_megabytes * MEGABYTE)


@dataclass(frozen=True, slots=True)
class Kept:
    """A record in the folder.

    Attributes:
        path: where it is.
        id: eight hexadecimal digits.
    """

    path: Path
    id: str

    @property
    def pinned(self) -> bool:
        """Whether it stays until somebody removes it."""
        return os.path.lexists(self._pin)

    @property
    def _pin(self) -> Path:
        return self.path.with_suffix(".pin")

    def pin(self, pinned: bool) -> None:
        """Have it stay until somebody removes it, or no more.

        Raises:
            OSError: that cannot be noted.
        """
        if pinned:
            write_small(self._pin, "")
        else:
            self._pin.unlink(missing_ok=True)

    @property
    def growing(self) -> bool:
        """Whether its run goes on."""
        return is_growing(self.path)

    def remove(self) -> None:
        """Take it away, with its pin.

        Raises:
            OSError: it cannot be removed.
        """
        self.path.unlink(missing_ok=True)
        self._pin.unlink(missing_ok=True)

    def heading(self) -> Heading:
        """Return what a list says of it.

        Raises:
            RecordError: it cannot be read.
        """
        growing = self.growing
        with RecordFile.open(self.path) as record:
            return Heading(
                kept=self,
                kind=record.main.started.kind,
                title=record.main.started.title,
                started_at=record.parts[0].started.started_at,
                seconds=record.seconds,
                runs=len(record.parts),
                outcome=record.outcome,
                growing=growing,
                pinned=self.pinned,
                bytes=self.path.stat().st_size,
            )


@dataclass(frozen=True, slots=True)
class Heading:
    """What a list says of a record.

    Attributes:
        kept: the record.
        kind: what was run, such as `batch`.
        title: the run in one line.
        started_at: when it began, in ISO 8601.
        seconds: how long it took.
        runs: how many runs are in it.
        outcome: how it ended; `None`: it did not.
        growing: whether it goes on.
        pinned: whether it stays.
        bytes: the size of its file.
    """

    kept: Kept
    kind: str
    title: str
    started_at: str
    seconds: float
    runs: int
    outcome: Outcome | None
    growing: bool
    pinned: bool
    bytes: int


def records_folder() -> Path:
    """Return the folder of the records."""
    return state_folder() / "records"


def kept_records() -> list[Kept]:
    """Return all records, the latest first."""
    folder = records_folder()
    try:
        names = sorted(os.listdir(folder), reverse=True)  # noqa: PTH208 - names are wanted
    except OSError:
        return []
    matches = ((name, _NAME.fullmatch(name)) for name in names)
    return [Kept(folder / name, match[1]) for name, match in matches if match]


def headings() -> Iterator[Heading]:
    """Yield what a list says of all records, the latest first; of those that can be read."""
    for kept in kept_records():
        with suppress(RecordError, OSError):
            yield kept.heading()


def find(word: str) -> Kept:
    """Return the record that a person means.

    Args:
        word: its id, which may be cut short, or `last`.

    Raises:
        RecordError: there is none, or more than one.
    """
    records = kept_records()
    found = records[:1] if word == LATEST else [one for one in records if _starts(one, word)]
    if not found and not records:
        raise RecordError(_("no run is recorded yet"))
    if not found:
        sentence = _("no recorded run is called {word}: `procession runs list` names them")
        raise RecordError(sentence.format(word=word))
    if len(found) > 1:
        sentence = _("{word} may be each of these: {ids}")
        raise RecordError(sentence.format(word=word, ids=" ".join(one.id for one in found)))
    return found[0]


def _starts(one: Kept, word: str) -> bool:
    return bool(word) and one.id.startswith(word.lower())


def find_path(word: str) -> Path:
    """Return the file that a person means: a record's, or any file that has that name.

    Raises:
        RecordError: there is none, or more than one.
    """
    try:
        return find(word).path
    except RecordError:
        if os.path.lexists(word):
            return Path(word)
        raise


def new_record() -> AppendFile:
    """Make the file of a new record, and take away the oldest ones that are too many with it.

    Raises:
        OSError: it cannot be made.
    """
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{os.urandom(4).hex()}{ENDING}"
    file = AppendFile.create(records_folder() / name, make_folder=True)
    tidy()
    return file


def tidy(limits: RecordLimits | None = None) -> None:
    """Remove the oldest records, as long as there are too many, or they are too large together.

    Pinned ones are not counted, and stay; so do those whose runs go on, and the latest one. What
    cannot be removed stays, too.
    """
    limits = limits or RecordLimits.load()
    counted = []
    for one in kept_records():
        with suppress(OSError):
            if not one.pinned:
                counted.append((one, one.path.stat().st_size))
    number, size = len(counted), sum(size for _one, size in counted)
    for one, its in reversed(counted[1:]):
        if number <= limits.records and size <= limits.bytes:
            return
        if not one.growing:
            with suppress(OSError):
                one.remove()
                number, size = number - 1, size - its
