"""A record, opened: its facts at once, its events when they are asked for."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, Self

from tui_app.events import Event, Outcome, RunFinished, RunStarted, to_json
from tui_app.files.error_words import reason
from tui_app.language import _
from tui_app.records.blocks import (
    BEGINS,
    BlockKind,
    RecordBlock,
    data_of,
    lines_of,
    read_blocks,
)
from tui_app.records.decoding import decoded, decoded_block
from tui_app.records.errors import RecordError
from tui_app.records.packing import BlockPacker
from tui_app.records.plain import plain_lines
from tui_app.runs.samples import SAMPLES_KIND

FORMAT = 1
"""The version of the format; it rises when a reader of before could not read a new record."""


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """One run of a record, which may have several, one after another.

    Attributes:
        started: its first event.
        finished: its last one; `None` where it did not end, or still goes on.
        blocks: where its events are, and what helps to begin in their midst.
        events: how many there are.
    """

    started: RunStarted
    finished: RunFinished | None
    blocks: Sequence[RecordBlock]
    events: int

    @property
    def seconds(self) -> float:
        """The last second of it that is known."""
        return max((one.most for one in self.blocks if one.kind == BlockKind.EVENTS), default=0.0)

    @property
    def outcome(self) -> Outcome | None:
        """How it ended; `None`: it did not."""
        return self.finished.outcome if self.finished else None


class RecordFile:
    """A record, opened for reading; to be closed or used as a context.

    Args:
        file: the record, or the lines of `--json`, compressed or not.
        name: what it is called in errors.

    Raises:
        RecordError: it is no record, or of a later version.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file, self.name = file, name
        try:
            self._blocks = self._opened()
            self.parts = list(self._parts())
        except BaseException:
            file.close()
            raise
        if not self.parts:
            file.close()
            raise self._error(_("no run is in it"))

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a file.

        Raises:
            RecordError: it cannot be read, or is no record.
        """
        try:
            # Nothing is read that waits for its other end, such as a FIFO.
            if not path.is_file():
                path.stat()
                raise RecordError(_("{file} is no file").format(file=path))
            return cls(path.open("rb"), str(path))
        except OSError as error:
            sentence = _("cannot read {file}: {error}")
            raise RecordError(sentence.format(file=path, error=reason(error))) from error

    def _error(self, why: object) -> RecordError:
        sentence = _("{file} is no record of procession: {why}")
        return RecordError(sentence.format(file=self.name, why=why))

    def _opened(self) -> list[RecordBlock]:
        """Return the blocks; lines of events that are in none are put into some."""
        blocks = list(read_blocks(self._file))
        if not blocks:
            self._file = self._packed()
            blocks = list(read_blocks(self._file))
        elif blocks[0].kind == BlockKind.HEAD:
            facts = None
            with suppress(ValueError):
                facts = json.loads(data_of(self._file, blocks[0]))
            if not isinstance(facts, dict) or not isinstance(facts.get("format"), int):
                raise self._error(_("its beginning is damaged"))
            if facts["format"] > FORMAT:
                raise self._error(_("a later version of procession made it"))
        return blocks

    def _packed(self) -> BinaryIO:
        """Return the events of a file without blocks in blocks, in memory."""
        packer, packed = BlockPacker(), io.BytesIO()
        self._file.seek(0)
        try:
            for event in decoded(plain_lines(self._file)):
                if isinstance(event, RunStarted):
                    packed.write(packer.flush())
                if packer.add(event, to_json(event)):
                    packed.write(packer.flush())
        except RecordError as error:
            raise self._error(error) from error
        packed.write(packer.flush())
        self._file.close()
        return packed

    def _parts(self) -> Iterator[RecordedRun]:
        starts = [n for n, block in enumerate(self._blocks) if block.flags & BEGINS]
        for start, end in pairwise([*starts, len(self._blocks)]):
            blocks = self._whole(self._blocks[start:end])
            full = [block for block in blocks if block.kind == BlockKind.EVENTS and block.events]
            if not full:
                continue
            first = next(iter(self.events_of(full[0])), None)
            if not isinstance(first, RunStarted):
                raise self._error(_("it does not begin with a run"))
            last = self.events_of(full[-1])[-1]
            finished = last if isinstance(last, RunFinished) else None
            yield RecordedRun(first, finished, blocks, sum(block.events for block in full))

    def _whole(self, blocks: list[RecordBlock]) -> list[RecordBlock]:
        """Return the blocks, of which the last one may be cut off: it tells what is there."""
        last = blocks[-1]
        self._file.seek(0, io.SEEK_END)
        if last.end <= self._file.tell():
            return blocks
        if last.kind != BlockKind.EVENTS:
            return blocks[:-1]
        there = self.events_of(last)
        times = [event.t for event in there]
        cut = RecordBlock(
            last.kind,
            last.offset,
            last.size,
            len(there),
            least=min(times, default=0.0),
            most=max(times, default=0.0),
            flags=last.flags,
            data_size=last.data_size,
        )
        return [*blocks[:-1], cut]

    # What is asked of it

    @cached_property
    def main(self) -> RecordedRun:
        """What it is about: its first run that does not only draw the sample photographs."""
        worked = (part for part in self.parts if part.started.kind != SAMPLES_KIND)
        return next(worked, self.parts[0])

    @property
    def outcome(self) -> Outcome | None:
        """How its runs ended: as the first that did not go well; `None`: the last did not end."""
        outcomes = [part.outcome for part in self.parts]
        if outcomes[-1] is None:
            return None
        return next((one for one in outcomes if one is not Outcome.OK), Outcome.OK)

    @property
    def seconds(self) -> float:
        """Seconds of all its runs together."""
        return sum(part.seconds for part in self.parts)

    def events(self, part: RecordedRun | None = None) -> Iterator[Event]:
        """Yield the events of a run, or of all of them, in the order of their arrival.

        Raises:
            RecordError: the record is damaged.
        """
        for one in self.parts if part is None else [part]:
            for block in one.blocks:
                if block.kind == BlockKind.EVENTS:
                    yield from self.events_of(block)

    def events_of(self, block: RecordBlock) -> list[Event]:
        """Return the events of one block.

        Raises:
            RecordError: the record is damaged.
        """
        try:
            return decoded_block(lines_of(self._file, block))
        except RecordError as error:
            raise self._error(error) from error

    def data_of(self, block: RecordBlock) -> bytes:
        """Return what `freezing` put into a block."""
        return data_of(self._file, block)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close the file."""
        self.close()
